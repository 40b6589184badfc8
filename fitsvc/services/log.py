"""The log as the data protection officer reads it: who looked at what, who changed what, and no case contents."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access, Act
from fitsvc.services.case_access import note_reading
from fitsvc.services.clock import COPENHAGEN
from fitsvc.storage.accounts import list_staff
from fitsvc.storage.case_teams import find_case_id, list_references
from fitsvc.storage.log_reading import Wanted, count_acts, count_readings, list_acts, list_readings
from fitsvc.storage.logs import AccessLog, AuditLog

ROWS_ON_A_PAGE = 50
MOST_EXPORTED = 20_000
"""Rows in one file. Who needs more asks for a shorter time."""


class LogKind(StrEnum):
    READINGS = "readings"
    ACTS = "acts"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader looks for; days are Danish ones, both included. None is any."""

    kind: LogKind = LogKind.READINGS
    case_id: UUID | None = None
    staff_id: UUID | None = None
    from_on: date | None = None
    until_on: date | None = None
    event: Access | Act | None = None


@dataclass(frozen=True, slots=True)
class LogRow:
    """`who` is None for a respondent behind a link; a case that is no longer there has no reference."""

    seq: int
    at: datetime
    who: str | None
    unit: str
    code: Access | Act
    references: list[str]
    origin: str
    why: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """`reference` and `person` are those of the one case and the one person asked for."""

    rows: list[LogRow]
    count: int
    page: int
    pages: int
    reference: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class PersonName:
    id: UUID
    name: str
    unit: str


def find_case_in_log(session: Session, reference: str) -> UUID | None:
    return find_case_id(session, reference)


def list_people_in_log(session: Session) -> list[PersonName]:
    """Everybody who has or had an account, by name."""
    return [PersonName(one.id, one.name, one.unit.name) for one in list_staff(session)]


def read_log(session: Session, *, by: Actor, now: datetime, asked: Asked, page: int) -> LogPage:
    """One page, newest first; a page after the last one is the last one. That it was read is in the log too."""
    people = {one.id: one for one in list_people_in_log(session)}
    wanted = _wanted(asked)
    counted = (count_readings if asked.kind is LogKind.READINGS else count_acts)(session, wanted)
    pages = max(1, -(-counted // ROWS_ON_A_PAGE))
    page = min(max(page, 1), pages)
    found = _rows(session, asked.kind, wanted, skip=(page - 1) * ROWS_ON_A_PAGE, limit=ROWS_ON_A_PAGE)
    of_case = [] if asked.case_id is None else [asked.case_id]
    references = list_references(session, [*of_case, *(one for row in found for one in case_ids(row))])
    note_reading(session, by=by, access=Access.LOG_READ, case_ids=of_case, now=now)
    person = people.get(asked.staff_id) if asked.staff_id else None
    return LogPage(
        [told(row, people, references) for row in found],
        counted,
        page,
        pages,
        references.get(asked.case_id) if asked.case_id else None,
        person.name if person else None,
    )


def take_log(session: Session, *, by: Actor, now: datetime, asked: Asked) -> list[LogRow]:
    """Everything asked for, newest first, for a file; at most `MOST_EXPORTED` rows."""
    people = {one.id: one for one in list_people_in_log(session)}
    found = _rows(session, asked.kind, _wanted(asked), skip=0, limit=MOST_EXPORTED)
    references = list_references(session, (one for row in found for one in case_ids(row)))
    of_case = [] if asked.case_id is None else [asked.case_id]
    note_reading(session, by=by, access=Access.LOG_EXPORTED, case_ids=of_case, now=now)
    return [told(row, people, references) for row in found]


def case_ids(row: AccessLog | AuditLog) -> list[UUID]:
    if isinstance(row, AccessLog):
        return [UUID(one) for one in row.case_ids]
    return [row.case_id] if row.case_id else []


def told(row: AccessLog | AuditLog, people: dict[UUID, PersonName], references: dict[UUID, str]) -> LogRow:
    person = people.get(row.staff_id) if row.staff_id else None
    return LogRow(
        row.seq,
        row.at,
        person.name if person else None,
        person.unit if person else "",
        row.access if isinstance(row, AccessLog) else row.act,
        sorted(references[one] for one in case_ids(row) if one in references),
        row.origin,
        row.why,
    )


def begins(day: date) -> datetime:
    """The first moment of a Danish day."""
    return datetime.combine(day, time(), COPENHAGEN)


def _wanted(asked: Asked) -> Wanted:
    wanted = Wanted(
        case_id=asked.case_id,
        staff_id=asked.staff_id,
        from_at=begins(asked.from_on) if asked.from_on else None,
        until_at=begins(asked.until_on + timedelta(days=1)) if asked.until_on else None,
    )
    if isinstance(asked.event, Access):
        return replace(wanted, access=asked.event)
    return replace(wanted, act=asked.event)


def _rows(
    session: Session, kind: LogKind, wanted: Wanted, *, skip: int, limit: int
) -> list[AccessLog] | list[AuditLog]:
    if kind is LogKind.READINGS:
        return list_readings(session, wanted, skip=skip, limit=limit)
    return list_acts(session, wanted, skip=skip, limit=limit)
