from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.goals import close_goal, set_goal
from fitsvc.services.invalid import Invalid
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.goals import Goal, list_open_goals
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast


def goal_set(session: Session, cast: Cast, build: Builder, now: datetime, **given: Any) -> Goal:
    values = {"key": UUID(int=1), "text": "I skole hver dag", "start_value": 2.0, "target_value": 7.0} | given
    by = acting(cast.practitioner, build.today)
    return set_goal(session, by=by, now=now, case_id=cast.case.id, **values)


def test_goals_take_the_first_free_place_and_a_fourth_is_refused(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    goals = [goal_set(session, cast, build, now, key=UUID(int=number)) for number in (1, 2, 3)]
    assert [goal.number for goal in goals] == [1, 2, 3]
    with pytest.raises(Refused, match="three_goals_already"):
        goal_set(session, cast, build, now, key=UUID(int=4))
    by = acting(cast.practitioner, build.today)
    for _twice in range(2):
        close_goal(session, by=by, now=now, case_id=cast.case.id, goal_id=goals[1].id, reached=True)
    assert goal_set(session, cast, build, now, key=UUID(int=4)).number == 2


def test_sent_twice_it_is_one_goal(session: Session, cast: Cast, build: Builder, now: datetime) -> None:
    goal_set(session, cast, build, now)
    session.commit()
    goal_set(session, cast, build, now)
    assert len(list_open_goals(session, cast.case.id)) == 1


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"text": "  "}, "text", "missing"),
        ({"text": "x" * 10_000}, "text", "too_long"),
        ({"text": "for 010114-1234"}, "text", "looks_like_cpr"),
        ({"start_value": -1.0}, "start_value", "out_of_range"),
        ({"target_value": float("nan")}, "target_value", "out_of_range"),
        ({"target_value": float("inf")}, "target_value", "out_of_range"),
        ({"target_value": 2.0}, "target_value", "target_not_above_start"),
        ({"due_on": date(1, 1, 1)}, "due_on", "too_early"),
        ({"due_on": date(9999, 1, 1)}, "due_on", "too_late"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_field(
    session: Session, cast: Cast, build: Builder, now: datetime, given: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        goal_set(session, cast, build, now, **given)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_goal_is_closed_from_its_own_case_only(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    goal = goal_set(session, cast, build, now)
    other = build.case(team={cast.practitioner: TeamPart.PRACTITIONER})
    by = acting(cast.practitioner, build.today)
    with pytest.raises(NotFound):
        close_goal(session, by=by, now=now, case_id=other.id, goal_id=goal.id, reached=False)


def test_without_a_running_measure_no_goal_is_set(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    cast.episode.ended_on = date(2026, 3, 1)
    session.flush()
    with pytest.raises(Refused, match="no_episode"):
        goal_set(session, cast, build, now)
