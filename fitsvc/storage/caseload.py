"""The read side of the caseload: which cases a list shows, and what stands beside each, within the actor's scope.

Every function is one query however many cases there are, and returns plain rows: lists never load whole cases.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.storage.administrations import is_outstanding
from fitsvc.storage.cases import Case, in_scope
from fitsvc.storage.episodes import Episode
from fitsvc.storage.meetings import next_meeting_of
from fitsvc.storage.organisation import Unit
from fitsvc.storage.ratings import Rating, is_not_taken_back, is_shown_to


class CaseOrder(StrEnum):
    """Orders of the list; ties are always broken by the reference."""

    NAME = "name"
    REFERENCE = "reference"
    NEXT_MEETING = "next_meeting"
    LATEST_RATING = "latest_rating"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list; what is None or False does not narrow."""

    closed: bool = False
    measure_type: str | None = None
    unit_id: UUID | None = None
    outstanding: bool = False


@dataclass(frozen=True, slots=True)
class CaseName:
    """What a list calls a case by."""

    id: UUID
    reference: str
    display_name: str


@dataclass(frozen=True, slots=True)
class CaseLine(CaseName):
    """One case as the caseload shows it."""

    closed_on: date | None
    next_meeting_on: date | None
    latest_rated_on: date | None


@dataclass(frozen=True, slots=True)
class RunningMeasure:
    """One measure running for a case, and where."""

    case_id: UUID
    measure_type: str
    unit_name: str
    started_on: date


def is_open(today: date) -> ColumnElement[bool]:
    return or_(Case.closed_on.is_(None), Case.closed_on > today)


def count_cases(session: Session, actor: Actor, wanted: CaseFilter, *, shared_forms: Collection[str]) -> int:
    return session.scalar(select(func.count()).where(_matching(actor, wanted, shared_forms))) or 0


def list_case_lines(
    session: Session,
    actor: Actor,
    wanted: CaseFilter,
    *,
    shared_forms: Collection[str],
    order: CaseOrder = CaseOrder.REFERENCE,
    offset: int = 0,
    limit: int,
) -> list[CaseLine]:
    """One stretch of the list. `shared_forms` are the ids of every form but session forms, of which no list tells."""
    matching = _matching(actor, wanted, shared_forms)
    lines = _lines(actor, shared_forms)
    if order is CaseOrder.NAME:
        names = _read_names(session, matching)
        names.sort(key=lambda one: (one.display_name.casefold(), one.reference))
        return _lines_of(session, lines, [one.id for one in names[offset : offset + limit]])
    query = lines.where(matching)
    return _read_lines(session, query.order_by(*_ordering(order, query)).offset(offset).limit(limit))


def search_case_lines(
    session: Session, actor: Actor, words: str, *, shared_forms: Collection[str], limit: int
) -> list[CaseLine]:
    """Cases in scope, closed ones too, whose reference starts with the words or whose name contains them."""
    wanted, spelt = words.casefold(), _spellings(words)
    found = [
        one
        for one in _read_names(session, in_scope(actor))
        if wanted in one.display_name.casefold() or one.reference.startswith(spelt)
    ]
    found.sort(key=lambda one: (one.is_closed, one.reference))
    return _lines_of(session, _lines(actor, shared_forms), [one.id for one in found[:limit]])


def list_running_measures(session: Session, actor: Actor, case_ids: Collection[UUID]) -> list[RunningMeasure]:
    """The measures that run today, or ran until the case closed, newest first; an outside provider's own only."""
    own_only = Episode.unit_id == actor.unit_id if actor.external else true()
    rows = session.execute(
        select(Episode.case_id, Episode.measure_type, Unit.name, Episode.started_on)
        .join(Unit, Unit.id == Episode.unit_id)
        .join(Case, Case.id == Episode.case_id)
        .where(Episode.case_id.in_(case_ids), _runs(actor.today), own_only)
        .order_by(Episode.started_on.desc(), Episode.id)
    )
    return [RunningMeasure(*row) for row in rows]


def list_latest_rated(
    session: Session, actor: Actor, *, shared_forms: Collection[str], limit: int
) -> list[CaseName]:
    """The open cases with the newest ratings: a signal can only have changed where a rating came."""
    rows = session.execute(
        select(Case.id, Case.reference, Case.display_name)
        .where(in_scope(actor), is_open(actor.today))
        .order_by(_latest_rating(actor, shared_forms).desc().nulls_last(), Case.reference)
        .limit(limit)
    )
    return [CaseName(*row) for row in rows]


def _lines(actor: Actor, shared_forms: Collection[str]) -> Select[Any]:
    return select(
        Case.id,
        Case.reference,
        Case.display_name,
        Case.closed_on,
        next_meeting_of(Case.id).label("next_meeting_on"),
        _latest_rating(actor, shared_forms).label("latest_rated_on"),
    )


def _latest_rating(actor: Actor, shared_forms: Collection[str]) -> Any:
    # The newest row of the index, not max(): with a second condition max() would read every rating of the case.
    return (
        select(Rating.rated_on)
        .where(
            Rating.case_id == Case.id,
            Rating.superseded_at.is_(None),
            Rating.instrument_id.in_(shared_forms),
            is_shown_to(actor),
            is_not_taken_back(),
        )
        .order_by(Rating.rated_on.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class _Name(CaseName):
    is_closed: bool


def _read_names(session: Session, condition: ColumnElement[bool]) -> list[_Name]:
    """Names are encrypted: they are sorted and searched here, after the scope has said which ones."""
    rows = session.execute(
        select(Case.id, Case.reference, Case.display_name, Case.closed_on.is_not(None)).where(condition)
    )
    return [_Name(*row) for row in rows]


def _lines_of(session: Session, lines: Select[Any], case_ids: list[UUID]) -> list[CaseLine]:
    """The lines of these cases, in this order."""
    by_id = {one.id: one for one in _read_lines(session, lines.where(Case.id.in_(case_ids)))}
    return [by_id[case_id] for case_id in case_ids if case_id in by_id]


def _read_lines(session: Session, query: Select[Any]) -> list[CaseLine]:
    return [CaseLine(*row) for row in session.execute(query)]


def _ordering(order: CaseOrder, query: Select[Any]) -> list[ColumnElement[Any]]:
    columns = query.selected_columns
    by_order: dict[CaseOrder, list[ColumnElement[Any]]] = {
        CaseOrder.REFERENCE: [],
        CaseOrder.NEXT_MEETING: [columns["next_meeting_on"].asc().nulls_last()],
        CaseOrder.LATEST_RATING: [columns["latest_rated_on"].desc().nulls_last()],
    }
    return [*by_order[order], Case.reference.expression]


def _matching(actor: Actor, wanted: CaseFilter, shared_forms: Collection[str]) -> ColumnElement[bool]:
    conditions = [in_scope(actor), ~is_open(actor.today) if wanted.closed else is_open(actor.today)]
    if wanted.measure_type is not None:
        conditions.append(_has_measure(actor.today, Episode.measure_type == wanted.measure_type))
    if wanted.unit_id is not None:
        conditions.append(_has_measure(actor.today, Episode.unit_id == wanted.unit_id))
    if wanted.outstanding:
        conditions.append(exists().where(is_outstanding(Case.id, actor, shared_forms)))
    return and_(*conditions)


def _has_measure(today: date, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Episode.case_id == Case.id, _runs(today), condition)


def _runs(today: date) -> ColumnElement[bool]:
    """Running today; for a closed case, running until it closed."""
    return and_(
        Episode.started_on <= today,
        or_(Episode.ended_on.is_(None), Episode.ended_on >= func.coalesce(Case.closed_on, today)),
    )


def _spellings(words: str) -> tuple[str, ...]:
    """References are written in one way throughout: as typed, in capitals or in small letters."""
    return words, words.upper(), words.lower()
