"""The access log and the audit log. No foreign keys: a row outlives what it tells about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.audit import Access, Act
from fitsvc.storage.base import Base, Key, code

PENDING = "fitsvc_pending_access"


class AccessLog(Base):
    """Who read what: one row for a page, with every case id the page showed."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_staff", "staff_id", "at"), Index("ix_access_log_at", "at"))

    id: Mapped[Key]
    at: Mapped[datetime]
    staff_id: Mapped[UUID]
    access: Mapped[Access] = mapped_column(code(Access))
    case_ids: Mapped[list[str]] = mapped_column(JSON)


class AuditLog(Base):
    """Who did what. `staff_id` is None for a respondent behind a link; `details` hold ids and codes, never names."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_case", "case_id", "at"), Index("ix_audit_log_at", "at"))

    id: Mapped[Key]
    at: Mapped[datetime]
    staff_id: Mapped[UUID | None]
    act: Mapped[Act] = mapped_column(code(Act))
    case_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


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
