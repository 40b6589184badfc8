"""The log as the data protection officer reads it: who looked at what, who changed what, and no case contents."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access, Act
from fitsvc.storage.accounts import list_staff
from fitsvc.storage.case_teams import find_case_id, list_references
from fitsvc.storage.log_reading import Wanted, count_acts, count_readings, list_acts, list_readings

ROWS_ON_A_PAGE = 50


class LogKind(StrEnum):
    READINGS = "readings"
    ACTS = "acts"


@dataclass(frozen=True, slots=True)
class LogRow:
    """`who` is None for a respondent behind a link; a case that is no longer there has no reference."""

    at: datetime
    who: str | None
    code: Access | Act
    references: list[str]


@dataclass(frozen=True, slots=True)
class LogPage:
    rows: list[LogRow]
    page: int
    pages: int
    reference: str | None


def find_case_in_log(session: Session, reference: str) -> UUID | None:
    return find_case_id(session, reference)


def read_log(session: Session, *, kind: LogKind, case_id: UUID | None, page: int) -> LogPage:
    """One page, newest first; a page after the last one is the last one."""
    count = count_readings if kind is LogKind.READINGS else count_acts
    pages = max(1, -(-count(session, Wanted(case_id)) // ROWS_ON_A_PAGE))
    page = min(max(page, 1), pages)
    raw = _raw(session, kind, case_id, (page - 1) * ROWS_ON_A_PAGE)
    names = {one.id: one.name for one in list_staff(session)}
    asked = [] if case_id is None else [case_id]
    references = list_references(session, [*asked, *(one for row in raw for one in row.case_ids)])
    rows = [
        LogRow(
            row.at,
            names.get(row.staff_id) if row.staff_id else None,
            row.code,
            sorted(references[one] for one in row.case_ids if one in references),
        )
        for row in raw
    ]
    return LogPage(rows, page, pages, references.get(case_id) if case_id else None)


@dataclass(frozen=True, slots=True)
class _Raw:
    at: datetime
    staff_id: UUID | None
    code: Access | Act
    case_ids: list[UUID]


def _raw(session: Session, kind: LogKind, case_id: UUID | None, skip: int) -> list[_Raw]:
    if kind is LogKind.READINGS:
        readings = list_readings(session, Wanted(case_id), skip=skip, limit=ROWS_ON_A_PAGE)
        return [
            _Raw(row.at, row.staff_id, row.access, [UUID(one) for one in row.case_ids]) for row in readings
        ]
    acts = list_acts(session, Wanted(case_id), skip=skip, limit=ROWS_ON_A_PAGE)
    return [_Raw(row.at, row.staff_id, row.act, [row.case_id] if row.case_id else []) for row in acts]
