"""Links to one's own account and one's devices in a browser: on a phone, at a desk."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from fitsvc.config import Config
from fitsvc.messaging.mail_server import parse_mail_server
from fitsvc.services.account_links import make_link
from fitsvc.storage.account_links import LinkPurpose
from tests.browser.conftest import DESK, PHONE
from tests.browser.pictures import take_picture
from tests.browser.test_account_and_admin import look_at
from tests.builders import Builder
from tests.cast import Cast
from tests.conftest import NOW
from tests.signed_in import signed_in

OpenPage = Callable[..., Page]
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture(autouse=True)
def with_mail(app: Flask, config: Config) -> Iterator[None]:
    """A mail server that is never asked."""
    app.extensions["fitsvc_config"] = replace(
        config, mail_server=parse_mail_server("smtp://127.0.0.1:9"), mail_from="kurven@kommune.example"
    )
    yield
    app.extensions["fitsvc_config"] = config


@SIZES
def test_a_forgotten_password_and_its_link_on_every_screen(
    open_page: OpenPage, session: Session, cast: Cast, size: dict[str, int]
) -> None:
    token = make_link(session, cast.practitioner, LinkPurpose.RESET, now=NOW).token
    session.commit()
    name = "phone" if size is PHONE else "desk"
    page = open_page("/login", size)
    page.get_by_role("link", name="Glemt adgangskode?").click()
    look_at(page)
    take_picture(page, f"account-forgot-{name}")
    page.get_by_label("Din arbejdsmail").fill("nobody@example.org")
    page.get_by_role("button", name="Send mig et link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Se i din mail")
    look_at(page)
    start = page.url.rpartition("/")[0]
    page.goto(f"{start}/choose-password/{token}")
    look_at(page)
    page.get_by_label("Ny adgangskode").fill("kort")
    page.get_by_label("Den nye adgangskode igen").fill("kort")
    page.get_by_role("button", name="Gem adgangskoden").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look_at(page)
    take_picture(page, f"account-choose-{name}")
    page.goto(f"{start}/choose-password/no-such-link")
    look_at(page)
    take_picture(page, f"account-gone-{name}")


@SIZES
def test_ones_devices_and_the_way_out_are_seen_at_once(
    app: Flask, open_page: OpenPage, build: Builder, session: Session, cast: Cast, size: dict[str, int]
) -> None:
    build.sign_in(
        cast.practitioner, "here", browser="Chrome, Android", origin="192.0.2.4", began_at=NOW, seen_at=NOW
    )
    build.sign_in(
        cast.practitioner, "there", browser="Firefox, Windows", origin="192.0.2.7", began_at=NOW, seen_at=NOW
    )
    session.commit()
    page = open_page("/login", size)
    cookie = app.session_interface.get_signing_serializer(app).dumps(signed_in(cast.practitioner, "here"))  # type: ignore[attr-defined]
    page.context.add_cookies(
        [{"name": app.config["SESSION_COOKIE_NAME"], "value": str(cookie), "url": page.url}]
    )
    page.goto(page.url.replace("/login", "/account/devices"))
    look_at(page)
    take_picture(page, f"account-devices-{'phone' if size is PHONE else 'desk'}")
    for seen in (
        page.get_by_role("link", name="Paula"),
        page.get_by_role("button", name="Log ud", exact=True),
    ):
        expect(seen).to_be_in_viewport()
    page.goto(page.url.replace("/devices", "/address"))
    look_at(page)
    take_picture(page, f"account-address-{'phone' if size is PHONE else 'desk'}")
    page.get_by_role("button", name="Log ud", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log ind")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log ind")
    assert "Paula" not in page.content()
