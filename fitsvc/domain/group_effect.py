"""How much a group changed, always with its uncertainty, and not at all for a handful of children.

Sources: Hedges, L. V. (1981). Journal of Educational Statistics, 6(2), 107–128 (the correction J). Becker,
B. J. (1988). British Journal of Mathematical and Statistical Psychology, 41(2), 257–278 (standardised mean
change). Wilson, E. B. (1927). Journal of the American Statistical Association, 22(158), 209–212 (interval
of a share).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from fitsvc.domain.instrument import Direction

SMALLEST_GROUP = 5
SMALL_GROUP = 20
Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Interval95:
    """A 95 % interval."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class GroupEffect:
    """The change of `n` series, positive when better.

    `d` is the mean change in spreads of the start, `g` is d with Hedges' correction and what should be
    shown; `interval` belongs to g. `is_uncertain` asks for a warning (fewer than 20). It says that a group
    changed, never that a measure was the cause: there is no comparison group.
    """

    n: int
    mean_change: float
    d: float
    g: float
    interval: Interval95
    is_uncertain: bool


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n` as a share from 0 to 1 with Wilson's interval."""

    count: int
    n: int
    share: float
    interval: Interval95
    is_uncertain: bool


def hedges_correction(degrees: int) -> float:
    """J = 1 − 3/(4·df − 1), Hedges' approximation (1981)."""
    return 1 - 3 / (4 * degrees - 1)


def group_effect(
    pairs: Sequence[tuple[float, float]], direction: Direction = Direction.HIGHER_IS_BETTER
) -> GroupEffect | None:
    """The group's change from pairs of first and latest score; None below 5 pairs or when all start alike.

    d = (mean xt − mean x0)/SD0; g = J·d with df = n − 1. The interval is g ± 1.96·√V with
    V = J²·(2(1 − ρ)/n + d²/(2n)) (Becker 1988), ρ the correlation of first and latest score in this group.
    """
    n = len(pairs)
    if n < SMALLEST_GROUP:
        return None
    first = [pair[0] for pair in pairs]
    latest = [pair[1] for pair in pairs]
    spread = stdev(first)
    if spread == 0:
        return None
    sign = 1 if direction is Direction.HIGHER_IS_BETTER else -1
    mean_change = sign * (fmean(latest) - fmean(first))
    d = mean_change / spread
    correction = hedges_correction(n - 1)
    g = correction * d
    half = Z_95 * correction * sqrt(2 * (1 - _correlation(first, latest)) / n + d**2 / (2 * n))
    return GroupEffect(n, mean_change, d, g, Interval95(g - half, g + half), n < SMALL_GROUP)


def share(count: int, n: int) -> Share | None:
    """A share with Wilson's 95 % interval, or None below 5. 3 of 5 is 23–88 %."""
    if not 0 <= count <= n:
        raise ValueError("a share is a part of the whole")
    if n < SMALLEST_GROUP:
        return None
    p, z2 = count / n, Z_95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n**2))
    return Share(count, n, p, Interval95(max(middle - half, 0.0), min(middle + half, 1.0)), n < SMALL_GROUP)


def _correlation(ones: Sequence[float], others: Sequence[float]) -> float:
    """Pearson's r; 0 where one side does not vary, which gives the widest honest interval."""
    mean_one, mean_other = fmean(ones), fmean(others)
    product = sum((one - mean_one) * (other - mean_other) for one, other in zip(ones, others, strict=True))
    squares = sum((one - mean_one) ** 2 for one in ones) * sum((other - mean_other) ** 2 for other in others)
    return min(max(product / sqrt(squares), -1.0), 1.0) if squares > 0 else 0.0
