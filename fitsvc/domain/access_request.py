"""What an access request (GDPR art. 15) gives to whom: the choice, and what it leaves out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from fitsvc.domain.audit import Act

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]


class Recipient(StrEnum):
    """For whom the copy is made. What a respondent wrote for the practitioner or for itself alone is the child's to
    have; to anybody else it would tell what was promised not to be told.
    """

    CHILD = "child"
    OTHER = "other"  # a parent, or whoever acts for the child


@dataclass(frozen=True, slots=True)
class Choice:
    """`without` are the respondents whose answers the caseworker's harm test leaves out."""

    recipient: Recipient
    without: frozenset[UUID] = frozenset()


def leave_out(rows: Rows, choice: Choice, *, private_forms: Collection[str]) -> Rows:
    """The rows without what the choice leaves out, and without any row that mentions such a row's id.

    `private_forms` are the ids of the forms only the practitioner sees. A form nobody knows any more counts among them
    when the caller says so. A frozen report goes with the first voice on it that is left out.
    """
    gone = {one["id"] for one in rows["respondents"] if one["id"] in choice.without}
    gone |= _voiced(rows, gone)
    if choice.recipient is not Recipient.CHILD:
        gone |= _private(rows, private_forms)
    persons = {one["person_id"] for one in rows["respondents"] if one["id"] not in gone}
    gone |= {one["id"] for one in rows["persons"] if one["id"] not in persons}
    return _without({**rows, "audit_log": [_without_reasons(one) for one in rows["audit_log"]]}, gone)


def _without_reasons(row: Row) -> Row:
    """Of earlier copies, not who was left out of them and why."""
    if row["act"] != Act.ACCESS_GIVEN:
        return row
    return {**row, "why": "", "details": {"recipient": row["details"]["recipient"]}}


def _voiced(rows: Rows, gone: set[UUID]) -> set[UUID]:
    return {one["frozen_report_id"] for one in rows["frozen_voices"] if one["respondent_id"] in gone}


def _private(rows: Rows, private_forms: Collection[str]) -> set[UUID]:
    ratings = {
        one["id"] for one in rows["ratings"] if one["withheld"] or one["instrument_id"] in private_forms
    }
    known = {one["administration_id"] for one in rows["ratings"] if one["id"] not in ratings}
    askings = {
        one["administration_id"]
        for one in rows["ratings"]
        if one["id"] in ratings and one["administration_id"] not in known
    }
    askings |= {one["id"] for one in rows["administrations"] if one["instrument_id"] in private_forms}
    words = {
        one["id"]
        for table in ("point_notes", "agenda_wishes")
        for one in rows[table]
        if one["visibility"] != "meeting"
    }
    return (ratings | askings | words) - {None}


def _without(rows: Rows, gone: set[UUID]) -> Rows:
    """Leaving out one row may leave out others: a rating its comment, the comment the note that it was read."""
    while True:
        names = {str(one) for one in gone}
        kept = {table: [row for row in some if not _mentions(row, names)] for table, some in rows.items()}
        more = {
            row["id"]
            for table, some in rows.items()
            for row in some
            if isinstance(row.get("id"), UUID) and row["id"] not in gone and _mentions(row, names)
        }
        if not more:
            return kept
        gone = gone | more


def _mentions(row: Row, names: set[str]) -> bool:
    return any(_has(value, names) for value in row.values())


def _has(value: Any, names: set[str]) -> bool:
    if isinstance(value, UUID):
        return str(value) in names
    if isinstance(value, Mapping):
        return any(_has(one, names) for one in value.values())
    if isinstance(value, list | tuple):
        return any(_has(one, names) for one in value)
    if isinstance(value, str) and len(value) >= 32:
        return any(part in names for part in value.replace(",", ":").replace("/", ":").split(":"))
    return False
