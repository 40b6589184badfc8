"""Closing a case: its episodes end, nobody is asked any more, no link works, and no leader is waited for."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.follow_up import DeviationState
from fitsvc.services.after_end import cancel_after_end
from fitsvc.services.case_access import get_case
from fitsvc.services.deviations import withdraw
from fitsvc.services.errors import Refused
from fitsvc.services.invalid import checked_day
from fitsvc.services.links import cancel_link
from fitsvc.services.set_aside import set_aside
from fitsvc.storage.administrations import AdministrationState, list_administrations, list_known_askings
from fitsvc.storage.cases import Case
from fitsvc.storage.deviations import list_deviations
from fitsvc.storage.episodes import list_episodes
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import list_meetings
from fitsvc.storage.respondents import list_plans


def close_case(session: Session, *, by: Actor, now: datetime, case_id: UUID, closed_on: date) -> Case:
    """Close a case. The ratings stay as long as the retention rule says; the team may still read them.

    Refused when it is closed already.
    """
    case = get_case(session, by=by, case_id=case_id)
    if case.closed_on is not None:
        raise Refused("case_closed")
    episodes = list_episodes(session, case.id)
    begun = max((one.started_on for one in episodes if one.started_on <= by.today), default=case.opened_on)
    checked_day(closed_on, "closed_on", earliest=max(begun, case.opened_on), latest=by.today)
    case.closed_on = closed_on
    for episode in episodes:
        if episode.ended_on is None:
            episode.ended_on = max(closed_on, episode.started_on)
    cancelled = [one for one in list_meetings(session, case.id) if one.held_on is None]
    for meeting in cancelled:
        meeting.cancelled_at = now
    of_these = {one.id for one in cancelled}
    withdraw(
        one
        for one in list_deviations(session, case.id)
        if one.meeting_id in of_these or one.state is DeviationState.AWAITING
    )
    for plan in list_plans(session, case.id):
        if plan.ends_on is None:
            plan.ends_on = max(closed_on, plan.starts_on)
    waited_for = {
        one.id
        for one in list_known_askings(session, case.id, to_practitioner=False)
        if one.state is AdministrationState.OPEN
    }
    for administration in list_administrations(session, case.id):
        if administration.id in waited_for:
            set_aside(session, administration)
            cancel_link(session, administration=administration, by=by, now=now)
    cancel_after_end(session, by=by, now=now, case_id=case.id)
    record_act(session, Act.CASE_CLOSED, at=now, staff_id=by.staff_id, case_id=case.id)
    return case
