"""A provider, or somebody between, that says what must not be believed: nobody is signed in, and the log says why."""

from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fitsvc.storage.accounts import Staff
from fitsvc.web.kommune_sign_in import provider as provider_module
from tests.client import StaffClient
from tests.kommune_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    KommuneProvider,
    elsewhere,
    encoded,
    fails,
    hugely,
    signed_with,
    signed_with_secret,
    slowly,
    unsigned,
    without_signature,
)
from tests.web.kommune_sign_in.conftest import Clock, Walk, reasons

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STRANGER = RSAKey.generate_key(2048, {"kid": "first"})
"""Another key that calls itself like the provider's."""


def assert_refused(walk: Walk, session: Session, answer: Any, status: int, *codes: str) -> None:
    assert answer.status_code == status
    assert reasons(session)[-1:] == list(codes)
    assert not any(code in answer.text for code in codes)
    made = session.scalar(select(func.count(Staff.id)).where(Staff.oidc_subject.is_not(None)))
    session.commit()
    assert made == 0
    assert walk.client.get("/method").status_code == 302


WRONG_CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"iss": "https://login.other.example"}, "token_iss"),
    ({"iss": None}, "token_iss"),
    ({"aud": "another-service"}, "token_aud"),
    ({"aud": ["another-service", "a-third"]}, "token_aud"),
    ({"aud": None}, "token_aud"),
    ({"aud": [CLIENT_ID, "another-service"]}, "token_azp"),
    ({"azp": "another-service"}, "token_azp"),
    ({"nonce": "of-another-sign-in"}, "token_nonce"),
    ({"nonce": None}, "token_nonce"),
    ({"exp": 1_700_000_000}, "token_expired"),
    ({"exp": None}, "token_exp"),
    ({"exp": "tomorrow"}, "token_exp"),
    ({"iat": 2_000_000_000}, "token_iat"),
    ({"iat": None}, "token_iat"),
    ({"nbf": 2_000_000_000}, "token_nbf"),
    ({"sub": None}, "token_sub"),
    ({"sub": 7}, "token_sub"),
    ({"sub": ""}, "token_sub"),
    ({"at_hash": "of-another-token"}, "token_at_hash"),
]


def test_a_token_with_a_wrong_or_missing_claim(
    walk: Walk, session: Session, provider: KommuneProvider
) -> None:
    for claims, code in WRONG_CLAIMS:
        provider.wrong.claims = claims
        assert_refused(walk, session, walk.sign_in(), 403, code)


def test_a_token_nobody_we_trust_has_signed(walk: Walk, session: Session, provider: KommuneProvider) -> None:
    public_key = provider.first_key.as_pem(private=False)
    forgeries = {
        "token_algorithm": [
            unsigned,
            signed_with_secret(CLIENT_SECRET.encode()),
            signed_with_secret(public_key),
        ],
        "token_signature": [without_signature, signed_with(STRANGER)],
        "token_unreadable": [lambda _header, _claims: "not.a.token", lambda _header, claims: encoded(claims)],
        "token_missing": [lambda _header, _claims: ""],
    }
    for code, ways in forgeries.items():
        for sign in ways:
            provider.wrong.sign = sign
            assert_refused(walk, session, walk.sign_in(), 403, code)


def test_a_provider_that_offers_no_signature_we_believe(
    walk: Walk, session: Session, provider: KommuneProvider
) -> None:
    provider.wrong.metadata = {"id_token_signing_alg_values_supported": ["HS256", "none"]}
    assert_refused(walk, session, walk.client.get("/sign-in/kommune"), 403, "metadata_algorithms")


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"issuer": "https://login.other.example"}, "metadata_issuer"),
        ({"token_endpoint": "http://login.other.example/token"}, "metadata_address"),
        ({"jwks_uri": None}, "metadata_address"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "metadata_address"),
    ],
)
def test_a_provider_that_says_it_is_another_or_leads_where_others_can_read(
    walk: Walk, session: Session, provider: KommuneProvider, metadata: dict[str, Any], code: str
) -> None:
    provider.wrong.metadata = metadata
    assert_refused(walk, session, walk.client.get("/sign-in/kommune"), 403, code)


@pytest.mark.parametrize("issuer", ["https://login.other.example", None])
def test_an_answer_of_another_provider_is_not_taken_to_ours(
    walk: Walk, session: Session, provider: KommuneProvider, issuer: str | None
) -> None:
    provider.wrong.callback = {"iss": issuer}
    assert_refused(walk, session, walk.sign_in(), 403, "callback_issuer")
    assert "/token" not in provider.asked


@pytest.mark.parametrize(
    ("callback", "code"),
    [
        ({"error": "access_denied", "code": None}, "provider_denied"),
        ({"error": "server_error", "code": None}, "provider_error"),
        ({"code": None}, "code_missing"),
        ({"code": "invented"}, "code_refused"),
    ],
)
def test_an_answer_without_a_good_code(
    walk: Walk, session: Session, provider: KommuneProvider, callback: dict[str, Any], code: str
) -> None:
    provider.wrong.callback = callback
    assert_refused(walk, session, walk.sign_in(), 403, code)


def test_a_state_of_another_browser_is_unknown_here(app: Flask, walk: Walk, session: Session) -> None:
    other = Walk(StaffClient(app))
    assert_refused(walk, session, walk.follow(other.begin()), 400, "state_unknown")


def test_a_code_of_another_sign_in_does_not_fit_this_one(app: Flask, walk: Walk, session: Session) -> None:
    """Code injection: the attacker's browser shows the victim's code under its own state."""
    stolen = Walk(StaffClient(app)).begin().partition("code=")[2].partition("&")[0]
    own = walk.begin()
    code = own.partition("code=")[2].partition("&")[0]
    assert_refused(walk, session, walk.follow(own.replace(code, stolen)), 403, "code_refused")


def test_a_sign_in_cannot_be_played_twice_even_with_the_cookie_of_before(
    app: Flask, walk: Walk, session: Session, provider: KommuneProvider
) -> None:
    address = walk.begin()
    with walk.client.session_transaction() as cookie:
        before = dict(cookie)
    assert walk.follow(address).status_code == 303
    thief = Walk(StaffClient(app))
    with thief.client.session_transaction() as cookie:
        cookie.update(before)
    asked = provider.asked.count("/token")
    assert thief.follow(address).status_code == 400
    assert provider.asked.count("/token") == asked
    assert reasons(session) == ["state_used"]
    assert walk.follow(address).status_code == 400
    assert thief.client.get("/method").status_code == 302


def test_a_token_of_an_earlier_sign_in_is_not_taken_for_this_one(
    walk: Walk, session: Session, provider: KommuneProvider
) -> None:
    kept: list[str] = []
    sign = signed_with(provider.first_key)

    def replay(header: dict[str, Any], claims: dict[str, Any]) -> str:
        kept.append(sign(header, claims))
        return kept[0]

    provider.wrong.sign = replay
    assert walk.sign_in().status_code == 303
    assert walk.sign_in().status_code == 403
    assert reasons(session)[0] in {"token_nonce", "token_at_hash"}


def test_a_sign_in_that_took_too_long(walk: Walk, session: Session, clock: Clock) -> None:
    address = walk.begin()
    clock.go_on(minutes=11)
    assert_refused(walk, session, walk.follow(address), 400, "state_unknown")


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
@pytest.mark.parametrize(
    ("behaviour", "status", "codes"),
    [
        (fails, (403, 503), {"provider_down", "code_refused", "provider_unreadable"}),
        (hugely, (503,), {"provider_down"}),
        (elsewhere, (403, 503), {"provider_down", "code_refused", "provider_unreadable"}),
        (slowly(0.6), (503,), {"provider_down"}),
    ],
    ids=["out of order", "huge", "elsewhere", "slow"],
)
def test_a_provider_that_does_not_answer_as_it_should(
    walk: Walk,
    session: Session,
    provider: KommuneProvider,
    path: str,
    behaviour: Any,
    status: tuple[int, ...],
    codes: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(provider_module, "SECONDS_TO_READ", 0.3)
    provider.wrong.paths[path] = behaviour
    at_start = path.startswith("/.well-known")
    answer = walk.client.get("/sign-in/kommune") if at_start else walk.sign_in()
    assert answer.status_code in status
    assert set(reasons(session)) <= codes
    assert "Prøv igen" in answer.text
    assert walk.client.get("/method").status_code == 302


def test_nobody_waits_for_the_database_while_the_provider_thinks(
    walk: Walk, session: Session, provider: KommuneProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The callback writes, but holds no lock while it asks: another writer comes through at once."""
    written = []

    def write_meanwhile(handler: Any) -> None:
        session.execute(Staff.__table__.update().values(language="da"))
        session.commit()
        written.append(True)
        fails(handler)

    provider.wrong.paths["/token"] = write_meanwhile
    walk.sign_in()
    assert written == [True]


def test_a_provider_that_is_down_is_not_asked_by_everybody_at_once(
    walk: Walk, provider: KommuneProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_module, "SECONDS_TO_READ", 0.2)
    provider.wrong.paths["/.well-known/openid-configuration"] = slowly(0.5)
    for _ in range(3):
        assert walk.client.get("/sign-in/kommune").status_code == 503
    assert len(provider.asked) == 1
