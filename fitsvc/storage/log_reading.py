"""Looking into the two logs, newest first, page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access, Act
from fitsvc.storage.logs import AccessLog, AuditLog, CaseReading


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a log: of one case, one person, one time (`from_at` <= at < `until_at`), one kind; None is any."""

    case_id: UUID | None = None
    staff_id: UUID | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None
    access: Access | None = None
    act: Act | None = None


EVERYTHING = Wanted()


def list_readings(
    session: Session, wanted: Wanted = EVERYTHING, *, skip: int = 0, limit: int | None = None
) -> list[AccessLog]:
    query = _readings(select(AccessLog), wanted).order_by(AccessLog.seq.desc())
    return list(session.scalars(query.offset(skip).limit(limit)))


def count_readings(session: Session, wanted: Wanted = EVERYTHING) -> int:
    return session.scalar(_readings(select(func.count(AccessLog.seq)), wanted)) or 0


def list_acts(
    session: Session, wanted: Wanted = EVERYTHING, *, skip: int = 0, limit: int | None = None
) -> list[AuditLog]:
    query = _acts(select(AuditLog), wanted).order_by(AuditLog.seq.desc())
    return list(session.scalars(query.offset(skip).limit(limit)))


def count_acts(session: Session, wanted: Wanted = EVERYTHING) -> int:
    return session.scalar(_acts(select(func.count(AuditLog.seq)), wanted)) or 0


def _readings(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.case_id is not None:
        of_case = (CaseReading.access_seq == AccessLog.seq) & (CaseReading.case_id == wanted.case_id)
        query = query.join(CaseReading, of_case)
    if wanted.access is not None:
        query = query.where(AccessLog.access == wanted.access)
    return _by_whom_and_when(query, AccessLog, wanted)


def _acts(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.case_id is not None:
        query = query.where(AuditLog.case_id == wanted.case_id)
    if wanted.act is not None:
        query = query.where(AuditLog.act == wanted.act)
    return _by_whom_and_when(query, AuditLog, wanted)


def _by_whom_and_when(
    query: Select[Any], log: type[AccessLog] | type[AuditLog], wanted: Wanted
) -> Select[Any]:
    if wanted.staff_id is not None:
        query = query.where(log.staff_id == wanted.staff_id)
    if wanted.from_at is not None:
        query = query.where(log.at >= wanted.from_at)
    if wanted.until_at is not None:
        query = query.where(log.at < wanted.until_at)
    return query
