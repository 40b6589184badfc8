"""What an import mapping says: which columns of a file are which case, which value and which day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fitsvc.domain.instrument import Direction
from fitsvc.domain.law import MeasureType
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Mode


class Unit(StrEnum):
    """What an offset from the start date is counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class FileForm:
    """How the file is written. None: found out from the file itself; `missing` are texts that mean "no value"."""

    encoding: str | None
    delimiter: str | None
    decimal: str | None
    sheet: str | None
    missing: frozenset[str]


@dataclass(frozen=True, slots=True)
class NewCase:
    """What the import writes on a case it opens itself. Without this, every case must already be there."""

    unit: str
    unit_is_new: bool
    birth_month: date
    measure_type: MeasureType
    legal_basis: str
    purpose: str


@dataclass(frozen=True, slots=True)
class CaseColumn:
    """Where the case's reference stands; `prefix` is put before what stands there."""

    column: str
    prefix: str
    new: NewCase | None


@dataclass(frozen=True, slots=True)
class Rater:
    """Who gave the values. `setting` tells two respondents of one role apart; `has_custody` for new parents."""

    role: RaterRole
    setting: str | None = None
    create: bool = False
    has_custody: bool | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SeriesTarget:
    """An external series: its scale and, when both are known, reference spread and reliability.

    `sd` in points; with `baseline_column` it is computed from that column of the file instead.
    """

    key: str
    name: str
    value_unit: str
    minimum: float
    maximum: float
    direction: Direction
    sd: float | None
    baseline_column: str | None
    reliability: float | None
    reliability_source: str | None
    purpose: str


@dataclass(frozen=True, slots=True)
class InstrumentTarget:
    """A rating of an instrument, answered item by item; version None is the newest."""

    id: str
    version: str | None
    language: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class DayRule:
    """When a value was given: on the date in a column, or so long after the start.

    Exactly one of `date_column`, `offset` and `offset_column` is set.
    """

    date_column: str | None = None
    offset: int | None = None
    offset_column: str | None = None
    unit: Unit = Unit.DAYS


@dataclass(frozen=True, slots=True)
class ValueColumns:
    """One value of each row: one column (external series) or one per item (instrument), and its day."""

    column: str | None
    items: tuple[tuple[str, str], ...]
    day: DayRule

    @property
    def label(self) -> str:
        """The column an error about the value as a whole points at."""
        return self.column or self.items[0][1]


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """A whole mapping. `date_format` as in `strptime`; start_day and start_column exclude each other."""

    file: FileForm
    case: CaseColumn
    rater: Rater
    target: SeriesTarget | InstrumentTarget
    date_format: str
    start_day: date | None
    start_column: str | None
    values: tuple[ValueColumns, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the file must have, once each."""
        named = [self.case.column, self.start_column]
        for one in self.values:
            named += [one.column, *(column for _, column in one.items)]
            named += [one.day.date_column, one.day.offset_column]
        if isinstance(self.target, SeriesTarget):
            named.append(self.target.baseline_column)
        return tuple(dict.fromkeys(name for name in named if name is not None))
