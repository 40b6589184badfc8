"""Looking into the two logs, newest first, page by page."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session

from fitsvc.storage.logs import AccessLog, AuditLog


def list_readings(session: Session, *, case_id: UUID | None, skip: int, limit: int) -> list[AccessLog]:
    query = _of_case(select(AccessLog), case_id).order_by(AccessLog.seq.desc())
    return list(session.scalars(query.offset(skip).limit(limit)))


def count_readings(session: Session, *, case_id: UUID | None) -> int:
    return session.scalar(_of_case(select(func.count(AccessLog.seq)), case_id)) or 0


def list_acts(session: Session, *, case_id: UUID | None, skip: int, limit: int) -> list[AuditLog]:
    query = select(AuditLog).order_by(AuditLog.seq.desc())
    if case_id is not None:
        query = query.where(AuditLog.case_id == case_id)
    return list(session.scalars(query.offset(skip).limit(limit)))


def count_acts(session: Session, *, case_id: UUID | None) -> int:
    query = select(func.count(AuditLog.seq))
    if case_id is not None:
        query = query.where(AuditLog.case_id == case_id)
    return session.scalar(query) or 0


def _of_case(query: Select[Any], case_id: UUID | None) -> Select[Any]:
    """A page's case ids are one JSON list; an id is found in its text."""
    if case_id is None:
        return query
    return query.where(cast(AccessLog.case_ids, Text).contains(str(case_id)))
