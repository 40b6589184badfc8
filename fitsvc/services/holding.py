"""Holding a meeting: its day, its decision and what follows from it, all or nothing."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.meeting import GOES_ON, Decision, Lacking, Minute, lacking
from fitsvc.domain.permissions import Permission
from fitsvc.services.case_access import get_case
from fitsvc.services.deviations import NO_GROUNDS, Grounds
from fitsvc.services.episodes import end_episode, get_episode
from fitsvc.services.errors import Refused
from fitsvc.services.follow_up_dates import ProposedDate, Standards, propose_next
from fitsvc.services.invalid import Invalid
from fitsvc.services.meetings import get_meeting, hold_meeting, plan_meeting
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings, lock_meeting
from fitsvc.storage.minutes import list_minutes


class NotReady(Refused):
    """Something still has to be written; `lacking` names it in the order of the page."""

    def __init__(self, missing: tuple[Lacking, ...]) -> None:
        super().__init__("meeting_lacks")
        self.lacking = missing


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is said when a meeting is noted as held, beside its minutes. `grounds` when the next date deviates."""

    held_on: date
    next_at: time | None = None
    grounds: Grounds = NO_GROUNDS


@dataclass(frozen=True, slots=True)
class Concluded:
    """A meeting that is held. `again`: it was so before this request, which changed nothing."""

    meeting: FollowUpMeeting
    decision: Decision | None
    again: bool


def conclude_meeting(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    standards: Standards,
    case_id: UUID,
    meeting_id: UUID,
    conclusion: Conclusion,
) -> Concluded:
    """Note a meeting as held, and do what it decided: plan the next one, or end the measure.

    Who may end measures ends it with the decision; otherwise the caseworker does. A new measure is opened on its own
    page, which ends this one. Held twice is held once, also when two people do it at the same moment. Raises NotReady,
    Refused for a cancelled meeting or one held on another day, Invalid for a next date that cannot be.
    """
    case = get_case(session, by=by, case_id=case_id)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id)
    lock_meeting(session, meeting)
    written = {one.field: one.text for one in list_minutes(session, case.id) if one.meeting_id == meeting.id}
    said = written.get(Minute.DECISION)
    decision = Decision(said) if said else None
    is_open = meeting.held_on is None and meeting.cancelled_at is None
    if is_open and (missing := lacking(written)):
        raise NotReady(missing)
    hold_meeting(session, by=by, now=now, case_id=case.id, meeting_id=meeting.id, held_on=conclusion.held_on)
    if not is_open:
        return Concluded(meeting, decision, again=True)
    if decision in GOES_ON:
        next_on = date.fromisoformat(written[Minute.NEXT_ON])
        _plan_next(session, by, now, standards, meeting, next_on, conclusion)
    elif decision is Decision.END and by.may(Permission.OPEN_CASE) and _is_running(session, meeting):
        end_episode(
            session,
            by=by,
            now=now,
            case_id=case.id,
            episode_id=meeting.episode_id,
            ended_on=conclusion.held_on,
        )
    return Concluded(meeting, decision, again=False)


def _plan_next(
    session: Session,
    by: Actor,
    now: datetime,
    standards: Standards,
    meeting: FollowUpMeeting,
    next_on: date,
    conclusion: Conclusion,
) -> None:
    """Unless somebody has planned a meeting on that very day already."""
    if any(
        one.held_on is None and one.planned_on == next_on for one in list_meetings(session, meeting.case_id)
    ):
        return
    try:
        plan_meeting(
            session,
            by=by,
            now=now,
            standards=standards,
            case_id=meeting.case_id,
            key=uuid5(meeting.id, "next"),
            planned_on=next_on,
            planned_at=conclusion.next_at,
            grounds=conclusion.grounds,
        )
    except Invalid as invalid:
        if invalid.field == "planned_on":
            raise Invalid("next_on", invalid.code) from invalid
        raise


def _is_running(session: Session, meeting: FollowUpMeeting) -> bool:
    episode = get_episode(session, case_id=meeting.case_id, episode_id=meeting.episode_id)
    return episode.ended_on is None


def propose_after(
    session: Session, *, standards: Standards, meeting: FollowUpMeeting, held_on: date
) -> ProposedDate:
    """The date the cadence proposes when this meeting is held on that day. The caller has found it in scope."""
    episode = get_episode(session, case_id=meeting.case_id, episode_id=meeting.episode_id)
    return propose_next(standards, episode, held_on)
