"""Where a series could be expected to go: the assumed curve and the agreed expectation.

The assumed curve is our own simple model, never a norm: regression to the mean from the first score, then an
exponential approach to a level of wellbeing assumed reachable. `fitsvc/method` states every assumption.
"""

from dataclasses import dataclass
from datetime import date
from math import exp, sqrt

from fitsvc.domain.instrument import Assumptions, Direction
from fitsvc.domain.measure import Measure
from fitsvc.domain.reliable_change import standard_error

Z_68 = 1.0
Z_80 = 1.28


@dataclass(frozen=True, slots=True)
class Band:
    """Lower and upper edge in points of the measure; `lower` is always the smaller number."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class AssumedCurve:
    """The assumed course from one baseline score.

    θ0 = μ + r(x0 − μ); h(w) = 1 − e^(−k·w), w in weeks; E(w) = θ0 + g·max(A − θ0, 0)·h(w);
    S(w)² = [SD·√(r(1 − r))·(1 − g·h)]² + (s·h)² + SEM², with g = 0 when θ0 ≥ A (our own model, docs/method.md).
    """

    baseline: float
    parameters: Assumptions
    direction: Direction = Direction.HIGHER_IS_BETTER

    @property
    def _sign(self) -> int:
        return 1 if self.direction is Direction.HIGHER_IS_BETTER else -1

    @property
    def true_start(self) -> float:
        """θ0: the first score after regression to the mean, in points."""
        p = self.parameters
        return p.mean + p.reliability * (self.baseline - p.mean)

    @property
    def _growth(self) -> float:
        reached = self._sign * self.true_start >= self._sign * self.parameters.target
        return 0.0 if reached else self.parameters.growth

    def _share(self, weeks: float) -> float:
        if weeks < 0:
            raise ValueError("the expected course starts at the baseline")
        return 1 - exp(-self.parameters.rate * weeks)

    def expected(self, weeks: float) -> float:
        """E(w) in points. With the shipped parameters from 2: 4.23 after 6 weeks, 5.26 after 16."""
        way = self.parameters.target - self.true_start
        return self.true_start + self._growth * way * self._share(weeks)

    def spread(self, weeks: float) -> float:
        """S(w) in points: what is unknown about the start, about the course, and about this measurement."""
        p, h = self.parameters, self._share(weeks)
        start = p.sd * sqrt(p.reliability * (1 - p.reliability)) * (1 - self._growth * h)
        return sqrt(start**2 + (p.spread * h) ** 2 + standard_error(p.sd, p.reliability) ** 2)

    def band(self, weeks: float, z: float) -> Band:
        """E ± z·S in points; it may reach past the ends of the scale. `z`: Z_68 or Z_80."""
        middle, half = self.expected(weeks), z * self.spread(weeks)
        return Band(middle - half, middle + half)

    def shortfall(self, weeks: float, score: float) -> float:
        """How many spreads the score is worse than expected (negative when better), in either direction."""
        return self._sign * (self.expected(weeks) - score) / self.spread(weeks)


def assumed_curve(baseline: float, measure: Measure) -> AssumedCurve | None:
    """The curve of a series from its baseline, or None when its measure has no assumptions."""
    if measure.assumptions is None:
        return None
    return AssumedCurve(baseline=baseline, parameters=measure.assumptions, direction=measure.direction)


@dataclass(frozen=True, slots=True)
class ExpectationLine:
    """An agreed expectation: a straight line from the latest score when it was agreed to its own date."""

    start: date
    start_score: float
    due: date
    score: float

    def __post_init__(self) -> None:
        if self.due <= self.start:
            raise ValueError("an expectation must lie after the score it starts from")

    def at(self, day: date) -> float:
        """The expected score on a day, in points; constant before the start and after the due date."""
        share = (day - self.start).days / (self.due - self.start).days
        return self.start_score + (self.score - self.start_score) * min(max(share, 0.0), 1.0)


def weeks_between(first: date, later: date) -> float:
    """Weeks and parts of a week from one day to another."""
    return (later - first).days / 7
