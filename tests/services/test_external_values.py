from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.instrument import Direction
from fitsvc.services.errors import NotFound
from fitsvc.services.external_values import Preset, SeriesScale, add_series, enter_value, list_values
from fitsvc.services.invalid import Invalid
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.external import ExternalSeries, ExternalValue, list_external_series
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

OWN = SeriesScale(0, 30, Direction.LOWER_IS_BETTER, "dage")


def begun(session: Session, cast: Cast, build: Builder, now: datetime, **given: Any) -> ExternalSeries:
    values = {
        "key": UUID(int=1),
        "preset": Preset.ABSENCE,
        "name": "Skolefravær",
        "purpose": "Skolen er målet",
    } | given
    by = acting(cast.caseworker, build.today)
    return add_series(session, by=by, now=now, case_id=cast.case.id, **values)


def entered(
    session: Session, cast: Cast, build: Builder, now: datetime, series: ExternalSeries, **given: Any
) -> ExternalValue:
    values = {"key": UUID(int=2), "measured_on": build.today, "value": 12.5} | given
    by = acting(cast.caseworker, build.today)
    return enter_value(session, by=by, now=now, case_id=cast.case.id, series_id=series.id, **values)


def test_presets_bring_their_scale(session: Session, cast: Cast, build: Builder, now: datetime) -> None:
    absence = begun(session, cast, build, now)
    ruler = begun(session, cast, build, now, key=UUID(int=3), preset=Preset.RULER, name="Trivsel")
    assert (absence.minimum, absence.maximum, absence.value_unit) == (0, 100, "%")
    assert (ruler.minimum, ruler.maximum, ruler.direction) == (1, 5, Direction.LOWER_IS_BETTER)


@pytest.mark.parametrize(
    ("scale", "field", "code"),
    [
        (None, "minimum", "missing"),
        (SeriesScale(5, 5, Direction.HIGHER_IS_BETTER), "maximum", "not_above_minimum"),
        (SeriesScale(float("nan"), 5, Direction.HIGHER_IS_BETTER), "minimum", "out_of_range"),
        (SeriesScale(0, 1e300, Direction.HIGHER_IS_BETTER), "maximum", "out_of_range"),
        (SeriesScale(0, 5, Direction.HIGHER_IS_BETTER, "x" * 21), "unit", "too_long"),
    ],
)
def test_an_own_number_needs_a_sensible_scale(
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    scale: SeriesScale | None,
    field: str,
    code: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        begun(session, cast, build, now, preset=Preset.OWN, scale=scale)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_series_stands_once(session: Session, cast: Cast, build: Builder, now: datetime) -> None:
    begun(session, cast, build, now)
    session.commit()
    begun(session, cast, build, now)  # the same form sent again
    assert len(list_external_series(session, cast.case.id)) == 1
    with pytest.raises(Invalid, match="series_there_already"):
        begun(session, cast, build, now, key=UUID(int=3), name="Fravær igen")
    with pytest.raises(Invalid, match="series_there_already"):
        begun(session, cast, build, now, key=UUID(int=3), preset=Preset.OWN, name="SKOLEFRAVÆR", scale=OWN)


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"value": 101.0}, "value", "out_of_range"),
        ({"value": -0.1}, "value", "out_of_range"),
        ({"value": float("nan")}, "value", "out_of_range"),
        ({"measured_on": date(2026, 3, 17)}, "measured_on", "too_late"),
        ({"measured_on": date(1, 1, 1)}, "measured_on", "too_early"),
    ],
)
def test_a_number_off_its_scale_or_time_is_refused(
    session: Session, cast: Cast, build: Builder, now: datetime, given: dict[str, Any], field: str, code: str
) -> None:
    series = begun(session, cast, build, now)
    with pytest.raises(Invalid) as refused:
        entered(session, cast, build, now, series, **given)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_day_has_one_number_and_is_replaced_only_on_purpose(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    series = begun(session, cast, build, now)
    entered(session, cast, build, now, series)
    entered(session, cast, build, now, series)  # the same form sent again
    with pytest.raises(Invalid, match="value_there_already"):
        entered(session, cast, build, now, series, key=UUID(int=4), value=20.0)
    entered(session, cast, build, now, series, key=UUID(int=4), value=20.0, replace=True)
    values = list_values(session, case_id=cast.case.id, series_id=series.id)
    assert [one.value for one in values] == [20.0]


def test_a_series_is_reached_through_its_own_case_only(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    series = begun(session, cast, build, now)
    other = build.case(team={cast.caseworker: TeamPart.CASEWORKER})
    with pytest.raises(NotFound):
        enter_value(
            session,
            by=acting(cast.caseworker, build.today),
            now=now,
            case_id=other.id,
            series_id=series.id,
            key=UUID(int=9),
            measured_on=build.today,
            value=1,
        )
