"""What of a case an external provider reads: only what belongs to their own unit's running episodes.

`in_scope` says which cases they see; this says what of them, in every query of the session, so that no page
can forget it.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, event, exists, or_
from sqlalchemy.orm import ORMExecuteState, Session, aliased, with_loader_criteria

from fitsvc.domain.actor import Actor
from fitsvc.storage.agendas import AgendaEntry, AgendaWish
from fitsvc.storage.cases import in_own_part, is_own, is_own_episode
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.episodes import Episode
from fitsvc.storage.events import CaseEvent
from fitsvc.storage.expectations import AgreedExpectation
from fitsvc.storage.external import ExternalSeries, ExternalValue
from fitsvc.storage.frozen import FrozenReport
from fitsvc.storage.goals import Goal, GoalStatus
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import Agreement, BroughtSessions, MinuteText
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import RatingPlan, Respondent
from fitsvc.storage.sessions import CareSession
from fitsvc.storage.signals import SignalAction

WHOLE_CASE = {"whole_case": True}
"""For the few statements that must see all of a case to decide or to count, and show nothing."""

_LIMITED_TO = "fitsvc_own_part"


def limit_to_own_part(session: Session, actor: Actor) -> None:
    """From now on this session reads of every case only what is this external actor's; others read all of it."""
    if actor.external:
        session.info[_LIMITED_TO] = actor


@event.listens_for(Session, "do_orm_execute")
def _limit(state: ORMExecuteState) -> None:
    actor = state.session.info.get(_LIMITED_TO)
    if actor is None or not state.is_select or state.execution_options.get("whole_case"):
        return
    state.statement = state.statement.options(*_criteria(actor))


@lru_cache(maxsize=128)
def _criteria(actor: Actor) -> tuple[Any, ...]:
    """Kept for a day's actors: every statement of theirs takes these, and building them costs more than asking."""
    rating, series, respondent = aliased(Rating), aliased(ExternalSeries), aliased(Respondent)
    of_episode = (FollowUpMeeting, Goal, Deviation, CareSession)
    of_meeting = (Agreement, MinuteText, GoalStatus, AgendaEntry, BroughtSessions, FrozenReport)
    on_day = (
        (Rating, Rating.case_id, Rating.rated_on),
        (CaseEvent, CaseEvent.case_id, CaseEvent.happened_on),
        (SignalAction, SignalAction.case_id, SignalAction.confirmed_on),
        (AgreedExpectation, AgreedExpectation.case_id, AgreedExpectation.start_on),
    )
    conditions: list[tuple[type[Any], ColumnElement[bool]]] = [
        (Episode, is_own(actor, Episode)),
        *((one, is_own_episode(actor, one.episode_id)) for one in of_episode),
        *((one, _is_own_meeting(actor, one.meeting_id)) for one in of_meeting),
        *((one, in_own_part(actor, case_id, day)) for one, case_id, day in on_day),
        (
            AgendaWish,
            exists().where(
                rating.id == AgendaWish.rating_id, in_own_part(actor, rating.case_id, rating.rated_on)
            ),
        ),
        (
            ExternalValue,
            exists().where(
                series.id == ExternalValue.series_id,
                in_own_part(actor, series.case_id, ExternalValue.measured_on),
            ),
        ),
        (
            Respondent,
            or_(Respondent.ended_on.is_(None), in_own_part(actor, Respondent.case_id, Respondent.ended_on)),
        ),
        (
            RatingPlan,
            or_(
                RatingPlan.ends_on.is_(None),
                exists().where(
                    respondent.id == RatingPlan.respondent_id,
                    in_own_part(actor, respondent.case_id, RatingPlan.ends_on),
                ),
            ),
        ),
    ]
    return tuple(with_loader_criteria(one, condition, include_aliases=True) for one, condition in conditions)


def _is_own_meeting(actor: Actor, meeting_id: Any) -> ColumnElement[bool]:
    meeting = aliased(FollowUpMeeting)
    return exists().where(meeting.id == meeting_id, is_own_episode(actor, meeting.episode_id))
