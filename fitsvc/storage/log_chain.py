"""The logs as their seals see them: every row as stored, in order, a thousand in memory at a time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Engine,
    String,
    TableClause,
    Text,
    Uuid,
    column,
    delete,
    func,
    select,
    table,
    text,
)
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from fitsvc.domain.log_chain import microseconds, packed
from fitsvc.domain.log_control import LogName
from fitsvc.keyring import Keyring
from fitsvc.storage.base import UtcDateTime
from fitsvc.storage.engine import BUSY_TIMEOUT_MS, writing
from fitsvc.storage.log_seals import LogCheckpoint, LogSeal
from fitsvc.storage.logs import CaseReading
from fitsvc.storage.secret import keys_of

AT_ONCE = 1000
IMPATIENCE_MS = 100


def _log(name: str, code: str, *more: Any) -> TableClause:
    """A log's columns as they are stored: what is encrypted stays so, and a code need not be known any more."""
    columns = (
        column("seq", BigInteger()),
        column("at", UtcDateTime()),
        column("staff_id", Uuid()),
        column(code, String()),
        *more,
        column("origin", String()),
        column("why", Text()),
    )
    return table(name, *columns)


LOGS = {
    LogName.ACCESS: _log("access_log", "access", column("case_ids", JSON())),
    LogName.AUDIT: _log("audit_log", "act", column("case_id", Uuid()), column("details", JSON())),
}


class Busy(Exception):
    """Somebody else is writing."""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """`packed` is what a seal is made over. `case_ids` of a reading; None when the row cannot be read."""

    seq: int
    packed: bytes
    at: datetime | None
    case_ids: frozenset[str] | None


def keys(session: Session) -> Keyring:
    return keys_of(session.get_bind().dialect)


def hold_writers(session: Session, *, patient: bool = True) -> None:
    """Nobody writes to the logs until this transaction ends, and whoever was writing is done.

    Else a row with a lower number could come after the seal. On SQLite a writing transaction is alone already. Raises
    Busy at once unless `patient`.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection()
        return
    try:
        session.execute(
            text(
                "LOCK TABLE access_log, audit_log, log_seals, log_checkpoints IN SHARE ROW EXCLUSIVE MODE"
                + ("" if patient else " NOWAIT")
            )
        )
    except OperationalError as error:
        raise Busy from error


def hold_still(session: Session) -> None:
    """Everything this transaction reads is as it was at one moment."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


@contextmanager
def impatient_session(engine: Engine) -> Iterator[Session]:
    """A writing session that raises Busy rather than let anybody wait for it."""
    with writing(engine).connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        cursor = connection.connection.cursor()
        try:
            if is_sqlite:
                cursor.execute(f"PRAGMA busy_timeout = {IMPATIENCE_MS}")
            with Session(connection) as session:
                try:
                    session.connection()
                except OperationalError as error:
                    raise Busy from error
                yield session
        finally:
            connection.rollback()
            if is_sqlite:
                cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            cursor.close()


def stream_rows(
    session: Session, log: LogName, *, after: int, at_most: int | None = None
) -> Iterator[StoredRow]:
    """Rows with a higher number than `after`, in the order of their numbers."""
    given = 0
    while at_most is None or given < at_most:
        size = AT_ONCE if at_most is None else min(AT_ONCE, at_most - given)
        rows = _page(session, log, after, size)
        yield from rows
        if len(rows) < size:
            return
        given, after = given + len(rows), rows[-1].seq


def _page(session: Session, log: LogName, after: int, size: int) -> list[StoredRow]:
    source = LOGS[log]
    try:
        found = session.execute(
            select(source).where(source.c.seq > after).order_by(source.c.seq).limit(size)
        ).all()
    except (ValueError, TypeError, AttributeError, SQLAlchemyError):
        return _page_one_by_one(session, log, after, size)
    return [_stored(log, row) for row in found]


def _page_one_by_one(session: Session, log: LogName, after: int, size: int) -> list[StoredRow]:
    """A row was changed into something that is no row of ours; it must not hide the others."""
    source = LOGS[log]
    numbers = session.scalars(
        select(source.c.seq).where(source.c.seq > after).order_by(source.c.seq).limit(size)
    ).all()
    rows = []
    for seq in numbers:
        try:
            rows.append(_stored(log, session.execute(select(source).where(source.c.seq == seq)).one()))
        except (ValueError, TypeError, AttributeError, SQLAlchemyError):
            rows.append(StoredRow(seq, packed(("unreadable",)), None, None))
    return rows


def _stored(log: LogName, row: Any) -> StoredRow:
    is_access = log is LogName.ACCESS
    told = (
        (row.access, _json(row.case_ids)) if is_access else (row.act, _hex(row.case_id), _json(row.details))
    )
    values = (row.seq, microseconds(row.at), _hex(row.staff_id), *told, row.origin, row.why)
    ids = frozenset(UUID(one).hex for one in row.case_ids) if is_access else None
    return StoredRow(row.seq, packed(values), row.at, ids)


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def stream_seals(session: Session, log: LogName) -> Iterator[LogSeal]:
    """In the order they were made."""
    after = 0
    while True:
        query = select(LogSeal).where(LogSeal.log == log, LogSeal.seq > after).order_by(LogSeal.seq)
        seals = session.scalars(query.limit(AT_ONCE)).all()
        yield from seals
        if len(seals) < AT_ONCE:
            return
        after = seals[-1].seq


def find_last_seal(session: Session, log: LogName) -> LogSeal | None:
    return session.scalars(
        select(LogSeal).where(LogSeal.log == log).order_by(LogSeal.to_seq.desc()).limit(1)
    ).one_or_none()


def list_checkpoints(session: Session, log: LogName) -> list[LogCheckpoint]:
    """In the order they were made."""
    return list(
        session.scalars(select(LogCheckpoint).where(LogCheckpoint.log == log).order_by(LogCheckpoint.seq))
    )


def has_rows_after(session: Session, log: LogName, seq: int) -> bool:
    source = LOGS[log]
    return session.scalar(select(source.c.seq).where(source.c.seq > seq).limit(1)) is not None


def newest_moment(session: Session, log: LogName, from_seq: int, to_seq: int) -> datetime | None:
    """When the youngest of these rows was written."""
    source = LOGS[log]
    found: datetime | None = session.scalar(
        select(func.max(source.c.at, type_=UtcDateTime())).where(source.c.seq.between(from_seq, to_seq))
    )
    return found


def list_case_readings(session: Session, after: int, up_to: int | None) -> set[tuple[int, str]]:
    """The index of the access log: row and case."""
    query = select(CaseReading.access_seq, CaseReading.case_id).where(CaseReading.access_seq > after)
    if up_to is not None:
        query = query.where(CaseReading.access_seq <= up_to)
    return {(seq, case_id.hex) for seq, case_id in session.execute(query)}


def delete_up_to(session: Session, log: LogName, seq: int) -> int:
    """Take rows and seals away up to where a checkpoint stands already; how many rows there were."""
    source = LOGS[log]
    if log is LogName.ACCESS:
        session.execute(delete(CaseReading).where(CaseReading.access_seq <= seq))
    session.execute(delete(LogSeal).where(LogSeal.log == log, LogSeal.to_seq <= seq))
    count: int = session.execute(delete(source).where(source.c.seq <= seq)).rowcount  # type: ignore[attr-defined]
    return count
