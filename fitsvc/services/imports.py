"""Importing a file of ratings: all rows or none, and nobody has to wait for it.

Rows are checked and staged a few hundred at a time, each part in a short transaction of its own, and published in
one more. What staging needs is looked up again when publishing; if somebody wrote the same in between, nothing is
published.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fitsvc.cohort.mapping import ImportMapping, SeriesTarget
from fitsvc.cohort.rows import Batch, RowProblem, RowReader
from fitsvc.cohort.table import SourceTable
from fitsvc.domain.audit import Act
from fitsvc.domain.instrument import Instrument
from fitsvc.services.clock import local_day
from fitsvc.services.import_staging import Staged, Stager
from fitsvc.services.ratings import rescore_series
from fitsvc.storage.imports import ImportBatch, ImportState
from fitsvc.storage.logs import record_act
from fitsvc.storage.organisation import Unit, UnitKind
from fitsvc.storage.publishing import (
    CaseColumns,
    RatingColumns,
    RespondentColumns,
    SeriesColumns,
    add_unit,
    publish,
)
from fitsvc.storage.staging import clear_staged, count_staged, find_unit_id, stage

PROBLEMS_KEPT = 100
CLEARED_AT_A_TIME = 5_000
LONGEST_PAUSE = 0.05
"""Seconds between two parts, in which others write."""

Transaction = Callable[[], AbstractContextManager[Session]]
"""Opens a session whose transaction is committed at its end, and rolled back by an exception."""


@dataclass(frozen=True, slots=True)
class Transactions:
    """How to look something up, and how to write: apart, so that the write lock is held for writing only."""

    reading: Transaction
    writing: Transaction


class ImportRefused(Exception):
    """The import cannot be made as the database stands; the text says why."""


@dataclass(slots=True)
class Outcome:
    """What an import did, or with a dry run would have done.

    `problems` are the first ones found, `problem_count` all of them; with one or more nothing is stored.
    `spread` is the external series' reference spread in points; `kept_figures` counts series that were there before
    with another spread or reliability, and keep their own.
    """

    rows: int = 0
    values: int = 0
    already_there: int = 0
    new_cases: int = 0
    new_series: int = 0
    new_respondents: int = 0
    spread: float | None = None
    kept_figures: int = 0
    problem_count: int = 0
    problems: list[RowProblem] = field(default_factory=list)

    def note(self, staged: Staged) -> None:
        """Add what one part of the file brought."""
        self.values += len(staged.values)
        self.already_there += staged.already_there
        self.new_cases += sum(target["episode_id"] is not None for target in staged.targets)
        self.new_series += staged.new_series
        self.new_respondents += sum(target["person_id"] is not None for target in staged.targets)

    def note_problems(self, problems: list[RowProblem]) -> None:
        """Count all, keep the first ones."""
        self.problem_count += len(problems)
        self.problems += problems[: PROBLEMS_KEPT - len(self.problems)]


def import_table(
    transactions: Transactions,
    *,
    table: SourceTable,
    mapping: ImportMapping,
    instrument: Instrument | None,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
    pause: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Check the whole table and store all of it, or nothing and say why.

    The caller holds the import lock. `progress` is told how many rows were read; `pause` lets others write between
    two parts. Raises TableError when the file cannot be read to its end, ImportRefused when the unit of new cases
    is not there, ChangedMeanwhile when somebody else wrote the same while this ran.
    """
    reader = RowReader(table, mapping, instrument, local_day(now))
    batch_id = uuid4()
    outcome = Outcome()
    stager = Stager(mapping=mapping, instrument=instrument, batch_id=batch_id)
    with transactions.reading() as session:
        _check_unit(session, mapping)
    if dry_run:
        for part in reader.batches():
            _check(transactions, stager, part, outcome)
            progress(part.rows)
        _note_figures(outcome, reader, stager)
        return outcome
    _clear(transactions.writing, pause)
    try:
        with transactions.writing() as session:
            session.add(
                ImportBatch(id=batch_id, file_digest=table.digest, state=ImportState.STAGED, created_at=now)
            )
        for part in reader.batches():
            staged = _check(transactions, stager, part, outcome)
            if staged.values and not outcome.problem_count:  # after a problem nothing will be published
                began = time.monotonic()
                with transactions.writing() as session:
                    stage(session, staged.targets, staged.values)
                pause(min(time.monotonic() - began, LONGEST_PAUSE))
            progress(part.rows)
        _note_figures(outcome, reader, stager)
        if not outcome.problem_count:
            with transactions.writing() as session:
                _publish(session, batch_id, mapping, instrument, outcome, stager, now)
    finally:
        _clear(transactions.writing, pause)
    return outcome


def _check(transactions: Transactions, stager: Stager, part: Batch, outcome: Outcome) -> Staged:
    """Hold one part against the database, and note in the outcome what came of it."""
    with transactions.reading() as session:
        staged = stager.prepare(session, part.values)
    outcome.rows += part.rows
    outcome.note(staged)
    outcome.note_problems(sorted(part.problems + staged.problems, key=lambda one: one.row))
    return staged


def _note_figures(outcome: Outcome, reader: RowReader, stager: Stager) -> None:
    """What is known at the end of a file without problems: the series' reference spread."""
    if not outcome.problem_count:
        outcome.spread = reader.spread
        outcome.kept_figures = stager.kept_figures(outcome.spread)


def _publish(
    session: Session,
    batch_id: UUID,
    mapping: ImportMapping,
    instrument: Instrument | None,
    outcome: Outcome,
    stager: Stager,
    now: datetime,
) -> None:
    if count_staged(session, batch_id) != outcome.values:
        raise ImportRefused("the staged rows are not all there: another import has cleared them")
    publish(
        session,
        batch_id=batch_id,
        now=now,
        new_case=_case_columns(session, mapping, now) if outcome.new_cases else None,
        new_target=_target_columns(mapping, outcome.spread),
        rating=_rating_columns(mapping, instrument),
    )
    if instrument is not None:
        for respondent_id in stager.to_rescore:
            rescore_series(session, respondent_id=respondent_id, instrument=instrument)
    session.get_one(ImportBatch, batch_id).row_count = outcome.rows
    record_act(
        session,
        Act.RATINGS_IMPORTED,
        at=now,
        batch=str(batch_id),
        target=mapping.target.key if isinstance(mapping.target, SeriesTarget) else mapping.target.id,
        rows=outcome.rows,
        values=outcome.values,
        already_there=outcome.already_there,
        new_cases=outcome.new_cases,
        new_series=outcome.new_series,
        new_respondents=outcome.new_respondents,
    )


def _clear(transaction: Transaction, pause: Callable[[float], None]) -> None:
    """Remove everything staged, in short transactions."""
    more = True
    while more:
        with transaction() as session:
            more = clear_staged(session, CLEARED_AT_A_TIME)
        pause(LONGEST_PAUSE if more else 0)


def _check_unit(session: Session, mapping: ImportMapping) -> None:
    new = mapping.case.new
    if new is not None and not new.unit_is_new and find_unit_id(session, new.unit) is None:
        raise ImportRefused(
            f"there is no unit {new.unit!r} for the new cases: create it, or set case.create_unit = true"
        )


def _case_columns(session: Session, mapping: ImportMapping, now: datetime) -> CaseColumns | None:
    new = mapping.case.new
    if new is None:
        return None
    unit_id = find_unit_id(session, new.unit)
    if unit_id is None:
        unit = Unit(name=new.unit, kind=UnitKind.PROVIDER, created_at=now)
        unit_id = add_unit(session, unit)
        record_act(session, Act.UNIT_CREATED, at=now, unit=str(unit_id))
    return CaseColumns(
        unit_id=unit_id,
        birth_month=new.birth_month,
        measure_type=new.measure_type.value,
        legal_basis=new.legal_basis,
        purpose=new.purpose,
    )


def _target_columns(mapping: ImportMapping, spread: float | None) -> SeriesColumns | RespondentColumns:
    target, rater = mapping.target, mapping.rater
    if not isinstance(target, SeriesTarget):
        return RespondentColumns(rater.role, rater.setting or "", rater.has_custody, rater.name)
    return SeriesColumns(
        series_key=target.key,
        name=target.name,
        value_unit=target.value_unit,
        minimum=target.minimum,
        maximum=target.maximum,
        direction=target.direction,
        sd=spread,
        reliability=target.reliability,
        rater_role=rater.role,
        purpose=target.purpose,
    )


def _rating_columns(mapping: ImportMapping, instrument: Instrument | None) -> RatingColumns | None:
    if instrument is None or isinstance(mapping.target, SeriesTarget):
        return None
    return RatingColumns(instrument.id, instrument.version, mapping.target.language, mapping.target.mode)
