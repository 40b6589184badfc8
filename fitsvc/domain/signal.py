"""The signal of one series: codes and numbers, in words only on the page.

A signal advises; nothing is decided or sent because of it. The rule is ours; its simulated error rates are
printed in `fitsvc/method` and computed by `cohort.simulation`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from fitsvc.domain.expected_change import Z_80, AssumedCurve, assumed_curve, weeks_between
from fitsvc.domain.measure import Measure
from fitsvc.domain.reliable_change import EDGE, is_reliably_worse

GREEN_SPREADS = 0.5
CONFIRM_WITHIN_DAYS = 42


class SignalCode(StrEnum):
    """Grey, green, yellow, red, in this order."""

    NO_PROGRESSION_YET = "no_progression_yet"
    AS_EXPECTED = "as_expected"
    WATCH = "watch"
    BELOW_EXPECTED = "below_expected"


class RuleCode(StrEnum):
    """Which sentence of the rule gave the signal."""

    TOO_FEW_SCORES = "too_few_scores"
    AT_OR_ABOVE_EXPECTED = "at_or_above_expected"
    SOMEWHAT_BELOW = "somewhat_below"
    BELOW_BAND_ONCE = "below_band_once"
    WORSE_ONCE = "worse_once"
    BELOW_BAND_TWICE = "below_band_twice"
    WORSE_TWICE = "worse_twice"


_BAD = frozenset(
    {RuleCode.BELOW_BAND_ONCE, RuleCode.WORSE_ONCE, RuleCode.BELOW_BAND_TWICE, RuleCode.WORSE_TWICE}
)


@dataclass(frozen=True, slots=True)
class ScoredPoint:
    """One score of a series on the day it was given."""

    on: date
    score: float


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal and the numbers behind it, in points of the measure; None where the rule did not use them.

    `first_seen_on` is the day of the score before, which this one confirms.
    """

    code: SignalCode
    rule: RuleCode
    on: date | None = None
    score: float | None = None
    baseline: float | None = None
    expected: float | None = None
    green_from: float | None = None
    red_beyond: float | None = None
    first_seen_on: date | None = None

    @property
    def is_bad(self) -> bool:
        """Below the band or reliably worse, confirmed or not: what the next score may confirm."""
        return self.rule in _BAD


NOT_YET = Signal(SignalCode.NO_PROGRESSION_YET, RuleCode.TOO_FEW_SCORES)


def signals(points: Sequence[ScoredPoint], measure: Measure) -> tuple[Signal, ...]:
    """The signal as it stood at every score after the baseline, oldest first.

    `points` are the scores of one series from its baseline on, in order of time. Empty when the measure has
    no assumed curve: single areas, goals and external numbers get no signal.
    """
    if not points:
        return ()
    curve = assumed_curve(points[0].score, measure)
    if curve is None:
        return ()
    found: list[Signal] = []
    for previous, point in pairwise(points):
        may_confirm = bool(found) and found[-1].is_bad and _may_confirm(previous, point)
        found.append(_signal_at(curve, measure, points[0], point, previous.on if may_confirm else None))
    return tuple(found)


def latest_signal(points: Sequence[ScoredPoint], measure: Measure) -> Signal | None:
    """The signal now; None when this kind of series gets none."""
    if measure.assumptions is None:
        return None
    return (signals(points, measure) or (NOT_YET,))[-1]


def open_confirmation(found: Sequence[Signal], next_steps: Sequence[date]) -> Signal | None:
    """The confirmed signal that still asks for a next step, or None.

    A next step closes every confirmation up to its day. Only a confirmation whose first score also came after
    the latest next step asks anew: the step must have had a chance to work.
    """
    since = max(next_steps, default=None)
    for signal in found:
        if signal.code is SignalCode.BELOW_EXPECTED and (
            since is None or (signal.first_seen_on is not None and signal.first_seen_on > since)
        ):
            return signal
    return None


def _may_confirm(previous: ScoredPoint, point: ScoredPoint) -> bool:
    """Up to six weeks later. A second rating on the same day is the same day's mood and confirms nothing."""
    return 0 < (point.on - previous.on).days <= CONFIRM_WITHIN_DAYS


def _signal_at(
    curve: AssumedCurve, measure: Measure, baseline: ScoredPoint, point: ScoredPoint, first_seen: date | None
) -> Signal:
    weeks = weeks_between(baseline.on, point.on)
    expected, spread = curve.expected(weeks), curve.spread(weeks)
    shortfall = measure.sign * (expected - point.score) / spread
    below_band = shortfall > Z_80 + EDGE
    worse = is_reliably_worse(baseline.score, point.score, measure)
    if below_band or worse:
        if first_seen is None:
            code, rule = SignalCode.WATCH, RuleCode.BELOW_BAND_ONCE if below_band else RuleCode.WORSE_ONCE
        else:
            code = SignalCode.BELOW_EXPECTED
            rule = RuleCode.BELOW_BAND_TWICE if below_band else RuleCode.WORSE_TWICE
    elif shortfall <= GREEN_SPREADS + EDGE:
        code, rule = SignalCode.AS_EXPECTED, RuleCode.AT_OR_ABOVE_EXPECTED
    else:
        code, rule = SignalCode.WATCH, RuleCode.SOMEWHAT_BELOW
    return Signal(
        code=code,
        rule=rule,
        on=point.on,
        score=point.score,
        baseline=baseline.score,
        expected=expected,
        green_from=expected - measure.sign * GREEN_SPREADS * spread,
        red_beyond=expected - measure.sign * Z_80 * spread,
        first_seen_on=first_seen,
    )
