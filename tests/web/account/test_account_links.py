"""Invitation, forgotten password and new address: one-time links that tell nobody who exists."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fitsvc.config import Config
from fitsvc.domain.audit import Act
from fitsvc.messaging.mail_server import parse_mail_server
from fitsvc.services.passwords import matches
from fitsvc.storage.account_links import AccountLink
from fitsvc.storage.accounts import SignIn, Staff
from fitsvc.storage.logs import AuditLog
from fitsvc.web.redaction import redact
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.client import StaffClient
from tests.conftest import NOW
from tests.mail_server import Box, free_port, mail_server
from tests.second_step import finish, give_second_factor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CHEAP_HASH = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)
NEW = "lygte mose kilde fjord"
CHOSEN = {"new_password": NEW, "new_password_again": NEW}
LINK = re.compile(r"http://localhost(/(?:choose-password|confirm-address)/[\w-]+)")


@pytest.fixture(autouse=True)
def passwords(cast: Cast, session: Session) -> None:
    for member in cast.staff.values():
        member.password = CHEAP_HASH
    session.commit()


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def mail(app: Flask, config: Config, box: Box) -> Iterator[int]:
    """The service with a mail server."""
    with mail_server(box) as port:
        with_mail(app, config, port)
        yield port
    app.extensions["fitsvc_config"] = config


def with_mail(app: Flask, config: Config, port: int) -> None:
    app.extensions["fitsvc_config"] = replace(
        config, mail_server=parse_mail_server(f"smtp://127.0.0.1:{port}"), mail_from="maaling@kommune.example"
    )


def forget(client: StaffClient, email: str) -> TestResponse:
    answer = client.send("/forgot-password", {"email": email})
    client.application.extensions["fitsvc_errands"].wait()
    return answer


def link_in(box: Box) -> str:
    found = LINK.search(box.messages[-1].get_content())
    assert found
    return found.group(1)


def later(monkeypatch: pytest.MonkeyPatch, **by: int) -> None:
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW + timedelta(**by))


def person(session: Session, name: str = "Paula") -> Staff:
    query = select(Staff).where(Staff.name == name).execution_options(populate_existing=True)
    found = session.scalars(query).unique().one()
    session.commit()
    return found


def acts(session: Session) -> list[Act]:
    found = list(session.scalars(select(AuditLog.act).order_by(AuditLog.seq)))
    session.commit()
    return found


# --- a forgotten password


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(
    mail: int, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    elsewhere = StaffClient(client.application).sign_in(cast.practitioner)
    forget(client, "Paula@Example.org ")
    link = link_in(box)
    assert box.recipients == [["paula@example.org"]]
    for _scanner in range(3):
        assert client.get(link).status_code == 200, "looking uses nothing up"
    assert elsewhere.get("/account").status_code == 200
    assert client.send(link, CHOSEN).location == "/login"
    assert matches(NEW, person(session).password or "")
    assert elsewhere.get("/account").status_code == 302, "signed out everywhere"
    again = client.get(link)
    assert again.status_code == 404
    assert "brugt" in again.text
    assert client.post(link, data=CHOSEN).status_code in {400, 404}
    assert [one for one in acts(session) if one in {Act.RESET_MAILED, Act.PASSWORD_CHOSEN}] == [
        Act.RESET_MAILED,
        Act.PASSWORD_CHOSEN,
    ]


def test_asking_tells_nobody_who_exists(
    mail: int, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    """Existing, closed, unknown, and of the kommune's own sign-in: the same answer, and mail to the first alone."""
    cast.colleague.active = False
    cast.caseworker.oidc_issuer, cast.caseworker.oidc_subject = "https://idp.example", "carl"
    session.commit()
    answers = []
    for email in ("paula@example.org", "petra@example.org", "nobody@example.org", "carl@example.org"):
        answer = forget(StaffClient(client.application), email)
        headers = {name: value for name, value in answer.headers if name not in {"Date", "Set-Cookie"}}
        answers.append((answer.status_code, headers, answer.text.replace(email, "")))
    strip = re.compile(r'name="csrf_token" value="[^"]*"')
    assert len({(status, str(headers), strip.sub("", text)) for status, headers, text in answers}) == 1
    assert [one for [one] in box.recipients] == ["paula@example.org"]


def test_nothing_is_looked_up_before_the_answer_is_sent(
    mail: int, client: StaffClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of an answer cannot tell what the errand behind it will find."""
    errands = []
    monkeypatch.setattr("fitsvc.web.account_links.errands.run_later", errands.append)
    looked_up = []
    monkeypatch.setattr("fitsvc.services.account_links.find_staff_by_email", lambda *_a: looked_up.append(1))
    assert client.send("/forgot-password", {"email": "paula@example.org"}).status_code == 200
    assert len(errands) == 1
    assert looked_up == []


def test_a_link_lasts_an_hour_and_a_newer_one_takes_its_place(
    mail: int, client: StaffClient, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(client, "paula@example.org")
    first = link_in(box)
    forget(client, "paula@example.org")
    assert len(box.messages) == 1, "nobody's mailbox is filled through us"
    later(monkeypatch, minutes=6)
    forget(client, "paula@example.org")
    second = link_in(box)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    later(monkeypatch, minutes=67)
    assert client.get(second).status_code == 404


def test_a_reset_does_not_pass_by_the_second_factor(
    mail: int, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    """Whoever reads her mail has the password, and still neither her app nor a new one in its place."""
    give_second_factor(cast.practitioner)
    session.commit()
    before = (cast.practitioner.tf_totp_secret, cast.practitioner.mf_recovery_codes)
    forget(client, "paula@example.org")
    client.send(link_in(box), CHOSEN)
    assert client.get("/account").status_code == 302, "the link signs nobody in"
    answer = client.send("/login", {"email": "paula@example.org", "password": NEW})
    assert (answer.status_code, answer.location) == (303, "/login/code")
    for path in ("/login/set-up", "/login/set-up/app", "/login/set-up/passkey"):
        assert client.get(path).location == "/login/code", path
    assert client.get("/account").status_code == 302
    now_has = person(session)
    assert (now_has.tf_totp_secret, now_has.mf_recovery_codes) == before, "a reset takes no factor away"
    finish(client, answer)
    assert client.get("/account").status_code == 200


def test_a_message_says_nothing_of_a_case_and_is_in_the_persons_language(
    mail: int, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    cast.caseworker.language = "en"
    session.commit()
    for email in ("paula@example.org", "carl@example.org"):
        forget(client, email)
    danish, english = (one.get_content() for one in box.messages)
    assert "ny adgangskode" in danish
    assert "new password" in english
    for text in (danish, english):
        for word in (
            "Paula",
            "Carl",
            "Ravn",
            "SAG",
            "kommune",
            "barn",
            "child",
            "case",
            "sag",
            "Familiehuset",
        ):
            assert word not in LINK.sub("", text), word


def test_a_mail_server_that_is_down_stops_nobody_from_asking_again(
    app: Flask,
    config: Config,
    client: StaffClient,
    box: Box,
    session: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with_mail(app, config, free_port())
    try:
        answer = forget(client, "paula@example.org")
        assert answer.status_code == 200
        assert session.scalars(select(AccountLink)).all() == []
        session.commit()
        assert "unreachable" in caplog.text
        assert "paula" not in caplog.text
        with mail_server(box) as port:
            with_mail(app, config, port)
            forget(client, "paula@example.org")
        assert len(box.messages) == 1
    finally:
        app.extensions["fitsvc_config"] = config


def test_without_a_mail_server_the_page_says_whom_to_ask(client: StaffClient) -> None:
    page = client.get("/forgot-password").text
    assert "administrator" in page
    assert 'name="email"' not in page


@pytest.mark.parametrize("new", ["short", "q1w2e3r4t5y6", "paulapaula2026", "x" * 201])
def test_a_password_that_does_not_do_leaves_the_link_as_it_was(
    mail: int, client: StaffClient, box: Box, new: str
) -> None:
    forget(client, "paula@example.org")
    link = link_in(box)
    refused = client.send(link, {"new_password": new, "new_password_again": new})
    assert refused.status_code == 422
    assert 'id="new_password-error"' in refused.text
    assert client.send(link, CHOSEN).status_code == 303


def test_a_link_is_stored_as_a_hash_only_and_dies_with_the_account(
    mail: int, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    forget(client, "paula@example.org")
    link = link_in(box)
    [row] = session.scalars(select(AccountLink)).all()
    assert link.rpartition("/")[2] not in str(vars(row))
    cast.practitioner.active = False
    session.commit()
    assert client.get(link).status_code == 404


# --- an invitation


def invite(client: StaffClient, cast: Cast, **fields: object) -> TestResponse:
    new = {
        "name": "Nora Ny",
        "email": "nora@example.org",
        "unit_id": str(cast.provider.id),
        "roles": ["practitioner"],
    }
    return client.send("/admin/staff/new", new | fields)


def test_a_colleague_is_invited_by_mail_and_the_administrator_never_sees_the_link(
    mail: int, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    answer = invite(client.sign_in(cast.administrator), cast, name='Nora "Ny" <x@y.dk>')
    assert answer.status_code == 303
    link = link_in(box)
    assert "choose-password" not in answer.text + client.get("/admin/staff").text
    assert box.recipients == [["nora@example.org"]]
    nora = StaffClient(client.application)
    assert nora.send(link, CHOSEN).status_code == 303
    assert nora.get("/account").status_code == 302, "the link signs nobody in"
    assert nora.get(link).status_code == 404


def test_a_mail_server_that_is_down_loses_no_account_and_the_link_is_sent_again(
    app: Flask, config: Config, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    with_mail(app, config, free_port())
    try:
        answer = invite(client, cast)
        assert answer.status_code == 200
        assert "Mailserveren svarer ikke" in answer.text
        assert "choose-password" not in answer.text
        nora = person(session, "Nora Ny")
        with mail_server(box) as port:
            with_mail(app, config, port)
            page = f"/admin/staff/{nora.id}"
            assert client.send(f"{page}/invitation", page=page).status_code == 303
        assert client.get(link_in(box)).status_code == 200
    finally:
        app.extensions["fitsvc_config"] = config


def test_an_invitation_lasts_seven_days(
    mail: int, client: StaffClient, box: Box, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(client.sign_in(cast.administrator), cast)
    later(monkeypatch, days=6, hours=23)
    assert client.get(link_in(box)).status_code == 200
    later(monkeypatch, days=7, minutes=1)
    assert client.get(link_in(box)).status_code == 404


# --- a new address


def test_a_new_address_holds_when_its_link_was_used_and_the_old_one_is_told(
    mail: int, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.practitioner)
    sent = {"email": "Paula.Ny@example.org", "password": PASSWORD}
    assert client.send("/account/address", sent).status_code == 303
    client.application.extensions["fitsvc_errands"].wait()
    assert person(session).email == "paula@example.org"
    link = link_in(box)
    assert client.get(link).status_code == 200
    assert person(session).email == "paula@example.org"
    assert client.send(link).status_code == 303
    client.application.extensions["fitsvc_errands"].wait()
    assert person(session).email == "paula.ny@example.org"
    assert box.recipients == [["paula.ny@example.org"], ["paula@example.org"]]
    assert "paula.ny" not in box.messages[-1].get_content()
    assert client.get(link).status_code == 404


def test_asking_for_somebody_elses_address_looks_the_same_and_sends_nothing(
    mail: int, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.practitioner)
    free, taken = (
        client.send("/account/address", {"email": email, "password": PASSWORD})
        for email in ("free@example.org", "carl@example.org")
    )
    client.application.extensions["fitsvc_errands"].wait()
    assert (free.status_code, free.location, free.text) == (taken.status_code, taken.location, taken.text)
    assert box.recipients == [["free@example.org"]]
    wrong = client.send("/account/address", {"email": "x@example.org", "password": "not my password"})
    assert wrong.status_code == 422


def test_an_address_an_administrator_changes_waits_for_its_owner(
    mail: int, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    fields = {
        "name": "Paula",
        "email": "paula.ny@example.org",
        "unit_id": str(cast.provider.id),
        "roles": ["practitioner"],
        "active": "y",
    }
    assert client.send(f"/admin/staff/{cast.practitioner.id}", fields).status_code == 303
    assert person(session).email == "paula@example.org"
    assert StaffClient(client.application).send(link_in(box)).status_code == 303
    assert person(session).email == "paula.ny@example.org"


def test_links_never_reach_the_log(mail: int, client: StaffClient, box: Box) -> None:
    forget(client, "paula@example.org")
    token = link_in(box).rpartition("/")[2]
    assert token not in redact(f'GET {link_in(box)} HTTP/1.1" 200')


def test_the_kommunes_accounts_and_closed_ones_get_no_links(
    mail: int, client: StaffClient, box: Box, session: Session, cast: Cast
) -> None:
    cast.colleague.active = False
    cast.caseworker.oidc_issuer, cast.caseworker.oidc_subject = "https://idp.example", "carl"
    session.commit()
    client.sign_in(cast.administrator)
    for one in (cast.colleague, cast.caseworker):
        page = f"/admin/staff/{one.id}"
        assert client.send(f"{page}/invitation", page=page).status_code == 404
    assert box.messages == []
    assert session.scalars(select(SignIn.ended_at).where(SignIn.ended_at.is_not(None))).all() == []
