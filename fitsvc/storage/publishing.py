"""Make a staged import visible: a handful of INSERT … SELECT in the caller's one transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, exists, func, insert, literal, null, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from fitsvc.domain.instrument import Direction
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Mode
from fitsvc.storage.base import Base
from fitsvc.storage.cases import Case
from fitsvc.storage.episodes import Episode
from fitsvc.storage.external import ExternalSeries, ExternalValue
from fitsvc.storage.imports import ImportBatch, ImportState, StagedTarget, StagedValue
from fitsvc.storage.organisation import Unit
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import Person, Respondent


class ChangedMeanwhile(Exception):
    """Somebody else wrote what this import was about to write. Nothing is published; the caller rolls back."""


@dataclass(frozen=True, slots=True)
class CaseColumns:
    """What every new case and its episode get alike."""

    unit_id: UUID
    birth_month: date
    measure_type: str
    legal_basis: str
    purpose: str


@dataclass(frozen=True, slots=True)
class SeriesColumns:
    """What every new external series gets alike."""

    series_key: str
    name: str
    value_unit: str
    minimum: float
    maximum: float
    direction: Direction
    sd: float | None
    reliability: float | None
    rater_role: RaterRole
    purpose: str


@dataclass(frozen=True, slots=True)
class RespondentColumns:
    """What every new respondent gets alike."""

    rater_role: RaterRole
    setting: str
    has_custody: bool | None
    name: str


@dataclass(frozen=True, slots=True)
class RatingColumns:
    """What every imported rating gets alike."""

    instrument_id: str
    instrument_version: str
    language: str
    mode: Mode


def publish(
    session: Session,
    *,
    batch_id: UUID,
    now: datetime,
    new_case: CaseColumns | None,
    new_target: SeriesColumns | RespondentColumns,
    rating: RatingColumns | None,
) -> None:
    """Copy a batch's staged rows to where they belong. Raises ChangedMeanwhile when they no longer fit."""
    batch = session.get_one(ImportBatch, batch_id)
    if _is_taken(session, batch_id):
        raise ChangedMeanwhile
    try:
        if new_case is not None:
            _publish_cases(session, batch_id, now, new_case)
        if isinstance(new_target, SeriesColumns):
            _publish_series(session, batch_id, now, new_target)
        else:
            _publish_respondents(session, batch_id, now, new_target)
        if rating is None:
            _publish_values(session, batch_id, now)
        else:
            _publish_ratings(session, batch_id, now, rating)
        batch.state, batch.published_at = ImportState.PUBLISHED, now
        session.flush()
    except IntegrityError as error:
        raise ChangedMeanwhile from error


def add_unit(session: Session, unit: Unit) -> UUID:
    session.add(unit)
    session.flush()
    return unit.id


def _is_taken(session: Session, batch_id: UUID) -> bool:
    """Whether a row that was missing when it was staged is there now."""
    target, value = StagedTarget.import_batch_id == batch_id, StagedValue.import_batch_id == batch_id
    taken = (
        exists().where(
            target, StagedTarget.episode_id.is_not(None), Case.reference == StagedTarget.reference
        ),
        exists().where(
            value,
            ExternalValue.series_id == StagedValue.target_id,
            ExternalValue.measured_on == StagedValue.measured_on,
        ),
        exists().where(value, Rating.import_key == StagedValue.import_key),
    )
    return any(session.scalar(select(one)) for one in taken)


def _first_day() -> ScalarSelect[date]:
    """A case's earliest staged day."""
    return (
        select(func.min(StagedValue.measured_on))
        .where(
            StagedValue.import_batch_id == StagedTarget.import_batch_id,
            StagedValue.case_id == StagedTarget.case_id,
        )
        .correlate(StagedTarget)
        .scalar_subquery()
    )


def _copy(session: Session, model: type[Base], columns: dict[str, Any], source: Select[Any]) -> None:
    """Insert into the model's columns what the select gives: expressions as they are, plain values as constants."""
    table = model.__table__
    chosen = [
        value if isinstance(value, InstrumentedAttribute | ScalarSelect) else _constant(value, table.c[name])
        for name, value in columns.items()
    ]
    statement = insert(table).from_select(  # type: ignore[arg-type]
        list(columns), source.with_only_columns(*chosen, maintain_column_froms=True), include_defaults=False
    )
    session.execute(statement)


def _constant(value: Any, column: Any) -> Any:
    return null() if value is None else literal(value, column.type)


def _targets(batch_id: UUID, *conditions: Any) -> Select[Any]:
    return select(StagedTarget.id).where(StagedTarget.import_batch_id == batch_id, *conditions)


def _publish_cases(session: Session, batch_id: UUID, now: datetime, new: CaseColumns) -> None:
    source = _targets(batch_id, StagedTarget.episode_id.is_not(None))
    case = {
        "id": StagedTarget.case_id,
        "reference": StagedTarget.reference,
        "display_name": StagedTarget.display_name,
        "birth_month": new.birth_month,
        "opened_on": _first_day(),
        "closed_on": None,
        "created_at": now,
    }
    _copy(session, Case, case, source)
    episode = {
        "id": StagedTarget.episode_id,
        "case_id": StagedTarget.case_id,
        "unit_id": new.unit_id,
        "measure_type": new.measure_type,
        "legal_basis": new.legal_basis,
        "purpose": new.purpose,
        "started_on": _first_day(),
        "created_at": now,
    }
    _copy(session, Episode, episode, source)


def _publish_series(session: Session, batch_id: UUID, now: datetime, new: SeriesColumns) -> None:
    constants = {name: getattr(new, name) for name in SeriesColumns.__slots__}
    series = {"id": StagedTarget.target_id, "case_id": StagedTarget.case_id, "created_at": now} | constants
    _copy(session, ExternalSeries, series, _targets(batch_id, StagedTarget.target_is_new))


def _publish_respondents(session: Session, batch_id: UUID, now: datetime, new: RespondentColumns) -> None:
    source = _targets(batch_id, StagedTarget.person_id.is_not(None))
    person = {"id": StagedTarget.person_id, "name": new.name, "language": "da", "created_at": now}
    _copy(session, Person, person, source)
    respondent = {
        "id": StagedTarget.target_id,
        "case_id": StagedTarget.case_id,
        "person_id": StagedTarget.person_id,
        "rater_role": new.rater_role,
        "setting": new.setting,
        "label": "",
        "has_custody": new.has_custody,
        "started_on": _first_day(),
        "created_at": now,
    }
    _copy(session, Respondent, respondent, source)


def _publish_values(session: Session, batch_id: UUID, now: datetime) -> None:
    value = {
        "id": StagedValue.id,
        "series_id": StagedValue.target_id,
        "measured_on": StagedValue.measured_on,
        "value": StagedValue.value,
        "import_batch_id": batch_id,
        "created_at": now,
    }
    _copy(session, ExternalValue, value, _staged_values(batch_id))


def _publish_ratings(session: Session, batch_id: UUID, now: datetime, columns: RatingColumns) -> None:
    rating = {
        "id": StagedValue.id,
        "case_id": StagedValue.case_id,
        "respondent_id": StagedValue.target_id,
        "instrument_id": columns.instrument_id,
        "instrument_version": columns.instrument_version,
        "language": columns.language,
        "mode": columns.mode,
        "rated_on": StagedValue.measured_on,
        "submitted_at": now,
        "answers": StagedValue.answers,
        "score": StagedValue.value,
        "digest": StagedValue.digest,
        "import_key": StagedValue.import_key,
        "notice": False,  # a low answer from last year is not one to read today
    }
    _copy(session, Rating, rating, _staged_values(batch_id))


def _staged_values(batch_id: UUID) -> Select[Any]:
    return select(StagedValue.id).where(StagedValue.import_batch_id == batch_id)
