"""The second step of signing in: nobody is anybody before it, a code works once, and wrong ones are counted."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_wtf.csrf import generate_csrf
from passlib.totp import TOTP
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.roles import Role
from fitsvc.services import second_factors
from fitsvc.storage.accounts import Staff
from fitsvc.storage.logs import AuditLog
from fitsvc.web.access_register import REGISTER, Gate
from fitsvc.web.page_owner import begin_pages_of
from tests.builders import PASSWORD
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.conftest import NOW

CHEAP_HASH = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODE = re.compile(r"<code>((?:[a-z0-9]{4}-){3}[a-z0-9]{4})</code>")


@pytest.fixture
def database_url(empty_sqlite: str) -> str:
    """What happens between two pages does not depend on the database; one test below looks at PostgreSQL."""
    return empty_sqlite


@pytest.fixture
def paula(cast: Cast, session: Session) -> Staff:
    """Has a password and an app."""
    cast.practitioner.password = CHEAP_HASH
    cast.practitioner.tf_totp_secret = SECRET
    session.commit()
    return cast.practitioner


def code_at(moment: datetime = NOW, secret: str = SECRET) -> str:
    return str(TOTP(key=secret).generate(time=moment).token)


def give_password(client: StaffClient, email: str = "paula@example.org", **fields: str):  # type: ignore[no-untyped-def]
    return client.send("/login", {"email": email, "password": PASSWORD} | fields)


def give(client: StaffClient, **fields: str):  # type: ignore[no-untyped-def]
    return client.send("/login/code", fields)


def is_signed_in(client: StaffClient) -> bool:
    return client.get("/account/pin").status_code == 200


def acts(session: Session) -> list[Act]:
    session.rollback()
    found = list(session.scalars(select(AuditLog.act).order_by(AuditLog.seq)))
    session.rollback()  # or SQLite's write lock would stay here
    return found


def test_the_password_alone_signs_nobody_in_and_the_code_does(
    client: StaffClient, paula: Staff, session: Session
) -> None:
    answer = give_password(client)
    assert (answer.status_code, answer.location) == (303, "/login/code")
    assert not is_signed_in(client)
    give_password(client)
    assert acts(session) == []
    answer = give(client, code=code_at())
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(client)
    assert acts(session) == [Act.SIGNED_IN]


def test_half_signed_in_no_route_opens_but_those_of_the_second_step(
    client: StaffClient, paula: Staff, app: Flask, cast: Cast
) -> None:
    give_password(client)
    wrong = []
    for rule in app.url_map.iter_rules():
        if REGISTER[rule.endpoint] in {Gate.PUBLIC, Gate.LINK, Gate.HALF}:
            continue
        values = dict.fromkeys(rule.arguments, cast.case.id)
        try:
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
        except Exception:
            path = rule.rule.replace("<", "").replace(">", "")
        for method in rule.methods & {"GET", "POST"}:  # type: ignore[operator]
            token = CSRF.search(client.get("/login/code").text)
            assert token, "the half sign-in goes on"
            answer = client.open(
                path, method=method, data={"csrf_token": token.group(1)} if method == "POST" else None
            )
            is_out = answer.status_code in {401, 404, 405} or (answer.location or "").startswith("/login")
            if not is_out:
                wrong.append(f"{method} {path}: {answer.status_code} {answer.location}")
            if (answer.location or "") == "/login" and method == "POST":
                give_password(client)
    assert not wrong, "\n".join(wrong)


def test_a_code_works_once_even_in_another_browser(
    client: StaffClient, paula: Staff, app: Flask, session: Session
) -> None:
    give_password(client)
    give(client, code=code_at())
    other = StaffClient(app)
    give_password(other)
    answer = give(other, code=code_at())
    assert answer.status_code == 422
    assert not is_signed_in(other)
    assert Act.SECOND_FACTOR_REFUSED in acts(session)


@pytest.mark.parametrize(("shift", "is_right"), [(-30, True), (30, True), (-90, False), (90, False)])
def test_a_clock_may_be_half_a_minute_off(
    client: StaffClient, paula: Staff, shift: int, is_right: bool
) -> None:
    give_password(client)
    give(client, code=code_at(NOW + timedelta(seconds=shift)))
    assert is_signed_in(client) is is_right


def test_five_wrong_codes_end_the_half_sign_in_and_are_in_the_log(
    client: StaffClient, paula: Staff, session: Session
) -> None:
    give_password(client)
    for _ in range(4):
        assert "/login/code" in give(client, code="000000").text
    assert "<h1>Log ind</h1>" in give(client, code="000000").text
    assert client.get("/login/code").location == "/login"
    assert acts(session).count(Act.SECOND_FACTOR_REFUSED) == 5
    assert "000000" not in str([row.details for row in session.scalars(select(AuditLog))])


def test_going_back_to_an_older_cookie_gives_no_more_tries(client: StaffClient, paula: Staff) -> None:
    give_password(client)
    cookie = client.get_cookie("fitsvc")
    assert cookie
    for _ in range(12):
        client.set_cookie("fitsvc", cookie.value)
        give(client, code="000000")
    client.set_cookie("fitsvc", cookie.value)
    give(client, code=code_at())
    assert not is_signed_in(client)


def test_a_half_sign_in_lasts_a_quarter_of_an_hour(
    client: StaffClient, paula: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(client)
    later = NOW + timedelta(minutes=16)
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: later)
    assert client.get("/login/code").location == "/login"


def test_whoever_has_no_second_factor_sets_one_up_before_anything_else(
    client: StaffClient, cast: Cast, session: Session
) -> None:
    cast.administrator.password = CHEAP_HASH
    session.commit()
    assert give_password(client, "adam@example.org").location == "/login/set-up"
    assert client.get("/login/code").location == "/login/set-up"
    assert client.get("/admin/staff").location.startswith("/login")
    page = client.get("/login/set-up/app").text
    key = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert key
    secret = key.group(1).replace(" ", "")
    assert client.send("/login/set-up/app", {"code": "123456"}).status_code == 422
    done = client.send("/login/set-up/app", {"code": code_at(secret=secret)})
    codes = CODE.findall(done.text)
    assert len(set(codes)) == second_factors.RECOVERY_CODES
    assert is_signed_in(client)
    session.rollback()
    stored = session.execute(text("select tf_totp_secret, mf_recovery_codes from staff")).all()
    written = str(stored)
    assert secret not in written
    assert not any(code in written or code.replace("-", "") in written for code in codes)
    assert acts(session)[-3:] == [Act.SECOND_FACTOR_SET, Act.RECOVERY_CODES_MADE, Act.SIGNED_IN]


def test_with_a_second_factor_nobody_sets_up_another_on_the_password_alone(
    client: StaffClient, paula: Staff, session: Session
) -> None:
    give_password(client)
    for path in ("/login/set-up", "/login/set-up/app"):
        assert client.get(path).location == "/login/code"
    assert client.send("/login/set-up/app", {"code": "1"}, page="/login/code").location == "/login/code"
    assert not is_signed_in(client)


def test_a_recovery_code_works_once_however_it_is_typed(
    client: StaffClient, paula: Staff, app: Flask, session: Session
) -> None:
    first, second = second_factors.make_recovery_codes(session, staff=paula, now=NOW)[:2]
    session.commit()
    give_password(client)
    give(client, recovery_code=f" {first.upper().replace('-', ' ')} ")
    assert is_signed_in(client)
    other = StaffClient(app)
    give_password(other)
    assert give(other, recovery_code=first).status_code == 422
    give(other, recovery_code=second)
    assert is_signed_in(other)


def test_the_way_leads_on_to_the_page_asked_for_and_to_no_other_site(
    client: StaffClient, paula: Staff, app: Flask
) -> None:
    client.send("/login?next=/account/pin", {"email": "paula@example.org", "password": PASSWORD})
    assert give(client, code=code_at()).location == "/account/pin"
    other = StaffClient(app)
    other.send("/login?next=https://evil.example/", {"email": "paula@example.org", "password": PASSWORD})
    assert give(other, code=code_at(NOW + timedelta(seconds=30))).location == "/"


@pytest.mark.parametrize("said", [None, "none", "anything"])
def test_a_session_that_says_nothing_of_a_second_factor_opens_nothing(
    client: StaffClient, paula: Staff, said: str | None
) -> None:
    client.sign_in(paula)
    assert is_signed_in(client)
    with client.session_transaction() as cookie:
        cookie["factor"] = said
    assert not is_signed_in(client)
    with client.session_transaction() as cookie:
        assert "_user_id" not in cookie


def test_an_administrator_removes_a_lost_second_factor_and_the_person_is_told(
    client: StaffClient, paula: Staff, cast: Cast, app: Flask, session: Session
) -> None:
    owner = StaffClient(app).sign_in(paula)
    assert is_signed_in(owner)
    admin = client.sign_in(cast.administrator)
    path = f"/admin/staff/{paula.id}"
    answer = admin.send(f"{path}/second-factor/remove", page="/account/pin")
    assert answer.location == path
    assert not is_signed_in(owner)
    assert give_password(owner).location == "/login/set-up"
    assert "Har du ikke bedt om det" in owner.get("/login/set-up").text
    assert Act.SECOND_FACTOR_REMOVED in acts(session)


def test_nobody_removes_their_own_second_factor_as_administrator(
    client: StaffClient, cast: Cast, session: Session
) -> None:
    cast.administrator.tf_totp_secret = SECRET
    session.commit()
    admin = client.sign_in(cast.administrator)
    admin.send(f"/admin/staff/{cast.administrator.id}/second-factor/remove", page="/account/pin")
    session.rollback()
    session.expire_all()
    assert session.get(Staff, cast.administrator.id).tf_totp_secret == SECRET  # type: ignore[union-attr]


def test_the_last_second_factor_cannot_be_removed(
    client: StaffClient, paula: Staff, session: Session
) -> None:
    client.sign_in(paula)
    assert "Fjern appen" not in client.get("/account/second-factor").text
    client.send("/account/second-factor/app/remove", page="/account/pin")
    session.rollback()
    session.expire_all()
    assert session.get(Staff, paula.id).tf_totp_secret == SECRET  # type: ignore[union-attr]


def test_what_was_written_is_carried_through_both_steps(
    app: Flask, client: StaffClient, paula: Staff, cast: Cast
) -> None:
    with app.test_request_context():
        begin_pages_of(paula)
        token = generate_csrf()
    asked = client.post("/account/pin", data={"csrf_token": token, "note": "mine words"})
    kept = re.search(r'name="kept" value="([^"]+)"', asked.text)
    assert kept
    assert "mine" not in kept.group(1)
    step = give_password(client, kept=kept.group(1))
    assert step.status_code == 200
    assert f'value="{kept.group(1)}"' in step.text
    done = give(client, code=code_at(), kept=kept.group(1))
    assert 'value="mine words"' in done.text
    assert 'action="/account/pin"' in done.text


def test_what_one_person_wrote_is_never_sent_by_another(
    client: StaffClient, paula: Staff, cast: Cast, session: Session, app: Flask
) -> None:
    cast.provider_leader.password, cast.provider_leader.tf_totp_secret = CHEAP_HASH, SECRET
    session.commit()
    give_password(client)
    give(client, code=code_at())
    page = client.get("/account/pin")
    token = CSRF.search(page.text)
    assert token
    client.delete_cookie("fitsvc")
    asked = client.post("/account/pin", data={"csrf_token": token.group(1), "note": "mine words"})
    kept = re.search(r'name="kept" value="([^"]+)"', asked.text)
    assert kept
    for who, is_offered in ((cast.provider_leader, False), (paula, True)):
        browser = StaffClient(app)
        give_password(browser, who.email, kept=kept.group(1))
        moment = NOW + timedelta(seconds=30)
        done = give(browser, code=code_at(moment), kept=kept.group(1))
        assert ("mine words" in done.text) is is_offered, who.name


def test_a_demo_signs_in_without_a_phone_and_nothing_else_does(
    client: StaffClient, cast: Cast, session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:

    cast.practitioner.password = CHEAP_HASH
    session.commit()
    monkeypatch.setitem(app.extensions, "fitsvc_config", replace(app.extensions["fitsvc_config"], demo=True))
    assert "Demo: intet andet trin ved login" in client.get("/login").text
    give_password(client)
    assert is_signed_in(client)
    monkeypatch.setitem(app.extensions, "fitsvc_config", replace(app.extensions["fitsvc_config"], demo=False))
    assert not is_signed_in(client)


def test_every_role_needs_a_second_factor(app: Flask, cast: Cast, session: Session) -> None:
    for member in cast.staff.values():
        member.password = CHEAP_HASH
    session.commit()
    seen = set()
    for member in cast.staff.values():
        browser = StaffClient(app)
        assert give_password(browser, member.email).location == "/login/set-up"
        seen |= {Role(role.name) for role in member.roles}
    assert seen
