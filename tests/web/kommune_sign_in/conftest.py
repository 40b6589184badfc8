"""The service with a kommune's provider beside it, both on the test's clock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fitsvc.app import create_app
from fitsvc.config import Config
from fitsvc.domain.audit import Act
from fitsvc.domain.kommune_mapping_file import parse_kommune_mapping
from fitsvc.kommune_settings import KommuneProvider as Settings
from fitsvc.storage.accounts import Staff
from fitsvc.storage.logs import AuditLog
from fitsvc.web.database import db
from fitsvc.web.kommune_sign_in.provider import Provider
from tests.cast import Cast
from tests.client import StaffClient
from tests.conftest import NOW
from tests.kommune_provider import CLIENT_ID, CLIENT_SECRET, KommuneProvider, running

MAPPING = """
[person]
name = "name"
email = "email"
[assurance]
claim = "acr"
accepted = ["Substantial", "High"]
[roles]
claim = "roles"
values = { "Behandler" = "practitioner", "Leder" = "provider_leader", "Admin" = "administrator" }
[units]
claim = "department"
values = { "4711" = "Familiehuset", "1000" = "Myndighed" }
"""


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def go_on(self, **time: float) -> None:
        self.now += timedelta(**time)

    def seconds(self) -> int:
        return int(self.now.timestamp())


_clock = Clock()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    def read() -> datetime:
        return _clock.now

    _clock.now = NOW
    monkeypatch.setattr("fitsvc.web.current.moment_now", read)
    return _clock


@pytest.fixture(scope="session")
def running_provider() -> Iterator[KommuneProvider]:
    with running(_clock.seconds) as provider:
        yield provider


@pytest.fixture
def provider(running_provider: KommuneProvider) -> KommuneProvider:
    running_provider.reset()
    return running_provider


@pytest.fixture
def settings(provider: KommuneProvider) -> Settings:
    return Settings(
        provider.issuer, CLIENT_ID, CLIENT_SECRET, parse_kommune_mapping(MAPPING, file="mapping.toml")
    )


_made: dict[tuple[str, bool], Flask] = {}


def make(config: Config, settings: Settings, *, local_passwords: bool) -> Flask:
    """One service for all tests of a database; what it knows of the provider is forgotten in between."""
    key = (config.database_url, local_passwords)
    if key not in _made:
        _made[key] = create_app(replace(config, kommune_provider=settings, local_passwords=local_passwords))
        _made[key].testing = True
    _made[key].extensions["fitsvc_kommune_provider"] = Provider(
        settings, "http://localhost/sign-in/kommune/callback"
    )
    return _made[key]


@pytest.fixture
def app(config: Config, settings: Settings, cast: Cast, clock: Clock) -> Iterator[Flask]:
    built = make(config, settings, local_passwords=True)
    yield built
    with built.app_context():
        db.engine.dispose()


@pytest.fixture
def kommune_only(config: Config, settings: Settings, cast: Cast, clock: Clock) -> Iterator[Flask]:
    """The service with its own passwords switched off."""
    built = make(config, settings, local_passwords=False)
    yield built
    with built.app_context():
        db.engine.dispose()


@dataclass
class Walk:
    """A browser on its way through the provider."""

    client: StaffClient

    def begin(self, path: str = "/sign-in/kommune") -> str:
        """To the provider; returns the address it sends the browser back to, which nobody has followed yet."""
        answer = self.client.get(path)
        assert answer.status_code == 303, answer.text
        back = requests.get(answer.location, allow_redirects=False, timeout=5)
        assert back.status_code == 302, back.text
        return back.headers["Location"]

    def follow(self, address: str) -> TestResponse:
        parts = urlsplit(address)
        return self.client.get(f"{parts.path}?{parts.query}")

    def sign_in(self, path: str = "/sign-in/kommune") -> TestResponse:
        return self.follow(self.begin(path))


@pytest.fixture
def walk(app: Flask) -> Walk:
    return Walk(StaffClient(app))


def find_staff(session: Session, subject: str = "u-1001") -> Staff | None:
    session.rollback()
    session.expire_all()
    found = session.scalars(select(Staff).where(Staff.oidc_subject == subject)).unique().one_or_none()
    session.commit()
    return found


def reasons(session: Session) -> list[str]:
    """Why sign-ins were refused, as the log has it."""
    session.rollback()
    rows = session.scalars(
        select(AuditLog).where(AuditLog.act == Act.SIGN_IN_REFUSED).order_by(AuditLog.seq)
    ).all()
    session.commit()
    return [row.details["reason"] for row in rows]


def acts(session: Session) -> list[str]:
    session.rollback()
    rows = session.scalars(select(AuditLog).order_by(AuditLog.seq)).all()
    session.commit()
    return [row.act.value for row in rows]
