"""A real browser on the real service. A missing browser fails these tests: it never skips them."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from fitsvc.services.links import create_link
from fitsvc.storage.respondents import Respondent
from tests.builders import Builder
from tests.cast import Cast

CHROMIUM = os.environ.get("FITSVC_CHROMIUM") or "/usr/bin/chromium"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"no browser at {CHROMIUM}: install Chromium or set FITSVC_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def database_url(empty_sqlite: str) -> str:
    """What a browser shows does not depend on the database: SQLite only."""
    return empty_sqlite


@pytest.fixture
def service(app: Flask) -> Iterator[str]:
    """The service's address, answering in a thread of this process with its clock at NOW."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(
        target=server.serve_forever, args=(0.02,)
    )  # how soon it sees that it is to stop
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, service: str) -> Iterator[OpenPage]:
    """Open a path in a browser of its own. A page that asks elsewhere, or breaks its own policy, fails the test."""
    contexts, complaints = [], []

    def note(message: ConsoleMessage) -> None:
        # An answer with an error status is noted by the browser too; that is what such tests are about.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def watch(request: Request) -> None:
        if not request.url.startswith((service, "data:", "blob:")):
            complaints.append(f"asked {request.url}")

    def open_(path: str, size: dict[str, int] = PHONE, *, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=script,
            locale="da-DK",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", watch)
        page.goto(service + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints, complaints


GiveLink = Callable[..., str]


@pytest.fixture
def give_link(session: Session, build: Builder, cast: Cast, now: datetime) -> GiveLink:
    """A respondent's link: `give_link(cast.child, "wellbeing-child")`."""

    def give(respondent: Respondent, instrument_id: str = "wellbeing-youth", label: str = "") -> str:
        asked = build.administration(respondent, instrument_id)
        token = create_link(session, administration=asked, label=label, by=None, now=now, link_days=21)
        session.commit()
        return f"/r/{token}"

    return give
