"""Starting and ending an episode: one measure with its unit, its practitioners and its follow-up cadence."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.cadence import Interval
from fitsvc.domain.follow_up import FEWER, DeviationKind, DeviationState, judge_rhythm
from fitsvc.domain.law import LadderStep, MeasureType
from fitsvc.services.cadences import is_too_long, number_and_unit
from fitsvc.services.calendar import is_working_day
from fitsvc.services.case_access import get_case
from fitsvc.services.deviations import (
    NO_GROUNDS,
    Grounds,
    deviation_of_date,
    deviation_of_rhythm,
    judge_day,
    note_deviation,
    withdraw,
)
from fitsvc.services.episode_teams import check_people, join_team, let_team_leave
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_dates import (
    ProposedDate,
    Standards,
    chosen_interval,
    propose_first,
    standard_of,
)
from fitsvc.services.invalid import (
    LONG_TEXT,
    LONGEST_LOOK_AHEAD,
    Invalid,
    checked_day,
    checked_text,
)
from fitsvc.storage.cases import Case
from fitsvc.storage.deviations import Deviation, list_standing
from fitsvc.storage.episodes import Episode, list_episodes, lock_episode
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
from fitsvc.storage.once import add_once

MOST_WEEKS = 520


@dataclass(frozen=True, slots=True)
class EpisodePlan:
    """What is decided when a measure starts. `first_meeting_on` None takes the date the cadence proposes.

    `cadence_standard` None: followed up by no standard, which only early help may be; then, without a rhythm or a day
    chosen for the case, no meeting is planned at all. `investigation_ends_on`: where the law sets a limit for the first
    follow-up, it is at the end of an investigation beside the measure, if that comes earlier.
    """

    measure_type: MeasureType
    legal_basis: str
    ladder_step: LadderStep | None
    purpose: str
    expected_weeks: int | None
    started_on: date
    unit_id: UUID
    practitioner_ids: tuple[UUID, ...]
    cadence_standard: str | None
    chosen_interval: Interval | None = None
    first_meeting_on: date | None = None
    first_meeting_at: time | None = None
    grounds: Grounds = NO_GROUNDS
    investigation_ends_on: date | None = None


def get_episode(session: Session, *, case_id: UUID, episode_id: UUID) -> Episode:
    """The case's episode; NotFound when it is not this case's."""
    for episode in list_episodes(session, case_id):
        if episode.id == episode_id:
            return episode
    raise NotFound(episode_id)


def start_episode(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    standards: Standards,
    case_id: UUID,
    key: UUID,
    plan: EpisodePlan,
    closes: UUID | None = None,
    leave_team: bool = False,
) -> Episode:
    """Start a measure, let its practitioners join the team, and plan the first follow-up meeting.

    `closes` is the measure this one replaces: it ends on the day before, in the same act; `leave_team` as in
    `end_episode`. A rhythm that means fewer follow-ups than the standard waits for a leader, and the standard's own
    dates stand until then. Sent twice with the same key it is one episode. Invalid: see the checks below.
    """
    case = get_case(session, by=by, case_id=case_id)
    if case.closed_on is not None:
        raise Refused("case_closed")
    former = get_episode(session, case_id=case.id, episode_id=closes) if closes is not None else None
    if session.get(Episode, key) is not None:
        return get_episode(session, case_id=case.id, episode_id=key)
    episode, rhythm = _checked_episode(session, by, now, standards, case, key, plan)
    proposed = propose_first(
        standards,
        standard_id=plan.cadence_standard,
        measure_type=plan.measure_type,
        start=plan.started_on,
        chosen=chosen_interval(episode),
        investigation_ends=plan.investigation_ends_on,
    )
    meeting, deviation = _first_meeting(by, now, episode, plan, proposed)
    if not add_once(session, episode):
        return get_episode(session, case_id=case.id, episode_id=key)
    if meeting is not None:
        session.add(meeting)
        session.flush()
    for one in (rhythm, deviation):
        if one is not None:
            note_deviation(session, one)
    if former is not None and (former.ended_on is None or former.ended_on >= plan.started_on):
        day = max(former.started_on, plan.started_on - timedelta(days=1))
        _end(session, by, now, case, former, day, leave_team=leave_team)
    joined = join_team(session, by, case, plan.practitioner_ids)
    record_act(
        session,
        Act.EPISODE_STARTED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        episode=str(key),
        joined=[str(one) for one in joined],
        first_meeting=meeting.planned_on.isoformat() if meeting else None,
    )
    return episode


def propose_first_meeting(
    standards: Standards,
    *,
    standard_id: str | None,
    measure_type: MeasureType,
    start: date,
    chosen: Interval | None,
    investigation_ends: date | None = None,
) -> tuple[ProposedDate, bool]:
    """The first date before anything is started, and whether the chosen rhythm waits for a leader and so does not
    count yet.
    """
    deviates = _judge_chosen(standards, standard_id, measure_type, start, chosen, investigation_ends)
    waits = deviates is not None and deviates[0] in FEWER
    proposed = propose_first(
        standards,
        standard_id=standard_id,
        measure_type=measure_type,
        start=start,
        chosen=None if waits else chosen,
        investigation_ends=investigation_ends,
    )
    return proposed, waits


def end_episode(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    episode_id: UUID,
    ended_on: date,
    leave_team: bool = False,
) -> Episode:
    """End a measure; meetings planned after it are cancelled.

    With `leave_team` the unit's practitioners leave the case unless another episode of the unit is still running.
    """
    case = get_case(session, by=by, case_id=case_id)
    episode = get_episode(session, case_id=case.id, episode_id=episode_id)
    lock_episode(session, episode)
    if episode.ended_on is not None:
        raise Refused("episode_ended")
    checked_day(ended_on, "ended_on", earliest=episode.started_on, latest=by.today)
    _end(session, by, now, case, episode, ended_on, leave_team=leave_team)
    return episode


def _end(
    session: Session,
    by: Actor,
    now: datetime,
    case: Case,
    episode: Episode,
    ended_on: date,
    *,
    leave_team: bool,
) -> None:
    """Today's meeting stays: it may be the one that decides this."""
    episode.ended_on = ended_on
    cancelled = [
        one
        for one in list_meetings(session, case.id)
        if one.episode_id == episode.id and one.held_on is None and one.planned_on > max(by.today, ended_on)
    ]
    for meeting in cancelled:
        meeting.cancelled_at = now
    of_these = [one.id for one in cancelled]
    withdraw(list_standing(session, meeting_ids=of_these))
    withdraw(
        one for one in list_standing(session, episode_id=episode.id) if one.state is DeviationState.AWAITING
    )
    left = let_team_leave(session, by, case, episode) if leave_team else []
    record_act(
        session,
        Act.EPISODE_ENDED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        episode=str(episode.id),
        left=[str(one) for one in left],
    )


def _checked_episode(
    session: Session,
    by: Actor,
    now: datetime,
    standards: Standards,
    case: Case,
    key: UUID,
    plan: EpisodePlan,
) -> tuple[Episode, Deviation | None]:
    """The episode with the rhythm that stands, and the deviation its chosen rhythm is, if it is one."""
    checked_day(
        plan.started_on, "started_on", earliest=case.birth_month, latest=by.today + LONGEST_LOOK_AHEAD
    )
    if plan.investigation_ends_on is not None:
        _check_investigation(standards, plan, plan.investigation_ends_on, by.today)
    if plan.expected_weeks is not None and not 1 <= plan.expected_weeks <= MOST_WEEKS:
        raise Invalid("expected_weeks", "out_of_range")
    if plan.cadence_standard is None and plan.measure_type is not MeasureType.EARLY_HELP_S30:
        raise Invalid("cadence_standard", "only_early_help_without")
    if plan.cadence_standard is not None and plan.cadence_standard not in standards:
        raise Invalid("cadence_standard", "not_a_choice")
    check_people(session, plan.unit_id, plan.practitioner_ids)
    number, unit = _checked_interval(plan.chosen_interval)
    episode = Episode(
        id=key,
        case_id=case.id,
        unit_id=plan.unit_id,
        measure_type=plan.measure_type.value,
        legal_basis=checked_text(plan.legal_basis, "legal_basis", limit=60),
        ladder_step=plan.ladder_step,
        purpose=checked_text(plan.purpose, "purpose", limit=LONG_TEXT),
        expected_weeks=plan.expected_weeks,
        started_on=plan.started_on,
        ended_on=None,
        cadence_standard=plan.cadence_standard,
        chosen_interval=number,
        chosen_interval_unit=unit,
        investigation_ends_on=plan.investigation_ends_on,
        created_at=now,
    )
    deviates = _judge_chosen(
        standards,
        plan.cadence_standard,
        plan.measure_type,
        plan.started_on,
        plan.chosen_interval,
        plan.investigation_ends_on,
    )
    if deviates is None or plan.chosen_interval is None:
        return episode, None
    kind, by_standard = deviates
    if kind in FEWER:  # the standard's rhythm stands until a leader has said yes
        episode.chosen_interval = episode.chosen_interval_unit = None
    return episode, deviation_of_rhythm(
        by=by,
        now=now,
        episode=episode,
        kind=kind,
        by_standard=by_standard,
        chosen=plan.chosen_interval,
        grounds=plan.grounds,
    )


def _judge_chosen(
    standards: Standards,
    standard_id: str | None,
    measure_type: MeasureType,
    start: date,
    chosen: Interval | None,
    investigation_ends: date | None,
) -> tuple[DeviationKind, Interval] | None:
    if chosen is None:
        return None
    standard = standard_of(standards, standard_id)
    return judge_rhythm(
        standard, measure_type, start, chosen, is_working_day, investigation_ends=investigation_ends
    )


def _check_investigation(standards: Standards, plan: EpisodePlan, ends_on: date, today: date) -> None:
    """Only where the law sets a limit does the end of an investigation say anything about the follow-up."""
    if plan.measure_type not in standard_of(standards, plan.cadence_standard).limits:
        raise Invalid("investigation_ends_on", "no_legal_limit")
    if ends_on < plan.started_on:
        raise Invalid("investigation_ends_on", "before_start")
    checked_day(ends_on, "investigation_ends_on", latest=today + LONGEST_LOOK_AHEAD)


def _checked_interval(chosen: Interval | None) -> tuple[int | None, str | None]:
    if chosen is not None and is_too_long(chosen):
        raise Invalid("interval_number", "out_of_range")
    return number_and_unit(chosen)


def _first_meeting(
    by: Actor, now: datetime, episode: Episode, plan: EpisodePlan, proposed: ProposedDate
) -> tuple[FollowUpMeeting | None, Deviation | None]:
    day = plan.first_meeting_on or proposed.day
    if day is None and plan.cadence_standard is None:
        return None, None
    if day is None:
        raise Invalid("first_meeting_on", "choice_required")
    kind = judge_day(day, proposed, field="first_meeting_on", earliest=episode.started_on)
    meeting = FollowUpMeeting(
        id=uuid4(),
        case_id=episode.case_id,
        episode_id=episode.id,
        planned_on=day,
        planned_at=plan.first_meeting_at,
        held_on=None,
        cancelled_at=None,
        created_by_id=by.staff_id,
        created_at=now,
    )
    deviation = (
        deviation_of_date(
            by=by,
            now=now,
            meeting=meeting,
            proposed=proposed,
            kind=kind,
            grounds=plan.grounds,
            planned_on=day,
        )
        if kind
        else None
    )
    return meeting, deviation
