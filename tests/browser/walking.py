"""Walking a case through its year: a clock that can be moved, staff at their desks, respondents at their links."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from fitsvc.storage.accounts import Staff
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.client import StaffClient


@dataclass
class Clock:
    """What time it is in the service."""

    day: date

    def __call__(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 9, tzinfo=UTC)


def danish(day: date) -> str:
    """As a form takes it."""
    return f"{day:%d.%m.%Y}"


@dataclass
class Walk:
    """One case's way through the pages. Every member of staff has a browser of their own."""

    app: Flask
    service: str
    open_page: OpenPage
    clock: Clock
    case_id: str = ""
    desks: dict[str, Page] = field(default_factory=dict)

    def desk(self, staff: Staff, path: str = "", size: dict[str, int] = DESK) -> Page:
        """This person's browser, on a page of the case or (with a leading slash) of the service."""
        if staff.email not in self.desks:
            page = self.open_page("/login", size)
            cookie = StaffClient(self.app).sign_in(staff).get_cookie("fitsvc")
            assert cookie is not None
            page.context.add_cookies([{"name": "fitsvc", "value": cookie.value, "url": self.service}])
            self.desks[staff.email] = page
        page = self.desks[staff.email]
        page.goto(
            self.service + (path if path.startswith("/") else f"/cases/{self.case_id}{path and '/' + path}")
        )
        return page

    def press(self, page: Page, name: str) -> None:
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    # --- opening

    def open_case(self, staff: Staff, reference: str, name: str, born: str) -> None:
        page = self.desk(staff, "/cases/open")
        page.fill("#reference", reference)
        page.fill("#display_name", name)
        page.fill("#birth_month", born)
        self.press(page, "Opret sagen")
        found = re.search(r"/cases/([0-9a-f-]{36})", page.url)
        assert found is not None, page.inner_text("main")
        self.case_id = found.group(1)

    def start_measure(
        self, staff: Staff, *, standard: str, measure: str, basis: str, start: date, unit: str, practitioner: str,
        closes: str = "", then: Callable[[Page], None] | None = None,
    ) -> Page:  # fmt: skip
        page = self.desk(staff, f"episodes/start{'?closes=' + closes if closes else ''}")
        page.select_option("#measure_type", measure)
        page.fill("#legal_basis", basis)
        page.fill("#purpose", "En roligere hverdag i skolen og hjemme")
        page.fill("#started_on", danish(start))
        page.select_option("#unit_id", label=unit)
        page.get_by_label(practitioner).check()
        page.select_option("#cadence_standard", standard)
        if then is not None:
            then(page)
        page.get_by_role("main").locator("button.button-primary").click()
        expect(page.locator(".error-summary")).to_have_count(0)
        return page

    # --- before the meeting

    def ask_everybody(self, staff: Staff, meeting: str) -> list[str]:
        """Make the links before a meeting; the addresses of the forms, in the order of voices."""
        page = self.desk(staff, f"meetings/{meeting}/ask")
        self.press(page, "Lav links til alle, der ikke har svaret")
        expect(page.locator(".new-links").first).to_be_visible()
        return [str(one.get_attribute("href")) for one in page.locator('.new-links a[href*="/r/"]').all()]

    def rate(self, address: str, value: int, *, wish: str = "") -> Page:
        """Answer every question of a link with one value, on a phone."""
        path = (
            address.removeprefix(self.service)
            if address.startswith(self.service)
            else "/r/" + address.split("/r/")[1]
        )
        page = self.open_page(path, PHONE)
        expect(page.locator("form[data-rating]")).to_be_visible()
        for question in page.locator("fieldset:has(input[name^='q-'])").all():
            tick(question.locator(f"input[type=radio][value='{value}']"))
        if wish and page.locator("textarea[name=wish]").count():
            page.fill("textarea[name=wish]", wish)
            tick(page.locator("input[name=wish_readers][value=meeting]"))
        page.locator("form[data-rating] button").last.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Tak")
        return page

    # --- what is kept

    def frozen(self, staff: Staff, meeting: str) -> dict[str, str]:
        """The fingerprints of a held meeting's papers, as the service gives them out today."""
        request = self.desk(staff, "").context.request
        found = {}
        for kind in ("report", "child"):
            answer = request.get(f"{self.service}/cases/{self.case_id}/meetings/{meeting}/frozen/{kind}.pdf")
            assert answer.ok, (kind, answer.status)
            assert answer.body().startswith(b"%PDF-")
            found[kind] = sha256(answer.body()).hexdigest()
        return found


@dataclass(frozen=True)
class Meeting:
    """What one meeting says and decides, as it is typed in the room."""

    decision: str
    expected: int | None = None
    agreement: str = ""
    next_on: date | None = None
    next_reason: str = ""
    other_day: tuple[str, str] | None = None  # why not the day of the cadence: a code and words
    helped: str = ""
    if_harder: str = ""


def hold_in_room(walk: Walk, staff: Staff, meeting_id: str, held: Meeting) -> Page:
    """Sit in the meeting with its page: expectation, agreement, minutes, decision, next time; then close it."""
    page = walk.desk(staff, f"meetings/{meeting_id}/room")
    if held.expected is not None:
        page.locator("#expectations .chip-rows li").first.locator("a.chip").first.click()
        tap = page.locator("#expect-form")
        expect(
            tap
        ).to_be_visible()  # what is counted below is counted at once, and the page may still be on its way
        if tap.locator("fieldset input[type=radio]").count():
            tick(tap.locator(f"input[type=radio][value='{held.expected}']").first)
        else:
            tap.locator("#expect-score").fill(str(held.expected))
        assert held.next_on is not None
        page.fill("#expect-due", danish(held.next_on))
        tap.locator("button.button-primary").click()
        expect(page.locator("#expectations")).to_contain_text("Aftalt i dag")
    if held.agreement:
        page.fill("#new-what", held.agreement)
        page.fill("#new-who", "Mor")
        page.locator("#agreements .agreement-form button").last.click()
        expect(page.locator("#agreements")).to_contain_text(held.agreement)
    write(page, "participants", "Barnet, mor, læreren, Paula og Carl")
    choose(page, "child_heard", "present")
    write(page, "child_heard_how", "Barnet viste selv sin kurve")
    choose(page, "decision", held.decision)
    write(page, "decision_reason", "Det bygger på kurverne og på det, familien fortæller")
    if held.helped:
        write(page, "helped", held.helped)
        write(page, "if_harder", held.if_harder)
    if held.next_on is not None:
        write(page, "next_on", danish(held.next_on))
        write(page, "next_reason", held.next_reason)
    if held.other_day is not None:
        page.locator("details.grounds summary").click()
        page.select_option("#reason_code", held.other_day[0])
        page.fill("#meeting_reason", held.other_day[1])
    page.locator("[data-hold]").click()
    page.wait_for_url(re.compile(r"/(cases/[^/]+|.*ending|.*start.*)$"))
    return page


def tick(choice: Locator) -> None:
    """By keyboard: these are drawn by their labels, and a page still arranging itself may move away from a click."""
    choice.press("Space")
    expect(choice).to_be_checked()


def write(page: Page, name: str, text: str) -> None:
    """Type in a field of the minutes and leave it; the page says when it is saved."""
    page.fill(f"#{name}", text)
    page.locator(f"#{name}").blur()
    expect(page.locator(f"[data-minute={name}] [data-saved]")).to_contain_text("Gemt")


def choose(page: Page, name: str, value: str) -> None:
    tick(page.locator(f"input[name={name}][value={value}]"))
    expect(page.locator(f"[data-minute={name}] [data-saved]")).to_contain_text("Gemt")


def note_as_held(
    walk: Walk, staff: Staff, meeting_id: str, next_on: date, *, other_day: tuple[str, str] | None = None
) -> Page:
    """Note afterwards that a meeting was held, without the room."""
    page = walk.desk(staff, f"meetings/{meeting_id}/hold")
    tick(page.locator("input[name=child_heard][value=before]"))
    page.fill("#child_heard_how", "Vi talte om det dagen før")
    tick(page.locator("input[name=decision][value=continue]"))
    page.fill("#decision_reason", "Indsatsen virker")
    page.fill("#next_on", danish(next_on))
    page.fill("#next_reason", "Så ser vi, hvordan det går")
    if other_day is not None:
        page.locator("details.grounds summary").click()
        page.select_option("#reason_code", other_day[0])
        page.fill("#meeting_reason", other_day[1])
    page.locator("form#minutes button.button-primary").click()
    expect(page.locator(".error-summary")).to_have_count(0)
    return page
