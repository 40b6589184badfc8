"""Frozen reports: stored once when a meeting is held, shown again byte for byte, locked by a withdrawal."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access, Act
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.errors import NotFound
from fitsvc.services.meetings import get_meeting
from fitsvc.storage.frozen import (
    FrozenKind,
    FrozenReport,
    FrozenVoice,
    find_frozen_report,
    list_frozen_kinds,
    list_frozen_reports,
    list_summaries,
    list_unlocked_of_respondent,
)
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import list_meetings
from fitsvc.storage.once import add_once


class DamagedReport(Exception):
    """The stored bytes are not those that were frozen."""


@dataclass(frozen=True, slots=True)
class Document:
    """One paper ready to be frozen. `voices` are the respondents whose answers are on it."""

    kind: FrozenKind
    language: str
    names_hidden: bool
    pdf: bytes
    snapshot: bytes
    summary: str
    software_version: str
    rules_version: str
    voices: Collection[UUID]


@dataclass(frozen=True, slots=True)
class FrozenFacts:
    """A frozen report as lists show it."""

    meeting_id: UUID
    held_on: date
    kind: FrozenKind
    language: str
    names_hidden: bool
    frozen_at: datetime
    snapshot_sha256: str
    software_version: str
    rules_version: str
    is_locked: bool


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """The bytes of a frozen report; `pdf` and `summary` are empty when it is locked."""

    facts: FrozenFacts
    pdf: bytes
    pdf_sha256: str
    summary: str


def is_frozen(session: Session, *, meeting_id: UUID) -> bool:
    """Whether all papers of a meeting are stored already."""
    return list_frozen_kinds(session, meeting_id) == set(FrozenKind)


def freeze_reports(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    meeting_id: UUID,
    documents: Sequence[Document],
) -> None:
    """Store a held meeting's papers. Frozen twice, also at the same moment, is frozen once: the first ones stay."""
    case = get_case(session, by=by, case_id=case_id)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id)
    there = list_frozen_kinds(session, meeting.id)
    for one in documents:
        if one.kind in there:
            continue
        row = FrozenReport(
            id=uuid5(meeting.id, one.kind.value),
            case_id=case.id,
            meeting_id=meeting.id,
            kind=one.kind,
            language=one.language,
            names_hidden=one.names_hidden,
            pdf=one.pdf,
            pdf_sha256=sha256(one.pdf).hexdigest(),
            snapshot=one.snapshot,
            snapshot_sha256=sha256(one.snapshot).hexdigest(),
            summary=one.summary,
            software_version=one.software_version,
            rules_version=one.rules_version,
            frozen_by_id=by.staff_id,
            frozen_at=now,
            locked_at=None,
            locked_for_respondent_id=None,
        )
        if not add_once(session, row):
            continue
        session.add_all(
            FrozenVoice(frozen_report_id=row.id, respondent_id=respondent_id)
            for respondent_id in sorted(one.voices)
        )
        record_act(
            session,
            Act.REPORT_FROZEN,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            meeting=str(meeting.id),
            kind=one.kind.value,
            sha256=row.pdf_sha256,
        )


def list_frozen(
    session: Session, *, by: Actor, now: datetime, case_id: UUID
) -> tuple[tuple[FrozenFacts, ...], dict[UUID, str]]:
    """A case's frozen reports, the newest meeting first, and by meeting the summaries that may be shown."""
    case = get_case(session, by=by, case_id=case_id)
    note_reading(session, by=by, access=Access.FROZEN_REPORT_READ, case_ids=[case.id], now=now)
    held = {one.id: one.held_on for one in list_meetings(session, case.id) if one.held_on}
    found = [_facts(row, held.get(row.meeting_id)) for row in list_frozen_reports(session, case.id)]
    found.sort(key=lambda one: one.kind is FrozenKind.CHILD)
    found.sort(key=lambda one: (one.held_on, one.meeting_id), reverse=True)
    return tuple(found), list_summaries(session, case.id)


def read_frozen(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, meeting_id: UUID, kind: FrozenKind
) -> FrozenFile:
    """One frozen report. Raises NotFound, and DamagedReport when the bytes are not the ones that were frozen."""
    get_case(session, by=by, case_id=case_id)
    found = _file(session, case_id, meeting_id, kind)
    note_reading(session, by=by, access=Access.FROZEN_REPORT_READ, case_ids=[case_id], now=now)
    return found


def take_export(
    session: Session, *, by: Actor, now: datetime, case_id: UUID, meeting_id: UUID
) -> tuple[FrozenFile, ...]:
    """A meeting's frozen reports for the case system, and one access-log row for them; the report first."""
    get_case(session, by=by, case_id=case_id)
    kinds = list_frozen_kinds(session, meeting_id)
    if FrozenKind.REPORT not in kinds:
        raise NotFound(meeting_id)
    found = tuple(_file(session, case_id, meeting_id, kind) for kind in FrozenKind if kind in kinds)
    note_reading(session, by=by, access=Access.EXPORT_TAKEN, case_ids=[case_id], now=now)
    return found


def lock_for_respondent(session: Session, *, by: Actor, now: datetime, respondent_id: UUID) -> int:
    """Lock every frozen report a respondent's answers are on, because they took their answers back; how many."""
    rows = list_unlocked_of_respondent(session, respondent_id)
    for row in rows:
        row.locked_at = now
        row.locked_for_respondent_id = respondent_id
        record_act(
            session,
            Act.REPORT_LOCKED,
            at=now,
            staff_id=by.staff_id,
            case_id=row.case_id,
            meeting=str(row.meeting_id),
            kind=row.kind.value,
            respondent=str(respondent_id),
        )
    return len(rows)


def _file(session: Session, case_id: UUID, meeting_id: UUID, kind: FrozenKind) -> FrozenFile:
    meeting = get_meeting(session, case_id=case_id, meeting_id=meeting_id)
    row = find_frozen_report(session, case_id, meeting.id, kind)
    if row is None:
        raise NotFound(meeting_id)
    facts = _facts(row, meeting.held_on)
    if facts.is_locked:
        return FrozenFile(facts, b"", row.pdf_sha256, "")
    if sha256(row.pdf).hexdigest() != row.pdf_sha256:
        raise DamagedReport(row.id)
    return FrozenFile(facts, row.pdf, row.pdf_sha256, row.summary)


def _facts(row: FrozenReport, held_on: date | None) -> FrozenFacts:
    return FrozenFacts(
        meeting_id=row.meeting_id,
        held_on=held_on or row.frozen_at.date(),
        kind=row.kind,
        language=row.language,
        names_hidden=row.names_hidden,
        frozen_at=row.frozen_at,
        snapshot_sha256=row.snapshot_sha256,
        software_version=row.software_version,
        rules_version=row.rules_version,
        is_locked=row.locked_at is not None,
    )
