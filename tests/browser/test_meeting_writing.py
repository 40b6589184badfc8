"""Writing in the meeting's room in real browsers: two at once, a lost connection, no script, the keyboard, axe."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from fitsvc.domain.meeting import Minute
from fitsvc.services.meeting_facts import MeetingBook, read_meeting_book
from fitsvc.storage.accounts import Staff
from fitsvc.storage.meetings import FollowUpMeeting
from tests.browser.accessibility import accessibility_faults, sticks_out
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.builders import Builder
from tests.cast import Cast
from tests.signed_in import signed_in

DAY = timedelta(days=1)
REASON = "#decision_reason"
SAVED = re.compile("^Gemt ")


@pytest.fixture
def meeting(session: Session, cast: Cast, build: Builder) -> FollowUpMeeting:
    for step, score in enumerate((3, 4, 5)):
        build.rating(cast.child, score, build.today - (30 - 14 * step) * DAY)
    build.goal(cast.case, cast.episode)
    found = build.meeting(cast.episode, build.today)
    session.commit()
    session.expunge(found)  # looking at its id later shall not take SQLite's lock from the service
    return found


OpenRoom = Callable[..., Page]


@pytest.fixture
def open_room(app: Flask, open_page: OpenPage, cast: Cast, meeting: FollowUpMeeting) -> OpenRoom:
    """The room as somebody sees it, each in a browser of their own."""
    path = f"/cases/{cast.case.id}/meetings/{meeting.id}/room"

    def open_(who: Staff = cast.caseworker, size: dict[str, int] = DESK, *, script: bool = True) -> Page:
        page = open_page("/login", size, script=script)
        login = signed_in(who)
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        name = app.config["SESSION_COOKIE_NAME"]
        page.context.add_cookies([{"name": name, "value": str(serializer.dumps(login)), "url": page.url}])
        page.goto(page.url.replace("/login", path))
        return page

    return open_


@pytest.fixture
def book(session: Session, cast: Cast) -> Callable[[], MeetingBook]:
    """What is stored now."""

    def read() -> MeetingBook:
        session.rollback()
        found = read_meeting_book(session, case_id=cast.case.id)
        session.rollback()
        return found

    return read


def note(page: Page, field: str) -> object:
    return page.locator(f"[data-minute={field}] [data-saved]")


def test_two_write_side_by_side_and_nothing_is_lost(
    open_room: OpenRoom, cast: Cast, book: Callable[[], MeetingBook], meeting: FollowUpMeeting
) -> None:
    carl, paula = open_room(cast.caseworker), open_room(cast.practitioner)
    carl.fill(REASON, "Carls grund")
    paula.fill("#goals_changed", "Paulas mål")
    carl.locator("label", has_text="Vi fortsætter som nu").click()
    for page, field in ((carl, "decision_reason"), (paula, "goals_changed"), (carl, "decision")):
        expect(note(page, field)).to_have_text(SAVED)  # type: ignore[arg-type]
    stored = book()
    texts = [stored.minute(meeting.id, one).text for one in (Minute.DECISION_REASON, Minute.GOALS_CHANGED)]
    assert texts == ["Carls grund", "Paulas mål"]
    assert stored.minute(meeting.id, Minute.DECISION).text == "continue"


def test_two_in_one_field_nobody_overwrites_the_other_unseen(
    open_room: OpenRoom, cast: Cast, book: Callable[[], MeetingBook], meeting: FollowUpMeeting
) -> None:
    carl, paula = open_room(cast.caseworker), open_room(cast.practitioner)
    paula.fill(REASON, "Paulas grund")
    expect(note(paula, "decision_reason")).to_have_text(SAVED)  # type: ignore[arg-type]
    carl.fill(REASON, "Carls grund")
    both = carl.locator("[data-minute=decision_reason] .both")
    expect(both).to_contain_text("Paulas grund")
    expect(carl.locator(REASON)).to_have_value("Carls grund")
    assert book().minute(meeting.id, Minute.DECISION_REASON).text == "Paulas grund"
    carl.fill(REASON, "Paulas grund og Carls grund")  # he merges the two
    both.get_by_role("button", name="Gem min tekst").click()
    expect(note(carl, "decision_reason")).to_have_text(SAVED)  # type: ignore[arg-type]
    assert book().minute(meeting.id, Minute.DECISION_REASON).text == "Paulas grund og Carls grund"
    paula.fill(REASON, "Paulas igen")  # and now she is the one who is told
    expect(paula.locator("[data-minute=decision_reason] .both")).to_contain_text("Carls grund")
    paula.get_by_role("button", name="Brug den anden tekst").click()
    expect(paula.locator(REASON)).to_have_value("Paulas grund og Carls grund")


def test_a_lost_connection_and_a_reload_lose_nothing(
    open_room: OpenRoom, book: Callable[[], MeetingBook], meeting: FollowUpMeeting
) -> None:
    page = open_room()
    page.context.set_offline(True)
    page.fill(REASON, "Skrevet uden net")
    page.locator(REASON).blur()
    expect(note(page, "decision_reason")).to_contain_text("Ikke gemt")  # type: ignore[arg-type]
    page.context.set_offline(False)
    page.reload()
    expect(page.locator(REASON)).to_have_value("Skrevet uden net")
    page.wait_for_load_state("networkidle")
    assert book().minute(meeting.id, Minute.DECISION_REASON).text == "Skrevet uden net"
    empty = "Object.keys(sessionStorage).every((key) => !key.startsWith('minute:'))"
    page.wait_for_function(empty)  # nothing stays behind in the browser


def test_the_net_comes_back_and_the_text_is_saved_by_itself(
    open_room: OpenRoom, book: Callable[[], MeetingBook], meeting: FollowUpMeeting
) -> None:
    page = open_room()
    page.context.set_offline(True)
    page.fill("#goals_changed", "Et nyt mål")
    page.locator("#goals_changed").blur()
    expect(note(page, "goals_changed")).to_contain_text("Ikke gemt")  # type: ignore[arg-type]
    page.context.set_offline(False)
    expect(note(page, "goals_changed")).to_have_text(SAVED, timeout=10_000)  # type: ignore[arg-type]
    assert book().minute(meeting.id, Minute.GOALS_CHANGED).text == "Et nyt mål"


def test_an_answer_lost_on_the_way_is_not_taken_for_somebody_else(
    open_room: OpenRoom, book: Callable[[], MeetingBook], meeting: FollowUpMeeting
) -> None:
    """The server has stored it, the browser never heard, and its writer has gone on writing."""
    page = open_room()

    def swallow(route):  # type: ignore[no-untyped-def]
        route.fetch()
        route.abort()
        page.unroute("**/minutes*")

    page.route("**/minutes*", swallow)
    page.fill(REASON, "Første")
    page.locator(REASON).blur()
    expect(note(page, "decision_reason")).to_contain_text("Ikke gemt")  # type: ignore[arg-type]
    page.fill(REASON, "Første og anden")
    expect(note(page, "decision_reason")).to_have_text(SAVED, timeout=10_000)  # type: ignore[arg-type]
    expect(page.locator(".both")).to_have_count(0)
    assert book().minute(meeting.id, Minute.DECISION_REASON).text == "Første og anden"


def test_an_agreement_sent_without_a_net_arrives_once(
    open_room: OpenRoom, book: Callable[[], MeetingBook]
) -> None:
    page = open_room()
    page.fill("#new-what", "Følges ad i skole")
    page.fill("#new-who", "Far")
    page.context.set_offline(True)
    page.get_by_role("button", name="Skriv den ned").click()
    expect(page.locator(".agreement-form [data-saved]")).to_contain_text("Ikke gemt")
    page.context.set_offline(False)
    expect(page.locator(".agreements .agreement")).to_have_count(1, timeout=10_000)
    assert [one.what for one in book().agreements] == ["Følges ad i skole"]
    expect(page.locator("#new-what")).to_have_value("")


def test_a_half_written_agreement_outlives_a_reload(open_room: OpenRoom) -> None:
    page = open_room()
    page.fill("#new-what", "Halvt skrevet")
    page.reload()
    expect(page.locator("#new-what")).to_have_value("Halvt skrevet")


def test_an_expectation_is_tapped_on_the_spot(open_room: OpenRoom, book: Callable[[], MeetingBook]) -> None:
    page = open_room()
    page.locator(".chip-rows").get_by_role("link", name=re.compile("Egen forventning")).first.click()
    assert page.locator("[name=score]:checked").count() == 0
    page.locator(".rating-scale label", has_text=re.compile("^7")).click()
    page.get_by_role("button", name="Tegn den på kurven").click()
    page.wait_for_url(re.compile("#curve$"))
    expect(page.locator("#expectations")).to_contain_text("Fra 5 til 7")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_whole_meeting_is_written_and_closed(
    open_room: OpenRoom, book: Callable[[], MeetingBook], meeting: FollowUpMeeting, script: bool
) -> None:
    page = open_room(script=script)
    page.fill("#participants", "Ravn, mor og Paula")
    page.locator("label", has_text="Barnet er med på mødet").click()
    page.locator("label", has_text="Vi fortsætter som nu").click()
    page.fill("#next_reason", "Så er der gået et kvarter af et år")
    page.get_by_role("button", name="Afslut mødet").click()
    page.wait_for_url(re.compile(r"/cases/[^/]+$"))
    expect(page.locator(".notes")).to_contain_text("noteret som holdt")
    stored = book()
    assert stored.minute(meeting.id, Minute.PARTICIPANTS).text == "Ravn, mor og Paula"
    assert stored.minute(meeting.id, Minute.NEXT_ON).text == "2026-06-16"


def test_without_script_each_part_has_a_button(
    open_room: OpenRoom, book: Callable[[], MeetingBook], meeting: FollowUpMeeting
) -> None:
    page = open_room(script=False)
    page.fill(REASON, "Uden script")
    page.locator("#deciding").get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator(".notes")).to_contain_text("Gemt.")
    assert book().minute(meeting.id, Minute.DECISION_REASON).text == "Uden script"


def test_by_keyboard_alone(
    open_room: OpenRoom, book: Callable[[], MeetingBook], meeting: FollowUpMeeting
) -> None:
    page = open_room()
    page.locator("#participants").focus()
    page.keyboard.type("Ravn")
    for _step in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "child_heard":
            break
    page.keyboard.press("Space")
    expect(note(page, "child_heard")).to_have_text(SAVED)  # type: ignore[arg-type]
    stored = book()
    assert stored.minute(meeting.id, Minute.PARTICIPANTS).text == "Ravn"
    assert stored.minute(meeting.id, Minute.CHILD_HEARD).text == "present"


def test_what_is_missing_goes_as_it_is_written(open_room: OpenRoom) -> None:
    page = open_room()
    expect(page.locator("#lacking li:visible")).to_have_count(2)
    page.locator("label", has_text="Indsatsen slutter").click()
    expect(page.locator("#lacking li:visible")).to_have_count(1)
    page.locator("label", has_text="Barnet er med på mødet").click()
    expect(page.locator("#lacking")).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_writing_parts_are_accessible_and_stay_on_the_screen(
    open_room: OpenRoom, size: dict[str, int]
) -> None:
    page = open_room(size=size)
    page.fill("#new-what", "Følges ad " * 20)
    page.fill("#new-who", "Ordfører" * 10)
    page.get_by_role("button", name="Skriv den ned").click()
    expect(page.locator(".agreements .agreement")).to_have_count(1)
    page.locator(".chip-rows").get_by_role("link", name=re.compile("Fælles forventning")).first.click()
    page.wait_for_selector("#expect-form")
    assert not sticks_out(page)
    assert accessibility_faults(page) == []
