"""Every page of access, log and deletion in a browser: on a phone and at a desk, full and empty, with mistakes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.logs import record_access
from tests.browser.accessibility import sticks_out
from tests.browser.conftest import DESK, PHONE, GiveLink, OpenPage
from tests.browser.pictures import take_picture
from tests.browser.test_account_and_admin import look_at
from tests.builders import PASSWORD, Builder
from tests.cast import Cast
from tests.signed_in import signed_in
from tests.web.account.test_second_factor import CHEAP_HASH

LONG = "Specialundervisningsvejledningskoordinatorens tilgængelighedsundersøgelse"
REASON = f"Skolen ringede, og ingen af sagens folk kan nås i dag. {LONG}."
Desk = Callable[..., Page]


@pytest.fixture
def desk(app: Flask, open_page: OpenPage) -> Desk:
    """A browser somebody has signed in with, perhaps a while ago."""

    def sit(staff: Staff, path: str, confirmed_at: datetime | None = None) -> Page:
        page = open_page("/login", PHONE)
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = str(signer.dumps(signed_in(staff, confirmed_at=confirmed_at)))
        page.context.add_cookies(
            [{"name": app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": page.url}]
        )
        go(page, path)
        return page

    return sit


def go(page: Page, path: str) -> None:
    page.goto("/".join(page.url.split("/")[:3]) + path)


def look(page: Page, name: str) -> None:
    """One heading, nothing sideways at both widths, and axe finds nothing (the page is the same at a desk: once)."""
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    assert not sticks_out(page), page.url
    take_picture(page, f"access-{name}-desk")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    expect(page.locator("h1")).to_have_count(1)
    look_at(page)
    take_picture(page, f"access-{name}-phone")


def visit(page: Page, *paths: str) -> None:
    for path in paths:
        go(page, path)
        look(page, path.strip("/").replace("/", "-")[-40:])


def send(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()


@pytest.fixture
def other_case(build: Builder, cast: Cast, session: Session) -> str:
    """One that Carl has nothing to do with; its leader is told when he opens it."""
    elsewhere = build.staff(unit=cast.authority, name="Else Modelsen")
    case = build.case(
        reference="SAG-2002", display_name="Uvedkommende", team={elsewhere: TeamPart.CASEWORKER}
    )
    build.episode(case, cast.provider)
    session.commit()
    return str(case.reference)


def test_access_beside_the_usual(desk: Desk, cast: Cast, session: Session, other_case: str) -> None:
    cast.colleague.name = LONG
    session.commit()
    case = f"/cases/{cast.case.id}"
    session.commit()
    carl = desk(cast.caseworker, "/emergency")
    look(carl, "emergency")
    send(carl, "Åbn sagen")
    expect(carl.locator(".error-summary")).to_be_focused()
    look(carl, "emergency-mistakes")
    carl.get_by_label("Sagens reference").fill(other_case)
    carl.get_by_label("Hvorfor det ikke kan vente").fill(REASON)
    send(carl, "Åbn sagen")
    expect(carl.locator(".emergency-bar")).to_be_visible()
    look(carl, "emergency-bar")
    visit(carl, "/emergency", f"{case}/access-request")

    lena = desk(cast.authority_leader, "/today")
    look(lena, "today-notice")
    visit(lena, "/notices", "/substitutes", f"{case}/protection", "/retention", "/nothing-here", "/log")
    go(lena, "/notices")
    send(lena, "Jeg har set på det")
    look(lena, "notices-seen")
    go(lena, f"{case}/protection")
    lena.get_by_label("Begrundelse").fill(REASON)
    lena.get_by_role("main").get_by_role("button", name="Beskyt sagen").click()
    look(lena, "protected")

    paula = desk(cast.practitioner, f"{case}/session-ratings")
    look(paula, "sharing")
    send(paula, "Del i denne tid")
    look(paula, "sharing-mistakes")
    visit(paula, "/substitutes", "/account/devices", "/account/second-factor")


def test_the_log_and_its_control(desk: Desk, cast: Cast, session: Session, now: datetime) -> None:
    last_month = now - timedelta(days=now.day)
    for hours in (0, 2, 11):
        moment = last_month + timedelta(hours=hours)
        record_access(
            session,
            staff_id=cast.practitioner.id,
            access=Access.CASE_READ,
            case_ids=[cast.case.id],
            at=moment,
        )
    session.commit()
    dora = desk(cast.auditor, "/log")
    look(dora, "log")
    visit(dora, "/log?kind=acts", f"/log?case={cast.case.id}", f"/log/cases/{cast.case.id}/citizen-copy")
    visit(dora, "/log/controls")
    send(dora, "Træk rækkerne")
    look(dora, "control")
    for row in dora.locator(".control-item").all():
        row.locator("input[value=asked]").focus()
        dora.keyboard.press("Space")
    dora.get_by_role("button", name="Gem og afslut").click()
    dora.locator(".error-summary a").first.click()
    expect(dora.get_by_label("Note").first).to_be_focused()
    look(dora, "control-mistakes")
    for note in dora.get_by_label("Note").all():
        note.fill(LONG)
    dora.get_by_label("Konklusion").fill(REASON)
    dora.get_by_role("button", name="Gem og afslut").click()
    expect(dora.get_by_text("Kontrollen er afsluttet og kan ikke ændres.")).to_be_visible()
    look(dora, "control-finished")
    dora.get_by_role("link", name="Til print").click()
    look(dora, "control-paper")


def test_showing_once_more_that_it_is_oneself_keeps_the_form(
    desk: Desk, cast: Cast, session: Session, now: datetime
) -> None:
    cast.caseworker.password = CHEAP_HASH
    session.commit()
    carl = desk(cast.caseworker, f"/cases/{cast.case.id}/access-request", now - timedelta(minutes=11))
    carl.get_by_label("Til barnet eller den unge selv").press("Space")
    send(carl, "Lav udskriften")
    expect(carl.get_by_role("heading", level=1)).to_have_text("Bekræft, at det er dig")
    look(carl, "confirm")
    carl.get_by_label("Din adgangskode").fill("forkert")
    carl.keyboard.press("Enter")
    expect(carl.locator(".error-summary")).to_be_focused()
    look(carl, "confirm-mistake")
    carl.get_by_label("Din adgangskode").fill(PASSWORD)
    carl.keyboard.press("Enter")
    expect(carl.get_by_role("heading", level=1)).to_have_text("Din fil")
    look(carl, "confirm-file")
    with carl.expect_download(timeout=8000) as taken:
        send(carl, "Hent filen")
    assert taken.value.suggested_filename == "aktindsigt.zip"


def test_withdrawing_and_leaving(desk: Desk, cast: Cast, give_link: GiveLink) -> None:
    give_link(cast.mother, "wellbeing-adult")
    people = f"/cases/{cast.case.id}/respondents"
    carl = desk(cast.caseworker, people)
    carl.locator(f"a[href$='{cast.mother.id}/withdraw']").first.click()
    look(carl, "withdraw")
    adam = desk(cast.administrator, "/admin/retention")
    look(adam, "retention-settings")
    visit(adam, "/admin/staff/new", f"/admin/staff/{cast.practitioner.id}")
