"""Wrong tries are counted for whoever makes them, and for nobody else."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_login import user_logged_in
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from fitsvc.domain.audit import Act
from fitsvc.domain.rater import RaterRole
from fitsvc.services.links import create_link
from fitsvc.storage.limits import LimitCounter, delete_expired
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.ratings import Rating
from fitsvc.web.limit_storage import DatabaseStorage
from fitsvc.web.limits import LIMITS, Kind, note_failure, slow_down
from tests.builders import PASSWORD, Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.conftest import NOW


def fail(app: Flask, kind: Kind, who: str, address: str, times: int = 1) -> int:
    """Wrong tries from an address; how many of them were let through."""
    through = 0
    for _ in range(times):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            try:
                slow_down(kind, who)
            except TooManyRequests:
                continue
            through += 1
            note_failure(kind, who)
            app.process_response(app.response_class())
    return through


def test_tries_are_counted_for_the_account_from_that_address(app: Flask) -> None:
    assert fail(app, Kind.SIGN_IN, "paula@example.org", "192.0.2.1", 12) == 10
    assert fail(app, Kind.SIGN_IN, " Paula@Example.org", "192.0.2.1") == 0
    assert fail(app, Kind.SIGN_IN, "paula@example.org", "192.0.2.2") == 1
    assert fail(app, Kind.SIGN_IN, "carl@example.org", "192.0.2.1") == 1


def test_tries_come_back_when_their_time_is_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fail(app, Kind.SIGN_IN, "paula@example.org", "192.0.2.1", 12) == 10
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW + timedelta(minutes=15, seconds=1))
    assert fail(app, Kind.SIGN_IN, "paula@example.org", "192.0.2.1", 12) == 10


def test_trying_one_password_on_many_accounts_is_bounded_too(app: Flask) -> None:
    through = sum(fail(app, Kind.SIGN_IN, f"{n}@example.org", "192.0.2.1") for n in range(110))
    assert through == 100


def test_an_ipv6_network_is_one_address(app: Flask) -> None:
    through = sum(fail(app, Kind.LINK, "", f"2001:db8::{n:x}") for n in range(70))
    assert through == 60
    assert fail(app, Kind.LINK, "", "2001:db8:0:1::1") == 1
    assert fail(app, Kind.LINK, "", "::ffff:192.0.2.9", 70) == 60
    assert fail(app, Kind.LINK, "", "192.0.2.9") == 0


def test_nobody_can_read_in_the_table_whose_tries_they_are(app: Flask, session: Session) -> None:
    fail(app, Kind.SIGN_IN, "paula@example.org", "192.0.2.77")
    kept = " ".join(row.key for row in session.scalars(select(LimitCounter)))
    assert kept
    assert "paula" not in kept
    assert "192.0.2" not in kept


def test_counters_that_are_over_are_deleted(app: Flask, session: Session) -> None:
    fail(app, Kind.SIGN_IN, "paula@example.org", "192.0.2.1")
    session.commit()
    assert delete_expired(session, NOW.timestamp()) == 0
    assert delete_expired(session, (NOW + timedelta(minutes=16)).timestamp()) == 2


def test_counting_at_the_same_moment_forgets_nothing(engine: Engine) -> None:
    storage = DatabaseStorage(engine=engine)
    several = [
        threading.Thread(target=lambda: [storage.incr("together", 60) for _ in range(10)]) for _ in range(4)
    ]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert storage.get("together") == 40
    storage.clear("together")
    assert storage.get("together") == 0


def test_a_limit_that_cannot_be_counted_stops_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object) -> None:
        raise OSError("no storage")

    monkeypatch.setattr(DatabaseStorage, "base_exceptions", property(lambda _self: OSError))
    monkeypatch.setattr(DatabaseStorage, "_read", gone)
    assert fail(app, Kind.SIGN_IN, "paula@example.org", "192.0.2.1") == 1


# --- through the pages ------------------------------------------------------------------------------------------------

CHEAP_HASH = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)
OWNER, ELSEWHERE = "198.51.100.1", "203.0.113.66"


@pytest.fixture
def owner(cast: Cast, session: Session) -> Cast:
    cast.practitioner.password = CHEAP_HASH
    session.commit()
    return cast


def sign_in(client: StaffClient, password: str, address: str) -> TestResponse:
    return client.send(
        "/login",
        {"email": "paula@example.org", "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


def known_browser(app: Flask, owner: Cast) -> StaffClient:
    """The browser of somebody who signed in on it before, and has been signed out since."""
    with app.test_request_context():
        user_logged_in.send(app, user=owner.practitioner)
        cookie = parse_cookie(app.process_response(app.response_class()).headers["Set-Cookie"])
    browser = StaffClient(app)
    browser.set_cookie("fitsvc-known", cookie["fitsvc-known"])
    return browser


def is_let_in(answer: TestResponse) -> bool:
    """The password was right; a second factor may follow."""
    return answer.status_code in {302, 303}


def test_a_thousand_wrong_passwords_from_elsewhere_do_not_lock_the_owner_out(app: Flask, owner: Cast) -> None:
    known = known_browser(app, owner)
    stranger = StaffClient(app)
    assert fail(app, Kind.SIGN_IN, "paula@example.org", ELSEWHERE, 1_000) == 10
    refused = sign_in(stranger, PASSWORD, ELSEWHERE)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert "15 minutter" in refused.text
    assert is_let_in(sign_in(known, PASSWORD, ELSEWHERE))
    assert is_let_in(sign_in(StaffClient(app), PASSWORD, OWNER))


def test_no_password_is_computed_when_the_tries_are_used_up(
    app: Flask, owner: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(app, Kind.SIGN_IN, "paula@example.org", ELSEWHERE, 10)
    monkeypatch.setattr("flask_security.forms.LoginForm.validate", lambda *_: pytest.fail("computed"))
    assert sign_in(StaffClient(app), "whatever it is", ELSEWHERE).status_code == 429


def test_a_known_browser_has_tries_of_its_own_and_no_more(app: Flask, owner: Cast) -> None:
    known = known_browser(app, owner)
    answers = [sign_in(known, "wrong", OWNER).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_another_spelling_of_the_address_brings_no_new_tries(
    app: Flask, owner: Cast, session: Session
) -> None:
    """Browsers and mail libraries read ｅxample.org as example.org, and so does our sign-in."""
    stranger = StaffClient(app)
    answers = [
        stranger.send("/login", {"email": email, "password": "wrong"}).status_code
        for email in ("Paula@example.org ", "paula@ｅxample.org", "paula@example。org") * 4
    ]
    assert answers == [200] * 10 + [429] * 2
    aimed_at = session.scalars(select(AuditLog.details).where(AuditLog.act == Act.SIGN_IN_REFUSED)).all()
    assert {details["account"] for details in aimed_at} == {str(owner.practitioner.id)}


def test_a_made_up_cookie_is_no_known_browser(app: Flask, owner: Cast) -> None:
    fail(app, Kind.SIGN_IN, "paula@example.org", ELSEWHERE, 10)
    stranger = StaffClient(app)
    stranger.set_cookie("fitsvc-known", "W1siYSIsImIiXV0.aaaa.bbbb")
    assert sign_in(stranger, PASSWORD, ELSEWHERE).status_code == 429


def test_the_limit_looks_the_same_for_an_account_that_is_not_there(app: Flask, owner: Cast) -> None:
    pages = []
    for email in ("paula@example.org", "nobody@example.org"):
        fail(app, Kind.SIGN_IN, email, ELSEWHERE, 10)
        answer = StaffClient(app).send(
            "/login",
            {"email": email, "password": "x"},
            environ_overrides={"REMOTE_ADDR": ELSEWHERE},
        )
        pages.append((answer.status_code, re.sub(r'(value|data-[a-z-]+)="[^"]*"', "", answer.text)))
    for one, other in zip(pages[0][1].splitlines(), pages[1][1].splitlines(), strict=True):
        assert one == other
    assert pages[0] == pages[1]


def test_guessing_links_is_slowed_and_a_link_that_works_is_not(
    app: Flask, cast: Cast, build: Builder, session: Session
) -> None:
    token = create_link(
        session, administration=build.administration(cast.child), label="", by=None, now=NOW, link_days=21
    )
    session.commit()
    phone = app.test_client()
    answers = [phone.get(f"/r/guess-{n}").status_code for n in range(65)]
    assert answers == [404] * 60 + [429] * 5
    assert "Retry-After" in phone.get("/r/one-more").headers
    assert phone.get("/calendar/guess.ics").status_code == 429
    assert phone.get(f"/r/{token}").status_code == 200


def test_thirty_pupils_behind_one_address_rate_within_one_minute(
    app: Flask, cast: Cast, build: Builder, session: Session
) -> None:
    tokens = []
    for _ in range(30):
        child = build.respondent(build.case(), RaterRole.CHILD)
        asked = build.administration(child)
        tokens.append(create_link(session, administration=asked, label="", by=None, now=NOW, link_days=21))
    session.commit()
    answers = {f"q-{item}": "5" for item in ("body", "home", "school", "friends", "adult")}
    for token in tokens:
        phone = app.test_client()
        assert phone.get(f"/r/{token[:-1]}").status_code == 404  # each mistypes it once
        assert phone.get(f"/r/{token}").status_code == 200
        assert phone.post(f"/r/{token}", data=answers).status_code == 200
    session.expire_all()
    assert session.scalar(select(func.count(Rating.id))) == 30
    assert session.scalars(select(LimitCounter.amount)).all() == [30]


def test_the_list_of_limits_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs/operations.md").read_text("utf-8")
    rows = {
        line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `") and line[3].islower()
    }
    assert set(LIMITS) == set(rows)
    for kind, limits in LIMITS.items():
        for limit in limits:
            assert str(limit.amount.amount) in rows[kind]
