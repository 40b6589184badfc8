"""Engines for SQLite and PostgreSQL that promise the same: what is committed is on disk."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from fitsvc.keyring import Keyring

BUSY_TIMEOUT_MS = 15_000
KEPT_CONNECTIONS = 8
"""For each process. Opening one costs more than most of what is asked of it."""


def engine_options(database_url: str) -> dict[str, Any]:
    """Options for `create_engine`. SQLite waits for a writer instead of failing; PostgreSQL pings stale connections.

    An error message never repeats the values of its statement: they are answers and names, and errors are logged.
    """
    common = {"hide_parameters": True, "pool_size": KEPT_CONNECTIONS}
    if make_url(database_url).get_backend_name() == "sqlite":
        return common | {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}}
    return common | {"pool_pre_ping": True}


def build_engine(database_url: str, keys: Keyring) -> Engine:
    """An engine ready for use outside a web request (commands, tests)."""
    return prepare(create_engine(database_url, **engine_options(database_url)), keys)


def transactions(engine: Engine) -> Callable[[], AbstractContextManager[Session]]:
    """Each call is one transaction in a session of its own, committed when its block ends well."""
    return sessionmaker(engine).begin


def prepare(engine: Engine, keys: Keyring) -> Engine:
    """Set up an engine's connections, transactions and encrypted columns; returns the same engine."""
    engine.dialect.fitsvc_keys = keys  # type: ignore[attr-defined]  # where storage.secret looks for them
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write.

    SQLite takes its single write lock at the start (BEGIN IMMEDIATE): a transaction that reads first and writes
    later could find that somebody else wrote in between, and would have to be thrown away.
    """
    return engine.execution_options(fitsvc_writes=True)


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what is deleted is overwritten
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("fitsvc_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
