"""One's own account, and what happens to words written just before a sign-in ran out."""

import re
from html import unescape

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.app import create_app
from fitsvc.config import Config, read_config
from fitsvc.domain.audit import Act
from fitsvc.services.passwords import matches
from fitsvc.storage.accounts import Staff
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.organisation import Unit
from fitsvc.web.database import db
from fitsvc.web.page_owner import begin_pages_of
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.keys import DATA_KEYS
from tests.second_step import finish, give_second_factor

KEPT = re.compile(r'name="kept" value="([^"]+)"')
SUBMITTED = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture(autouse=True)
def passwords(cast: Cast, session: Session) -> None:
    cheap = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)
    for member in cast.staff.values():
        member.password = cheap
        give_second_factor(member)
    session.commit()


@pytest.fixture
def paula(client: StaffClient, cast: Cast) -> StaffClient:
    return client.sign_in(cast.practitioner)


def stored(session: Session, name: str) -> Staff:
    query = select(Staff).where(Staff.name == name).execution_options(populate_existing=True)
    found = session.scalars(query).unique().one()
    session.commit()
    return found


def test_the_account_page_says_who_one_is_and_what_one_sees(paula: StaffClient) -> None:
    page = paula.get("/account").text
    for words in ("Paula", "paula@example.org", "Familiehuset", "Udfører"):
        assert words in page


def test_a_language_chosen_once_stays_with_the_account(app: Flask, paula: StaffClient, cast: Cast) -> None:
    paula.send("/language", {"language": "en", "back": "/account"}, page="/account")
    assert "<h1>Your account</h1>" in paula.get("/account").text
    assert "<h1>Your account</h1>" in StaffClient(app).sign_in(cast.practitioner).get("/account").text


def pin(password: str = PASSWORD, first: str = "2468", again: str | None = None) -> dict[str, str]:
    return {"password": password, "pin": first, "pin_again": first if again is None else again}


def test_a_pin_is_set_with_the_password_and_stored_as_a_hash(paula: StaffClient, session: Session) -> None:
    assert paula.send("/account/pin", pin()).status_code == 302
    hashed = stored(session, "Paula").pin_hash
    assert hashed is not None
    assert "2468" not in hashed
    assert matches("2468", hashed)
    assert [row.act for row in session.scalars(select(AuditLog))] == [Act.PIN_SET]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (pin("not my password"), "password"),
        (pin(first="246"), "pin"),
        (pin(first="123456789"), "pin"),
        (pin(first="1234"), "pin"),
        (pin(first="7777"), "pin"),
        (pin(first="12a4"), "pin"),
        (pin(first="٢٤٦٨"), "pin"),
        (pin(again="8642"), "pin_again"),
        (pin(first=""), "pin"),
    ],
)
def test_a_pin_that_does_not_do_is_refused_beside_its_field(
    paula: StaffClient, session: Session, sent: dict[str, str], field: str
) -> None:
    response = paula.send("/account/pin", sent)
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert stored(session, "Paula").pin_hash is None


NEW = "blå heste spiser grød"


def password(now: str = PASSWORD, new: str = NEW, again: str | None = None) -> dict[str, str]:
    return {"password": now, "new_password": new, "new_password_again": new if again is None else again}


def test_a_new_password_replaces_the_old_and_signs_out_other_browsers(
    app: Flask, paula: StaffClient, cast: Cast, session: Session
) -> None:
    elsewhere = StaffClient(app).sign_in(cast.practitioner)
    assert elsewhere.get("/account").status_code == 200
    assert paula.send("/account/password", password()).status_code == 302
    assert paula.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert matches(NEW, stored(session, "Paula").password or "")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (password(now="not my password"), "password"),
        (password(new="short"), "new_password"),
        (password(new="adgangskode1234"), "new_password"),
        (password(new="P4ssw0rd!2026"), "new_password"),
        (password(new="paulapaula2026"), "new_password"),
        (password(new="aaaaaaaaaaaaaaaa"), "new_password"),
        (password(new="x" * 201), "new_password"),
        (password(new=PASSWORD), "new_password"),
        (password(again="something else"), "new_password_again"),
    ],
)
def test_a_password_that_does_not_do_is_refused_beside_its_field(
    paula: StaffClient, session: Session, sent: dict[str, str], field: str
) -> None:
    response = paula.send("/account/password", sent)
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert matches(PASSWORD, stored(session, "Paula").password or "")


# --- a sign-in that ran out


def fields_of(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in SUBMITTED.findall(page)}


UNIT = {"name": 'Huset ved <søen> & "åen"', "kind": "provider"}


def old_token(app: Flask, staff: Staff) -> str:
    """The token of a page made for somebody whose sign-in is long over."""
    with app.test_request_context():
        begin_pages_of(staff)
        return str(generate_csrf())


def test_what_was_written_when_the_sign_in_ran_out_is_sent_again_after_it(
    app: Flask, client: StaffClient, cast: Cast, session: Session
) -> None:
    asked = client.post("/admin/units", data=UNIT | {"csrf_token": old_token(app, cast.administrator)})
    assert asked.status_code == 401
    kept = KEPT.search(asked.text)
    token = CSRF.search(asked.text)
    assert kept
    assert token
    assert UNIT["name"] not in (asked.headers.get("Set-Cookie") or "")
    wrong = client.post(
        "/login",
        data={"email": "adam@example.org", "password": "wrong", "kept": kept[1], "csrf_token": token[1]},
    )
    assert KEPT.search(wrong.text), "a wrong password loses nothing either"
    step = client.post(
        "/login",
        data={"email": "adam@example.org", "password": PASSWORD, "kept": kept[1], "csrf_token": token[1]},
    )
    offered = finish(client, step)
    assert offered.status_code == 200
    assert 'action="/admin/units"' in offered.text
    sent = client.post(
        "/admin/units", data=fields_of(offered.text[offered.text.index('action="/admin/units"') :])
    )
    assert sent.status_code == 303
    assert UNIT["name"] in [unit.name for unit in session.scalars(select(Unit))]


@pytest.mark.parametrize("token", ["", "made up"])
def test_what_somebody_unknown_left_on_the_sign_in_page_is_never_sent_by_who_signs_in(
    client: StaffClient, token: str
) -> None:
    """Nobody prepares a form on a shared computer for the next administrator to send."""
    asked = client.post("/admin/units", data=UNIT | {"csrf_token": token})
    kept = KEPT.search(asked.text)
    assert kept
    sent = {"email": "adam@example.org", "password": PASSWORD, "kept": kept[1]}
    step = client.post("/login", data=sent | {"csrf_token": CSRF.search(asked.text)[1]})  # type: ignore[index]
    answer = finish(client, step)
    assert (answer.status_code, answer.location) == (303, "/")
    assert 'action="/admin/units"' not in answer.text


def test_a_missing_token_keeps_the_answers_and_stores_nothing(
    client: StaffClient, cast: Cast, session: Session
) -> None:
    client.sign_in(cast.administrator)
    response = client.post("/admin/units?from=here", data=UNIT)
    assert response.status_code == 400
    assert 'action="/admin/units?from=here"' in response.text
    assert fields_of(response.text)["kind"] == "provider"
    assert UNIT["name"] not in [unit.name for unit in session.scalars(select(Unit))]


def test_passwords_and_pins_are_never_kept(client: StaffClient, cast: Cast) -> None:
    client.sign_in(cast.practitioner)
    page = client.post("/account/pin", data=pin()).text
    assert PASSWORD not in page
    assert "2468" not in page


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_what_another_site_sends_is_not_offered_again(
    client: StaffClient, cast: Cast, headers: dict[str, str]
) -> None:
    signed_out = client.post("/admin/units", data=UNIT, headers=headers)
    assert not KEPT.search(signed_out.text)
    client.sign_in(cast.administrator)
    response = client.post("/admin/units", data=UNIT, headers=headers)
    assert response.status_code == 400
    assert 'action="/admin/units"' not in response.text


def test_a_kept_form_that_somebody_changed_is_not_offered(client: StaffClient) -> None:
    response = client.send(
        "/login", {"email": "adam@example.org", "password": PASSWORD, "kept": "made.up.words"}
    )
    response = finish(client, response)
    assert (response.status_code, response.location) == (303, "/")


def test_behind_https_forms_are_accepted_without_a_referer(
    config: Config, cast: Cast, monkeypatch: pytest.MonkeyPatch, session: Session
) -> None:
    """Our pages tell browsers to send no Referer; Flask-WTF would refuse every form over HTTPS without one."""
    secure = create_app(
        read_config(
            {
                "FITSVC_DATABASE_URL": config.database_url.replace(
                    "postgresql+psycopg://", "postgresql://", 1
                ),
                "FITSVC_DATA_KEYS": DATA_KEYS,
                "FITSVC_SECRET_KEY": config.secret_key,
                "FITSVC_BASE_URL": "https://localhost",
            }
        )
    )
    browser = StaffClient(secure)
    page = browser.get("/login", base_url="https://localhost").text
    token = CSRF.search(page)
    assert token
    response = browser.post(
        "/login",
        data={"email": "paula@example.org", "password": PASSWORD, "csrf_token": token[1]},
        base_url="https://localhost",
    )
    assert response.status_code == 303
    assert "Secure" in response.headers["Set-Cookie"]
    assert response.headers["Set-Cookie"].startswith("__Host-")
    with secure.app_context():
        db.engine.dispose()
