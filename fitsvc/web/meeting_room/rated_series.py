"""One line of a graph together with the ratings behind its points."""

from collections.abc import Iterator
from dataclasses import dataclass

from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.case_facts import GoalFacts, RatedPoint, SeriesFacts


@dataclass(frozen=True, slots=True)
class RatedSeries:
    """`item_id` is the item whose value the line draws; None for the form's total."""

    figure: str
    series: SeriesFacts
    item_id: str | None = None

    def value(self, point: RatedPoint) -> float | None:
        if self.item_id is None:
            return point.score
        answer = point.answers.get(self.item_id)
        return answer.value if answer else None

    def drawn(self) -> Iterator[tuple[RatedPoint, float]]:
        """The ratings that are points of the line, oldest first, as the line itself has them."""
        for point in sorted(self.series.points, key=lambda one: one.on):
            value = self.value(point)
            if value is not None:
                yield point, value

    def key(self, point: RatedPoint) -> str:
        """Names what opens on a point, once on the page: one rating may stand on several graphs."""
        return f"{self.figure}-{point.rating_id.hex[:12]}"


def totals_of(figure: str, series: list[SeriesFacts]) -> list[RatedSeries]:
    return [RatedSeries(figure, one) for one in series]


def areas_of(figure: str, series: list[SeriesFacts], catalogue: Catalogue) -> list[RatedSeries]:
    found = []
    for one in series:
        instrument = catalogue.get(one.instrument_id, one.instrument_version)
        item = next(item.id for item in instrument.items if item.area == one.area)
        found.append(RatedSeries(figure, one, item))
    return found


def goal_of(figure: str, goal: GoalFacts, catalogue: Catalogue) -> list[RatedSeries]:
    """The goal's number is its place on the form."""
    return [
        RatedSeries(
            figure,
            one,
            catalogue.get(one.instrument_id, one.instrument_version).items[goal.number - 1].id,
        )
        for one in goal.series
    ]
