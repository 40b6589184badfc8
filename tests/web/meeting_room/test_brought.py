"""Session ratings on the wall: never, unless the family brought this respondent's to this meeting."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import BroughtSessions
from fitsvc.storage.ratings import Comment
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

DAY = timedelta(days=1)
OpenRoom = Callable[..., str]

CHILDS, MOTHERS = "1,3", "2,9"
"""Scores nothing else on the page has."""


def is_seen(score: str, page: str) -> bool:
    """In the words of a point, a card or a row; drawings hold such numbers as places."""
    return f">{score}<" in page or f': {score}"' in page or f"{score}." in page


OF_THE_MEETING = ("practitioner", "caseworker")


@pytest.fixture
def meeting(session: Session, build: Builder, cast: Cast) -> FollowUpMeeting:
    build.rating(cast.child, 5, build.today - 9 * DAY)
    rating = build.rating(cast.child, 1.3, build.today - 9 * DAY, "session-youth")
    build.rating(cast.mother, 2.9, build.today - 9 * DAY, "session-adult")
    session.add(Comment(rating_id=rating.id, text="Paula afbrød mig", at_meeting=False, created_at=build.now))
    return build.meeting(cast.episode, build.today + 3 * DAY)


@pytest.fixture
def open_room(client: StaffClient, session: Session, cast: Cast, meeting: FollowUpMeeting) -> OpenRoom:
    def open_(query: str = "", who: str = "caseworker", at: FollowUpMeeting | None = None) -> str:
        session.commit()
        client.sign_in(cast.staff[who])
        return client.get(f"/cases/{cast.case.id}/meetings/{(at or meeting).id}/room{query}").text

    return open_


def bring(build: Builder, cast: Cast, meeting: FollowUpMeeting, whose: Respondent) -> BroughtSessions:
    brought = BroughtSessions(
        case_id=cast.case.id, meeting_id=meeting.id, respondent_id=whose.id,
        brought_by_id=cast.practitioner.id, brought_at=build.now,
    )  # fmt: skip
    build.session.add(brought)
    build.session.flush()
    return brought


@pytest.mark.parametrize("who", OF_THE_MEETING)
@pytest.mark.parametrize("query", ["", "?view=home", "?names=hidden", "?shown=none"])
def test_before_the_family_brings_them_nobody_sees_them(open_room: OpenRoom, who: str, query: str) -> None:
    page = open_room(query, who)
    assert not is_seen(CHILDS, page)
    assert not is_seen(MOTHERS, page)
    assert "medbragt af familien" not in page
    assert "session-youth" not in page


@pytest.mark.parametrize("who", OF_THE_MEETING)
def test_once_brought_exactly_that_respondents_stand_apart_and_say_where_they_come_from(
    open_room: OpenRoom, build: Builder, cast: Cast, meeting: FollowUpMeeting, who: str
) -> None:
    bring(build, cast, meeting, cast.child)
    page = open_room("", who)
    assert "Samarbejdet (medbragt af familien)" in page
    assert is_seen(CHILDS, page)
    assert not is_seen(MOTHERS, page)
    assert "Paula afbrød mig" not in page


@pytest.mark.parametrize("who", OF_THE_MEETING)
def test_what_was_brought_to_one_meeting_is_not_at_another_and_not_after_it_was_taken_back(
    open_room: OpenRoom, build: Builder, cast: Cast, meeting: FollowUpMeeting, who: str
) -> None:
    brought = bring(build, cast, meeting, cast.child)
    other = build.meeting(cast.episode, build.today + 60 * DAY)
    assert not is_seen(CHILDS, open_room("", who, other))
    brought.taken_back_at = build.now
    assert not is_seen(CHILDS, open_room("", who))


def test_only_the_practitioner_is_asked_and_bringing_takes_the_familys_own_choice(
    open_room: OpenRoom, client: StaffClient, session: Session, cast: Cast, meeting: FollowUpMeeting
) -> None:
    assert "Til dig som udfører" not in open_room()
    page = open_room("", "practitioner")
    assert "Til dig som udfører" in page
    path = f"/cases/{cast.case.id}/meetings/{meeting.id}/bring/{cast.child.id}"
    room = f"/cases/{cast.case.id}/meetings/{meeting.id}/room"
    refused = client.send(f"{path}?names=hidden&shown=none", {}, page=room)
    assert refused.status_code == 303
    assert "names=hidden" in refused.location
    assert "shown=none" in refused.location
    assert not is_seen(CHILDS, open_room("", "practitioner"))
    client.send(path, {"family_chose": "yes"}, page=room)
    assert is_seen(CHILDS, open_room("", "practitioner"))
    client.send(path.replace("/bring/", "/take-back/"), page=room)
    assert not is_seen(CHILDS, open_room("", "practitioner"))


def test_the_practitioners_form_names_the_whole_family_so_that_it_gives_nothing_away(
    open_room: OpenRoom, cast: Cast
) -> None:
    page = open_room("", "practitioner")
    assert re.findall(r"/bring/([0-9a-f-]{36})", page) == [str(cast.child.id), str(cast.mother.id)]
