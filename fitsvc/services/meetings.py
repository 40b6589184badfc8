"""Follow-up meetings: planned on the date the cadence proposes or another with its reason; held; cancelled."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.episode import current_episode
from fitsvc.services.case_access import get_case
from fitsvc.services.deviations import (
    NO_GROUNDS,
    Grounds,
    deviation_of_date,
    judge_day,
    note_deviation,
    withdraw,
)
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_dates import ProposedDate, Standards, propose_next
from fitsvc.services.invalid import Invalid, checked_day
from fitsvc.storage.cases import Case
from fitsvc.storage.deviations import Deviation, list_standing
from fitsvc.storage.episodes import Episode, list_episodes, lock_episode
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings, lock_meeting
from fitsvc.storage.once import add_once


def episode_for_meetings(session: Session, *, case: Case, today: date) -> Episode:
    """The episode a new meeting follows up on; Refused when the case has none that runs or is to come."""
    running = [
        one for one in list_episodes(session, case.id) if one.ended_on is None or one.ended_on >= today
    ]
    found = current_episode(running, today) or (running[0] if running else None)
    if found is None:
        raise Refused("no_episode")
    return found


def propose_meeting(
    session: Session, *, by: Actor, standards: Standards, case_id: UUID
) -> tuple[Episode, ProposedDate]:
    """The date the cadence proposes next for the case's running episode."""
    case = get_case(session, by=by, case_id=case_id)
    episode = episode_for_meetings(session, case=case, today=by.today)
    return episode, _propose(standards, episode, list_meetings(session, case.id))


def propose_move(
    session: Session, *, by: Actor, standards: Standards, case_id: UUID, meeting_id: UUID
) -> ProposedDate:
    """The date the cadence proposes for the measure a meeting belongs to. Refused when it was held or cancelled."""
    case = get_case(session, by=by, case_id=case_id)
    meeting = _to_be_held(get_meeting(session, case_id=case.id, meeting_id=meeting_id))
    return _propose(standards, _episode_of(session, meeting), list_meetings(session, case.id))


def plan_meeting(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    standards: Standards,
    case_id: UUID,
    key: UUID,
    planned_on: date,
    planned_at: time | None = None,
    grounds: Grounds = NO_GROUNDS,
) -> FollowUpMeeting:
    """Plan a follow-up meeting for the running episode. Sent twice with the same key it is one meeting."""
    case = get_case(session, by=by, case_id=case_id)
    if case.closed_on is not None:
        raise Refused("case_closed")
    episode = episode_for_meetings(session, case=case, today=by.today)
    if session.get(FollowUpMeeting, key) is not None:
        return get_meeting(session, case_id=case.id, meeting_id=key)
    meeting = FollowUpMeeting(
        id=key,
        case_id=case.id,
        episode_id=episode.id,
        planned_on=planned_on,
        planned_at=planned_at,
        held_on=None,
        cancelled_at=None,
        created_by_id=by.staff_id,
        created_at=now,
    )
    proposed, deviation = _judge(session, by, now, standards, episode, meeting, planned_on, grounds)
    if add_once(session, meeting):
        record_act(
            session,
            Act.MEETING_PLANNED,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            meeting=str(key),
            by_cadence=proposed.counted_from.value if planned_on == proposed.day else None,
        )
        if deviation is not None:
            note_deviation(session, deviation)
    return meeting


def move_meeting(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    standards: Standards,
    case_id: UUID,
    meeting_id: UUID,
    seen: tuple[date, time | None],
    planned_on: date,
    planned_at: time | None = None,
    grounds: Grounds = NO_GROUNDS,
) -> FollowUpMeeting:
    """Move a meeting still to be held. A new day is judged as a newly planned one, and what was noted about the old
    day stands no longer. Sent twice it is moved once.

    `seen` is the day and time on the page it is moved from: Refused when somebody else has moved it meanwhile.
    """
    case = get_case(session, by=by, case_id=case_id)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id)
    lock_meeting(session, meeting)
    _to_be_held(meeting)
    if case.closed_on is not None:
        raise Refused("case_closed")
    stands = (meeting.planned_on, meeting.planned_at)
    if stands == (planned_on, planned_at):
        return meeting
    if stands != seen:
        raise Refused("meeting_moved_meanwhile")
    if planned_on != meeting.planned_on:
        episode = _episode_of(session, meeting)
        _proposed, deviation = _judge(session, by, now, standards, episode, meeting, planned_on, grounds)
        withdraw(list_standing(session, meeting_ids=[meeting.id]))
        if deviation is not None:
            note_deviation(session, deviation)
    meeting.planned_on, meeting.planned_at = planned_on, planned_at
    record_act(
        session,
        Act.MEETING_MOVED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        meeting=str(meeting.id),
        moved_from=stands[0].isoformat(),
        moved_to=planned_on.isoformat(),
    )
    return meeting


def hold_meeting(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, meeting_id: UUID, held_on: date
) -> FollowUpMeeting:
    """Note the day a meeting was held; the next date counts from it. Held twice is held once."""
    case = get_case(session, by=by, case_id=case_id)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id)
    lock_meeting(session, meeting)
    if meeting.cancelled_at is not None:
        raise Refused("meeting_cancelled")
    if meeting.held_on == held_on:
        return meeting
    if meeting.held_on is not None:
        raise Refused("meeting_held")
    started = next(one.started_on for one in list_episodes(session, case.id) if one.id == meeting.episode_id)
    meeting.held_on = checked_day(held_on, "held_on", earliest=started, latest=by.today)
    record_act(
        session, Act.MEETING_HELD, at=now, staff_id=by.staff_id, case_id=case.id, meeting=str(meeting.id)
    )
    return meeting


def cancel_meeting(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, meeting_id: UUID
) -> FollowUpMeeting:
    """Cancel a meeting that was not held. Cancelled twice is cancelled once."""
    case = get_case(session, by=by, case_id=case_id)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id)
    lock_meeting(session, meeting)
    if meeting.held_on is not None:
        raise Refused("meeting_held")
    if meeting.cancelled_at is None:
        meeting.cancelled_at = now
        withdraw(list_standing(session, meeting_ids=[meeting.id]))
        record_act(
            session,
            Act.MEETING_CANCELLED,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            meeting=str(meeting.id),
        )
    return meeting


def get_meeting(session: Session, *, case_id: UUID, meeting_id: UUID) -> FollowUpMeeting:
    """The case's meeting; NotFound when it is not this case's."""
    meeting = session.get(FollowUpMeeting, meeting_id)
    if meeting is None or meeting.case_id != case_id:
        raise NotFound(meeting_id)
    return meeting


def _to_be_held(meeting: FollowUpMeeting) -> FollowUpMeeting:
    if meeting.cancelled_at is not None:
        raise Refused("meeting_cancelled")
    if meeting.held_on is not None:
        raise Refused("meeting_held")
    return meeting


def _episode_of(session: Session, meeting: FollowUpMeeting) -> Episode:
    return next(one for one in list_episodes(session, meeting.case_id) if one.id == meeting.episode_id)


def _propose(standards: Standards, episode: Episode, meetings: list[FollowUpMeeting]) -> ProposedDate:
    held = [one.held_on for one in meetings if one.episode_id == episode.id and one.held_on is not None]
    return propose_next(standards, episode, max(held, default=None))


def _judge(
    session: Session,
    by: Actor,
    now: datetime,
    standards: Standards,
    episode: Episode,
    meeting: FollowUpMeeting,
    planned_on: date,
    grounds: Grounds,
) -> tuple[ProposedDate, Deviation | None]:
    """The proposed date, and the deviation a meeting on this day is, if it is one. Invalid: see `judge_day`.

    Whoever plans for the same measure at the same moment comes after, and finds this meeting on its day.
    """
    lock_episode(session, episode)
    meetings = list_meetings(session, meeting.case_id)
    others = [one for one in meetings if one.held_on is None and one.id != meeting.id]
    if planned_on in [one.planned_on for one in others]:
        raise Invalid("planned_on", "meeting_there_already")
    proposed = _propose(standards, episode, meetings)
    kind = judge_day(
        planned_on,
        proposed,
        field="planned_on",
        earliest=max(by.today, episode.started_on),
        others_planned=[one.planned_on for one in others if one.episode_id == episode.id],
    )
    if kind is None:
        return proposed, None
    return proposed, deviation_of_date(
        by=by,
        now=now,
        meeting=meeting,
        proposed=proposed,
        kind=kind,
        grounds=grounds,
        planned_on=planned_on,
    )
