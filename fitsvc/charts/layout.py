"""Where things stand on the paper: the plot's frame, labels that do not cover one another, text that fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fitsvc.charts.model import AgreedLine, Axis, ChartLine, ChartMark, ChartModel, MarkKind

CHARACTER = 0.56
"""Mean width of a character as a share of the font size, in the fonts we use."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot area in pixels, and the way from days and values to it and back."""

    left: float
    right: float
    top: float
    bottom: float
    start: date
    end: date
    axis: Axis

    def x(self, day: date) -> float:
        share = (day - self.start).days / (self.end - self.start).days
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        share = (value - self.axis.minimum) / (self.axis.maximum - self.axis.minimum)
        if self.axis.is_reversed:
            share = 1 - share
        return self.bottom - share * (self.bottom - self.top)

    def day(self, x: float) -> date:
        share = (x - self.left) / (self.right - self.left)
        return self.start + timedelta(days=round(share * (self.end - self.start).days))

    def value(self, y: float) -> float:
        share = (self.bottom - y) / (self.bottom - self.top)
        if self.axis.is_reversed:
            share = 1 - share
        return self.axis.minimum + share * (self.axis.maximum - self.axis.minimum)


@dataclass(frozen=True, slots=True)
class EndLabel:
    """The name of a line in the margin, at `y` pixels; `anchor_y` is where the line itself ends."""

    line: ChartLine
    text: str
    y: float
    anchor_y: float


def text_width(text: str, size: float) -> float:
    return len(text) * size * CHARACTER


def fit(text: str, width: float, size: float) -> str:
    """The text, cut with an ellipsis when it is wider than `width` pixels."""
    room = int(width / (size * CHARACTER))
    return text if len(text) <= room else text[: max(room - 1, 1)].rstrip(" ,") + "…"


def label_text(line: ChartLine, *, short: bool, width: float, size: float) -> str:
    """What stands at the line's end: its name, cut to fit, and its latest value, never cut."""
    name = line.short_label if short else line.label
    return f"{fit(name, width - text_width(' ' + line.latest, size), size)} {line.latest}".strip()


def label_room(model: ChartModel, *, short: bool, size: float, most: float) -> float:
    """How wide the margin for end labels must be, in pixels."""
    names = [
        f"{line.short_label if short else line.label} {line.latest}"
        for line in model.lines
        if line.is_current and line.last
    ]
    return min(max((text_width(name, size) for name in names), default=0) + 14, most)


def place_labels(
    model: ChartModel, frame: Frame, *, short: bool, size: float, width: float
) -> list[EndLabel]:
    """End labels of the lines shown, pushed apart so that none covers another, inside the frame where they fit."""
    lines = [line for line in model.shown_lines if line.is_current and line.last is not None]
    lines.sort(key=lambda line: frame.y(line.last.value) if line.last else 0.0)
    wanted = [frame.y(line.last.value) for line in lines if line.last is not None]
    placed = push_apart(wanted, size * 1.25, frame.top, frame.bottom)
    return [
        EndLabel(line, label_text(line, short=short, width=width, size=size), y, anchor)
        for line, y, anchor in zip(lines, placed, wanted, strict=True)
    ]


def place_agreed(
    model: ChartModel, frame: Frame, *, size: float, above: float
) -> list[tuple[AgreedLine, float]]:
    """Agreed expectations and the height of their labels, `above` pixels over their ends and apart from one another."""
    lines = sorted(model.agreed, key=lambda one: frame.y(one.end.value))
    # From the lowest up, so that a label gives way upwards and never falls onto its own line.
    wanted = [above - frame.y(one.end.value) for one in reversed(lines)]
    placed = push_apart(wanted, size * 1.15, -frame.bottom, -frame.top)
    return [(one, -height) for one, height in zip(reversed(lines), placed, strict=True)]


def push_apart(wanted: Sequence[float], distance: float, low: float, high: float) -> list[float]:
    """Positions in the same (ascending) order at least `distance` apart, as near as possible to those wanted.

    They stay between `low` and `high`; when there are too many for that, they run past `high`.
    """
    placed: list[float] = []
    for place in wanted:
        placed.append(max(place, placed[-1] + distance if placed else low))
    limit = max(high, low + distance * (len(placed) - 1))
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - distance
    return placed


def fitting_ticks(model: ChartModel, frame: Frame, *, size: float) -> list[tuple[date, str]]:
    """The months whose names have room under the axis. The first of every year that is named tells the year."""
    found: list[tuple[date, str]] = []
    taken = frame.left - size * 2
    for tick in model.date_ticks:
        is_new_year = not found or found[-1][0].year != tick.on.year
        label = tick.label_with_year if is_new_year else tick.label
        half = text_width(label, size) / 2
        middle = frame.x(tick.on)
        if middle - half >= taken and middle + half <= frame.right + size * 2:
            found.append((tick.on, label))
            taken = middle + half + size * 0.6
    return found


def place_marks(model: ChartModel, frame: Frame, *, size: float) -> dict[ChartMark, float]:
    """The marks that have room for their label on the top row, and the middle of that label in pixels."""
    order = list(MarkKind)
    taken: list[tuple[float, float]] = []
    found: dict[ChartMark, float] = {}
    for mark in sorted(model.marks, key=lambda mark: (order.index(mark.kind), mark.on)):
        half = text_width(mark.label, size) / 2 + 4
        middle = min(max(frame.x(mark.on), frame.left + half), frame.right - half)
        if not mark.label or middle - half < frame.left - 1:
            continue
        if all(middle + half <= start or middle - half >= end for start, end in taken):
            taken.append((middle - half, middle + half))
            found[mark] = middle
    return found
