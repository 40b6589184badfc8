"""Out at both ends, and showing again that it is you."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.storage.accounts import SignIn
from tests.client import CSRF, StaffClient
from tests.kommune_provider import KommuneProvider, fails, signed_with, unsigned
from tests.web.kommune_sign_in.conftest import Clock, Walk, acts, find_staff, reasons
from tests.web.kommune_sign_in.test_what_is_not_believed import STRANGER

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BACK_CHANNEL = "/sign-in/kommune/back-channel"


def is_in(walk: Walk) -> bool:
    return walk.client.get("/method").status_code == 200


def sign_out(walk: Walk) -> Any:
    token = CSRF.search(walk.client.get("/method").text)
    assert token
    return walk.client.post("/logout", data={"csrf_token": token.group(1)})


def test_signing_out_here_signs_out_at_the_provider_too(walk: Walk, session: Session) -> None:
    walk.sign_in()
    page = sign_out(walk)
    assert page.status_code == 200
    address = page.text.partition('content="0; url=')[2].partition('"')[0].replace("&amp;", "&")
    asked = parse_qs(urlsplit(address).query)
    assert asked["client_id"] == ["fitsvc"]
    assert asked["id_token_hint"][0].count(".") == 2
    assert asked["post_logout_redirect_uri"] == ["http://localhost/sign-in/kommune/signed-out"]
    assert not is_in(walk)
    back = requests.get(address, allow_redirects=False, timeout=5).headers["Location"]
    assert "Både her og hos kommunen" in walk.follow(back).text
    assert "Både her og hos kommunen" not in walk.follow(back).text  # once
    kept = session.scalars(select(SignIn).where(SignIn.oidc_sid == "s-1")).one()
    assert (kept.oidc_id_token, kept.ended_at is not None) == ("", True)
    session.commit()


def test_signing_out_works_though_the_provider_does_not_answer(
    walk: Walk, provider: KommuneProvider, app: Flask
) -> None:
    walk.sign_in()
    app.extensions["fitsvc_kommune_provider"]._metadata = None
    provider.wrong.paths["/.well-known/openid-configuration"] = fails
    assert "Du er logget ud her" in sign_out(walk).text
    assert not is_in(walk)


def test_an_account_of_this_service_signs_out_here_only(walk: Walk, cast: Any) -> None:
    walk.client.sign_in(cast.practitioner)
    assert sign_out(walk).status_code == 302


def test_the_provider_ends_one_session_or_all_of_a_person(
    walk: Walk, app: Flask, session: Session, provider: KommuneProvider
) -> None:
    walk.sign_in()
    provider.sid = "s-2"
    other = Walk(StaffClient(app))
    other.sign_in()
    sender = StaffClient(app)
    token = provider.logout_token(sid="s-1")
    assert sender.post(BACK_CHANNEL, data={"logout_token": token}).status_code == 204
    assert (is_in(walk), is_in(other)) == (False, True)
    assert (
        sender.post(BACK_CHANNEL, data={"logout_token": token}).status_code == 400
    )  # the same message again
    token = provider.logout_token(sid=None)
    assert sender.post(BACK_CHANNEL, data={"logout_token": token}).status_code == 204
    assert not is_in(other)
    assert acts(session).count("sign_ins_ended") == 2


def test_a_message_that_is_not_the_providers_ends_nothing(
    walk: Walk, app: Flask, provider: KommuneProvider
) -> None:
    walk.sign_in()
    now = provider.clock()
    sender = StaffClient(app)
    wrong: list[dict[str, Any]] = [
        {"iss": "https://login.other.example"},
        {"aud": "another-service"},
        {"events": {}},
        {"events": None},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": "yes"}},
        {"nonce": "n"},
        {"jti": None},
        {"iat": None},
        {"iat": now - 3_600, "exp": now + 60},
        {"exp": now - 120},
        {"exp": None},
        {"sub": None, "sid": None},
        {"sub": 7},
    ]
    for changed in wrong:
        sent = {"logout_token": provider.logout_token(**changed)}
        assert sender.post(BACK_CHANNEL, data=sent).status_code == 400, changed
    for sign in (unsigned, signed_with(STRANGER)):
        provider.wrong.sign = sign
        sent = {"logout_token": provider.logout_token()}
        assert sender.post(BACK_CHANNEL, data=sent).status_code == 400
    assert sender.post(BACK_CHANNEL).status_code == 400
    assert is_in(walk)


def test_an_id_token_is_no_logout_message(walk: Walk, app: Flask, provider: KommuneProvider) -> None:
    walk.sign_in()
    token = provider.sign(provider.claims({}) | {"jti": "x"})
    assert StaffClient(app).post(BACK_CHANNEL, data={"logout_token": token}).status_code == 400
    assert is_in(walk)


def test_who_confirms_has_just_shown_the_provider_who_they_are(
    walk: Walk, session: Session, provider: KommuneProvider, clock: Clock
) -> None:
    walk.sign_in()
    clock.go_on(minutes=20)
    sent = walk.client.get("/sign-in/kommune/again?next=/method").location
    asked = parse_qs(urlsplit(sent).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    provider.wrong.claims = {"auth_time": provider.clock() - 1_000}
    assert walk.sign_in("/sign-in/kommune/again?next=/method").status_code == 403
    provider.wrong.claims = {"auth_time": None}
    assert walk.sign_in("/sign-in/kommune/again?next=/method").status_code == 403
    provider.wrong.claims = {"sub": "somebody-else"}
    assert walk.sign_in("/sign-in/kommune/again?next=/method").status_code == 403
    assert reasons(session) == ["not_again", "not_again", "other_person"]
    assert find_staff(session, "somebody-else") is None
    with walk.client.session_transaction() as cookie:
        before = cookie["confirmed_at"]
    provider.wrong.claims = {}
    answer = walk.sign_in("/sign-in/kommune/again?next=/method")
    assert (answer.status_code, answer.location) == (303, "/method")
    with walk.client.session_transaction() as cookie:
        assert cookie["confirmed_at"] > before


def test_an_account_of_this_service_cannot_confirm_at_the_provider(walk: Walk, cast: Any) -> None:
    walk.client.sign_in(cast.practitioner)
    assert walk.client.get("/sign-in/kommune/again").status_code == 404
