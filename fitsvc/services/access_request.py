"""An access request (GDPR art. 15): everything that is kept about one child, and the note that it was given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.access_request import Choice, Recipient, Rows, leave_out
from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access, Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument, Kind
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import Invalid
from fitsvc.storage.case_teams import find_case_id
from fitsvc.storage.logs import record_act
from fitsvc.storage.respondents import list_respondents
from fitsvc.storage.whole_case import list_names, list_papers, list_unit_names, read_whole_case

FORMAT = "fitsvc access request 1"
_STAFF_COLUMNS = ("staff_id", "practitioner_id", "substitute_for_id", "shared_with_id")


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A frozen report that comes along; its row in `frozen_reports` has the same id."""

    name: str
    report_id: UUID
    pdf: bytes


@dataclass(frozen=True, slots=True)
class WholeCase:
    """Everything that is given: rows by table, and what their ids and codes stand for."""

    rows: Rows
    choice: Choice
    staff: Mapping[UUID, tuple[str, str]]
    units: Mapping[UUID, str]
    instruments: Mapping[tuple[str, str], Instrument | None]
    papers: Sequence[PaperFile]
    made_at: datetime


def give_access(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    catalogue: Catalogue,
    case_id: UUID,
    choice: Choice,
    why: str = "",
) -> WholeCase:
    """Everything about a case in the actor's scope. `why` is asked for when somebody was left out. Leaves one row in
    the audit log; NotFound outside the scope, Invalid when the reason is missing.
    """
    case = get_case(session, by=by, case_id=case_id)
    known = {one.id for one in list_respondents(session, case.id)}
    if not choice.without <= known:
        raise NotFound(case_id)
    if choice.without and not why.strip():
        raise Invalid("why", "missing")
    found = gather(session, case_id=case.id, catalogue=catalogue, choice=choice, now=now)
    note_reading(session, by=by, access=Access.EVERYTHING_READ, case_ids=[case.id], now=now)
    _note(session, now=now, staff_id=by.staff_id, case_id=case.id, choice=choice, why=why.strip())
    return found


def give_access_by_reference(
    session: Session,
    *,
    now: datetime,
    catalogue: Catalogue,
    reference: str,
    without: frozenset[UUID],
    with_withdrawn: bool,
    recipient: Recipient,
) -> WholeCase:
    """The same for the command line, where whoever types holds the database. NotFound without such a case or rater.

    Who took their answers back is left out unless asked for.
    """
    case_id = find_case_id(session, reference)
    if case_id is None:
        raise NotFound(reference)
    respondents = list_respondents(session, case_id)
    if not without <= {one.id for one in respondents}:
        raise NotFound(reference)
    withdrawn = {one.id for one in respondents if one.withdrawn_at is not None and not with_withdrawn}
    choice = Choice(recipient, without | withdrawn)
    found = gather(session, case_id=case_id, catalogue=catalogue, choice=choice, now=now)
    _note(session, now=now, staff_id=None, case_id=case_id, choice=choice, why="")
    return found


def gather(
    session: Session, *, case_id: UUID, catalogue: Catalogue, choice: Choice, now: datetime
) -> WholeCase:
    """Everything about one case, less what the choice leaves out. One query for each table."""
    everything = read_whole_case(session, case_id)
    forms = {
        (row["instrument_id"], row["instrument_version"]): catalogue.find(
            row["instrument_id"], row["instrument_version"]
        )
        for table in ("ratings", "administrations", "agreed_expectations", "signal_actions")
        for row in everything[table]
    }
    rows = leave_out(everything, choice, private_forms=_private_forms(forms, catalogue))
    used = {
        (row["instrument_id"], row["instrument_version"])
        for table in ("ratings", "administrations", "agreed_expectations", "signal_actions")
        for row in rows[table]
    }
    staff_ids = {value for some in rows.values() for row in some for value in _staff_of(row)}
    return WholeCase(
        rows=rows,
        choice=choice,
        staff=list_names(session, list(staff_ids)),
        units=list_unit_names(session),
        instruments={key: forms[key] for key in sorted(used)},
        papers=_papers(session, rows),
        made_at=now,
    )


def _private_forms(forms: Mapping[tuple[str, str], Instrument | None], catalogue: Catalogue) -> set[str]:
    """Session forms; and a form that is in no catalogue any more, of which nobody knows whether it is one."""
    unknown = {key[0] for key, found in forms.items() if (found or catalogue.find(key[0])) is None}
    return {one.id for one in catalogue if one.kind is Kind.SESSION} | unknown


def _staff_of(row: Mapping[str, Any]) -> list[UUID]:
    return [
        value
        for name, value in row.items()
        if isinstance(value, UUID) and (name in _STAFF_COLUMNS or name.endswith(("_by_id", "_staff_id")))
    ]


def _papers(session: Session, rows: Rows) -> list[PaperFile]:
    """The PDFs of meetings held, but those that were locked when somebody took their answers back."""
    open_reports = {row["id"]: row for row in rows["frozen_reports"] if row["locked_at"] is None}
    held = {row["id"]: row["held_on"] for row in rows["follow_up_meetings"]}
    found = [
        PaperFile(
            f"papirer/{held[row['meeting_id']] or row['frozen_at'].date()}-{row['kind']}.pdf",
            row["id"],
            paper.pdf,
        )
        for paper in list_papers(session, list(open_reports))
        for row in (open_reports[paper.report_id],)
    ]
    return sorted(_told_apart(found), key=lambda one: one.name)


def _told_apart(papers: list[PaperFile]) -> list[PaperFile]:
    """Two meetings of one day get two names."""
    seen: dict[str, int] = {}
    result = []
    for one in sorted(papers, key=lambda paper: (paper.name, str(paper.report_id))):
        seen[one.name] = number = seen.get(one.name, 0) + 1
        name = one.name if number == 1 else one.name.replace(".pdf", f"-{number}.pdf")
        result.append(PaperFile(name, one.report_id, one.pdf))
    return result


def _note(
    session: Session, *, now: datetime, staff_id: UUID | None, case_id: UUID, choice: Choice, why: str
) -> None:
    record_act(
        session,
        Act.ACCESS_GIVEN,
        at=now,
        staff_id=staff_id,
        case_id=case_id,
        why=why,
        recipient=choice.recipient.value,
        without=sorted(str(one) for one in choice.without),
    )
