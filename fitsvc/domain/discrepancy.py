"""Where raters see the same area differently. A gap is information about contexts, not an error.

Informants agree only moderately as a rule: about r = .28 between kinds of raters (Achenbach, McConaughy &
Howell 1987, Psychological Bulletin 101; De Los Reyes et al. 2015, Psychological Bulletin 141).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

WITHIN = timedelta(days=14)
SMALLEST_GAP = 3.0


@dataclass(frozen=True, slots=True)
class AreaRating:
    """One rater's answer on one area, 0–10 with higher as better."""

    rater: str
    area: str
    on: date
    value: float


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two raters' nearest ratings of one area, three points or more apart. `low` is the lower of the two."""

    area: str
    low: AreaRating
    high: AreaRating
    change: float | None

    @property
    def gap(self) -> float:
        """Points between the two, never negative."""
        return self.high.value - self.low.value


def discrepancies(ratings: Iterable[AreaRating]) -> tuple[Discrepancy, ...]:
    """Gaps of three points or more between raters, largest first, then by how much they grew since last time.

    For every area and two raters, ratings given within 14 days of each other are paired, nearest first and
    each used once. The newest pair is compared; `change` is its gap minus the gap of the pair before, or
    None when there was none. The order of ratings and the names of raters change nothing.
    """
    by_area: dict[str, dict[str, list[AreaRating]]] = {}
    for rating in ratings:
        by_area.setdefault(rating.area, {}).setdefault(rating.rater, []).append(rating)
    found = []
    for raters in by_area.values():
        for one, other in combinations(sorted(raters), 2):
            pairs = _pairs(raters[one], raters[other])
            if not pairs:
                continue
            gap = _gap(pairs[0])
            if gap >= SMALLEST_GAP:
                low, high = sorted(pairs[0], key=lambda rating: (rating.value, rating.rater))
                change = gap - _gap(pairs[1]) if len(pairs) > 1 else None
                found.append(Discrepancy(low.area, low, high, change))
    return tuple(sorted(found, key=lambda d: (-d.gap, -(d.change or 0.0), d.area, d.low.rater, d.high.rater)))


def _gap(pair: tuple[AreaRating, AreaRating]) -> float:
    return abs(pair[0].value - pair[1].value)


def _pairs(ones: list[AreaRating], others: list[AreaRating]) -> list[tuple[AreaRating, AreaRating]]:
    """The ratings that belong together, newest pair first."""
    candidates = sorted(_near(ones, others), key=_nearness)
    used: set[int] = set()
    pairs = []
    for pair in candidates:
        if used.isdisjoint(map(id, pair)):
            used.update(map(id, pair))
            pairs.append(pair)
    return sorted(pairs, key=lambda pair: sorted((pair[0].on, pair[1].on), reverse=True), reverse=True)


def _near(ones: list[AreaRating], others: list[AreaRating]) -> Iterator[tuple[AreaRating, AreaRating]]:
    others = sorted(others, key=lambda rating: rating.on)
    for one in ones:
        start = bisect_left(others, one.on - WITHIN, key=lambda rating: rating.on)
        stop = bisect_right(others, one.on + WITHIN, key=lambda rating: rating.on)
        for other in others[start:stop]:
            yield one, other


def _nearness(pair: tuple[AreaRating, AreaRating]) -> tuple[int, int, list[float]]:
    """Nearest in time first, then newest; then by value, so that the order given never matters."""
    one, other = pair
    apart = abs((one.on - other.on).days)
    return apart, -(one.on.toordinal() + other.on.toordinal()), [*sorted((one.value, other.value)), one.value]
