"""The access log and the audit log. No foreign keys: a row outlives what it tells about."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, String, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.audit import Access, Act
from fitsvc.storage.base import Base, code
from fitsvc.storage.secret import Secret

PENDING = "fitsvc_pending_access"

Sequence = Annotated[
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

    seq: Mapped[Sequence]
    at: Mapped[datetime]
    staff_id: Mapped[UUID]
    access: Mapped[Access] = mapped_column(code(Access))
    case_ids: Mapped[list[str]] = mapped_column(JSON)
    origin: Mapped[str] = mapped_column(String(60), default="command")
    why: Mapped[Secret] = mapped_column(default="")


class CaseReading(Base):
    """Which rows of the access log tell of a case: an index of `AccessLog.case_ids`."""

    __tablename__ = "case_readings"

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

    seq: Mapped[Sequence]
    at: Mapped[datetime]
    staff_id: Mapped[UUID | None]
    act: Mapped[Act] = mapped_column(code(Act))
    case_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    origin: Mapped[str] = mapped_column(String(60), default="command")
    why: Mapped[Secret] = mapped_column(default="")


_INSERT_ACT = insert(AuditLog.__table__)  # type: ignore[arg-type]


def record_access(
    session: Session, *, staff_id: UUID, access: Access, case_ids: list[UUID], at: datetime
) -> None:
    """Note a reading. On a request that only reads, the row waits in the session until the reading is over and is
    then written and committed before the page is sent (see `web.database`).
    """
    row = AccessLog(at=at, staff_id=staff_id, access=access, case_ids=[str(case_id) for case_id in case_ids])
    pending = session.info.get(PENDING)
    if pending is None:
        session.add(row)
    else:
        pending.append(row)


def record_act(
    session: Session,
    act: Act,
    *,
    at: datetime,
    staff_id: UUID | None = None,
    case_id: UUID | None = None,
    **details: Any,
) -> None:
    """Note a change in the transaction that makes it."""
    values = {"at": at, "staff_id": staff_id, "act": act, "case_id": case_id, "details": details}
    pending = session.info.get(PENDING)
    if pending is None:
        session.connection().execute(_INSERT_ACT, values)  # at once: nothing will read or change the row here
    else:
        pending.append(AuditLog(**values))
