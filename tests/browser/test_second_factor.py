"""Second factors in a real browser: a passkey made and used under our policy, and every page looked at."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.pictures import take_picture
from tests.browser.test_account_and_admin import look_at
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.conftest import NOW
from tests.web.account.test_second_factor import CHEAP_HASH


@pytest.fixture
def service(app: Flask) -> Iterator[str]:
    """As the usual one, under a name: browsers know no passkeys at a bare address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://localhost:{server.port}"
    before = app.extensions["fitsvc_config"]
    app.extensions["fitsvc_config"] = replace(before, base_url=address)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    app.extensions["fitsvc_config"] = before
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def passwords(cast: Cast, session: Session) -> None:
    cast.practitioner.password = CHEAP_HASH
    session.commit()


def give_authenticator(page: Page) -> None:
    """A device with a lock of its own, as Chromium plays it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def give_password(page: Page) -> None:
    page.get_by_label("E-mail").fill("paula@example.org")
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()


def test_a_passkey_is_made_and_then_used_after_the_password_and_instead_of_it(open_page: OpenPage) -> None:
    page = open_page("/login", DESK)
    give_authenticator(page)
    give_password(page)
    page.get_by_role("button", name="Lav en adgangsnøgle").click()
    page.get_by_label("Hvad skal adgangsnøglen hedde?").fill("Arbejdscomputer")
    page.get_by_role("button", name="Lav adgangsnøglen").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="Jeg har gemt dem").click()
    page.wait_for_url("**/today")

    page.get_by_role("button", name="Log ud").click()
    give_password(page)
    page.get_by_role("button", name="Brug din adgangsnøgle").click()
    page.wait_for_url("**/today")

    page.get_by_role("button", name="Log ud").click()
    page.get_by_role("button", name="Log ind med adgangsnøgle").click()
    page.wait_for_url("**/today")
    page.goto(page.url.replace("/today", "/account/second-factor"))
    expect(page.get_by_text("Arbejdscomputer")).to_be_visible()
    expect(page.get_by_role("button", name="Fjern")).to_have_count(0)


def test_an_app_is_set_up_on_a_phone_without_script(open_page: OpenPage, cast: Cast) -> None:
    page = open_page("/login", PHONE, script=False)
    give_password(page)
    page.get_by_role("button", name="Brug en app").click()
    page.get_by_text("Appen kan ikke læse den").click()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("Koden fra appen").fill(str(TOTP(key=secret).generate(time=NOW).token))
    page.get_by_role("button", name="Appen er klar").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="Jeg har gemt dem").click()
    page.wait_for_url("**/today")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_of_the_second_factor_fits_and_is_accessible(
    open_page: OpenPage, size: dict[str, int], cast: Cast, session: Session
) -> None:
    name = "phone" if size is PHONE else "desk"
    page = open_page("/login", size)
    give_authenticator(page)
    look_at(page)
    take_picture(page, f"second-factor-sign-in-{name}")
    give_password(page)
    look_at(page)
    take_picture(page, f"second-factor-set-up-{name}")
    page.get_by_role("button", name="Lav en adgangsnøgle").click()
    look_at(page)
    page.go_back()
    page.get_by_role("button", name="Brug en app").click()
    look_at(page)
    page.get_by_text("Appen kan ikke læse den").click()
    take_picture(page, f"second-factor-app-{name}")
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("Koden fra appen").fill("000000")
    page.get_by_role("button", name="Appen er klar").click()
    look_at(page)
    page.get_by_label("Koden fra appen").fill(str(TOTP(key=secret).generate(time=NOW).token))
    page.get_by_role("button", name="Appen er klar").click()
    look_at(page)
    take_picture(page, f"second-factor-codes-{name}")
    page.get_by_role("link", name="Jeg har gemt dem").click()
    page.goto(page.url.replace("/today", "/account/second-factor/passkey"))
    page.get_by_label("Hvad skal adgangsnøglen hedde?").fill("Min telefon")
    page.get_by_role("button", name="Lav adgangsnøglen").click()
    page.wait_for_url("**/account/second-factor")
    look_at(page)
    take_picture(page, f"second-factor-own-{name}")
    page.get_by_role("button", name="Log ud").click()
    give_password(page)
    look_at(page)
    take_picture(page, f"second-factor-ask-{name}")
    page.get_by_role("button", name="Videre").click()
    look_at(page)
