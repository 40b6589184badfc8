"""How often the signal is right and wrong: the whole rule, simulated with an instrument's own assumptions.

Children are drawn from the model the assumptions describe. A true start is normal with mean μ and spread
SD·√r, and every rating adds noise of one SEM. The baseline is followed by ten ratings, one every two weeks.
The ends of the scale are left out, which makes wrong alarms a little more frequent than they would be.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from fitsvc.domain.instrument import Assumptions
from fitsvc.domain.measure import Measure
from fitsvc.domain.reliable_change import is_reliably_worse, standard_error
from fitsvc.domain.signal import ScoredPoint, SignalCode, signals

RATINGS = 10
WEEKS_BETWEEN = 2
WORSE_PER_WEEK = 0.15
"""Points that a worsening child truly loses each week: 3 points over the 20 weeks."""

_BASELINE_DAY = date(2026, 1, 5)
_DAYS = [_BASELINE_DAY + timedelta(weeks=WEEKS_BETWEEN * number) for number in range(RATINGS + 1)]

Numbers = npt.NDArray[np.float64]
Found = TypeVar("Found")


class Course(StrEnum):
    """How a simulated child truly fares."""

    AS_EXPECTED = "as_expected"
    UNCHANGED = "unchanged"
    WORSENING = "worsening"


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Shares of truly unchanged children whom a simpler rule would alarm about at least once."""

    worse_once: float
    worse_twice_in_a_row: float


def simulate_signals(*, measure: Measure, children: int, seed: int) -> pd.DataFrame:
    """Shares of children by true course (rows): ever yellow, ever red, red at the end, green all the way.

    `children` are drawn for every course; the same seed gives the same table. `measure` must have
    assumptions.
    """
    rows = {}
    for course, scores in _draw(measure, children, seed).items():
        codes = [[signal.code for signal in signals(_points(series), measure)] for series in scores]
        rows[course.value] = {
            "ever_yellow": _share(codes, lambda found: SignalCode.WATCH in found),
            "ever_red": _share(codes, lambda found: SignalCode.BELOW_EXPECTED in found),
            "red_at_end": _share(codes, lambda found: found[-1] is SignalCode.BELOW_EXPECTED),
            "always_green": _share(codes, lambda found: set(found) == {SignalCode.AS_EXPECTED}),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def simulate_false_alarms(*, measure: Measure, children: int, seed: int) -> FalseAlarms:
    """Why a signal must be confirmed: "reliably worse than baseline" once, against twice in a row."""
    worse = [
        [is_reliably_worse(series[0], score, measure) for score in series[1:]]
        for series in _draw(measure, children, seed)[Course.UNCHANGED].tolist()
    ]
    return FalseAlarms(
        worse_once=_share(worse, any),
        worse_twice_in_a_row=_share(
            worse, lambda found: any(one and other for one, other in pairwise(found))
        ),
    )


def report(*, measure: Measure, children: int, seed: int) -> str:
    """Both tables as plain text, in percent, with what is needed to repeat them."""
    table = simulate_signals(measure=measure, children=children, seed=seed)
    alarms = simulate_false_alarms(measure=measure, children=children, seed=seed)
    shown = (table * 100).round(1).to_string(float_format="{:.1f}".format)
    return "\n".join(
        [
            f"Signals of {children:,} simulated children per course, baseline and {RATINGS} ratings every "
            f"{WEEKS_BETWEEN} weeks, seed {seed}; percent of children:",
            shown,
            "",
            "Truly unchanged children, alarmed at least once by a simpler rule; percent of children:",
            f"reliably worse than baseline, once            {alarms.worse_once:6.1%}",
            f"reliably worse than baseline, twice in a row  {alarms.worse_twice_in_a_row:6.1%}",
        ]
    )


def _draw(measure: Measure, children: int, seed: int) -> dict[Course, Numbers]:
    """Scores by course, one row per child: the baseline and the ratings after it."""
    if measure.assumptions is None:
        raise ValueError("a simulation needs an instrument with assumptions")
    assumed = measure.assumptions
    generator = np.random.default_rng(seed)
    noise = standard_error(assumed.sd, assumed.reliability)
    return {
        course: truth + generator.normal(0.0, noise, truth.shape)
        for course in Course
        for truth in [_true_course(course, assumed, measure.sign, children, generator)]
    }


def _true_course(
    course: Course, assumed: Assumptions, sign: int, children: int, generator: np.random.Generator
) -> Numbers:
    weeks = np.arange(RATINGS + 1) * float(WEEKS_BETWEEN)
    start = generator.normal(assumed.mean, assumed.sd * assumed.reliability**0.5, (children, 1))
    match course:
        case Course.UNCHANGED:
            return start + 0.0 * weeks
        case Course.WORSENING:
            return start - sign * WORSE_PER_WEEK * weeks
        case Course.AS_EXPECTED:
            share = 1 - np.exp(-assumed.rate * weeks)
            way = sign * np.maximum(sign * (assumed.target - start), 0.0)
            own = generator.normal(0.0, assumed.spread, (children, 1))
            return start + (assumed.growth * way + own) * share


def _points(series: Numbers) -> list[ScoredPoint]:
    return [ScoredPoint(day, score) for day, score in zip(_DAYS, series.tolist(), strict=True)]


def _share(children: list[list[Found]], is_so: Callable[[list[Found]], bool]) -> float:
    return sum(map(is_so, children)) / len(children)
