"""What a newcomer does first: `fitsvc demo`, `fitsvc serve`, the child's link on a phone, the curve, the page for the
meeting. Real commands, a real server, a real browser.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.pictures import take_picture

FITSVC = [sys.executable, "-m", "fitsvc"]


@dataclass(frozen=True)
class Running:
    """A demo kommune being served; `told` is what `fitsvc demo --json` said."""

    address: str
    told: dict[str, Any]

    def sign_in(self, browser: Browser, role: str) -> Page:
        staff = next(one for one in self.told["staff"] if one["role"] == role)
        page = browser.new_context(viewport=DESK, locale="da-DK").new_page()  # type: ignore[arg-type]
        page.goto(f"{self.address}/login")
        page.fill("#email", staff["email"])
        page.fill("#password", staff["password"])
        page.get_by_role("main").get_by_role("button").click()
        page.wait_for_url(f"{self.address}/today")
        return page

    @property
    def showcase(self) -> str:
        return str(next(one["id"] for one in self.told["cases"] if one["pattern"] == "improving"))

    def link(self, instrument: str, case: str | None = None) -> str:
        return next(
            str(one["url"])
            for one in self.told["links"]
            if one["instrument"] == instrument and case in {None, one["case"]}
        )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("newcomer")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FITSVC_")} | {
        "FITSVC_DEMO": "1",
        "FITSVC_DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite'}",
        "FITSVC_BASE_URL": address,
    }
    made = subprocess.run([*FITSVC, "demo", "--json"], env=environment, capture_output=True, check=True)
    server = subprocess.Popen(
        [*FITSVC, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, server)
        yield Running(address, json.loads(made.stdout))
    finally:
        server.terminate()
        server.wait(60)  # gunicorn lets what is under way end, up to half a minute


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(900):
        assert server.poll() is None, "the service ended instead of starting"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the service did not start")


def test_a_newcomer_rates_sees_the_curve_and_prints_the_page_pictures(
    demo: Running, chromium: Browser
) -> None:
    # The child, on a phone.
    phone = chromium.new_context(viewport=PHONE, locale="da-DK").new_page()  # type: ignore[arg-type]
    phone.goto(demo.link("wellbeing-youth", demo.showcase))
    for question in phone.locator("fieldset.rating-item").all():
        question.get_by_role("radio").nth(9).press("Space")
    phone.get_by_role("button", name="Send mine svar").click()
    expect(phone.get_by_role("heading", name="Din kurve")).to_be_visible()
    assert phone.get_by_role("heading", level=1).inner_text().startswith("Tak")
    take_picture(phone, "own-curve")

    # The practitioner, at a desk.
    desk = demo.sign_in(chromium, "practitioner")
    take_picture(desk, "today", whole=False)
    desk.goto(f"{demo.address}/cases/{demo.showcase}")
    desk.wait_for_selector(".plotly")
    assert desk.get_by_text("Barn/ung 9").filter(visible=True).first.is_visible()
    assert desk.get_by_text("Sådan læser du kurven").first.is_visible()
    assert desk.get_by_text(re.compile("hvor kurven forventer")).first.is_visible()
    take_picture(desk, "case", whole=False)

    # The page for the meeting, on the screen and as PDF.
    desk.goto(f"{demo.address}/cases/{demo.showcase}/report")
    assert desk.get_by_text("Barn/ung 9").filter(visible=True).first.is_visible()
    pdf = desk.request.get(f"{demo.address}/cases/{demo.showcase}/report.pdf")
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF-")


def test_the_forms_of_a_child_and_a_teacher_pictures(demo: Running, chromium: Browser) -> None:
    for instrument, name in (
        ("wellbeing-child", "respond-child"),
        ("wellbeing-youth", "respond-youth"),
        ("wellbeing-professional", "respond-professional"),
    ):
        phone = chromium.new_context(viewport=PHONE, locale="da-DK").new_page()  # type: ignore[arg-type]
        url = next(one["url"] for one in reversed(demo.told["links"]) if one["instrument"] == instrument)
        assert (phone.goto(url) or pytest.fail("no answer")).ok
        assert phone.get_by_role("heading", level=1).is_visible()
        assert phone.context.cookies() == []
        take_picture(phone, name)


PROJECTOR = {"width": 1920, "height": 1080}
TABLET = {"width": 820, "height": 1180}


def test_the_meeting_its_papers_and_the_figures_pictures(demo: Running, chromium: Browser) -> None:
    """A case with expectations, agreements and a meeting in some days: prepared, sat with, and on paper."""
    case = next(str(one["id"]) for one in demo.told["cases"] if one["pattern"] == "agreed_expectations")
    page = demo.sign_in(chromium, "caseworker")
    page.goto(f"{demo.address}/cases/{case}")
    page.locator("a[href$='/prepare']").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Forbered mødet"
    take_picture(page, "preparation", width=960)

    page.goto(page.url.replace("/prepare", "/room"))
    for name, size in (("phone", PHONE), ("tablet", TABLET), ("projector", PROJECTOR)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.get_by_role("button", name="Vis: Forælder (hjemme)").is_visible()
        take_picture(page, f"room-{name}", whole=False, width=1280)

    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    for number, sheet in enumerate(_sheets(page, f"{demo.address}/cases/{case}/report"), start=1):
        take_picture(sheet, f"paper-{number}")
    (only,) = _sheets(page, f"{demo.address}/cases/{case}/report/child")
    take_picture(only, "paper-child")

    leader = demo.sign_in(chromium, "authority_leader")
    leader.goto(f"{demo.address}/figures")
    assert leader.get_by_role("heading", level=1).is_visible()
    take_picture(leader, "figures", whole=False)


def _sheets(page: Page, address: str) -> list[Locator]:
    """The A4 sheets of a page for the meeting, as the screen shows them."""
    page.goto(address)
    sheets = page.locator(".sheet").all()
    assert sheets, address
    return sheets
