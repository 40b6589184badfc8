"""What was expected against what came, at the next meeting: a talk, not a mark.

Only totals have a known noise: there a difference smaller than the reliable-change value is called chance, never a
failure. Areas and goals get their numbers and no verdict.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fitsvc.domain.expected_change import ExpectationLine
from fitsvc.domain.measure import Measure
from fitsvc.domain.reliable_change import EDGE, rci_points
from fitsvc.domain.signal import ScoredPoint


class Outcome(StrEnum):
    """How a later score stands to what was expected."""

    NO_NEW_SCORE = "no_new_score"
    MAY_BE_CHANCE = "may_be_chance"  # nearer to the expectation than ordinary noise
    BETTER = "better"
    LOWER = "lower"
    NO_VERDICT = "no_verdict"  # the noise of this series is not known


@dataclass(frozen=True, slots=True)
class ExpectedAndActual:
    """`expected` on the day of `actual_on`'s line end, in points; `difference` is actual minus expected, raw points."""

    expected: float
    due_on: date
    actual: float | None
    actual_on: date | None
    difference: float | None
    outcome: Outcome


def hold_against(line: ExpectationLine, latest: ScoredPoint | None, measure: Measure) -> ExpectedAndActual:
    """Hold an agreed expectation against the newest score given after it was set.

    What is compared is the score agreed for the due day, whenever the newest score came; the page shows both days.
    """
    if latest is None or latest.on <= line.start:
        return ExpectedAndActual(line.score, line.due, None, None, None, Outcome.NO_NEW_SCORE)
    difference = latest.score - line.score
    return ExpectedAndActual(
        line.score, line.due, latest.score, latest.on, difference, _outcome(difference, measure)
    )


def _outcome(difference: float, measure: Measure) -> Outcome:
    noise = rci_points(measure)
    if noise is None:
        return Outcome.NO_VERDICT
    if abs(difference) <= noise + EDGE:
        return Outcome.MAY_BE_CHANCE
    return Outcome.BETTER if measure.sign * difference > 0 else Outcome.LOWER
