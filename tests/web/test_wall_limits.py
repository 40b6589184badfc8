"""Wrong tries are counted for whoever makes them, and for nobody else."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from fitsvc.storage.limits import LimitCounter, delete_expired
from fitsvc.web.limit_storage import DatabaseStorage
from fitsvc.web.limits import Kind, note_failure, slow_down
from tests.conftest import NOW


def fail(app: Flask, kind: Kind, who: str, address: str, times: int = 1) -> int:
    """Wrong tries from an address; how many of them were let through."""
    through = 0
    for _ in range(times):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            try:
                slow_down(kind, who)
            except TooManyRequests as refused:
                assert refused.retry_after
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
