"""What an import looks up, and the rows it stages before anything is visible."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from fitsvc.domain.instrument import Direction
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.cases import Case
from fitsvc.storage.external import ExternalSeries, ExternalValue
from fitsvc.storage.imports import ImportBatch, ImportState, StagedTarget, StagedValue
from fitsvc.storage.organisation import Unit
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import Respondent


class FoundCase(NamedTuple):
    reference: str
    id: UUID
    closed_on: date | None


class FoundSeries(NamedTuple):
    case_id: UUID
    id: UUID
    minimum: float
    maximum: float
    direction: Direction
    value_unit: str
    rater_role: RaterRole | None
    sd: float | None
    reliability: float | None


def find_cases(session: Session, references: Iterable[str]) -> dict[str, FoundCase]:
    """The cases that are there, by reference. Columns and no objects: an import asks a hundred thousand times."""
    columns = (getattr(Case, name) for name in FoundCase._fields)
    rows = session.execute(select(*columns).where(Case.reference.in_(list(references))))
    return {row.reference: FoundCase(*row) for row in rows}


def find_series(session: Session, case_ids: Iterable[UUID], series_key: str) -> dict[UUID, FoundSeries]:
    """Each case's series of this key, where it has one."""
    columns = (getattr(ExternalSeries, name) for name in FoundSeries._fields)
    rows = session.execute(
        select(*columns).where(
            ExternalSeries.case_id.in_(list(case_ids)), ExternalSeries.series_key == series_key
        )
    )
    return {row.case_id: FoundSeries(*row) for row in rows}


def find_raters(
    session: Session, case_ids: Iterable[UUID], role: RaterRole, setting: str | None
) -> dict[UUID, list[UUID]]:
    """The ids of each case's respondents in this role (and setting, when one is given)."""
    query = select(Respondent.case_id, Respondent.id, Respondent.setting).where(
        Respondent.case_id.in_(list(case_ids)), Respondent.rater_role == role
    )
    found: dict[UUID, list[UUID]] = {}
    for case_id, respondent_id, stored in session.execute(query):
        if setting is None or stored == setting:
            found.setdefault(case_id, []).append(respondent_id)
    return found


def find_values(
    session: Session, series_ids: Iterable[UUID], days: Iterable[date]
) -> dict[tuple[UUID, date], float]:
    """Values that are there already, by series and day."""
    rows = session.execute(
        select(ExternalValue.series_id, ExternalValue.measured_on, ExternalValue.value).where(
            ExternalValue.series_id.in_(list(series_ids)), ExternalValue.measured_on.in_(list(days))
        )
    )
    return {(row.series_id, row.measured_on): row.value for row in rows}


def find_imported(session: Session, import_keys: Iterable[str]) -> dict[str, str]:
    """The digests of ratings that were imported before, by import key."""
    rows = session.execute(
        select(Rating.import_key, Rating.digest).where(Rating.import_key.in_(list(import_keys)))
    )
    return {row.import_key: row.digest for row in rows}


def find_unit_id(session: Session, name: str) -> UUID | None:
    return session.scalar(select(Unit.id).where(Unit.name == name))


def staged_case_ids(session: Session, batch_id: UUID, case_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these cases have been staged in an earlier part of the file."""
    return set(
        session.scalars(
            select(StagedTarget.case_id).where(
                StagedTarget.import_batch_id == batch_id, StagedTarget.case_id.in_(list(case_ids))
            )
        )
    )


def stage(session: Session, targets: Sequence[dict[str, Any]], values: Sequence[dict[str, Any]]) -> None:
    """Write staged rows, as plain columns."""
    if targets:
        session.execute(insert(StagedTarget), targets)
    if values:
        session.execute(insert(StagedValue), values)


def count_staged(session: Session, batch_id: UUID) -> int:
    found = session.scalar(
        select(func.count()).select_from(StagedValue).where(StagedValue.import_batch_id == batch_id)
    )
    return found or 0


def clear_staged(session: Session, limit: int) -> bool:
    """Remove up to `limit` staged values that nobody waits for; True while there may be more.

    That is everything staged: an import clears what is left of earlier ones before it begins, and its own at the end.
    The batches of unfinished imports go with the last of their values.
    """
    some = select(StagedValue.id).limit(limit).scalar_subquery()
    removed = session.execute(delete(StagedValue).where(StagedValue.id.in_(some)))
    if removed.rowcount == limit:  # type: ignore[attr-defined]
        return True
    session.execute(delete(StagedTarget))
    session.execute(delete(ImportBatch).where(ImportBatch.state == ImportState.STAGED))
    return False
