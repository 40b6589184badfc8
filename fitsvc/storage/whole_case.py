"""Everything the database holds about one case, table by table: what an access request (GDPR art. 15) gives.

Which tables those are is read from the models themselves, so that a new table about a child is there from its first
day. A table that leads to a case and is left out stands in `EXCEPTED` with its reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from fitsvc.storage.accounts import Staff
from fitsvc.storage.base import Base
from fitsvc.storage.frozen import FrozenReport
from fitsvc.storage.logs import CaseReading
from fitsvc.storage.organisation import Unit
from fitsvc.storage.respondents import Respondent

EXCEPTED = {
    "case_readings": "an index of the access log, which is there itself",
    "staged_targets": "rows of an import under way, gone when it ends",
    "staged_values": "rows of an import under way, gone when it ends",
    "device_handovers": "which browser lay in whose hands: it tells of a member of staff's device",
}
"""Tables with a way to a case that an access request leaves out, and why."""

LEFT_OUT_COLUMNS = {
    "access_log": {"case_ids", "origin"},  # the other cases on the same page, and a member of staff's address
    "audit_log": {"origin"},
    "links": {"token_hash", "failed_guesses"},  # secrets
    "ratings": {"digest", "import_key"},  # made by the machine, for the machine
    "frozen_reports": {"pdf", "snapshot"},  # come along as files
}

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""A case's rows as plain values, decrypted, by table."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The bytes of one frozen report."""

    report_id: UUID
    pdf: bytes


def read_whole_case(session: Session, case_id: UUID) -> Rows:
    """One query for each table, however much there is."""
    found: dict[str, Sequence[Row]] = {}
    for table in covered_tables():
        left_out = LEFT_OUT_COLUMNS.get(table.name, set())
        columns = [column for column in table.columns if column.name not in left_out]
        query = select(*columns).where(about_case(table, case_id)).order_by(*_order(table))
        found[table.name] = [dict(row) for row in session.execute(query).mappings()]
    return found


def covered_tables() -> Iterator[Table]:
    """The tables an access request reads, parents first."""
    for table in Base.metadata.sorted_tables:
        if table.name not in EXCEPTED and leads_to_case(table):
            yield table


def leads_to_case(table: Table) -> bool:
    return (
        table.name in {"cases", "persons", "access_log"}
        or "case_id" in table.columns
        or bool(_parents(table))
    )


def about_case(table: Table, case_id: UUID) -> ColumnElement[bool]:
    """The condition on a table that keeps what is about this case."""
    if table.name == "cases":
        return table.c.id == case_id
    if table.name == "persons":
        return table.c.id.in_(select(Respondent.person_id).where(Respondent.case_id == case_id))
    if table.name == "access_log":
        return table.c.seq.in_(select(CaseReading.access_seq).where(CaseReading.case_id == case_id))
    if "case_id" in table.columns:
        return table.c.case_id == case_id
    column, parent = _parents(table)[0]
    return column.in_(select(parent.c.id).where(about_case(parent, case_id)))


def list_papers(session: Session, report_ids: Sequence[UUID]) -> list[Paper]:
    """The stored bytes of these reports."""
    rows = session.execute(select(FrozenReport.id, FrozenReport.pdf).where(FrozenReport.id.in_(report_ids)))
    return [Paper(*row) for row in rows]


def list_names(session: Session, staff_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and unit of these members of staff."""
    rows = session.execute(
        select(Staff.id, Staff.name, Unit.name)
        .join(Unit, Unit.id == Staff.unit_id)
        .where(Staff.id.in_(staff_ids))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def list_unit_names(session: Session) -> dict[UUID, str]:
    return dict(session.execute(select(Unit.id, Unit.name)).all())


def _parents(table: Table) -> list[tuple[Any, Table]]:
    """By which columns a table without a case of its own belongs to one that has: it is deleted with it."""
    return [
        (key.parent, key.column.table)
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)
        if key.ondelete == "CASCADE"
        and key.column.table.name != table.name
        and leads_to_case(key.column.table)
    ]


def _order(table: Table) -> list[Any]:
    first = next(
        (name for name in ("seq", "created_at", "started_at", "from_on") if name in table.columns), None
    )
    return [table.c[first]] if first else []
