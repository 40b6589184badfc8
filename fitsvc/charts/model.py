"""The chart model: what is on a graph and how it looks, decided once and then drawn by `svg` and `plotly_figure`.

The model holds words ready for the page; whoever builds it (the web layer) puts them there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fitsvc.charts.palette import LineStyle
from fitsvc.domain.expected_change import Z_68, Z_80, weeks_between
from fitsvc.domain.trajectory import Trajectory

MOST_BAND_STEPS = 40
SHORTEST_SPAN = timedelta(weeks=8)
ROOM_AFTER = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Axis:
    """The value axis. `is_reversed` puts the small numbers on top, for scales where 1 is best."""

    minimum: float
    maximum: float
    ticks: tuple[float, ...]
    title: str
    is_reversed: bool = False

    def clip(self, value: float) -> float:
        return min(max(value, self.minimum), self.maximum)


@dataclass(frozen=True, slots=True)
class DateTick:
    """A month on the time axis: its name alone, and with its year."""

    on: date
    label: str
    label_with_year: str


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """`words` are what a pointer or a screen reader is told: rater, day and value. `key` names what can be opened on
    the page about it, "" when nothing can.
    """

    on: date
    value: float
    words: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One series. `segments` are drawn unconnected: the line is broken where ratings are missing.

    `missed` are marks on the axis for answers that did not come. A series that has ended (`is_current` false) is
    named at its own end instead of in the margin.
    """

    key: str
    label: str
    short_label: str
    latest: str
    style: LineStyle
    segments: tuple[tuple[ChartPoint, ...], ...]
    missed: tuple[ChartPoint, ...] = ()
    is_shown: bool = True
    is_current: bool = True

    @property
    def points(self) -> tuple[ChartPoint, ...]:
        return tuple(point for segment in self.segments for point in segment)

    @property
    def last(self) -> ChartPoint | None:
        return self.segments[-1][-1] if self.segments else None


@dataclass(frozen=True, slots=True)
class BandPoint:
    """The expected course on one day: the middle and the edges of the 68 % and the 80 % band, within the axis."""

    on: date
    expected: float
    lower_68: float
    upper_68: float
    lower_80: float
    upper_80: float


@dataclass(frozen=True, slots=True)
class ExpectedCourse:
    """The assumed course of the series `key`; only the selected series' course is visible at a time."""

    key: str
    label: str
    points: tuple[BandPoint, ...]


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """An agreed expectation on the series `key`, drawn from the score it started from to its date."""

    key: str
    label: str
    style: LineStyle
    start: ChartPoint
    end: ChartPoint


class MarkKind(StrEnum):
    """What a vertical mark stands for; the order is the order in which labels get their room."""

    NEW_FORM = "new_form"
    EPISODE_START = "episode_start"
    MEETING_PLANNED = "meeting_planned"
    EVENT = "event"
    MEETING_HELD = "meeting_held"


@dataclass(frozen=True, slots=True)
class ChartMark:
    """A vertical mark on a day. `label` is short, `words` tell it in full."""

    on: date
    kind: MarkKind
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class ChartLevel:
    """A horizontal level with a name: a goal's target, a cut-off."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class ChartModel:
    """One graph. `key` is unique on its page; `title` and `description` are read aloud instead of the picture."""

    key: str
    title: str
    description: str
    start: date
    end: date
    axis: Axis
    date_ticks: tuple[DateTick, ...]
    lines: tuple[ChartLine, ...]
    courses: tuple[ExpectedCourse, ...] = ()
    selected: str | None = None
    agreed: tuple[AgreedLine, ...] = ()
    marks: tuple[ChartMark, ...] = ()
    levels: tuple[ChartLevel, ...] = ()

    @property
    def course(self) -> ExpectedCourse | None:
        """The expected course that is visible."""
        return next((one for one in self.courses if one.key == self.selected), None)

    @property
    def shown_lines(self) -> tuple[ChartLine, ...]:
        return tuple(line for line in self.lines if line.is_shown)

    @property
    def shown_agreed(self) -> tuple[AgreedLine, ...]:
        shown = {line.key for line in self.shown_lines}
        return tuple(one for one in self.agreed if one.key in shown)


def segments(trajectory: Trajectory, points: Sequence[ChartPoint]) -> tuple[tuple[ChartPoint, ...], ...]:
    """Points cut where the trajectory has gaps. `points` correspond to `trajectory.points`, one to one."""
    breaks = {(gap.start, gap.end) for gap in trajectory.gaps}
    found: list[list[ChartPoint]] = []
    for point in points:
        if not found or (found[-1][-1].on, point.on) in breaks:
            found.append([])
        found[-1].append(point)
    return tuple(tuple(segment) for segment in found)


def expected_course(
    trajectory: Trajectory, *, key: str, label: str, until: date, axis: Axis
) -> ExpectedCourse | None:
    """The assumed course of a series from its baseline on; None where the measure has no assumptions."""
    curve, baseline = trajectory.curve, trajectory.baseline
    if curve is None or baseline is None or baseline.on >= until:
        return None
    length = (until - baseline.on).days
    step = max(7, -(-length // MOST_BAND_STEPS))
    days = [baseline.on + timedelta(days=offset) for offset in range(0, length, step)] + [until]
    found = []
    for day in days:
        weeks = weeks_between(baseline.on, day)
        narrow, wide = curve.band(weeks, Z_68), curve.band(weeks, Z_80)
        found.append(
            BandPoint(
                day,
                axis.clip(curve.expected(weeks)),
                axis.clip(narrow.lower),
                axis.clip(narrow.upper),
                axis.clip(wide.lower),
                axis.clip(wide.upper),
            )
        )
    return ExpectedCourse(key, label, tuple(found))


def date_span(days: Iterable[date], today: date) -> tuple[date, date]:
    """The first and last day of the time axis: everything in `days` and today, at least eight weeks."""
    everything = [*days, today]
    first, last = min(everything) - timedelta(days=3), max(everything) + ROOM_AFTER
    return min(first, last - SHORTEST_SPAN), last


def month_starts(start: date, end: date, most: int = 14) -> list[date]:
    """The first days of months within a span, thinned to every second, third, sixth or twelfth when many."""
    first = start.replace(day=1) if start.day == 1 else _next_month(start)
    found = []
    while first <= end:
        found.append(first)
        first = _next_month(first)
    for every in (1, 2, 3, 6, 12):
        kept = [day for day in found if (day.month - 1) % every == 0]
        if len(kept) <= most:
            return kept
    return found[:: -(-len(found) // most)]


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
