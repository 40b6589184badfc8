"""Who changed reliably: every case that has an external series of one kind, from its first to its last value."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from fitsvc.domain.measure import Measure
from fitsvc.domain.reliable_change import ChangeClass, classify, rci_points
from fitsvc.storage.external import ExternalSeries, iterate_first_and_last


@dataclass(frozen=True, slots=True)
class CaseChange:
    """One case's change in raw points of the series. `last` is None when there is only one value."""

    reference: str
    first_on: date
    first: float
    last_on: date | None
    last: float | None
    change: float | None
    change_class: ChangeClass
    sd: float | None
    reliability: float | None
    rci: float | None


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """All cases by reference, and how many there are of each class. `series` stands for them all: name and scale."""

    series: ExternalSeries
    cases: tuple[CaseChange, ...]

    @property
    def counts(self) -> dict[ChangeClass, int]:
        """How many cases of each class; a series has no cut-off, so nobody can have recovered."""
        found = Counter(case.change_class for case in self.cases)
        return {one: found[one] for one in ChangeClass if one is not ChangeClass.RECOVERED}

    @property
    def figures(self) -> tuple[tuple[float | None, float | None, float | None], ...]:
        """Each set of spread, reliability and RCI in points that cases were judged by; one, as a rule."""
        return tuple(dict.fromkeys((case.sd, case.reliability, case.rci) for case in self.cases))


def change_in_series(session: Session, *, series_key: str) -> SeriesChange | None:
    """The change of every case with this series, None when no case has it. Each is judged by its own figures."""
    cases = []
    shown: ExternalSeries | None = None
    for row in iterate_first_and_last(session, series_key):
        shown = shown or row.series
        measure = Measure(
            minimum=row.series.minimum,
            maximum=row.series.maximum,
            direction=row.series.direction,
            sd=row.series.sd,
            reliability=row.series.reliability,
        )
        cases.append(
            CaseChange(
                reference=row.reference,
                first_on=row.first_on,
                first=row.first,
                last_on=row.last_on,
                last=row.last,
                change=None if row.last is None else row.last - row.first,
                change_class=classify(row.first, row.last, measure),
                sd=row.series.sd,
                reliability=row.series.reliability,
                rci=rci_points(measure),
            )
        )
    return SeriesChange(shown, tuple(cases)) if shown is not None else None
