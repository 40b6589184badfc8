"""The switch that hides names: the wall shows roles, and no part of the page says who or where."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.agenda import AgendaKind
from fitsvc.storage.agendas import AgendaEntry
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import Agreement
from fitsvc.storage.ratings import Comment
from fitsvc.web.names import Names
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

DAY = timedelta(days=1)
OpenRoom = Callable[..., str]

FAMILY = ("Ravn", "SAG-1001", "Ravn Holm", "Ingrid", "Lindeskolen", "Familiehuset", "Paula", "Carl")
"""What must not stand on the wall: names, the case's reference, places."""


@pytest.fixture
def meeting(session: Session, build: Builder, cast: Cast) -> FollowUpMeeting:
    """A case where every text anybody can write names the child."""
    cast.child.person.name = "Ravn Holm"
    cast.mother.person.name = "Ingrid Holm"
    cast.teacher.setting = "7.b på Lindeskolen"
    rating = build.rating(cast.child, 4, build.today - 30 * DAY)
    build.rating(cast.mother, 6, build.today - 20 * DAY, "wellbeing-adult")
    build.rating(cast.teacher, 8, build.today - 20 * DAY, "wellbeing-professional")
    build.rating(cast.child, 4, build.today - 20 * DAY, "goal")
    build.goal(cast.case, cast.episode, text="Ravn kommer i skole på Lindeskolen hver dag")
    session.add(
        Comment(rating_id=rating.id, text="Ravns mor Ingrid henter", at_meeting=True, created_at=build.now)
    )
    meeting = build.meeting(cast.episode, build.today + 3 * DAY)
    session.add(
        Agreement(
            case_id=cast.case.id, meeting_id=meeting.id, what="Ingrid ringer til Lindeskolen om Ravn", who="Ingrid",
            by_on=date(2026, 4, 1), created_by_id=cast.caseworker.id, created_at=build.now,
        )
    )  # fmt: skip
    session.flush()
    return meeting


@pytest.fixture
def open_room(client: StaffClient, session: Session, cast: Cast, meeting: FollowUpMeeting) -> OpenRoom:
    def open_(query: str = "", who: str = "caseworker", at: FollowUpMeeting | None = None) -> str:
        session.commit()
        client.sign_in(cast.staff[who])
        return client.get(f"/cases/{cast.case.id}/meetings/{(at or meeting).id}/room{query}").text

    return open_


def test_with_names_shown_the_page_has_them(open_room: OpenRoom) -> None:
    """Else the test below could not fail."""
    page = open_room()
    assert "Ravn" in page
    assert "Lindeskolen" in page
    assert "Ingrid" in page


@pytest.mark.parametrize("view", ["", "&view=home", "&view=goals"])
@pytest.mark.parametrize("who", ["practitioner", "caseworker"])
def test_with_names_hidden_no_part_of_the_page_says_who_or_where(
    open_room: OpenRoom, view: str, who: str
) -> None:
    page = open_room(f"?names=hidden{view}", who)
    assert [name for name in FAMILY if name in page] == []
    assert re.search(r"<title>\s*Opfølgningsmøde", page)


def test_the_child_is_called_the_young_person_from_13_on_and_the_child_before(
    open_room: OpenRoom, cast: Cast
) -> None:
    assert "den unge" in open_room("?names=hidden")
    cast.case.birth_month = date(2016, 5, 1)
    assert "barnet" in open_room("?names=hidden")


def test_the_switch_leads_to_the_other_way_of_showing_and_keeps_the_rest(open_room: OpenRoom) -> None:
    switch = re.compile(r'<a class="room-tool" href="([^"]+)" data-keeps-state>(\w+ navne)<')
    page = open_room("?view=home")
    found = switch.search(page)
    assert found
    assert found.group(2) == "Skjul navne"
    assert "names=hidden" in found.group(1)
    assert "view=home" in found.group(1)
    found = switch.search(open_room("?view=home&names=hidden"))
    assert found
    assert found.group(2) == "Vis navne"
    assert "names=" not in found.group(1)
    assert "view=home" in found.group(1)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Ravn sover bedre", "den unge sover bedre"),
        ("ravn sover", "den unge sover"),
        ("Bo kan bo hos Bo", "den unge kan bo hos den unge"),
        ("Ravns mor", "den unges mor"),
        ("Ravnen sad i træet", "Ravnen sad i træet"),
        ("Ring til Ingrid Holm!", "Ring til forælder!"),
        ("Holm er en vej", "Holm er en vej"),
        ("", ""),
    ],
)
def test_a_name_is_taken_out_of_a_text_and_nothing_else(text: str, cleaned: str) -> None:
    names = Names(
        hidden=True,
        child="den unge",
        known=(("Ingrid Holm", "forælder"), ("Ravn", "den unge"), ("Bo", "den unge")),
    )
    assert names.clean(text) == cleaned
    assert Names(hidden=False, child="Ravn", known=names.known).clean(text) == text


def test_the_agenda_loses_names_too(
    open_room: OpenRoom, session: Session, build: Builder, cast: Cast
) -> None:
    meeting = build.meeting(cast.episode, build.today + 40 * DAY)
    session.add(
        AgendaEntry(
            case_id=cast.case.id, meeting_id=meeting.id, kind=AgendaKind.FREE, subject="free-1",
            text="Ravn vil gerne tale om Lindeskolen", position=1, changed_by_id=cast.caseworker.id,
            changed_at=build.now,
        )
    )  # fmt: skip
    assert "Ravn vil gerne tale om Lindeskolen" in open_room(at=meeting)
    assert "den unge vil gerne tale om …" in open_room("?names=hidden", at=meeting)
