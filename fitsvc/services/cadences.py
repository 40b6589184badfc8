"""The cadence standards of this kommune: those that ship as data, and its own."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.cadences import load_standards
from fitsvc.domain.cadence import Interval, Row, Standard
from fitsvc.domain.law import MeasureType
from fitsvc.storage.cadences import OwnStandardRow, list_own_rows, list_own_standards


def all_standards(session: Session) -> Mapping[str, Standard]:
    """Every standard an episode may refer to, by id: the shipped ones, then the kommune's own, the retired too.

    The law's limits hold for every standard. Two queries.
    """
    shipped = load_standards()
    limits = next(iter(shipped.values())).limits
    rows: dict[UUID, list[OwnStandardRow]] = defaultdict(list)
    for row in list_own_rows(session):
        rows[row.standard_id].append(row)
    own = {
        one.slug: Standard(
            id=one.slug,
            name=one.name,
            source=one.source,
            rows={MeasureType(row.measure_type): _row(row) for row in rows[one.id]},
            limits=limits,
        )
        for one in list_own_standards(session)
    }
    return MappingProxyType({**shipped, **own})


def _row(row: OwnStandardRow) -> Row:
    return Row(
        first=_interval(row.first_number, row.first_unit),
        then=_interval(row.then_number, row.then_unit),
        first_year=_interval(row.first_year_number, row.first_year_unit),
    )


def _interval(number: int | None, unit: str | None) -> Interval | None:
    return Interval(**{unit: number}) if number is not None and unit is not None else None
