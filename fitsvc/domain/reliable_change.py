"""Is a change larger than measurement noise, and where does it lead?

Source: Jacobson, N. S., & Truax, P. (1991). Clinical significance: a statistical approach to defining
meaningful change in psychotherapy research. Journal of Consulting and Clinical Psychology, 59(1), 12–19.
The cut-off between the clinical and the ordinary range, from the same paper, is in `cutoff`.
"""

from enum import StrEnum
from math import sqrt

from fitsvc.domain.measure import DEFAULT_Z, Measure

EDGE = 1e-9
"""A change of exactly the reliable-change value is not reliable, whatever binary fractions make of it."""


class ChangeClass(StrEnum):
    """Where a change leads; `recovered` only where the instrument has a cut-off."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    CANNOT_BE_JUDGED = "cannot_be_judged"


def standard_error(sd: float, reliability: float) -> float:
    """Standard error of measurement in points: SEM = SD·√(1 − r) (Jacobson & Truax 1991, p. 14)."""
    _check(sd, reliability)
    return sd * sqrt(1 - reliability)


def standard_error_of_difference(sd: float, reliability: float) -> float:
    """Standard error of a difference in points: Sdiff = √2·SEM (Jacobson & Truax 1991, p. 14)."""
    return sqrt(2) * standard_error(sd, reliability)


def reliable_change_points(sd: float, reliability: float, z: float = DEFAULT_Z) -> float:
    """How many points a change must exceed to be reliable: z·Sdiff. SD 2.0 and r .80 give 2.48."""
    return z * standard_error_of_difference(sd, reliability)


def reliable_change_index(first: float, latest: float, measure: Measure) -> float:
    """RC = (xt − x0)/Sdiff (Jacobson & Truax 1991), positive when better in the measure's own direction.

    Raises ValueError when the measure has no known spread and reliability.
    """
    if measure.sd is None or measure.reliability is None:
        raise ValueError("reliable change needs a reference spread and a reliability")
    return measure.sign * (latest - first) / standard_error_of_difference(measure.sd, measure.reliability)


def rci_points(measure: Measure) -> float | None:
    """The measure's reliable-change value in points, or None when its noise is not known."""
    if measure.sd is None or measure.reliability is None:
        return None
    return reliable_change_points(measure.sd, measure.reliability, measure.z)


def is_reliably_worse(first: float, latest: float, measure: Measure) -> bool:
    """RC < −z; False when the measure's noise is not known."""
    return measure.is_judged and reliable_change_index(first, latest, measure) < -measure.z - EDGE


def is_reliably_better(first: float, latest: float, measure: Measure) -> bool:
    """RC > z; False when the measure's noise is not known."""
    return measure.is_judged and reliable_change_index(first, latest, measure) > measure.z + EDGE


def classify(first: float | None, latest: float | None, measure: Measure) -> ChangeClass:
    """The change class of a series from its baseline to its latest score.

    `latest` is None when there is only one score. Recovered is a reliable improvement that crosses the
    cut-off, so a start at or above it can improve but not recover (Jacobson & Truax 1991).
    """
    if first is None or latest is None or not measure.is_judged:
        return ChangeClass.CANNOT_BE_JUDGED
    if is_reliably_worse(first, latest, measure):
        return ChangeClass.DETERIORATED
    if not is_reliably_better(first, latest, measure):
        return ChangeClass.UNCHANGED
    crossed = measure.cutoff is not None and (
        measure.sign * first < measure.sign * measure.cutoff <= measure.sign * latest
    )
    return ChangeClass.RECOVERED if crossed else ChangeClass.IMPROVED


def can_show_improvement(first: float, measure: Measure) -> bool:
    """False when even the best score of the scale would not be a reliable improvement from this start."""
    best = measure.maximum if measure.sign > 0 else measure.minimum
    return is_reliably_better(first, best, measure)


def _check(sd: float, reliability: float) -> None:
    if sd <= 0:
        raise ValueError("the reference spread must be above 0")
    if not 0 < reliability < 1:
        raise ValueError("the reliability must lie between 0 and 1")
