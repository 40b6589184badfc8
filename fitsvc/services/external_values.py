"""External series of a case (absence, a five-step ruler, another measure) and the numbers entered in them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.instrument import Direction
from fitsvc.domain.rater import RaterRole
from fitsvc.services.case_access import get_case
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import (
    LONG_TEXT,
    LONGEST_LOOK_BACK,
    Invalid,
    checked_day,
    checked_number,
    checked_text,
)
from fitsvc.storage.external import (
    ExternalSeries,
    ExternalValue,
    list_external_series,
    list_external_values,
)
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import Taken, add_once

WIDEST = 1_000_000.0
UNIT_LENGTH = 20


class Preset(StrEnum):
    """Series whose scale is known."""

    ABSENCE = "absence"
    RULER = "scale-1-5"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class SeriesScale:
    """What the numbers of a series mean."""

    minimum: float
    maximum: float
    direction: Direction
    unit: str = ""


PRESET_SCALES = {
    Preset.ABSENCE: SeriesScale(0, 100, Direction.LOWER_IS_BETTER, "%"),
    Preset.RULER: SeriesScale(1, 5, Direction.LOWER_IS_BETTER),  # 1 is best, 5 is worst
}
RATED_BY = {Preset.RULER: RaterRole.CASEWORKER}


def add_series(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    key: UUID,
    preset: Preset,
    name: str,
    purpose: str,
    scale: SeriesScale | None = None,
) -> ExternalSeries:
    """Begin a series. A preset brings its own scale; an own number needs one.

    Sent twice with the same key it is one series; a preset stands in a case once.
    """
    case = get_case(session, by=by, case_id=case_id)
    if session.get(ExternalSeries, key) is not None:
        return get_series(session, case_id=case.id, series_id=key)
    if case.closed_on is not None:
        raise Refused("case_closed")
    scale = _checked_scale(PRESET_SCALES.get(preset, scale))
    name = checked_text(name, "name")
    there = list_external_series(session, case.id)
    if any(one.name.casefold() == name.casefold() or one.series_key == preset for one in there):
        raise Invalid("name", "series_there_already")
    series = ExternalSeries(
        id=key,
        case_id=case.id,
        series_key=preset.value if preset is not Preset.OWN else f"own-{key}",
        name=name,
        value_unit=scale.unit,
        minimum=scale.minimum,
        maximum=scale.maximum,
        direction=scale.direction,
        sd=None,
        reliability=None,
        rater_role=RATED_BY.get(preset),
        purpose=checked_text(purpose, "purpose", limit=LONG_TEXT),
        created_at=now,
    )
    try:
        is_new = add_once(session, series)
    except Taken as error:
        raise Invalid("name", "series_there_already") from error
    if is_new:
        record_act(
            session,
            Act.EXTERNAL_SERIES_ADDED,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            series=str(key),
        )
    return series


def enter_value(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    series_id: UUID,
    key: UUID,
    measured_on: date,
    value: float,
    replace: bool = False,
) -> ExternalValue:
    """Enter a number. A day has one value: another one is refused unless it is meant to replace the first."""
    case = get_case(session, by=by, case_id=case_id)
    series = get_series(session, case_id=case.id, series_id=series_id)
    if case.closed_on is not None:
        raise Refused("case_closed")
    checked_day(measured_on, "measured_on", earliest=by.today - LONGEST_LOOK_BACK, latest=by.today)
    checked_number(value, "value", series.minimum, series.maximum)
    new = ExternalValue(
        id=key,
        series_id=series.id,
        measured_on=measured_on,
        value=value,
        entered_by_id=by.staff_id,
        import_batch_id=None,
        created_at=now,
    )
    there = _value_of_day(session, case.id, series.id, measured_on)
    if there is not None:
        if there.id == key or there.value == value:
            return there
        if not replace:
            raise Invalid("measured_on", "value_there_already")
        there.value, there.entered_by_id = value, by.staff_id
        new = there
    else:
        try:
            add_once(session, new)
        except Taken as error:
            raise Invalid("measured_on", "value_there_already") from error
    record_act(
        session,
        Act.EXTERNAL_VALUE_ENTERED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        series=str(series.id),
        value=str(new.id),
        replaced=there is not None,
    )
    return new


def get_series(session: Session, *, case_id: UUID, series_id: UUID) -> ExternalSeries:
    """The case's series; NotFound when it is not this case's."""
    series = session.get(ExternalSeries, series_id)
    if series is None or series.case_id != case_id:
        raise NotFound(series_id)
    return series


def list_values(session: Session, *, case_id: UUID, series_id: UUID) -> list[ExternalValue]:
    """The series' values, newest first."""
    return [one for one in reversed(list_external_values(session, case_id)) if one.series_id == series_id]


def _value_of_day(session: Session, case_id: UUID, series_id: UUID, day: date) -> ExternalValue | None:
    values = list_values(session, case_id=case_id, series_id=series_id)
    return next((one for one in values if one.measured_on == day), None)


def _checked_scale(scale: SeriesScale | None) -> SeriesScale:
    if scale is None:
        raise Invalid("minimum", "missing")
    checked_number(scale.minimum, "minimum", -WIDEST, WIDEST)
    checked_number(scale.maximum, "maximum", -WIDEST, WIDEST)
    if scale.minimum >= scale.maximum:
        raise Invalid("maximum", "not_above_minimum")
    unit = checked_text(scale.unit, "unit", limit=UNIT_LENGTH, required=False)
    return SeriesScale(scale.minimum, scale.maximum, scale.direction, unit)
