"""A password takes long to compute, on purpose; the database is not locked meanwhile."""

import sqlite3

import pytest
from sqlalchemy.orm import Session

from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.web.test_session_walk import hand_over, start

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Computing:
    """In place of argon2: looks whether somebody else could write now."""

    def __init__(self, database_url: str) -> None:
        self.file = database_url.removeprefix("sqlite:///")
        self.times = 0

    def __call__(self, _secret: str, _hashed: str) -> bool:
        with sqlite3.connect(self.file, timeout=0, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")  # raises where the lock is held
            other.execute("ROLLBACK")
        self.times += 1
        return False


@pytest.fixture
def computing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Computing:
    counted = Computing(database_url)
    for place in ("fitsvc.services.sign_in", "fitsvc.services.handovers", "fitsvc.web.fresh"):
        monkeypatch.setattr(f"{place}.matches", counted)
    return counted


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/pin", {"pin": "2468", "pin_again": "2468", "password": "x"}),
        ("/account/password", {"password": "x", "new_password": "y" * 20, "new_password_again": "y" * 20}),
    ],
)
def test_ones_own_password_is_computed_outside_the_lock(
    client: StaffClient, cast: Cast, session: Session, computing: Computing, path: str, fields: dict[str, str]
) -> None:
    cast.practitioner.password = "some hash"
    session.commit()
    client.sign_in(cast.practitioner)
    assert client.send(path, fields).status_code == 422
    assert computing.times == 1


def test_a_wrong_code_on_a_handed_over_device_is_computed_outside_the_lock(
    client: StaffClient, cast: Cast, build: Builder, session: Session, computing: Computing
) -> None:
    cast.practitioner.pin_hash = "some hash"
    build.plan(cast.child, "wellbeing-youth")
    build.plan(cast.child, "session-youth")
    session.commit()
    client.sign_in(cast.practitioner)
    hand_over(client, session, start(client, cast), "wellbeing-youth")
    for _ in range(4):
        assert (
            client.send("/handed-over/unlock", {"secret": "1"}, page="/handed-over/back").status_code == 422
        )
    assert computing.times == 8  # PIN and password each


def test_tries_at_ones_own_password_are_bounded(
    client: StaffClient, cast: Cast, session: Session, computing: Computing
) -> None:
    cast.practitioner.password = "some hash"
    session.commit()
    client.sign_in(cast.practitioner)
    fields = {"pin": "2468", "pin_again": "2468", "password": "x"}
    assert [client.send("/account/pin", fields).status_code for _ in range(11)] == [422] * 10 + [429]
    assert computing.times == 10
