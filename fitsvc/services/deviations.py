"""Deviations from the cadence: noted with their reason, and put before a leader where they mean fewer follow-ups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access, Act
from fitsvc.domain.cadence import Interval
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState, state_at_first
from fitsvc.domain.permissions import Permission
from fitsvc.services.cadences import number_and_unit
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_dates import ProposedDate
from fitsvc.services.invalid import (
    LONG_TEXT,
    LONGEST_LOOK_AHEAD,
    SHORT_TEXT,
    Invalid,
    checked_day,
    checked_text,
)
from fitsvc.storage.deviations import Deviation, DeviationRow, list_awaiting, list_standing, lock_deviation
from fitsvc.storage.episodes import Episode, list_episodes
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why something is decided otherwise than the cadence says, and who decided it with whom, in words."""

    code: DeviationReason | None = None
    reason: str = ""
    decided_by: str = ""


NO_GROUNDS = Grounds()


def judge_day(
    day: date,
    proposed: ProposedDate,
    *,
    field: str,
    earliest: date,
    others_planned: Iterable[date] = (),
) -> DeviationKind | None:
    """How a planned day deviates from the proposed one, None when it does not.

    A later day beside another meeting that stands in time is one meeting more, not fewer. Invalid when the day makes
    no sense, or lies after the law's limit, which holds whatever the reason.
    """
    checked_day(day, field, earliest=earliest, latest=earliest + LONGEST_LOOK_AHEAD)
    in_time = proposed.day is not None and any(one <= proposed.day for one in others_planned)
    if proposed.limit is not None and day > proposed.limit >= earliest and not in_time:
        raise Invalid(field, "after_legal_limit")
    if day == proposed.day:
        return None
    if proposed.day is None:
        return DeviationKind.FREE_DATE
    if day < proposed.day:
        return DeviationKind.SOONER
    return None if in_time else DeviationKind.LATER


def deviation_of_date(
    *,
    by: Actor,
    now: datetime,
    meeting: FollowUpMeeting,
    proposed: ProposedDate,
    kind: DeviationKind,
    grounds: Grounds,
    planned_on: date,
) -> Deviation:
    """The row that keeps why a meeting stands on another day. Invalid without grounds."""
    return _deviation(
        by, now, meeting.case_id, meeting.episode_id, kind, grounds,
        meeting_id=meeting.id, by_cadence_on=proposed.day, planned_on=planned_on,
    )  # fmt: skip


def deviation_of_rhythm(
    *,
    by: Actor,
    now: datetime,
    episode: Episode,
    kind: DeviationKind,
    by_standard: Interval,
    chosen: Interval,
    grounds: Grounds,
) -> Deviation:
    """The row that keeps why a case has another rhythm than its standard. Invalid without grounds."""
    return _deviation(
        by, now, episode.case_id, episode.id, kind, grounds,
        by_cadence_interval=written(by_standard), chosen_interval=written(chosen),
    )  # fmt: skip


def note_deviation(session: Session, deviation: Deviation) -> None:
    """Add the row and its line in the log."""
    session.add(deviation)
    session.flush()
    record_act(
        session,
        Act.DEVIATION_NOTED,
        at=deviation.asked_at,
        staff_id=deviation.asked_by_id,
        case_id=deviation.case_id,
        deviation=str(deviation.id),
        kind=deviation.kind.value,
        reason=deviation.reason_code.value,
        state=deviation.state.value,
    )


def answer_deviation(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    deviation_id: UUID,
    approve: bool,
    answer: str = "",
) -> Deviation:
    """A leader's own act: fewer follow-ups than the standard, approved or refused. Refusing needs words.

    The same answer twice is one. Nobody answers what they asked for themselves. An approved rhythm is the episode's
    from then on.
    """
    case = get_case(session, by=by, case_id=case_id)
    deviation = get_deviation(session, case_id=case.id, deviation_id=deviation_id)
    if not by.may(Permission.APPROVE_FEWER):
        raise NotFound(deviation_id)
    wanted = DeviationState.APPROVED if approve else DeviationState.REFUSED
    if deviation.state is wanted and deviation.answered_by_id == by.staff_id:
        return deviation
    if deviation.state is DeviationState.WITHDRAWN:
        raise Refused("deviation_withdrawn")
    if deviation.state is not DeviationState.AWAITING:
        raise Refused("deviation_answered")
    if deviation.asked_by_id == by.staff_id:
        raise Refused("own_deviation")
    deviation.answer = checked_text(answer, "answer", limit=LONG_TEXT, required=not approve)
    deviation.state, deviation.answered_by_id, deviation.answered_at = wanted, by.staff_id, now
    if approve and deviation.chosen_interval is not None:
        episode = next(one for one in list_episodes(session, case.id) if one.id == deviation.episode_id)
        episode.chosen_interval, episode.chosen_interval_unit = read_written(deviation.chosen_interval)
    record_act(
        session,
        Act.DEVIATION_ANSWERED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        deviation=str(deviation.id),
        state=wanted.value,
    )
    return deviation


def list_open(session: Session, *, by: Actor, now: datetime) -> list[DeviationRow]:
    """What waits for a leader, the longest wait first, and one access-log row with the cases it names."""
    found = list_awaiting(session, by)
    note_reading(
        session,
        by=by,
        access=Access.DEVIATIONS_LISTED,
        case_ids=list(dict.fromkeys(one.case.id for one in found)),
        now=now,
    )
    return found


def awaits_leader(session: Session, meeting_id: UUID) -> bool:
    """Whether a meeting's day waits for a leader's answer."""
    return any(
        one.state is DeviationState.AWAITING for one in list_standing(session, meeting_ids=[meeting_id])
    )


def get_deviation(session: Session, *, case_id: UUID, deviation_id: UUID) -> Deviation:
    """The case's deviation, nobody else answering it meanwhile; NotFound when it is not this case's."""
    deviation = lock_deviation(session, deviation_id)
    if deviation is None or deviation.case_id != case_id:
        raise NotFound(deviation_id)
    return deviation


def withdraw(deviations: Iterable[Deviation]) -> None:
    """What was decided about a day or a rhythm stands no longer; a leader's answer is kept beside it."""
    for one in deviations:
        one.state = DeviationState.WITHDRAWN


def written(interval: Interval) -> str:
    """An interval as a deviation keeps it: "6 weeks"."""
    number, unit = number_and_unit(interval)
    return f"{number} {unit}"


def read_written(text: str) -> tuple[int, str]:
    """Number and unit of what `written` made."""
    number, unit = text.split()
    return int(number), unit


def _deviation(
    by: Actor,
    now: datetime,
    case_id: UUID,
    episode_id: UUID,
    kind: DeviationKind,
    grounds: Grounds,
    **of_what: object,
) -> Deviation:
    if grounds.code is None:
        raise Invalid("reason_code", "missing")
    return Deviation(
        case_id=case_id,
        episode_id=episode_id,
        kind=kind,
        reason_code=grounds.code,
        reason=checked_text(grounds.reason, "meeting_reason", limit=LONG_TEXT),
        decided_by=checked_text(grounds.decided_by, "decided_by", limit=SHORT_TEXT, required=False),
        state=state_at_first(kind),
        asked_by_id=by.staff_id,
        asked_at=now,
        **of_what,
    )
