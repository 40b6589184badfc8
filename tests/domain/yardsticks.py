"""Measures and points the tests of the rules share."""

from dataclasses import replace
from datetime import date, timedelta

from fitsvc.domain.instrument import Assumptions, Direction
from fitsvc.domain.measure import Measure
from fitsvc.domain.signal import ScoredPoint

START = date(2026, 1, 5)

ASSUMED = Assumptions(mean=5, sd=2, target=7, reliability=0.8, growth=0.7, rate=0.125, spread=0.5)
TOTAL = Measure(minimum=0, maximum=10, sd=2.0, reliability=0.8, assumptions=ASSUMED)
"""The own 0–10 totals (docs/method.md)."""
WITH_CUTOFF = replace(TOTAL, cutoff=6.0)
UNJUDGED = Measure(minimum=0, maximum=10)


def mirrored(measure: Measure) -> Measure:
    """The same measure on a scale that runs the other way: score s becomes 10 − s."""
    assumed = measure.assumptions
    return replace(
        measure,
        direction=Direction.LOWER_IS_BETTER,
        cutoff=None if measure.cutoff is None else 10 - measure.cutoff,
        assumptions=assumed and replace(assumed, mean=10 - assumed.mean, target=10 - assumed.target),
    )


def on(day: int) -> date:
    return START + timedelta(days=day)


def fortnightly(*scores: float) -> list[ScoredPoint]:
    return [ScoredPoint(on(14 * place), score) for place, score in enumerate(scores)]
