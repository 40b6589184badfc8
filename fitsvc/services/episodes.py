"""Starting and ending an episode: one measure with its unit, its practitioners and its follow-up cadence."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.follow_up import DeviationState
from fitsvc.services.case_access import get_case
from fitsvc.services.deviations import (
    note_deviation,
    withdraw,
)
from fitsvc.services.episode_plan import EpisodePlan, checked_episode, first_meeting
from fitsvc.services.episode_teams import join_team, let_team_leave
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_dates import (
    Standards,
    chosen_interval,
    propose_first,
)
from fitsvc.services.invalid import (
    checked_day,
)
from fitsvc.storage.cases import Case
from fitsvc.storage.deviations import list_standing
from fitsvc.storage.episodes import Episode, list_episodes, lock_episode
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import list_meetings
from fitsvc.storage.once import add_once


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
    episode, rhythm = checked_episode(session, by, now, standards, case, key, plan)
    proposed = propose_first(
        standards,
        standard_id=plan.cadence_standard,
        measure_type=plan.measure_type,
        start=plan.started_on,
        chosen=chosen_interval(episode),
        investigation_ends=plan.investigation_ends_on,
    )
    meeting, deviation = first_meeting(by, now, episode, plan, proposed)
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
