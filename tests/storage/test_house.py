"""What holds for every table: named constraints, UUID keys, aware times in UTC, no query nobody asked for."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import DateTime, Engine, Uuid, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from fitsvc.storage.base import Base, UtcDateTime
from fitsvc.storage.engine import writing
from fitsvc.storage.organisation import Unit
from tests.builders import Builder

TABLES = Base.metadata.sorted_tables
NAMED_BY_THE_OUTSIDE_WORLD = {
    "installation_facts": ["name"],
    "instrument_versions": ["instrument_id", "version"],
    "limit_counters": ["key"],
    "spent": ["key_hash"],
}
IN_A_ROW = {
    "access_log": ["seq"],
    "audit_log": ["seq"],
    "case_readings": ["case_id", "access_seq"],
    "log_checkpoints": ["seq"],
    "log_seals": ["seq"],
}
"""The only tables without a UUID of their own: names given elsewhere, and logs whose order is what is sealed."""


def test_every_constraint_and_index_has_a_name() -> None:
    nameless = [
        f"{table.name}: {one}"
        for table in TABLES
        for one in (*table.constraints, *table.indexes)
        if not one.name
    ]
    assert not nameless


def test_every_row_has_a_uuid() -> None:
    other = {
        table.name: [column.name for column in table.primary_key]
        for table in TABLES
        if not all(isinstance(column.type, Uuid) for column in table.primary_key)
    }
    assert other == NAMED_BY_THE_OUTSIDE_WORLD | IN_A_ROW


def test_every_moment_is_stored_as_utc() -> None:
    assert not [
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, DateTime) and not isinstance(column.type, UtcDateTime)
    ]


def test_a_moment_comes_back_as_the_same_moment_in_utc(session: Session, build: Builder) -> None:
    unit = build.unit()
    unit.created_at = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    session.commit()
    session.expire_all()
    found = session.get_one(Unit, unit.id).created_at
    assert (found, found.tzinfo) == (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), UTC)


def test_a_moment_without_a_time_zone_is_refused(session: Session, build: Builder) -> None:
    build.unit().created_at = datetime(2026, 3, 16, 9, 0)  # noqa: DTZ001  the mistake itself
    with pytest.raises(StatementError, match="must be aware"):
        session.flush()


def test_no_page_queries_by_accident() -> None:
    lazy = {
        str(one): one.lazy
        for mapper in Base.registry.mappers
        for one in mapper.relationships
        if one.lazy not in {"raise", "joined", "selectin"}
    }
    assert not lazy


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_promises_what_postgresql_does(engine: Engine) -> None:
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() >= 10_000


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_takes_sqlites_lock_at_once(engine: Engine) -> None:
    with writing(engine).connect() as first, engine.connect() as reader, engine.connect() as second:
        first.execute(text("SELECT 1"))  # begins, and has the lock without having written
        assert reader.execute(text("SELECT count(*) FROM cases")).scalar() == 0
        second.exec_driver_sql("SELECT 1")
        second.rollback()
        raw = second.connection.cursor()
        raw.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(Exception, match="locked"):
            raw.execute("BEGIN IMMEDIATE")
        raw.close()
