import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.storage.goals import Goal, GoalStatus
from fitsvc.storage.meetings import FollowUpMeeting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

DAY = timedelta(days=1)


@pytest.fixture
def meeting(build: Builder, cast: Cast) -> FollowUpMeeting:
    found = build.meeting(cast.episode, build.today + 7 * DAY)
    build.session.commit()
    return found


@pytest.fixture
def goal(build: Builder, cast: Cast) -> Goal:
    found = build.goal(cast.case, cast.episode, text="I skole <b>hver</b> dag")
    build.rating(cast.child, {"goal-1": 4.0}, build.today - DAY, "goal")
    build.session.commit()
    return found


@pytest.fixture
def path(cast: Cast, meeting: FollowUpMeeting) -> str:
    return f"/cases/{cast.case.id}/meetings/{meeting.id}/status"


def stored(session: Session) -> list[str]:
    session.commit()
    found = list(session.scalars(select(GoalStatus.text)))
    session.commit()
    return found


def test_each_goal_stands_with_its_course_and_newest_rating_and_is_written_on(
    client: StaffClient, session: Session, cast: Cast, goal: Goal, path: str
) -> None:
    page = client.sign_in(cast.practitioner).get(path).text
    assert "I skole &lt;b&gt;hver&lt;/b&gt; dag" in page
    assert "Barn/ung: 4 " in page
    assert "3 dage siden" in page  # due ten days before, a week is left
    assert client.send(path, {f"status-{goal.id}": "Tre dage"}).location.endswith(str(cast.case.id))
    assert stored(session) == ["Tre dage"]
    page = client.get(path).text
    assert "Tre dage" in page
    assert "Paula" in page
    mark = re.search(rf'name="seen-{goal.id}"[^>]*value="([^"]+)"', page)
    assert mark is not None
    client.send(path, {f"status-{goal.id}": "Fire dage", f"seen-{goal.id}": mark[1]})
    assert stored(session) == ["Fire dage"]


def test_two_at_once_do_not_write_over_each_other_in_silence(
    client: StaffClient, session: Session, cast: Cast, goal: Goal, path: str
) -> None:
    client.sign_in(cast.practitioner).send(path, {f"status-{goal.id}": "Fra Paula"})
    other = StaffClient(client.application).sign_in(cast.caseworker)
    answer = other.send(path, {f"status-{goal.id}": "Fra Carl"})
    assert answer.status_code == 422
    assert "Fra Carl" in answer.text
    assert "Fra Paula" in answer.text
    assert stored(session) == ["Fra Paula"]
    mark = re.search(rf'name="seen-{goal.id}"[^>]*value="([^"]+)"', answer.text)
    assert mark is not None
    other.send(path, {f"status-{goal.id}": "Fra begge", f"seen-{goal.id}": mark[1]})
    assert stored(session) == ["Fra begge"]


@pytest.mark.parametrize("change", ["held", "cancelled", "closed"])
def test_once_the_meeting_is_over_the_status_can_only_be_read(
    client: StaffClient,
    session: Session,
    build: Builder,
    cast: Cast,
    goal: Goal,
    meeting: FollowUpMeeting,
    path: str,
    change: str,
) -> None:
    client.sign_in(cast.practitioner).send(path, {f"status-{goal.id}": "Tre dage"})
    if change == "held":
        meeting.held_on = build.today
    elif change == "cancelled":
        meeting.cancelled_at = build.now
    else:
        cast.case.closed_on = build.today
    session.commit()
    page = client.get(path)
    assert "Tre dage" in page.text
    assert "<textarea" not in page.text
    client.send(path, {f"status-{goal.id}": "Noget andet"}, page="/account")
    assert stored(session) == ["Tre dage"]


def test_without_a_goal_it_says_what_to_do(client: StaffClient, cast: Cast, path: str) -> None:
    assert f"/cases/{cast.case.id}/goals" in client.sign_in(cast.practitioner).get(path).text


def test_a_leader_cannot_write(client: StaffClient, cast: Cast, goal: Goal, path: str) -> None:
    assert client.sign_in(cast.authority_leader).get(path).status_code == 403
