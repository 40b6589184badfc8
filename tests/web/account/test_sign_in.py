"""The way in: the sign-in page, what it tells, what it writes down, and how long it lasts."""

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.services.passwords import hash_secret
from fitsvc.storage.logs import AuditLog
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.conftest import NOW
from tests.second_step import finish, give_second_factor

CHEAP_HASH = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)


@pytest.fixture(autouse=True)
def passwords(cast: Cast, session: Session) -> None:
    for member in cast.staff.values():
        member.password = CHEAP_HASH
        give_second_factor(member)
    session.commit()


def sign_in(client: StaffClient, email: str, password: str = PASSWORD, **kw):
    return finish(client, client.send("/login", {"email": email, "password": password}, **kw))


def acts(session: Session) -> list[tuple[Act, object]]:
    session.expire_all()
    return [(row.act, row.staff_id) for row in session.scalars(select(AuditLog).order_by(AuditLog.at))]


def test_the_right_password_opens_the_front_page(client: StaffClient, cast: Cast, session: Session) -> None:
    response = sign_in(client, "paula@example.org")
    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/account").status_code == 200
    assert acts(session)[-1] == (Act.SIGNED_IN, cast.practitioner.id)


def test_capitals_and_blanks_in_the_address_do_not_matter(client: StaffClient) -> None:
    assert sign_in(client, " Paula@Example.org ").status_code == 303


def test_a_password_with_danish_letters_fits_however_the_keyboard_sends_them(
    client: StaffClient, cast: Cast, session: Session
) -> None:
    cast.practitioner.password = hash_secret("rødgrød på å-plads")
    session.commit()
    assert sign_in(client, "paula@example.org", "rødgrød på å-plads").status_code == 303


def test_a_wrong_password_and_an_unknown_address_look_the_same(client: StaffClient, session: Session) -> None:
    def page(email: str) -> str:
        response = sign_in(client, email, "not the password")
        assert "adgangskode" in response.text.lower()
        return re.sub(r'value="[^"]*"', "", response.text)

    assert page("paula@example.org") == page("nobody@example.org")
    assert [act for act, _ in acts(session)] == [Act.SIGN_IN_REFUSED] * 2
    assert "example.org" not in str([row.details for row in session.scalars(select(AuditLog))])


def test_an_unknown_address_costs_a_password_check_too(
    client: StaffClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = []
    monkeypatch.setattr("flask_security.forms.hash_password", lambda secret: hashed.append(secret) or "x")
    sign_in(client, "nobody@example.org", "not the password")
    assert hashed == ["not the password"]


def test_a_deactivated_account_is_refused_and_a_signed_in_one_is_out_at_once(
    client: StaffClient, cast: Cast, session: Session
) -> None:
    sign_in(client, "paula@example.org")
    cast.practitioner.active = False
    session.commit()
    assert client.get("/account").status_code == 302
    assert sign_in(client, "paula@example.org").status_code == 200
    assert client.get("/account").status_code == 302


def test_sign_in_leads_on_to_the_page_asked_for(client: StaffClient) -> None:
    asked = client.get("/account/pin?from=menu")
    assert asked.location == "/login?next=/account/pin?from%3Dmenu"
    sent = {"email": "paula@example.org", "password": PASSWORD}
    response = finish(client, client.send(asked.location, sent))
    assert response.location == "/account/pin?from=menu"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_sign_in_never_leads_to_another_site(client: StaffClient, target: str) -> None:
    response = client.send(
        "/login",
        {"email": "paula@example.org", "password": PASSWORD},
        page="/login",
        query_string={"next": target},
    )
    response = finish(client, response)
    assert response.status_code == 303
    assert response.location in {"/", "/%5Cevil.example"}


def test_only_a_post_signs_out(client: StaffClient, cast: Cast, session: Session) -> None:
    sign_in(client, "paula@example.org")
    assert client.get("/logout").status_code == 405
    assert client.get("/account").status_code == 200
    assert client.send("/logout", page="/account").location == "/login"
    assert client.get("/account").status_code == 302
    assert acts(session)[-1] == (Act.SIGNED_OUT, cast.practitioner.id)


def test_the_front_page_asks_to_sign_in_first(client: StaffClient) -> None:
    response = client.get("/")
    assert (response.status_code, response.location) == (302, "/login?next=/")


def test_the_cookie_stays_with_this_site_and_out_of_scripts(client: StaffClient) -> None:
    cookie = sign_in(client, "paula@example.org").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" in cookie


def test_a_sign_in_lasts_a_working_day_at_most(client: StaffClient, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, "paula@example.org")
    for minutes in (*range(50, 8 * 60, 50), 8 * 60):
        monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW + timedelta(minutes=minutes))  # noqa: B023
        assert client.get("/account").status_code == 200, minutes
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW + timedelta(hours=8, minutes=1))
    assert client.get("/account").status_code == 302


def test_no_token_is_given_out_to_scripts(client: StaffClient) -> None:
    token = CSRF.search(client.get("/login").text)
    assert token
    response = client.post(
        "/login?include_auth_token",
        json={"email": "paula@example.org", "password": PASSWORD},
        headers={"X-CSRFToken": token.group(1), "Accept": "application/json"},
    )
    assert response.status_code == 400
    assert "authentication_token" not in response.text


def test_language_is_chosen_before_signing_in_and_kept_on_the_account(client: StaffClient) -> None:
    assert "<h1>Log ind</h1>" in client.get("/login").text
    chosen = client.send("/language", {"language": "en", "back": "/login"}, page="/login")
    assert chosen.location == "/login"
    assert "<h1>Sign in</h1>" in client.get("/login").text


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "account", ""]
)
def test_choosing_a_language_leads_back_into_the_service_only(client: StaffClient, back: str) -> None:
    response = client.send("/language", {"language": "en", "back": back}, page="/login")
    assert response.location == "/"
