"""The curve in the room: whose it is, one voice at a time, and what opens on a point, without any script."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from fitsvc.domain.meeting import Visibility
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.events import CaseEvent, EventKind
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.point_notes import PointNote
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import Respondent
from fitsvc.web.database import db
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

DAY = timedelta(days=1)
LINE = re.compile(r'<g class="chart-line" data-series="([0-9a-f]+)\.[^"]*"( display="none")?>')

OpenRoom = Callable[..., str]


@pytest.fixture
def meeting(build: Builder, cast: Cast) -> FollowUpMeeting:
    """Three who rate, a meeting in three days."""
    for step in range(3):
        build.rating(cast.child, 3 + step, build.today - (60 - 20 * step) * DAY)
        build.rating(cast.mother, 6, build.today - (60 - 20 * step) * DAY, "wellbeing-adult")
    build.rating(cast.teacher, 8, build.today - 20 * DAY, "wellbeing-professional")
    return build.meeting(cast.episode, build.today + 3 * DAY)


@pytest.fixture
def open_room(client: StaffClient, session: Session, cast: Cast, meeting: FollowUpMeeting) -> OpenRoom:
    def open_(query: str = "", who: str = "caseworker") -> str:
        session.commit()
        client.sign_in(cast.staff[who])
        answer = client.get(f"/cases/{cast.case.id}/meetings/{meeting.id}/room{query}")
        assert answer.status_code == 200
        return answer.text

    return open_


def key(respondent: Respondent) -> str:
    return respondent.id.hex[:12]


def shown(page: str) -> set[str]:
    """Whose lines are drawn and not hidden, in every drawing of the graph alike."""
    found = LINE.findall(page)
    by_key = {series: {hidden for other, hidden in found if other == series} for series, _hidden in found}
    assert all(len(states) == 1 for states in by_key.values()), "the drawings differ"
    return {series for series, states in by_key.items() if states == {""}}


def pressed(page: str) -> dict[str, str]:
    return dict(re.findall(r'<button name="toggle" value="(\w+)" aria-pressed="(\w+)"', page))


def test_a_meeting_starts_with_the_child_alone(open_room: OpenRoom, cast: Cast) -> None:
    page = open_room()
    assert shown(page) == {key(cast.child)}
    assert pressed(page) == {key(cast.child): "true", key(cast.mother): "false", key(cast.teacher): "false"}


def test_where_the_child_does_not_rate_the_first_who_has_begins(
    session: Session, build: Builder, cast: Cast, client: StaffClient
) -> None:
    case = build.case(team={cast.caseworker: "caseworker"})  # type: ignore[dict-item]
    episode = build.episode(case)
    teacher = build.respondent(case, RaterRole.TEACHER)
    build.rating(teacher, 5, build.today - DAY, "wellbeing-professional")
    meeting = build.meeting(episode, build.today)
    session.commit()
    client.sign_in(cast.caseworker)
    assert shown(client.get(f"/cases/{case.id}/meetings/{meeting.id}/room").text) == {key(teacher)}


def test_each_press_adds_the_next_voice_and_a_second_press_takes_it_away(
    open_room: OpenRoom, cast: Cast
) -> None:
    child, mother, teacher = key(cast.child), key(cast.mother), key(cast.teacher)
    assert shown(open_room(f"?shown={child}&toggle={mother}")) == {child, mother}
    assert shown(open_room(f"?shown={child}&shown={mother}&toggle={teacher}")) == {child, mother, teacher}
    assert shown(open_room(f"?shown={child}&shown={mother}&toggle={mother}")) == {child}
    assert shown(open_room("?shown=none")) == set()
    assert shown(open_room("?shown=made-up&toggle=neither")) == set()


def test_the_big_button_offers_the_next_voice_until_all_are_there(open_room: OpenRoom, cast: Cast) -> None:
    page = open_room()
    offered = re.search(r'value="(\w+)" data-next>', page)
    assert offered
    assert offered.group(1) == key(cast.mother)
    every = "&".join(f"shown={key(one)}" for one in (cast.child, cast.mother, cast.teacher))
    page = open_room(f"?{every}")
    assert "data-next hidden" in page
    assert re.search(r"data-start-over>", page)


def test_the_state_goes_with_every_link_of_the_page(open_room: OpenRoom, cast: Cast) -> None:
    page = open_room(f"?shown={key(cast.mother)}&names=hidden")
    links = re.findall(r'href="([^"]*/room\?[^"]*)"', page)
    assert links
    for link in links:
        if "shown=" + key(cast.child) not in link:  # "start over" begins with the child
            assert f"shown={key(cast.mother)}" in link
    assert all("names=hidden" in link for link in links if "view=" in link)


def comment(session: Session, rating: Rating, text: str, *, at_meeting: bool) -> None:
    session.add(
        Comment(rating_id=rating.id, text=text, at_meeting=at_meeting, created_at=rating.submitted_at)
    )
    session.flush()


@pytest.mark.parametrize("who", ["practitioner", "caseworker"])
def test_a_comment_opens_only_when_its_author_lets_the_meeting_read_it(
    open_room: OpenRoom, session: Session, build: Builder, cast: Cast, who: str
) -> None:
    comment(session, build.rating(cast.child, 6, build.today - 5 * DAY), "Det må alle læse", at_meeting=True)
    comment(session, build.rating(cast.child, 6, build.today - 4 * DAY), "Kun til Paula", at_meeting=False)
    for query in ("", "?view=home", "?names=hidden"):
        page = open_room(query, who)
        assert "Det må alle læse" in page
        assert "Kun til Paula" not in page


@pytest.mark.parametrize("who", ["practitioner", "caseworker"])
@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_respondents_own_note_opens_only_when_they_chose_the_meeting(
    open_room: OpenRoom, session: Session, build: Builder, cast: Cast, who: str, visibility: Visibility
) -> None:
    rating = build.rating(cast.child, 6, build.today - 5 * DAY)
    session.add(
        PointNote(
            case_id=cast.case.id, respondent_id=cast.child.id, rating_id=rating.id, picture=None,
            text="Vi fik en hund", visibility=visibility, created_at=build.now, changed_at=build.now,
        )
    )  # fmt: skip
    assert ("Vi fik en hund" in open_room("", who)) is (visibility is Visibility.MEETING)


@pytest.mark.parametrize("who", ["practitioner", "caseworker"])
def test_a_point_kept_from_the_meeting_leaves_no_trace_not_even_for_the_practitioner(
    open_room: OpenRoom, build: Builder, cast: Cast, who: str
) -> None:
    kept = build.rating(cast.child, 1, build.today - 3 * DAY, withheld=True)
    page = open_room("", who)
    assert kept.id.hex[:12] not in page
    assert "13. mar. 2026" not in page


def test_every_point_has_its_card_and_its_row_and_every_link_leads_somewhere(open_room: OpenRoom) -> None:
    for query in ("", "?view=home"):
        page = open_room(query)
        cards = set(re.findall(r'<article id="(point-[^"]+)"', page))
        assert len(cards) == 7
        assert set(re.findall(r'href="#(point-[^"]+)"', page)) == cards


def test_an_area_and_the_goals_are_views_of_their_own_without_band_or_verdict(
    open_room: OpenRoom, build: Builder, cast: Cast
) -> None:
    goal = build.goal(cast.case, cast.episode, text="Jeg kommer i skole hver dag")
    build.rating(cast.child, 4.0, build.today - 10 * DAY, "goal")
    assert "chart-course" in open_room()
    page = open_room("?view=home")
    assert "chart-course" not in page
    assert "<h3>Jeg kommer i skole hver dag</h3>" not in page
    page = open_room("?view=goals")
    assert "<h3>Jeg kommer i skole hver dag</h3>" in page
    assert "chart-course" not in page
    assert f"goal-{goal.id.hex[:8]}" in page
    assert shown(page) == {key(cast.child)}
    assert "signal-" not in page


def test_events_of_the_case_are_not_on_the_wall(
    open_room: OpenRoom, session: Session, build: Builder, cast: Cast
) -> None:
    session.add(
        CaseEvent(
            case_id=cast.case.id, happened_on=build.today - 30 * DAY, kind=EventKind.SCHOOL,
            text="Mistanke nævnt", recorded_by_id=cast.practitioner.id, created_at=build.now,
        )
    )  # fmt: skip
    assert "Mistanke nævnt" not in open_room()


@pytest.mark.parametrize("who", ["provider_leader", "authority_leader", "administrator", "auditor"])
def test_who_takes_no_part_in_meetings_does_not_open_the_page(
    client: StaffClient, session: Session, cast: Cast, meeting: FollowUpMeeting, who: str
) -> None:
    session.commit()
    client.sign_in(cast.staff[who])
    assert client.get(f"/cases/{cast.case.id}/meetings/{meeting.id}/room").status_code == 403


def test_a_meeting_that_is_over_says_so(
    open_room: OpenRoom, session: Session, build: Builder, meeting: FollowUpMeeting
) -> None:
    meeting.held_on = build.today
    assert "Dette møde er holdt" in open_room()
    meeting.held_on, meeting.cancelled_at = None, build.now
    assert "Dette møde er aflyst" in open_room()


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_page_asks_the_database_as_often_however_much_the_case_holds(
    open_room: OpenRoom, build: Builder, cast: Cast, app: Flask
) -> None:
    open_room()
    with counted(app) as few:
        open_room()
    for role in (RaterRole.PARENT, RaterRole.PEDAGOGUE):
        more = build.respondent(cast.case, role)
        for step in range(12):
            build.rating(more, 5, build.today - step * 7 * DAY, "wellbeing-professional")
    for step in range(4):
        build.meeting(cast.episode, build.today - step * 20 * DAY, held_on=build.today - step * 20 * DAY)
    with counted(app) as many:
        open_room()
    assert len(many) == len(few)
