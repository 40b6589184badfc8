"""Goals of the plan: at most three open ones, in the family's words, measurable and with a date."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.services.case_access import get_case
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import LONGEST_LOOK_AHEAD, Invalid, checked_day, checked_number, checked_text
from fitsvc.services.meetings import episode_for_meetings
from fitsvc.storage.goals import Goal, list_open_goals
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import add_once

MOST_GOALS = 3
GOAL_LENGTH = 200


def set_goal(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    key: UUID,
    text: str,
    start_value: float,
    target_value: float,
    due_on: date | None = None,
) -> Goal:
    """Set a goal of the running episode, on the first free place. Sent twice with the same key it is one goal."""
    case = get_case(session, by=by, case_id=case_id)
    if session.get(Goal, key) is not None:
        return get_goal(session, case_id=case.id, goal_id=key)
    if case.closed_on is not None:
        raise Refused("case_closed")
    episode = episode_for_meetings(session, case=case, today=by.today)
    free = set(range(1, MOST_GOALS + 1)) - {one.number for one in list_open_goals(session, case.id)}
    if not free:
        raise Refused("three_goals_already")
    checked_number(start_value, "start_value", 0, 10)
    checked_number(target_value, "target_value", 0, 10)
    if target_value <= start_value:
        raise Invalid("target_value", "target_not_above_start")
    if due_on is not None:
        checked_day(due_on, "due_on", earliest=by.today, latest=by.today + LONGEST_LOOK_AHEAD)
    goal = Goal(
        id=key,
        case_id=case.id,
        episode_id=episode.id,
        number=min(free),
        text=checked_text(text, "text", limit=GOAL_LENGTH),
        start_value=start_value,
        target_value=target_value,
        due_on=due_on,
        set_on=by.today,
        closed_on=None,
        reached=None,
        created_at=now,
    )
    if add_once(session, goal):
        record_act(session, Act.GOAL_SET, at=now, staff_id=by.staff_id, case_id=case.id, goal=str(key))
    return goal


def close_goal(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, goal_id: UUID, reached: bool
) -> Goal:
    """Close a goal as reached or not. Closed twice is closed once."""
    case = get_case(session, by=by, case_id=case_id)
    goal = get_goal(session, case_id=case.id, goal_id=goal_id)
    if goal.closed_on is None:
        goal.closed_on, goal.reached = max(by.today, goal.set_on), reached
        record_act(
            session,
            Act.GOAL_CLOSED,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            goal=str(goal.id),
            reached=reached,
        )
    return goal


def get_goal(session: Session, *, case_id: UUID, goal_id: UUID) -> Goal:
    """The case's goal; NotFound when it is not this case's."""
    goal = session.get(Goal, goal_id)
    if goal is None or goal.case_id != case_id:
        raise NotFound(goal_id)
    return goal
