"""A child's phone after rating: the own curve, a note on a dot, and what the form says about who sees it."""

from datetime import timedelta
from types import MappingProxyType

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting import Visibility
from fitsvc.storage.administrations import Administration
from fitsvc.storage.point_notes import PointNote
from fitsvc.storage.ratings import Rating
from tests.browser.accessibility import accessibility_faults, sticks_out
from tests.browser.conftest import DESK, PHONE, GiveLink, OpenPage
from tests.browser.pictures import take_picture
from tests.builders import Builder
from tests.cast import Cast
from tests.web.respond.test_page import right_to_left


@pytest.fixture
def rated_before(cast: Cast, build: Builder, session: Session) -> None:
    cast.child.shows_own_curve = True
    for weeks, value in ((12, 2.5), (10, 5), (8, 2.5), (6, 5), (4, 7.5), (2, 5)):
        build.rating(cast.child, value, build.today - timedelta(weeks=weeks), "wellbeing-child")
    session.commit()


def rate(page: Page, answer: str = "Godt") -> None:
    for group in page.locator("fieldset.rating-item").all():
        group.get_by_role("radio", name=answer, exact=True).locator("xpath=..").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_child_sees_the_curve_and_says_what_happened(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, session: Session, rated_before: None, script: bool
) -> None:
    page = open_page(give_link(cast.child, "wellbeing-child"), script=script)
    rate(page)
    page.get_by_role("button", name="Send mine svar").click()
    expect(page.get_by_role("heading", name="Din kurve")).to_be_visible()
    take_picture(page, "respond-own-curve")
    page.get_by_role("link", name="2. marts: Midt imellem").click()
    page.locator("form.dot:target").get_by_role("radio", name="Noget svært").locator("xpath=..").click()
    page.locator("form.dot:target").get_by_label("Med dine egne ord").fill("Vi skændtes i frikvarteret")
    assert page.locator("form.dot:target").get_by_role("radio", name="Kun mig").is_checked()
    take_picture(page, "respond-own-curve-note")
    if script:
        assert not accessibility_faults(page)
    assert not sticks_out(page)
    page.locator("form.dot:target").get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Gemt.")).to_be_visible()
    take_picture(page, "respond-own-curve-saved")
    session.rollback()
    note = session.query(PointNote).one()
    assert (note.picture, note.visibility) == ("rain", Visibility.ONLY_ME)
    session.rollback()


def test_later_the_month_of_birth_is_asked_for(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, rated_before: None
) -> None:
    path = give_link(cast.child, "wellbeing-child")
    page = open_page(path)
    rate(page)
    page.get_by_role("button", name="Send mine svar").click()
    page.goto(page.url)
    page.get_by_label("Måned").select_option("maj")
    page.get_by_label("År").fill("2011")
    take_picture(page, "respond-own-curve-asked")
    assert not accessibility_faults(page)
    page.get_by_role("button", name="Se kurven").click()
    expect(page.get_by_text("Prøv igen")).to_be_visible()
    page.get_by_label("Måned").select_option("maj")
    page.get_by_label("År").fill("2012")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="16. marts: Godt")).to_be_visible()
    assert "2012" not in page.url


def test_by_keyboard_a_dot_opens_its_form(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, rated_before: None
) -> None:
    page = open_page(give_link(cast.child, "wellbeing-child"))
    rate(page)
    page.get_by_role("button", name="Send mine svar").click()
    page.get_by_role("link", name="16. marts: Godt").focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="16. marts: Godt")
    expect(form).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('form').id") == "p7"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("who", ["child", "mother"])
def test_the_form_says_who_sees_it_and_takes_a_wish(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, session: Session, who: str, size: dict[str, int]
) -> None:
    form = "wellbeing-child" if who == "child" else "wellbeing-adult"
    path = give_link(getattr(cast, who), form)
    session.query(Administration).update({"asks_wish": True})
    session.commit()
    page = open_page(path, size)
    assert not accessibility_faults(page)
    assert not sticks_out(page)
    rate(page, "Godt" if who == "child" else "7")
    expect(page.get_by_text("5 af 5 besvaret")).to_be_visible()
    page.get_by_label("Er der noget, du gerne vil have").fill("At vi taler om sommerferien")
    page.get_by_role("checkbox", name="Ikke til mødet").check()
    take_picture(page, f"respond-who-sees-it-{who}-{size['width']}")
    page.get_by_role("button", name="Send mine svar").click()
    expect(page.get_by_role("heading", name="Tak!")).to_be_visible()
    session.rollback()
    assert session.query(Rating).one().withheld
    session.rollback()


def test_right_to_left_the_ticks_stand_beside_their_words_on_the_page(
    open_page: OpenPage,
    give_link: GiveLink,
    cast: Cast,
    session: Session,
    app: Flask,
    catalogue: Catalogue,
) -> None:
    backwards = right_to_left(catalogue.get("wellbeing-youth"))
    app.extensions["fitsvc_catalogue"] = Catalogue(
        MappingProxyType({**catalogue.instruments, (backwards.id, backwards.version): backwards})
    )
    page = open_page(give_link(cast.child) + "?lang=ar")
    box = page.get_by_role("checkbox", name="Ikke til mødet").bounding_box()
    assert box
    assert 0 <= box["x"] <= 360 - box["width"]
    assert not sticks_out(page)
    take_picture(page, "respond-right-to-left-ticks")
