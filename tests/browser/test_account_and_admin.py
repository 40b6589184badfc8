"""The account and administration pages in a browser: on a phone, at a desk, by keyboard, without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from fitsvc.services.passwords import hash_secret
from tests.browser.accessibility import accessibility_faults, sticks_out
from tests.browser.conftest import DESK, PHONE
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.second_step import finish_in_browser, give_second_factor, next_code

OpenPage = Callable[..., Page]

ADMIN_PAGES = ("/admin/", "/admin/units", "/admin/staff", "/admin/staff/new", "/admin/teams", "/admin/hand-over",
               "/admin/roles", "/account", "/account/pin", "/account/password", "/account/devices")  # fmt: skip


@pytest.fixture(autouse=True)
def passwords(cast: Cast, session: Session) -> None:
    hashed = hash_secret(PASSWORD)
    for member in cast.staff.values():
        member.password = hashed
        give_second_factor(member)
    session.commit()


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()
    finish_in_browser(page)


def look_at(page: Page) -> None:
    """Nothing sticks out sideways, and axe finds nothing."""
    assert not sticks_out(page), page.url
    assert accessibility_faults(page) == [], page.url


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_fits_and_is_accessible(open_page: OpenPage, size: dict[str, int]) -> None:
    page = open_page("/login", size)
    look_at(page)
    sign_in(page, "adam@example.org")
    for path in ADMIN_PAGES:
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        look_at(page)


def test_a_mistake_takes_focus_and_its_link_leads_to_the_field(open_page: OpenPage) -> None:
    page = open_page("/account/pin", DESK)
    sign_in(page, "paula@example.org")
    page.get_by_label("Ny pinkode").fill("1234")
    page.get_by_label("Pinkoden igen").fill("1234")
    page.get_by_label("Din adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Gem pinkoden").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look_at(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ny pinkode")).to_be_focused()


def test_the_keyboard_alone_signs_in_and_out(open_page: OpenPage) -> None:
    page = open_page("/login", DESK)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Gå til indholdet")).to_be_focused()
    page.get_by_label("E-mail").focus()
    page.keyboard.type("paula@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Jeg har den ikke på mig").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(next_code())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.get_by_role("button", name="Log ud").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Log ind")).to_be_visible()


def test_without_script_a_form_is_refused_in_words_and_kept(open_page: OpenPage) -> None:
    page = open_page("/admin/units", PHONE, script=False)
    sign_in(page, "adam@example.org")
    page.get_by_label("Enhedens navn").fill("Familiehuset")
    page.get_by_role("button", name="Opret enheden").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_visible()
    expect(page.get_by_label("Enhedens navn")).to_have_value("Familiehuset")
    assert summary.get_by_role("link").get_attribute("href") == "#name"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_words_written_before_the_sign_in_ran_out_are_sent_after_it(
    open_page: OpenPage, script: bool
) -> None:
    page = open_page("/admin/units", DESK, script=script)
    sign_in(page, "adam@example.org")
    page.get_by_label("Enhedens navn").fill("Huset ved åen")
    page.context.clear_cookies()
    page.get_by_role("button", name="Opret enheden").click()
    expect(page.get_by_role("heading", name="Log ind")).to_be_visible()
    sign_in_again(page)
    page.get_by_role("button", name="Send det nu").click()
    expect(page.get_by_role("link", name="Huset ved åen")).to_be_visible()


def sign_in_again(page: Page) -> None:
    page.get_by_label("E-mail").fill("adam@example.org")
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.get_by_text("Jeg har den ikke på mig").click()
    page.get_by_label("Nødkode").fill(next_code())
    page.get_by_role("button", name="Videre").click()
    expect(page.get_by_role("button", name="Send det nu")).to_be_visible()
