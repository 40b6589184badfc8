"""What the pages of goals, numbers and signals show, ready to place."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.domain.instrument import Direction
from fitsvc.domain.signal import RuleCode, Signal
from fitsvc.storage.external import ExternalSeries, ExternalValue
from fitsvc.storage.goals import Goal
from fitsvc.web.templates import day, points


@dataclass(frozen=True, slots=True)
class GoalRow:
    id: UUID
    number: int
    text: str
    start_value: float
    target_value: float
    set_on: date
    due_on: date | None
    closed_on: date | None
    result: str


@dataclass(frozen=True, slots=True)
class SeriesHead:
    name: str
    scale: str
    is_ruler: bool


@dataclass(frozen=True, slots=True)
class ValueRow:
    on: date
    value: str


def goal_row(goal: Goal) -> GoalRow:
    return GoalRow(
        goal.id,
        goal.number,
        goal.text,
        goal.start_value,
        goal.target_value,
        goal.set_on,
        goal.due_on,
        goal.closed_on,
        "" if goal.closed_on is None else _("Reached") if goal.reached else _("Not reached"),
    )


def series_head(series: ExternalSeries) -> SeriesHead:
    words = {
        Direction.HIGHER_IS_BETTER: _("higher is better"),
        Direction.LOWER_IS_BETTER: _("lower is better"),
    }
    unit = f" {series.value_unit}" if series.value_unit else ""
    scale = _(
        "From %(low)s to %(high)s%(unit)s, %(direction)s",
        low=points(series.minimum),
        high=points(series.maximum),
        unit=unit,
        direction=words[series.direction],
    )
    return SeriesHead(series.name, scale, series.series_key == "scale-1-5")


def value_row(value: ExternalValue, series: ExternalSeries) -> ValueRow:
    unit = f" {series.value_unit}" if series.value_unit else ""
    return ValueRow(value.measured_on, f"{points(value.value)}{unit}")


def why(signal: Signal) -> str:
    """The sentence of the rule behind a confirmed signal, with its numbers."""
    if signal.rule is RuleCode.WORSE_TWICE:
        return _(
            "The score was %(score)s on %(day)s against %(baseline)s at the start, and the score before it on "
            "%(before)s said the same: lower than chance explains.",
            score=points(signal.score),
            day=day(signal.on),
            baseline=points(signal.baseline),
            before=day(signal.first_seen_on),
        )
    return _(
        "The score was %(score)s on %(day)s, below the expected %(expected)s by more than the band allows, "
        "and the score before it on %(before)s said the same.",
        score=points(signal.score),
        day=day(signal.on),
        expected=points(signal.expected),
        before=day(signal.first_seen_on),
    )
