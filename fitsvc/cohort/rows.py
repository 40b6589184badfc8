"""From the rows of a table to the values of cases: everything that a file alone can tell, checked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from itertools import islice
from statistics import stdev

from fitsvc.cohort.cells import CellError, read_day, read_number, read_reference, read_text, read_whole, show
from fitsvc.cohort.mapping import DayRule, ImportMapping, SeriesTarget, Unit, ValueColumns
from fitsvc.cohort.mapping_file import LONGEST_OFFSET, MappingError
from fitsvc.cohort.table import Cell, SourceTable
from fitsvc.cohort.table_error import TableError
from fitsvc.domain.cadence import add_months
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument, Kind
from fitsvc.domain.rating import Answer, AnswerKind, ProblemCode, read_form

VALUES_AT_A_TIME = 500
_DECIMAL_NUMBER = re.compile(r"\d+[.,]\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why something in a row cannot be taken. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class RowValue:
    """One value of one case on one day: a number of an external series, or the answers of a rating."""

    row: int
    column: str
    shown: str
    reference: str
    day: date
    number: float | None
    answers: Mapping[str, Answer] | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A few hundred values at most, from so many rows, with what was wrong in those rows."""

    rows: int
    values: list[RowValue]
    problems: list[RowProblem]


class _Wrong(Exception):
    """One problem, found deep in a row."""

    def __init__(self, column: str, cell: Cell, reason: str) -> None:
        super().__init__(reason)
        self.column, self.cell, self.reason = column, cell, reason


class RowReader:
    """Reads a table by its mapping. `spread` is known when all batches have been read.

    Every case and day is remembered (16 bytes each), so that a value given twice in one file is found.
    """

    def __init__(
        self, table: SourceTable, mapping: ImportMapping, instrument: Instrument | None, today: date
    ) -> None:
        absent = [name for name in mapping.columns if name not in table.header]
        if absent:
            there = ", ".join(name for name in table.header if name)
            raise TableError(f"no column named {', '.join(absent)}; there are: {there}")
        self._table, self._mapping, self._instrument, self._today = table, mapping, instrument, today
        self._place = {name: place for place, name in enumerate(table.header)}
        self._seen: dict[bytes, int] = {}
        self._baselines: list[float] = []
        self._with_baseline: set[str] = set()

    def batches(self) -> Iterator[Batch]:
        """The whole table, a few hundred values at a time."""
        rows_at_a_time = max(1, VALUES_AT_A_TIME // len(self._mapping.values))
        is_empty = True
        while rows := list(islice(self._table.rows, rows_at_a_time)):
            values: list[RowValue] = []
            problems: list[RowProblem] = []
            for number, cells in rows:
                if isinstance(cells, str):
                    problems.append(RowProblem(number, "", "", cells))
                else:
                    self._read_row(number, cells, values, problems)
            is_empty = False
            yield Batch(len(rows), values, problems)
        if is_empty:
            raise TableError("there are no rows under the column names")

    @property
    def spread(self) -> float | None:
        """The reference spread: as the mapping gives it, or the standard deviation (n − 1) at baseline, in points.

        None when the series has none. Raises TableError when it cannot be computed.
        """
        target = self._mapping.target
        if not isinstance(target, SeriesTarget) or target.baseline_column is None:
            return target.sd if isinstance(target, SeriesTarget) else None
        spread = stdev(self._baselines) if len(self._baselines) > 1 else 0.0
        if spread == 0:
            raise TableError(
                f"column {target.baseline_column} has no spread to compute: fewer than two different values"
            )
        return spread

    def _read_row(
        self, number: int, cells: list[Cell], values: list[RowValue], problems: list[RowProblem]
    ) -> None:
        case = self._mapping.case
        try:
            reference = self._reference(cells)
        except _Wrong as wrong:
            problems.append(RowProblem(number, case.column, show(wrong.cell), wrong.reason))
            return
        for columns in self._mapping.values:
            try:
                value = self._read_value(number, cells, reference, columns)
            except _Wrong as wrong:
                problems.append(RowProblem(number, wrong.column, show(wrong.cell), wrong.reason))
                continue
            if value is not None:
                values.append(value)
        self._note_baseline(reference, cells)

    def _reference(self, cells: list[Cell]) -> str:
        cell = cells[self._place[self._mapping.case.column]]
        try:
            return read_reference(cell, self._mapping.case.prefix)
        except CellError as error:
            raise _Wrong(self._mapping.case.column, cell, str(error)) from error

    def _read_value(
        self, row: int, cells: list[Cell], reference: str, columns: ValueColumns
    ) -> RowValue | None:
        """The value, or None when nothing was given."""
        number, answers = None, None
        if columns.column is not None:
            number = self._number(columns.column, cells)
        else:
            answers = self._answers(columns, cells)
        if number is None and answers is None:
            return None
        day = self._day(columns.day, cells, columns.label)
        cell = cells[self._place[columns.label]]
        key = _key(reference, day)
        if key in self._seen:
            raise _Wrong(
                columns.label, cell, f"row {self._seen[key]} has a value for the same case and day ({day})"
            )
        self._seen[key] = row
        return RowValue(row, columns.label, show(cell), reference, day, number, answers)

    def _text(self, cell: Cell) -> str:
        """The cell's text, "" when it means that there is no value."""
        text = read_text(cell)
        return "" if text in self._mapping.file.missing else text

    def _number(self, column: str, cells: list[Cell]) -> float | None:
        cell = cells[self._place[column]]
        if self._text(cell) == "":
            return None
        try:
            number = read_number(cell, self._table.decimal)
        except CellError as error:
            raise _Wrong(column, cell, str(error)) from error
        target = self._mapping.target
        if isinstance(target, SeriesTarget) and not target.minimum <= number <= target.maximum:
            raise _Wrong(column, cell, f"not on the scale {target.minimum:g} to {target.maximum:g}")
        return number

    def _answers(self, columns: ValueColumns, cells: list[Cell]) -> Mapping[str, Answer] | None:
        instrument = self._instrument
        if instrument is None:
            raise ValueError("answers need an instrument")
        column_of = dict(columns.items)
        raw = {item: self._plain(cells[self._place[column]]) for item, column in columns.items}
        form = read_form(instrument, instrument.items, raw)
        for problem in form.problems:
            column = column_of[problem.item]
            offered = ", ".join(f"{value:g}" for value in instrument.scale.values)
            reason = f"not one of {offered}"
            if problem.code is ProblemCode.CANNOT_SEE_NOT_OFFERED:
                reason = "this item has no answer cannot_see"
            raise _Wrong(column, cells[self._place[column]], reason)
        if all(answer.kind is AnswerKind.BLANK for answer in form.answers.values()):
            return None
        return form.answers

    def _plain(self, cell: Cell) -> str:
        """An answer as forms send it: with a full stop, without decimals that say nothing."""
        text = self._text(cell)
        if isinstance(cell, float) or not _DECIMAL_NUMBER.fullmatch(text):
            return text
        try:
            return read_text(read_number(text, self._table.decimal))
        except CellError:
            return text

    def _day(self, rule: DayRule, cells: list[Cell], column: str) -> date:
        if rule.date_column is not None:
            return self._read_day(rule.date_column, cells)
        start = self._mapping.start_day
        if self._mapping.start_column is not None:
            start = self._read_day(self._mapping.start_column, cells)
        offset = rule.offset
        if rule.offset_column is not None:
            column = rule.offset_column
            try:
                offset = read_whole(cells[self._place[column]], LONGEST_OFFSET)
            except CellError as error:
                raise _Wrong(column, cells[self._place[column]], str(error)) from error
        if start is None or offset is None:
            raise ValueError("an offset needs a start")
        day = _later(start, offset, rule.unit)
        if day > self._today:
            raise _Wrong(column, cells[self._place[column]], f"falls on {day}, which has not come yet")
        return day

    def _read_day(self, column: str, cells: list[Cell]) -> date:
        cell = cells[self._place[column]]
        try:
            return read_day(cell, self._mapping.date_format, self._today)
        except CellError as error:
            raise _Wrong(column, cell, str(error)) from error

    def _note_baseline(self, reference: str, cells: list[Cell]) -> None:
        """Each case counts once; a value that cannot be read is a problem where it is imported, not here."""
        target = self._mapping.target
        if not isinstance(target, SeriesTarget) or target.baseline_column is None:
            return
        if reference in self._with_baseline:
            return
        try:
            number = self._number(target.baseline_column, cells)
        except _Wrong:
            return
        if number is not None:
            self._with_baseline.add(reference)
            self._baselines.append(number)


def instrument_of(mapping: ImportMapping, catalogue: Catalogue, *, file: str) -> Instrument | None:
    """The instrument a mapping means, None for an external series. Raises MappingError when it does not fit."""
    target = mapping.target
    if isinstance(target, SeriesTarget):
        return None
    instrument = catalogue.find(target.id, target.version)
    if instrument is None or not instrument.may_be_given or instrument.kind is Kind.GOAL:
        usable = sorted({one.id for one in catalogue if one.may_be_given and one.kind is not Kind.GOAL})
        raise MappingError(f"{file}: instrument.id: expected one of {', '.join(usable)}, got {target.id!r}")
    if mapping.rater.role not in instrument.rater_roles:
        roles = ", ".join(instrument.rater_roles)
        raise MappingError(f"{file}: rater.role: expected one of {roles}, got {mapping.rater.role.value!r}")
    if target.language not in instrument.languages:
        known = ", ".join(instrument.languages)
        raise MappingError(f"{file}: instrument.language: expected one of {known}, got {target.language!r}")
    items = [item.id for item in instrument.items]
    for place, columns in enumerate(mapping.values, start=1):
        for item, _ in columns.items:
            if item not in items:
                raise MappingError(
                    f"{file}: values[{place}].items: expected items of {target.id} ({', '.join(items)}), got {item!r}"
                )
    return instrument


def _key(reference: str, day: date) -> bytes:
    return blake2b(f"{reference}\0{day}".encode(), digest_size=16).digest()


def _later(start: date, offset: int, unit: Unit) -> date:
    if unit is Unit.MONTHS:
        return add_months(start, offset)
    return start + timedelta(days=offset * (7 if unit is Unit.WEEKS else 1))
