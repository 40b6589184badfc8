"""When to follow up: the standards as data, and the next date by them.

A standard never decides: a chosen interval for the case goes before it, and where it says nothing the answer
is `ChoiceRequired`, not a guess.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from fitsvc.domain.law import MeasureType

IsWorkingDay = Callable[[date], bool]

_LONGEST_HOLIDAY = 31
MONTHS_IN_FIRST_YEAR = 12


@dataclass(frozen=True, slots=True)
class Interval:
    """A distance in time in one unit: `Interval(weeks=6)`, `Interval(months=3)` or `Interval(days=10)`."""

    weeks: int = 0
    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        given = [number for number in (self.weeks, self.months, self.days) if number]
        if len(given) != 1 or not isinstance(given[0], int) or given[0] < 0:
            raise ValueError("an interval is a positive number of weeks, months or days, one of them")

    def after(self, day: date) -> date:
        """The day this much later, before any moving for holidays."""
        if self.months:
            return add_months(day, self.months)
        return day + timedelta(weeks=self.weeks, days=self.days)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later; the month's last day where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Row:
    """What a standard says for a type of measure.

    `then` is None where the standard has no fixed interval. `first_year`, when set, goes instead of `then`
    for a meeting held before the measure is a year old.
    """

    first: Interval | None
    then: Interval | None
    first_year: Interval | None = None


@dataclass(frozen=True, slots=True)
class Standard:
    """One set of rules for follow-up.

    `limits` are the law's latest first follow-up, whatever the standard says.
    `name` is a kommune's or a law's own name, the same in every language.
    """

    id: str
    name: str
    source: str
    rows: Mapping[MeasureType, Row] = field(hash=False)
    limits: Mapping[MeasureType, Interval] = field(hash=False)


class ChoiceReason(StrEnum):
    """Why no date can be computed."""

    CHOSEN_PER_CASE = "chosen_per_case"  # § 30: no standard speaks of it
    NO_ROW = "no_row"  # the standard has no row for this type
    NO_FIXED_INTERVAL = "no_fixed_interval"  # the law leaves it to the kommune, with reasons given


@dataclass(frozen=True, slots=True)
class ChoiceRequired:
    """Somebody must choose the date (or an interval for the case), and say why."""

    reason: ChoiceReason


def interval_before_first(standard: Standard, measure_type: MeasureType) -> Interval | ChoiceRequired:
    """How long after its start a measure is first followed up."""
    row = standard.rows.get(measure_type)
    if row is None:
        return _no_row(measure_type)
    return row.first or ChoiceRequired(ChoiceReason.NO_FIXED_INTERVAL)


def interval_after_meeting(
    standard: Standard, measure_type: MeasureType, meeting_held: date, episode_start: date
) -> Interval | ChoiceRequired:
    """How long after this meeting the next comes, by the measure's age on the meeting day."""
    row = standard.rows.get(measure_type)
    if row is None:
        return _no_row(measure_type)
    is_first_year = meeting_held < add_months(episode_start, MONTHS_IN_FIRST_YEAR)
    if row.first_year is not None and is_first_year:
        return row.first_year
    return row.then or ChoiceRequired(ChoiceReason.NO_FIXED_INTERVAL)


def first_date(
    standard: Standard,
    measure_type: MeasureType,
    start: date,
    is_working_day: IsWorkingDay,
    *,
    chosen: Interval | None = None,
    investigation_ends: date | None = None,
) -> date | ChoiceRequired:
    """The first follow-up of a measure that starts on `start`.

    `chosen` is the case's own interval and goes before the standard. Where the law sets a limit the date is
    never later than that, and the end of a parallel investigation, when given, is the date if it is earlier.
    """
    interval = chosen or interval_before_first(standard, measure_type)
    limit = statutory_limit(standard, measure_type, start, is_working_day)
    if isinstance(interval, ChoiceRequired):
        return interval
    day = next_working_day(interval.after(start), is_working_day)
    if limit is None:
        return day
    if investigation_ends is not None:
        day = min(day, next_working_day(max(investigation_ends, start), is_working_day))
    return min(day, limit)


def next_date(
    standard: Standard,
    measure_type: MeasureType,
    meeting_held: date,
    episode_start: date,
    is_working_day: IsWorkingDay,
    *,
    chosen: Interval | None = None,
) -> date | ChoiceRequired:
    """The follow-up after a meeting, counted from the day it was held, not from when it was planned."""
    interval = chosen or interval_after_meeting(standard, measure_type, meeting_held, episode_start)
    if isinstance(interval, ChoiceRequired):
        return interval
    return next_working_day(interval.after(meeting_held), is_working_day)


def statutory_limit(
    standard: Standard, measure_type: MeasureType, start: date, is_working_day: IsWorkingDay
) -> date | None:
    """The last working day on which the law allows the first follow-up, or None where it sets no limit.

    A limit on a weekend or public holiday moves back, never forward: 3 months from 2 January 2026 is Maundy
    Thursday, so the limit is 1 April.
    """
    limit = standard.limits.get(measure_type)
    return previous_working_day(limit.after(start), is_working_day) if limit else None


def is_fewer(chosen: Interval, by_standard: Interval, counted_from: date) -> bool:
    """Whether the chosen interval means fewer follow-ups than the standard, which needs a leader's name."""
    return chosen.after(counted_from) > by_standard.after(counted_from)


def next_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    """This day if it is a working day, else the first one after it."""
    return _move(day, timedelta(days=1), is_working_day)


def previous_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    """This day if it is a working day, else the last one before it."""
    return _move(day, timedelta(days=-1), is_working_day)


def _move(day: date, step: timedelta, is_working_day: IsWorkingDay) -> date:
    for _ in range(_LONGEST_HOLIDAY):
        if is_working_day(day):
            return day
        day += step
    raise ValueError("no working day in a whole month: the calendar is wrong")


def _no_row(measure_type: MeasureType) -> ChoiceRequired:
    per_case = measure_type is MeasureType.EARLY_HELP_S30
    return ChoiceRequired(ChoiceReason.CHOSEN_PER_CASE if per_case else ChoiceReason.NO_ROW)
