"""Deleting: what hangs on a row, counted before it goes with it; nothing but ids is left, in the logs.

The database itself deletes along its foreign keys (ON DELETE CASCADE); here it is counted what that takes, and what has
no key to follow is deleted too: persons nobody needs any more, and rows of an import under way.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, exists, func, or_, select, union_all, update
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.storage.administrations import Administration, AdministrationState, Link
from fitsvc.storage.after_end import PlannedRating
from fitsvc.storage.base import Base
from fitsvc.storage.cases import Case, in_scope
from fitsvc.storage.frozen import FrozenReport, FrozenVoice
from fitsvc.storage.imports import StagedTarget, StagedValue
from fitsvc.storage.respondents import Person, RatingPlan, Respondent

Counts = dict[str, int]
_AT_ONCE = 400
_NEVER = date.max


class ClosedCase(NamedTuple):
    """A closed case as retention looks at it."""

    id: UUID
    opened_on: date
    closed_on: date
    confirmed_at: datetime | None


class Withdrawn(NamedTuple):
    respondent_id: UUID
    case_id: UUID
    withdrawn_at: datetime


def list_closed_cases(session: Session) -> list[ClosedCase]:
    """Every closed case, the longest closed first."""
    rows = session.execute(
        select(Case.id, Case.opened_on, Case.closed_on, Case.journal_confirmed_at)
        .where(Case.closed_on.is_not(None))
        .order_by(Case.closed_on, Case.id)
    )
    return [ClosedCase._make(row) for row in rows]


def list_closed_in_scope(session: Session, actor: Actor) -> list[tuple[ClosedCase, str, str]]:
    """The actor's closed cases with reference and display name, the longest closed first."""
    rows = session.execute(
        select(
            Case.id,
            Case.opened_on,
            Case.closed_on,
            Case.journal_confirmed_at,
            Case.reference,
            Case.display_name,
        )
        .where(in_scope(actor), Case.closed_on.is_not(None))
        .order_by(Case.closed_on, Case.reference)
    )
    return [(ClosedCase._make(row[:4]), row[4], row[5]) for row in rows]


def get_closed_for_update(session: Session, case_id: UUID) -> Case | None:
    """The case, held until the transaction ends; None when somebody else has deleted it."""
    query = select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def list_withdrawn(session: Session) -> list[Withdrawn]:
    """Respondents who took their answers back, the first first."""
    rows = session.execute(
        select(Respondent.id, Respondent.case_id, Respondent.withdrawn_at)
        .where(Respondent.withdrawn_at.is_not(None))
        .order_by(Respondent.withdrawn_at, Respondent.id)
    )
    return [Withdrawn._make(row) for row in rows]


def delete_case(session: Session, case: Case) -> Counts:
    """The case and everything with a path to it; how many rows of each table."""
    found = _under(session, Base.metadata.tables[Case.__tablename__], [case.id])
    persons = _persons_of(session, found.get(Respondent.__tablename__, []))
    counts = {name: len(ids) for name, ids in found.items() if ids}
    staged = or_(StagedTarget.case_id == case.id, StagedTarget.reference == case.reference)
    counts[StagedValue.__tablename__] = _delete(session, StagedValue, StagedValue.case_id == case.id)
    counts[StagedTarget.__tablename__] = _delete(session, StagedTarget, staged)
    session.expunge(case)
    _delete(session, Case, Case.id == case.id)
    counts[Person.__tablename__] = _delete_unneeded(session, persons)
    return _without_nothing(counts)


def delete_respondent(session: Session, respondent_id: UUID) -> Counts:
    """A respondent with all their answers, and the frozen papers that show them."""
    voiced = select(FrozenVoice.frozen_report_id).where(FrozenVoice.respondent_id == respondent_id)
    papers = list(session.scalars(voiced))
    frozen = _under(session, Base.metadata.tables[FrozenReport.__tablename__], papers)
    found = _under(session, Base.metadata.tables[Respondent.__tablename__], [respondent_id])
    persons = _persons_of(session, [respondent_id])
    counts = {name: len(ids) for name, ids in {**frozen, **found}.items() if ids}
    _delete(session, FrozenReport, FrozenReport.id.in_(papers))
    _delete(session, Respondent, Respondent.id == respondent_id)
    counts[Person.__tablename__] = _delete_unneeded(session, persons)
    return _without_nothing(counts)


# --- contacts ---------------------------------------------------------------------------------------------------------


def list_persons_last_planned(session: Session, person_ids: Collection[UUID]) -> dict[UUID, date | None]:
    """The day of each person's last planned rating; None while a plan has no end."""
    last = _last_planned().subquery()
    rows = session.execute(select(last.c.person_id, last.c.day).where(last.c.person_id.in_(person_ids)))
    return {row.person_id: None if row.day == _NEVER else row.day for row in rows}


def find_due_contacts(session: Session, until: date, limit: int) -> list[UUID]:
    """Persons with an e-mail or telephone whose last planned rating was on this day or before."""
    last = _last_planned().subquery()
    return list(
        session.scalars(
            select(Person.id)
            .join(last, last.c.person_id == Person.id)
            .where(or_(Person.email.is_not(None), Person.phone.is_not(None)), last.c.day <= until)
            .where(~exists().where(Respondent.person_id == Person.id, Respondent.withdrawn_at.is_not(None)))
            .order_by(Person.id)
            .limit(limit)
        )
    )


def delete_contacts(session: Session, person_ids: Collection[UUID]) -> None:
    session.execute(
        update(Person).where(Person.id.in_(person_ids)).values(email=None, phone=None),
        execution_options={
            "synchronize_session": False
        },  # to look at rows in memory, it would compare what is secret
    )


def _last_planned() -> Any:
    """The last day each person is planned to rate, over all cases: a plan's end, an asking, one after the measure's
    end; and the day they came at the least.
    """
    of_person = select(Respondent.person_id)
    days = union_all(
        of_person.add_columns(Respondent.started_on.label("day")),
        of_person.add_columns(func.coalesce(RatingPlan.ends_on, _NEVER)).join(
            RatingPlan, RatingPlan.respondent_id == Respondent.id
        ),
        of_person.add_columns(Administration.due_on)
        .join(Administration, Administration.respondent_id == Respondent.id)
        .where(Administration.state != AdministrationState.CANCELLED),
        of_person.add_columns(PlannedRating.ask_on)
        .join(PlannedRating, PlannedRating.respondent_id == Respondent.id)
        .where(PlannedRating.cancelled_at.is_(None)),
    ).subquery()
    return select(days.c.person_id, func.max(days.c.day, type_=days.c.day.type).label("day")).group_by(
        days.c.person_id
    )


# --- what has run out ------------------------------------------------------------------------------------------------


def delete_old_links(session: Session, before: datetime, limit: int) -> int:
    """Links that could not be used since this moment: with them goes what their address is recognised by."""
    some = select(Link.id).where(Link.expires_at < before).limit(limit).scalar_subquery()
    return _delete(session, Link, Link.id.in_(some))


def count_old_links(session: Session, before: datetime) -> int:
    return session.scalar(select(func.count()).select_from(Link).where(Link.expires_at < before)) or 0


# --- how --------------------------------------------------------------------------------------------------------------


def _under(session: Session, root: Table, ids: Sequence[UUID]) -> dict[str, list[Any]]:
    """The primary keys of the rows that go when these do, by table, those of the root too."""
    found: dict[str, list[Any]] = {root.name: list(ids)}
    for table in Base.metadata.sorted_tables:  # what is pointed to comes before what points to it
        rows: dict[Any, None] = dict.fromkeys((one,) for one in found.get(table.name, []))
        for key in table.foreign_keys:
            parents = found.get(key.column.table.name)
            if key.ondelete == "CASCADE" and parents and table is not root:
                for start in range(0, len(parents), _AT_ONCE):
                    wanted = key.parent.in_(parents[start : start + _AT_ONCE])
                    query = select(*table.primary_key.columns).where(wanted)
                    rows |= dict.fromkeys(tuple(row) for row in session.execute(query))
        if rows and table is not root:
            found[table.name] = [row[0] if len(row) == 1 else row for row in rows]
    return found


def _persons_of(session: Session, respondent_ids: Sequence[UUID]) -> set[UUID]:
    return set(session.scalars(select(Respondent.person_id).where(Respondent.id.in_(respondent_ids))))


def _delete_unneeded(session: Session, person_ids: Collection[UUID]) -> int:
    """Of these persons those who are respondents nowhere any more."""
    needed = exists().where(Respondent.person_id == Person.id)
    return _delete(session, Person, Person.id.in_(person_ids) & ~needed)


def _delete(session: Session, model: type[Base], condition: ColumnElement[bool]) -> int:
    result = session.execute(delete(model).where(condition).execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _without_nothing(counts: Counts) -> Counts:
    return {name: number for name, number in counts.items() if number}
