"""Starting and ending an episode: one measure with its unit, its practitioners and its follow-up cadence."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.cadence import Interval
from fitsvc.domain.law import LadderStep, MeasureType
from fitsvc.domain.roles import Role
from fitsvc.services.case_access import get_case
from fitsvc.services.deviations import NO_GROUNDS, Grounds, deviation_of_date, judge_day, note_deviation
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_dates import ProposedDate, Standards, propose_first
from fitsvc.services.invalid import (
    LONG_TEXT,
    LONGEST_LOOK_AHEAD,
    Invalid,
    checked_day,
    checked_text,
)
from fitsvc.storage.accounts import Staff, list_staff
from fitsvc.storage.cases import Case, TeamMember, TeamPart, list_team
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.episodes import Episode, list_episodes
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
from fitsvc.storage.once import add_once
from fitsvc.storage.organisation import UnitKind, find_unit

MOST_WEEKS = 520
LONGEST_INTERVAL = {"weeks": 52, "months": 12, "days": 365}


@dataclass(frozen=True, slots=True)
class EpisodePlan:
    """What is decided when a measure starts. `first_meeting_on` None takes the date the cadence proposes."""

    measure_type: MeasureType
    legal_basis: str
    ladder_step: LadderStep | None
    purpose: str
    expected_weeks: int | None
    started_on: date
    unit_id: UUID
    practitioner_ids: tuple[UUID, ...]
    cadence_standard: str
    chosen_interval: Interval | None = None
    first_meeting_on: date | None = None
    first_meeting_at: time | None = None
    grounds: Grounds = NO_GROUNDS


def list_practitioners(session: Session) -> list[Staff]:
    """Everybody who can run an episode, by unit and name."""
    found = [one for one in list_staff(session) if one.active and _is_practitioner(one)]
    return sorted(found, key=lambda one: (one.unit.name, one.name))


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
) -> Episode:
    """Start a measure, let its practitioners join the team, and plan the first follow-up meeting.

    Sent twice with the same key it is one episode. Invalid: see the checks below.
    """
    case = get_case(session, by=by, case_id=case_id)
    if case.closed_on is not None:
        raise Refused("case_closed")
    episode = _checked_episode(session, by, now, standards, case, key, plan)
    proposed = propose_first(
        standards,
        standard_id=plan.cadence_standard,
        measure_type=plan.measure_type,
        start=plan.started_on,
        chosen=plan.chosen_interval,
    )
    meeting, deviation = _first_meeting(by, now, episode, plan, proposed)
    if not add_once(session, episode):
        return get_episode(session, case_id=case.id, episode_id=key)
    session.add(meeting)
    if deviation is not None:
        note_deviation(session, deviation)
    joined = _join_team(session, by, case, plan.practitioner_ids)
    record_act(
        session,
        Act.EPISODE_STARTED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        episode=str(key),
        joined=[str(one) for one in joined],
        first_meeting=meeting.planned_on.isoformat(),
    )
    return episode


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
    if episode.ended_on is not None:
        raise Refused("episode_ended")
    checked_day(ended_on, "ended_on", earliest=episode.started_on, latest=by.today)
    episode.ended_on = ended_on
    for meeting in list_meetings(session, case.id):
        if meeting.episode_id == episode.id and meeting.held_on is None and meeting.planned_on >= by.today:
            meeting.cancelled_at = now
    left = _leave_team(session, by, case, episode) if leave_team else []
    record_act(
        session,
        Act.EPISODE_ENDED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        episode=str(episode.id),
        left=[str(one) for one in left],
    )
    return episode


def _checked_episode(
    session: Session,
    by: Actor,
    now: datetime,
    standards: Standards,
    case: Case,
    key: UUID,
    plan: EpisodePlan,
) -> Episode:
    checked_day(
        plan.started_on, "started_on", earliest=case.birth_month, latest=by.today + LONGEST_LOOK_AHEAD
    )
    if plan.expected_weeks is not None and not 1 <= plan.expected_weeks <= MOST_WEEKS:
        raise Invalid("expected_weeks", "out_of_range")
    if plan.cadence_standard not in standards:
        raise Invalid("cadence_standard", "not_a_choice")
    _check_people(session, plan)
    number, unit = _checked_interval(plan.chosen_interval)
    return Episode(
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
        created_at=now,
    )


def _check_people(session: Session, plan: EpisodePlan) -> None:
    unit = find_unit(session, plan.unit_id)
    if unit is None or unit.kind is UnitKind.AUTHORITY:
        raise Invalid("unit_id", "not_a_choice")
    of_unit = {one.id for one in list_practitioners(session) if one.unit_id == unit.id}
    if not plan.practitioner_ids:
        raise Invalid("practitioner_ids", "missing")
    if not of_unit.issuperset(plan.practitioner_ids):
        raise Invalid("practitioner_ids", "not_of_the_unit")


def _checked_interval(chosen: Interval | None) -> tuple[int | None, str | None]:
    if chosen is None:
        return None, None
    unit = "months" if chosen.months else "weeks" if chosen.weeks else "days"
    number: int = getattr(chosen, unit)
    if number > LONGEST_INTERVAL[unit]:
        raise Invalid("interval_number", "out_of_range")
    return number, unit


def _first_meeting(
    by: Actor, now: datetime, episode: Episode, plan: EpisodePlan, proposed: ProposedDate
) -> tuple[FollowUpMeeting, Deviation | None]:
    day = plan.first_meeting_on or proposed.day
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
        deviation_of_date(by=by, now=now, meeting=meeting, proposed=proposed, kind=kind, grounds=plan.grounds)
        if kind
        else None
    )
    return meeting, deviation


def _join_team(session: Session, by: Actor, case: Case, staff_ids: tuple[UUID, ...]) -> list[UUID]:
    there = {one.staff_id for one in list_team(session, case.id) if one.part is TeamPart.PRACTITIONER}
    joining = [one for one in dict.fromkeys(staff_ids) if one not in there]
    session.add_all(
        TeamMember(case_id=case.id, staff_id=one, part=TeamPart.PRACTITIONER, from_on=by.today, until_on=None)
        for one in joining
    )
    return joining


def _leave_team(session: Session, by: Actor, case: Case, ended: Episode) -> list[UUID]:
    still_running = any(
        one.unit_id == ended.unit_id and one.ended_on is None for one in list_episodes(session, case.id)
    )
    if still_running:
        return []
    of_unit = {one.id for one in list_staff(session) if one.unit_id == ended.unit_id}
    leaving = [
        one
        for one in list_team(session, case.id)
        if one.part is TeamPart.PRACTITIONER and one.staff_id in of_unit
    ]
    for member in leaving:
        # They may still look at it today, and write the last note.
        member.until_on = max(by.today, member.from_on) + timedelta(days=1)
    return [one.staff_id for one in leaving]


def _is_practitioner(staff: Staff) -> bool:
    return any(role.name == Role.PRACTITIONER for role in staff.roles)
