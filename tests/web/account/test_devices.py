"""Browsers one is signed in on: how they end, and that a copied cookie opens nothing."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.storage.accounts import SignIn, SignInWay
from fitsvc.storage.sign_ins import delete_old, hash_login_key
from fitsvc.web.browser_name import browser_name
from tests.builders import PASSWORD, Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.conftest import NOW
from tests.second_step import finish, give_second_factor, next_code
from tests.signed_in import signed_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CHEAP_HASH = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def only_these(cast: Cast, session: Session) -> None:
    """Nobody is signed in but whom a test signs in."""
    for member in cast.staff.values():
        member.password = CHEAP_HASH
    for row in session.scalars(select(SignIn)):
        session.delete(row)
    session.commit()


def browser(app: Flask, build: Builder, cast: Cast, key: str, **columns: object) -> StaffClient:
    """A browser Paula signed in on just now."""
    times = {"began_at": NOW, "seen_at": NOW}
    build.sign_in(cast.practitioner, key, **(times | columns))
    build.session.commit()
    client = StaffClient(app)
    with client.session_transaction() as cookie:
        cookie.update(signed_in(cast.practitioner, key))
    return client


def at(monkeypatch: pytest.MonkeyPatch, **by: int) -> None:
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW + timedelta(**by))


def is_in(client: StaffClient) -> bool:
    return client.get("/account").status_code == 200


def test_signing_in_notes_way_browser_and_address_and_no_more(
    client: StaffClient, cast: Cast, session: Session
) -> None:
    """Not before the second factor: nobody is signed in by a password alone."""
    give_second_factor(cast.practitioner)
    session.commit()
    agent = {"User-Agent": FIREFOX + " secret-serial-no-77"}
    step = client.send("/login", {"email": "paula@example.org", "password": PASSWORD}, headers=agent)
    assert step.location == "/login/code"
    assert session.scalars(select(SignIn)).all() == []
    session.commit()
    assert client.send("/login/code", {"recovery_code": next_code()}, headers=agent).location == "/"
    with client.session_transaction() as cookie:
        key = cookie["login_key"]
    [row] = session.scalars(select(SignIn)).all()
    session.commit()
    assert (row.way, row.browser, row.origin) == (SignInWay.PASSWORD, "Firefox, Windows", "127.0.0.1")
    assert (row.staff_id, row.login_key_hash) == (cast.practitioner.id, hash_login_key(key))
    assert "secret-serial" not in str(vars(row))
    devices = client.get("/account/devices").text
    for words in ("Firefox, Windows", "127.0.0.1", "med adgangskode"):
        assert words in devices


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; K) SamsungBrowser/28.0 Chrome/130.0 Safari/537", "Samsung Internet, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/140.0 Safari/537 Edg/140.0", "Edge, Mac"),
        ("curl/8", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_by_family_and_system(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_a_copied_cookie_opens_nothing_after_signing_out(app: Flask, build: Builder, cast: Cast) -> None:
    own = browser(app, build, cast, "own")
    assert is_in(own)
    stolen = own.get_cookie("fitsvc")
    assert stolen
    own.send("/logout", page="/account")
    thief = StaffClient(app)
    thief.set_cookie("fitsvc", stolen.value)
    assert not is_in(thief)


def test_an_hour_without_use_ends_a_sign_in_whatever_the_cookie_says(
    app: Flask, build: Builder, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet = browser(app, build, cast, "tablet")
    page = tablet.get(f"/cases/{cast.case.id}")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    cookie = tablet.get_cookie("fitsvc")
    assert cookie
    at(monkeypatch, minutes=61)
    later = StaffClient(app)
    later.set_cookie("fitsvc", cookie.value)  # a browser that kept it past its day
    answer = later.get(f"/cases/{cast.case.id}")
    assert answer.status_code == 302
    assert answer.location.startswith("/login")


def test_reading_on_keeps_a_sign_in_for_a_working_day_and_no_longer(
    app: Flask, build: Builder, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = browser(app, build, cast, "own")
    for minutes in (*range(45, 8 * 60, 45), 8 * 60):
        at(monkeypatch, minutes=minutes)
        assert is_in(own), minutes
    at(monkeypatch, minutes=8 * 60 + 1)
    assert not is_in(own)


def test_when_a_browser_was_seen_is_written_once_a_minute_at_most(
    app: Flask, build: Builder, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = browser(app, build, cast, "own")
    written = []
    for seconds in (10, 59, 60, 61, 119, 121):
        at(monkeypatch, seconds=seconds)
        assert is_in(own)
        session.expire_all()
        written.append((session.scalars(select(SignIn.seen_at)).one() - NOW).seconds)
        session.commit()
    assert written == [0, 0, 60, 60, 60, 121]


def test_ones_devices_are_listed_with_this_one_marked_and_each_can_be_signed_out(
    app: Flask, build: Builder, cast: Cast, session: Session
) -> None:
    own = browser(app, build, cast, "own", browser="Firefox, Windows", origin="10.0.0.1")
    phone = browser(app, build, cast, "phone", browser="Safari, iPhone", way=SignInWay.PASSKEY)
    browser(app, build, cast, "old", browser="Opera, Linux", seen_at=NOW - timedelta(hours=2))
    page = own.get("/account/devices").text
    assert "Firefox, Windows" in page
    assert "Safari, iPhone" in page
    assert "10.0.0.1" in page
    assert "Opera" not in page, "it has ended by itself"
    assert page.count('class="mark"') == 1
    query = select(SignIn.id).where(SignIn.login_key_hash == hash_login_key("phone"))
    phone_id = session.scalars(query).one()
    session.commit()
    assert own.send(f"/account/devices/{phone_id}/end", page="/account/devices").status_code == 303
    assert not is_in(phone)
    assert is_in(own)
    assert own.send(f"/account/devices/{phone_id}/end", page="/account/devices").status_code == 404


def test_nobody_ends_somebody_elses_sign_in_by_its_id(
    app: Flask, build: Builder, cast: Cast, session: Session
) -> None:
    own = browser(app, build, cast, "own")
    carls = build.sign_in(cast.caseworker, "carls")
    session.commit()
    assert own.send(f"/account/devices/{carls.id}/end", page="/account/devices").status_code == 404
    session.expire_all()
    assert session.scalars(select(SignIn.ended_at).where(SignIn.id == carls.id)).one() is None


def test_all_others_are_signed_out_at_once(app: Flask, build: Builder, cast: Cast) -> None:
    own, *others = (browser(app, build, cast, key) for key in ("own", "phone", "tablet"))
    assert own.send("/account/devices/end-others", page="/account/devices").status_code == 303
    assert is_in(own)
    assert not any(is_in(one) for one in others)


def test_another_role_signs_its_owner_out_everywhere(
    app: Flask, build: Builder, cast: Cast, session: Session
) -> None:
    paula = browser(app, build, cast, "own")
    build.sign_in(cast.administrator, f"login-{cast.administrator.id}")
    session.commit()
    fields = {
        "name": "Paula",
        "email": "paula@example.org",
        "unit_id": str(cast.provider.id),
        "roles": ["practitioner", "caseworker"],
        "active": "y",
    }
    adam = StaffClient(app).sign_in(cast.administrator)
    assert adam.send(f"/admin/staff/{cast.practitioner.id}", fields).status_code == 303
    assert not is_in(paula)


def test_whoever_signs_in_on_an_open_tablet_signs_the_one_before_out(
    app: Flask, build: Builder, cast: Cast
) -> None:
    give_second_factor(cast.caseworker)
    tablet = browser(app, build, cast, "tablet")
    left_open = tablet.get_cookie("fitsvc")
    assert left_open
    assert "Paula" in tablet.get("/login").text, "the page says who is signed in"
    finish(tablet, tablet.send("/login", {"email": "carl@example.org", "password": PASSWORD}))
    copy = StaffClient(app)
    copy.set_cookie("fitsvc", left_open.value)
    assert not is_in(copy)
    account = tablet.get("/account").text
    assert "carl@example.org" in account
    assert "paula@example.org" not in account


def test_every_staff_page_says_who_is_signed_in_and_signs_out_with_one_press(
    app: Flask, build: Builder, cast: Cast
) -> None:
    own = browser(app, build, cast, "own")
    for path in ("/today", "/cases", f"/cases/{cast.case.id}", "/account", "/account/devices"):
        page = own.get(path).text
        assert "Paula" in page, path
        assert 'action="/logout"' in page, path


def test_housekeeping_deletes_what_ended_long_ago(build: Builder, cast: Cast, session: Session) -> None:
    month = timedelta(days=30)
    for number, columns in enumerate(
        (
            {"began_at": NOW, "seen_at": NOW},
            {"began_at": NOW, "seen_at": NOW, "ended_at": NOW},
            {"began_at": NOW - 2 * month, "seen_at": NOW - 2 * month},
            {"began_at": NOW - 2 * month, "seen_at": NOW - 2 * month, "ended_at": NOW - 2 * month},
        )
    ):
        build.sign_in(cast.practitioner, f"key-{number}", **columns)
    assert delete_old(session, NOW - month) == 2
    assert len(session.scalars(select(SignIn)).all()) == 2
