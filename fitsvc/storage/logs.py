"""The access log and the audit log. No foreign keys: a row outlives what it tells about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Connection, Index, Integer, String, event, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.audit import Access, Act, check_details
from fitsvc.storage.base import Base, code
from fitsvc.storage.secret import Secret

_WAITING = "fitsvc_waiting_rows"
"""In `Session.info`: the rows that will be written at the request's end; a rollback leaves them."""
READING = "fitsvc_reading"
"""In `Session.info`: whether the request reads and holds no lock, so that every row waits, of acts too."""
ORIGIN = "fitsvc_origin"
"""In `Session.info`: from where this session's readings and changes come."""
_NOTED = "fitsvc_noted"

LogNumber = Annotated[
    int,
    mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
]
"""A row's place in its log, given by the database and never used twice. Gaps are writes that were undone."""


class AccessLog(Base):
    """Who read what: one row for a page, with every case id the page showed.

    `origin` is from where: an address, "link", "device" or "command". `why` was asked for where access was not a
    matter of course; it may name people and is encrypted.
    """

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_staff", "staff_id", "at"),
        Index("ix_access_log_at", "at"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[LogNumber]
    at: Mapped[datetime]
    staff_id: Mapped[UUID]
    access: Mapped[Access] = mapped_column(code(Access))
    case_ids: Mapped[list[str]] = mapped_column(JSON)
    origin: Mapped[str] = mapped_column(String(60), default="command")
    why: Mapped[Secret] = mapped_column(default="")


class CaseReading(Base):
    """Which rows of the access log tell of a case: an index of `AccessLog.case_ids`."""

    __tablename__ = "case_readings"
    __table_args__ = (Index("ix_case_readings_seq", "access_seq"),)

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    access_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class AuditLog(Base):
    """Who did what. `staff_id` is None for a respondent behind a link; `details` hold ids and codes, never names."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_case", "case_id", "at"),
        Index("ix_audit_log_at", "at"),
        Index("ix_audit_log_staff", "staff_id", "at"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[LogNumber]
    at: Mapped[datetime]
    staff_id: Mapped[UUID | None]
    act: Mapped[Act] = mapped_column(code(Act))
    case_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    origin: Mapped[str] = mapped_column(String(60), default="command")
    why: Mapped[Secret] = mapped_column(default="")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of one of the logs that is not written yet."""

    log: type[AccessLog] | type[AuditLog]
    values: dict[str, Any]


_INSERT_ACT = insert(AuditLog.__table__)  # type: ignore[arg-type]
_INSERT_ACCESS = insert(AccessLog.__table__).returning(AccessLog.__table__.c.seq)  # type: ignore[arg-type]
_INSERT_READING = insert(CaseReading.__table__)  # type: ignore[arg-type]


def record_access(
    session: Session, *, staff_id: UUID, access: Access, case_ids: Iterable[UUID], at: datetime, why: str = ""
) -> None:
    """Note a reading. In a request the row waits in the session until the page is made, and is then written and
    committed before it is sent (see `web.database`): a change that is refused and undone leaves it. The same reading
    noted again is no second row. `why`: where access had to be explained.
    """
    values = {
        "at": at,
        "staff_id": staff_id,
        "access": access,
        "case_ids": [str(case_id) for case_id in dict.fromkeys(case_ids)],
    }
    _record(session, AccessLog, values, why)


def record_act(
    session: Session,
    act: Act,
    *,
    at: datetime,
    staff_id: UUID | None = None,
    case_id: UUID | None = None,
    why: str = "",
    **details: Any,
) -> None:
    """Note a change in the transaction that makes it. Raises UndeclaredDetails (`domain.audit`)."""
    check_details(act, details)
    values = {"at": at, "staff_id": staff_id, "act": act, "case_id": case_id, "details": details}
    _record(session, AuditLog, values, why)


def let_rows_wait(session: Session) -> None:
    """Rows of readings wait for `write_waiting` from now on; all rows while the session is READING."""
    session.info[_WAITING] = []


def write_waiting(session: Session) -> bool:
    """Write the rows that waited, and later ones at once; whether there were any."""
    waiting: list[Waiting] = session.info.pop(_WAITING, [])
    for row in waiting:
        _write(session, row)
    return bool(waiting)


def is_noted(session: Session) -> bool:
    """Whether this session has noted a reading or a change that was not undone since."""
    return bool(session.info.get(_WAITING)) or session.info.get(_NOTED, False)


def is_reading_noted(session: Session, case_id: UUID) -> bool:
    """Whether a reading of this case is waiting to be written already."""
    waiting: list[Waiting] = session.info.get(_WAITING, [])
    return any(str(case_id) in row.values.get("case_ids", ()) for row in waiting)


def _record(
    session: Session, log: type[AccessLog] | type[AuditLog], values: dict[str, Any], why: str
) -> None:
    row = Waiting(log, values | {"origin": session.info.get(ORIGIN, "command"), "why": why})
    waiting = session.info.get(_WAITING)
    if waiting is None or (log is AuditLog and not session.info.get(READING)):
        _write(session, row)  # at once: nothing will read or change the row here
        session.info[_NOTED] = True
    elif row not in waiting:
        waiting.append(row)


def _write(session: Session, row: Waiting) -> None:
    connection = session.connection()
    if row.log is AuditLog:
        connection.execute(_INSERT_ACT, row.values)
        return
    seq = connection.scalar(_INSERT_ACCESS, row.values)
    _index(connection, seq, row.values["case_ids"])


def _index(connection: Connection, seq: int, case_ids: Sequence[str]) -> None:
    if case_ids:
        readings = [{"case_id": UUID(one), "access_seq": seq} for one in case_ids]
        connection.execute(_INSERT_READING, readings)


@event.listens_for(AccessLog, "after_insert")
def _index_row(_mapper: Any, connection: Connection, row: AccessLog) -> None:
    """For rows added as objects (the demo's)."""
    _index(connection, row.seq, row.case_ids)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_NOTED, None)
