"""Deviations from the cadence: noted with their reason, and put before a leader where they mean fewer follow-ups."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, state_at_first
from fitsvc.services.follow_up_dates import ProposedDate
from fitsvc.services.invalid import (
    LONG_TEXT,
    LONGEST_LOOK_AHEAD,
    SHORT_TEXT,
    Invalid,
    checked_day,
    checked_text,
)
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why something is decided otherwise than the cadence says, and who decided it with whom, in words."""

    code: DeviationReason | None = None
    reason: str = ""
    decided_by: str = ""


NO_GROUNDS = Grounds()


def judge_day(day: date, proposed: ProposedDate, *, field: str, earliest: date) -> DeviationKind | None:
    """How a planned day deviates from the proposed one, None when it does not.

    Invalid when it makes no sense, or lies after the law's limit, which holds whatever the reason.
    """
    checked_day(day, field, earliest=earliest, latest=earliest + LONGEST_LOOK_AHEAD)
    if proposed.limit is not None and day > proposed.limit >= earliest:
        raise Invalid(field, "after_legal_limit")
    if day == proposed.day:
        return None
    if proposed.day is None:
        return DeviationKind.FREE_DATE
    return DeviationKind.SOONER if day < proposed.day else DeviationKind.LATER


def deviation_of_date(
    *,
    by: Actor,
    now: datetime,
    meeting: FollowUpMeeting,
    proposed: ProposedDate,
    kind: DeviationKind,
    grounds: Grounds,
) -> Deviation:
    """The row that keeps why a meeting stands on another day. Invalid without grounds."""
    return _deviation(
        by, now, meeting.case_id, meeting.episode_id, kind, grounds,
        meeting_id=meeting.id, by_cadence_on=proposed.day, planned_on=meeting.planned_on,
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
