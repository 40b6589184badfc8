"""Passkeys as the server checks them; a real browser makes and uses one in tests/browser/test_second_factor.py."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.storage.accounts import Passkey, SignIn, SignInWay, Staff
from tests.authenticator import Authenticator
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.second_step import give_second_factor
from tests.web.account.test_second_factor import CHEAP_HASH, database_url, give_password, is_signed_in

assert database_url  # the fixture: SQLite only


@pytest.fixture
def device(client: StaffClient, cast: Cast, session: Session) -> Authenticator:
    """Paula's, made at her first sign-in; she has signed out again. Carl has an app."""
    cast.practitioner.password = cast.caseworker.password = CHEAP_HASH
    give_second_factor(cast.caseworker)
    session.commit()
    made = Authenticator()
    give_password(client)
    page = client.get("/login/set-up/passkey").text
    answer = client.post(
        "/login/set-up/passkey", data=fields(page) | {"name": "Work", "passkey": made.make(options(page))}
    )
    assert answer.status_code == 200
    assert is_signed_in(client)
    client.send("/logout", page="/account/pin")
    return made


def options(page: str) -> str:
    found = re.search(r'data-options value="([^"]+)"', page)
    assert found
    return unescape(found.group(1))


def fields(page: str) -> dict[str, str]:
    state, token = re.search(r'name="passkey_state" value="([^"]+)"', page), CSRF.search(page)
    assert state
    assert token
    return {"passkey_state": state.group(1), "csrf_token": token.group(1)}


def answer(client: StaffClient, page: str, credential: str, **kw: object):  # type: ignore[no-untyped-def]
    return client.post("/login/passkey", data=fields(page) | {"passkey": credential}, **kw)


def test_a_passkey_stands_for_password_and_code_and_is_noted_as_the_way(
    client: StaffClient, device: Authenticator, session: Session
) -> None:
    page = client.get("/login").text
    session.rollback()
    known = set(session.scalars(select(SignIn.id)))
    session.rollback()
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 15; K) Chrome/140.0 Mobile Safari/537.36"}
    assert answer(client, page, device.use(options(page)), headers=phone).location == "/"
    assert is_signed_in(client)
    [row] = session.scalars(select(SignIn).where(SignIn.id.not_in(known)))
    assert (row.way, row.browser, row.origin) == (SignInWay.PASSKEY, "Chrome, Android", "127.0.0.1")


def test_an_answer_works_once(client: StaffClient, device: Authenticator, app: Flask) -> None:
    page = client.get("/login").text
    credential = device.use(options(page))
    answer(client, page, credential)
    other = StaffClient(app)
    token = CSRF.search(other.get("/login").text)
    assert token
    sent = fields(page) | {"csrf_token": token.group(1), "passkey": credential}
    assert other.post("/login/passkey", data=sent).status_code == 422
    assert not is_signed_in(other)


def test_without_finger_face_or_pin_it_is_a_second_factor_and_not_both(
    client: StaffClient, device: Authenticator
) -> None:
    page = client.get("/login").text
    assert answer(client, page, device.use(options(page), verified=False)).status_code == 422
    assert not is_signed_in(client)
    give_password(client)
    page = client.get("/login/code").text
    answer(client, page, device.use(options(page), verified=False))
    assert is_signed_in(client)


def test_somebody_elses_passkey_does_not_finish_a_sign_in(
    client: StaffClient, device: Authenticator, cast: Cast, session: Session
) -> None:
    """Carl has the app only, so his page asks for no passkey: Paula's answers what her own page asked."""
    first = client.get("/login").text
    give_password(client, "carl@example.org")
    token = CSRF.search(client.get("/login/code").text)
    assert token
    sent = fields(first) | {"csrf_token": token.group(1), "passkey": device.use(options(first))}
    assert client.post("/login/passkey", data=sent).status_code == 422
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "changed", [{"challenge": "AAAA"}, {"rpId": "evil.example"}, {"origin": "https://evil.example"}]
)
def test_an_answer_made_for_another_page_or_another_site_is_refused(
    client: StaffClient, device: Authenticator, changed: dict[str, str]
) -> None:
    page = client.get("/login").text
    device.origin = changed.get("origin", device.origin)
    assert answer(client, page, device.use(options(page), **changed)).status_code == 422
    assert not is_signed_in(client)


def test_nonsense_is_refused_like_anything_else(client: StaffClient, device: Authenticator) -> None:
    nonsense = ("null", "\x00", "[" * 5000, '{"rawId": 1}', "", "{}", "[]", "x" * 30_000)
    page = client.get("/login").text
    for one in nonsense:
        assert answer(client, page, one).status_code == 422, one[:20]
    give_password(client)
    page = client.get("/login/code").text
    for one in nonsense[:4]:  # the fifth wrong one ends the half sign-in
        assert answer(client, page, one).status_code == 422, one[:20]
    assert client.get("/login/code").status_code == 200
    assert not is_signed_in(client)


def test_a_closed_account_is_not_opened_by_its_passkey(
    client: StaffClient, device: Authenticator, cast: Cast, session: Session
) -> None:
    session.rollback()
    person = session.get(Staff, cast.practitioner.id)
    assert person
    person.active = False
    session.commit()
    page = client.get("/login").text
    assert answer(client, page, device.use(options(page))).status_code == 422


def test_nobody_removes_another_persons_passkey(
    client: StaffClient, device: Authenticator, cast: Cast, session: Session
) -> None:
    def passkeys() -> list[Passkey]:
        found = list(session.scalars(select(Passkey)))
        session.expunge_all()
        session.rollback()
        return found

    paulas = passkeys()[0].id
    client.sign_in(cast.caseworker)
    path = f"/account/second-factor/passkey/{paulas}/remove"
    assert client.send(path, page="/account/pin").status_code == 404
    assert len(passkeys()) == 1
