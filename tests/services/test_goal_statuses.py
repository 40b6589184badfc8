from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.goal_statuses import WrittenStatus, list_status_due, mark_of, write_goal_statuses
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.goals import Goal, GoalStatus
from fitsvc.storage.meetings import FollowUpMeeting
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

DAY = timedelta(days=1)
Write = Callable[..., int]


@pytest.fixture
def goal(build: Builder, cast: Cast) -> Goal:
    return build.goal(cast.case, cast.episode)


@pytest.fixture
def meeting(build: Builder, cast: Cast) -> FollowUpMeeting:
    return build.meeting(cast.episode, build.today + 7 * DAY)


@pytest.fixture
def write(session: Session, build: Builder, cast: Cast, goal: Goal, meeting: FollowUpMeeting) -> Write:
    def written(text: str, seen: str = "", who: str = "practitioner", **given: Any) -> int:
        session.flush()
        values = {"meeting_id": meeting.id, "case_id": cast.case.id, "now": build.now} | given
        by = acting(cast.staff[who], build.today)
        return write_goal_statuses(session, by=by, written={goal.id: WrittenStatus(text, seen)}, **values)

    return written


def stored(session: Session) -> list[str]:
    return [one.text for one in session.scalars(select(GoalStatus))]


def test_saved_again_it_changes_and_sent_twice_it_does_not(
    session: Session, build: Builder, write: Write
) -> None:
    assert write(" I skole tre dage om ugen ") == 1
    assert write("I skole tre dage om ugen") == 0
    assert write("I skole hver dag", mark_of(build.now)) == 1
    assert stored(session) == ["I skole hver dag"]
    assert write("", mark_of(build.now)) == 1
    assert stored(session) == []


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(
    session: Session, build: Builder, write: Write
) -> None:
    write("Fra Paula")
    with pytest.raises(Refused, match="changed_meanwhile"):
        write("Fra Carl", who="caseworker")
    assert stored(session) == ["Fra Paula"]
    write("Fra begge", mark_of(build.now), who="caseworker")
    assert stored(session) == ["Fra begge"]


@pytest.mark.parametrize(
    ("text", "code"), [("x" * 401, "too_long"), ("Det er 010203-1234", "looks_like_cpr")]
)
def test_too_long_or_with_a_cpr_number_it_is_refused(
    session: Session, write: Write, text: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        write(text)
    assert stored(session) == []


def test_once_the_meeting_is_held_it_stands(
    build: Builder, cast: Cast, write: Write, meeting: FollowUpMeeting
) -> None:
    write("I skole hver dag")
    meeting.held_on = build.today
    with pytest.raises(Refused, match="meeting_held"):
        write("Noget andet", mark_of(build.now))
    meeting.held_on, meeting.cancelled_at = None, build.now
    with pytest.raises(Refused, match="meeting_cancelled"):
        write("Noget andet", mark_of(build.now))
    cast.case.closed_on = build.today
    with pytest.raises(Refused, match="case_closed"):
        write("Noget andet", mark_of(build.now))


def test_another_cases_goal_or_meeting_is_not_there(
    session: Session, build: Builder, cast: Cast, write: Write, meeting: FollowUpMeeting
) -> None:
    other = build.case()
    episode = build.episode(other)
    with pytest.raises(NotFound):
        write("x", meeting_id=build.meeting(episode, build.today).id)
    with pytest.raises(NotFound):
        write_goal_statuses(
            session,
            by=acting(cast.practitioner, build.today),
            now=build.now,
            case_id=cast.case.id,
            meeting_id=meeting.id,
            written={build.goal(other, episode).id: WrittenStatus("x")},
        )
    with pytest.raises(NotFound):
        write("x", who="outsider")


class TestDue:
    @pytest.mark.parametrize(
        ("days", "listed", "over"), [(18, 0, None), (17, 1, -7), (10, 1, 0), (7, 1, 3), (-1, 1, 11)]
    )
    def test_it_is_mentioned_a_week_before_it_is_due_and_counts_the_days_after(
        self,
        session: Session,
        build: Builder,
        cast: Cast,
        goal: Goal,
        meeting: FollowUpMeeting,
        days: int,
        listed: int,
        over: int | None,
    ) -> None:
        meeting.planned_on = build.today + days * DAY
        session.flush()
        found = list_status_due(session, by=acting(cast.practitioner, build.today), days_before=10)
        assert [one.due.days_over for one in found] == ([over] if listed else [])

    def test_a_written_status_a_case_without_goals_and_somebody_elses_case_are_not_listed(
        self, session: Session, build: Builder, cast: Cast, meeting: FollowUpMeeting, write: Write
    ) -> None:
        quiet = build.case(team={cast.practitioner: TeamPart.PRACTITIONER})
        build.meeting(build.episode(quiet), build.today + DAY)
        session.flush()
        for who, listed in (("practitioner", 1), ("caseworker", 0), ("provider_leader", 0)):
            found = list_status_due(session, by=acting(cast.staff[who], build.today), days_before=10)
            assert len(found) == listed
        write("I skole hver dag")
        assert list_status_due(session, by=acting(cast.practitioner, build.today), days_before=10) == ()
