"""Hold the values of a file against the database: whose they are, what is there already, and what must be made."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from math import isclose
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy.orm import Session

from fitsvc.cohort.mapping import ImportMapping, SeriesTarget
from fitsvc.cohort.rows import RowProblem, RowValue
from fitsvc.domain.instrument import Instrument
from fitsvc.domain.rating import AnswerKind, to_stored
from fitsvc.domain.scoring import score, unseen_items
from fitsvc.storage.staging import (
    FoundCase,
    FoundSeries,
    find_cases,
    find_imported,
    find_raters,
    find_series,
    find_values,
    staged_case_ids,
)


class _Misfit(Exception):
    """Why a case's values have nowhere to go."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


@dataclass(slots=True)
class Staged:
    """One part of a file, ready to be written: rows of `staged_targets` and `staged_values`."""

    targets: list[dict[str, Any]] = field(default_factory=list)
    values: list[dict[str, Any]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    already_there: int = 0
    new_series: int = 0


@dataclass(slots=True)
class _There:
    """What the database has for the cases of one part of the file."""

    cases: dict[str, FoundCase]
    series: dict[UUID, FoundSeries]
    raters: dict[UUID, list[UUID]]


class Stager:
    """Prepares a file part by part. New cases get ids made from batch and reference, the same in every part.

    `to_rescore`: respondents whose scores hang together with other ratings of theirs, old or new.
    """

    def __init__(self, *, mapping: ImportMapping, instrument: Instrument | None, batch_id: UUID) -> None:
        self._mapping, self._instrument, self._batch_id = mapping, instrument, batch_id
        self._new_cases: set[UUID] = set()
        self._figures: dict[UUID, tuple[float | None, float | None]] = {}
        self.to_rescore: set[UUID] = set()

    def prepare(self, session: Session, values: Sequence[RowValue]) -> Staged:
        """What is to be staged of these values, and what is wrong with them in this database."""
        staged = Staged()
        there = self._look_up(session, values)
        targets: dict[str, dict[str, Any]] = {}
        misfits: dict[str, _Misfit] = {}
        placed: list[tuple[RowValue, dict[str, Any]]] = []
        for value in values:
            if value.reference not in targets and value.reference not in misfits:
                try:
                    targets[value.reference] = self._target(value.reference, there)
                except _Misfit as found:
                    misfits[value.reference] = found
            if value.reference in misfits:
                misfit = misfits[value.reference]
                staged.problems.append(RowProblem(value.row, misfit.column, misfit.value, misfit.reason))
            else:
                placed.append((value, targets[value.reference]))
        self._stage_targets(session, staged, targets)
        if self._instrument is None:
            self._stage_numbers(session, staged, placed)
        else:
            self._stage_ratings(session, staged, placed, self._instrument)
        return staged

    def kept_figures(self, spread: float | None) -> int:
        """How many series that were there have another spread or reliability than this import would give them."""
        target = self._mapping.target
        if not isinstance(target, SeriesTarget):
            return 0
        return sum(
            not (_same(sd, spread) and _same(reliability, target.reliability))
            for sd, reliability in self._figures.values()
        )

    def _look_up(self, session: Session, values: Sequence[RowValue]) -> _There:
        cases = find_cases(session, {value.reference for value in values})
        ids = [case.id for case in cases.values()]
        target, rater = self._mapping.target, self._mapping.rater
        if isinstance(target, SeriesTarget):
            return _There(cases, find_series(session, ids, target.key), {})
        return _There(cases, {}, find_raters(session, ids, rater.role, rater.setting))

    def _target(self, reference: str, there: _There) -> dict[str, Any]:
        """Where the values of a case go, as a row of `staged_targets`."""
        case = there.cases.get(reference)
        column = self._mapping.case.column
        if case is None and self._mapping.case.new is None:
            raise _Misfit(column, reference, "there is no case with this reference (case.create is not set)")
        if case is not None and case.closed_on is not None:
            raise _Misfit(column, reference, f"the case was closed on {case.closed_on}")
        case_id = case.id if case is not None else self._id("case", reference)
        if isinstance(self._mapping.target, SeriesTarget):
            found = self._series_id(there.series.get(case_id), self._mapping.target, reference)
        else:
            found = self._respondent_id(there.raters.get(case_id, []), reference)
        return {
            "id": uuid4(),
            "import_batch_id": self._batch_id,
            "reference": reference,
            "display_name": reference,
            "case_id": case_id,
            "episode_id": self._id("episode", reference) if case is None else None,
            "target_id": found or self._id("target", reference),
            "target_is_new": found is None,
            "person_id": self._id("person", reference) if found is None and self._instrument else None,
        }

    def _series_id(self, series: FoundSeries | None, target: SeriesTarget, reference: str) -> UUID | None:
        """The case's series, None when it has none. What a series means cannot change with a file."""
        if series is None:
            return None
        column = self._mapping.case.column
        stands = (series.minimum, series.maximum, series.direction, series.value_unit)
        if stands != (target.minimum, target.maximum, target.direction, target.value_unit):
            raise _Misfit(
                column,
                reference,
                f"the case has a series {target.key!r} with another scale, direction or unit"
                f" ({series.minimum:g} to {series.maximum:g}, {series.direction}, unit {series.value_unit!r})",
            )
        if series.rater_role not in (None, self._mapping.rater.role):
            raise _Misfit(column, reference, f"the case has a series {target.key!r} of another rater role")
        self._figures[series.id] = (series.sd, series.reliability)
        return series.id

    def _respondent_id(self, raters: list[UUID], reference: str) -> UUID | None:
        """The case's one respondent in the mapping's role, None when the import is to add one."""
        rater, column = self._mapping.rater, self._mapping.case.column
        if len(raters) > 1:
            raise _Misfit(column, reference, f"the case has {len(raters)} of {rater.role}: set rater.setting")
        if not raters and not rater.create:
            who = f"{rater.role} {rater.setting!r}" if rater.setting else str(rater.role)
            raise _Misfit(column, reference, f"the case has no respondent {who} (rater.create is not set)")
        return raters[0] if raters else None

    def _stage_targets(self, session: Session, staged: Staged, targets: dict[str, dict[str, Any]]) -> None:
        """Each case is staged once, also when its rows stand far apart."""
        ids = [target["case_id"] for target in targets.values()]
        before = staged_case_ids(session, self._batch_id, ids) | self._new_cases
        staged.targets = [target for target in targets.values() if target["case_id"] not in before]
        for target in staged.targets:
            if target["target_is_new"]:
                self._new_cases.add(target["case_id"])
                staged.new_series += self._instrument is None

    def _stage_numbers(
        self, session: Session, staged: Staged, placed: list[tuple[RowValue, dict[str, Any]]]
    ) -> None:
        series = {target["target_id"] for _, target in placed if not target["target_is_new"]}
        there = find_values(session, series, {value.day for value, _ in placed}) if series else {}
        for value, target in placed:
            before = there.get((target["target_id"], value.day))
            if before is None:
                staged.values.append(self._value_row(target, value.day, value.number))
            elif before == value.number:
                staged.already_there += 1
            else:
                reason = f"the case has {before:g} on {value.day} already: correct it there, or in the file"
                staged.problems.append(RowProblem(value.row, value.column, value.shown, reason))

    def _stage_ratings(
        self,
        session: Session,
        staged: Staged,
        placed: list[tuple[RowValue, dict[str, Any]]],
        instrument: Instrument,
    ) -> None:
        keys = [_import_key(target["target_id"], instrument, value.day) for value, target in placed]
        there = find_imported(session, keys)
        for (value, target), key in zip(placed, keys, strict=True):
            answers = value.answers or {}
            stored = to_stored(answers)
            digest = sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()
            before = there.get(key)
            if before == digest:
                staged.already_there += 1
                continue
            if before is not None:
                reason = f"other answers of {value.day} were imported before: nothing is overwritten"
                staged.problems.append(RowProblem(value.row, value.column, value.shown, reason))
                continue
            unseen = any(answer.kind is AnswerKind.CANNOT_SEE for answer in answers.values())
            if unseen or not target["target_is_new"]:
                self.to_rescore.add(target["target_id"])
            row = self._value_row(target, value.day, score(instrument, answers, unseen=unseen_items(answers)))
            staged.values.append(row | {"import_key": key, "answers": stored, "digest": digest})

    def _value_row(self, target: dict[str, Any], day: date, number: float | None) -> dict[str, Any]:
        return {
            "id": uuid4(),
            "import_batch_id": self._batch_id,
            "case_id": target["case_id"],
            "target_id": target["target_id"],
            "measured_on": day,
            "value": number,
        }

    def _id(self, kind: str, reference: str) -> UUID:
        return uuid5(self._batch_id, f"{kind}:{reference}")


def _import_key(respondent_id: UUID, instrument: Instrument, day: date) -> str:
    """Names one imported rating: a respondent gives one on a form a day."""
    return sha256(f"{respondent_id}:{instrument.id}:{day}".encode()).hexdigest()


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-9)
