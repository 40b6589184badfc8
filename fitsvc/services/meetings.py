"""Follow-up meetings: planned on the date the cadence proposes or another with its reason; held; cancelled."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.episode import current_episode
from fitsvc.services.case_access import get_case
from fitsvc.services.deviations import NO_GROUNDS, Grounds, deviation_of_date, judge_day, note_deviation
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_dates import ProposedDate, Standards, propose_next
from fitsvc.services.invalid import Invalid, checked_day
from fitsvc.storage.cases import Case
from fitsvc.storage.episodes import Episode, list_episodes
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
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
    held = [
        one.held_on
        for one in list_meetings(session, case.id)
        if one.episode_id == episode.id and one.held_on is not None
    ]
    return episode, propose_next(standards, episode, max(held, default=None))


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
    episode, proposed = propose_meeting(session, by=by, standards=standards, case_id=case_id)
    sent_before = session.get(FollowUpMeeting, key)
    if sent_before is not None:
        return get_meeting(session, case_id=case.id, meeting_id=key)
    planned = [one.planned_on for one in list_meetings(session, case.id) if one.held_on is None]
    if planned_on in planned:
        raise Invalid("planned_on", "meeting_there_already")
    kind = judge_day(planned_on, proposed, field="planned_on", earliest=max(by.today, episode.started_on))
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
    deviation = (
        deviation_of_date(by=by, now=now, meeting=meeting, proposed=proposed, kind=kind, grounds=grounds)
        if kind
        else None
    )
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


def hold_meeting(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, meeting_id: UUID, held_on: date
) -> FollowUpMeeting:
    """Note the day a meeting was held; the next date counts from it. Held twice is held once."""
    case = get_case(session, by=by, case_id=case_id)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id)
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
    if meeting.held_on is not None:
        raise Refused("meeting_held")
    if meeting.cancelled_at is None:
        meeting.cancelled_at = now
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
