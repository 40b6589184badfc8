"""The cadence standards of this kommune: those that ship as data, and its own."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from unicodedata import normalize
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.cadences import load_standards
from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.cadence import Interval, Row, Standard
from fitsvc.domain.law import MeasureType
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import SHORT_TEXT, Invalid, checked_text
from fitsvc.storage.cadences import OwnStandard, OwnStandardRow, list_own_rows, list_own_standards
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import Taken, add_once

LONGEST_INTERVAL = {"weeks": 52, "months": 12, "days": 365}
_SLUG_LENGTH = 50
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


@dataclass(frozen=True, slots=True)
class OwnStandardFacts:
    """One of the kommune's own standards as its page shows it."""

    id: UUID
    standard: Standard
    retired_at: datetime | None


def all_standards(session: Session) -> Mapping[str, Standard]:
    """Every standard an episode may refer to, by id: the shipped ones, then the kommune's own, the retired too.

    The law's limits hold for every standard. Two queries.
    """
    own = {one.standard.id: one.standard for one in list_own(session)}
    return MappingProxyType({**load_standards(), **own})


def offered_standards(session: Session) -> Mapping[str, Standard]:
    """The standards a new episode may choose from: all but the retired ones."""
    own = {one.standard.id: one.standard for one in list_own(session) if one.retired_at is None}
    return MappingProxyType({**load_standards(), **own})


def list_own(session: Session) -> list[OwnStandardFacts]:
    """The kommune's own standards by name, the retired too."""
    limits = next(iter(load_standards().values())).limits
    rows: dict[UUID, list[OwnStandardRow]] = defaultdict(list)
    for row in list_own_rows(session):
        rows[row.standard_id].append(row)
    return [
        OwnStandardFacts(
            one.id,
            Standard(
                id=one.slug,
                name=one.name,
                source=one.source,
                rows={MeasureType(row.measure_type): _row(row) for row in rows[one.id]},
                limits=limits,
            ),
            one.retired_at,
        )
        for one in list_own_standards(session)
    ]


def add_standard(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    key: UUID,
    name: str,
    source: str,
    rows: Mapping[MeasureType, Row],
) -> OwnStandard:
    """Add a standard of the kommune's own. Sent twice with the same key it is one.

    Invalid when the name is in use, when there is no row at all, or when an interval is too long. Its rules never
    change afterwards.
    """
    sent_before = session.get(OwnStandard, key)
    if sent_before is not None:
        return sent_before
    name = checked_text(name, "name", limit=SHORT_TEXT)
    known = all_standards(session)
    if name.casefold() in {one.name.casefold() for one in known.values()}:
        raise Invalid("name", "taken")
    source = checked_text(source, "source", limit=SHORT_TEXT)
    if not rows:
        raise Invalid("rows", "no_rows")
    for measure_type, row in rows.items():
        _check_row(measure_type, row)
    standard = OwnStandard(
        id=key, slug=_slug(name, known), name=name, source=source, added_by_id=by.staff_id, added_at=now
    )
    try:
        added = add_once(session, standard)
    except Taken as error:  # somebody else took the name at the same moment
        raise Invalid("name", "taken") from error
    if added:
        session.add_all(_stored(standard.id, measure_type, row) for measure_type, row in rows.items())
        record_act(session, Act.STANDARD_ADDED, at=now, staff_id=by.staff_id, standard=standard.slug)
    return standard


def retire_standard(session: Session, *, by: Actor, now: datetime, standard_id: UUID) -> OwnStandard:
    """Offer it no more; episodes that have it keep it. Retired twice is retired once. NotFound when it is not there."""
    standard = session.get(OwnStandard, standard_id)
    if standard is None:
        raise NotFound(standard_id)
    if standard.retired_at is None:
        standard.retired_at = now
        record_act(session, Act.STANDARD_RETIRED, at=now, staff_id=by.staff_id, standard=standard.slug)
    return standard


def number_and_unit(interval: Interval | None) -> tuple[int | None, str | None]:
    """An interval as it is stored: its number and its unit, or neither."""
    if interval is None:
        return None, None
    unit = "months" if interval.months else "weeks" if interval.weeks else "days"
    number: int = getattr(interval, unit)
    return number, unit


def is_too_long(interval: Interval) -> bool:
    """Whether an interval is longer than anybody means."""
    number, unit = number_and_unit(interval)
    return number is not None and unit is not None and number > LONGEST_INTERVAL[unit]


def _check_row(measure_type: MeasureType, row: Row) -> None:
    if row.first is None and row.then is None:
        raise Invalid(f"{measure_type.value}-first", "missing")
    if row.first_year is not None and row.then is None:
        raise Invalid(f"{measure_type.value}-then", "first_year_without_then")
    for part, interval in (("first", row.first), ("first_year", row.first_year), ("then", row.then)):
        if interval is not None and is_too_long(interval):
            raise Invalid(f"{measure_type.value}-{part}", "interval_too_long")


def _slug(name: str, known: Mapping[str, Standard]) -> str:
    """An id made of the name that no other standard has, "own-…" so that a shipped one added later cannot have it."""
    plain = normalize("NFKD", name.lower().translate(_DANISH)).encode("ascii", "ignore").decode()
    base = "own-" + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH] or "standard")
    slug, number = base, 1
    while slug in known:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _stored(standard_id: UUID, measure_type: MeasureType, row: Row) -> OwnStandardRow:
    first, then, first_year = map(number_and_unit, (row.first, row.then, row.first_year))
    return OwnStandardRow(
        standard_id=standard_id,
        measure_type=measure_type.value,
        first_number=first[0],
        first_unit=first[1],
        then_number=then[0],
        then_unit=then[1],
        first_year_number=first_year[0],
        first_year_unit=first_year[1],
    )


def _row(row: OwnStandardRow) -> Row:
    return Row(
        first=_interval(row.first_number, row.first_unit),
        then=_interval(row.then_number, row.then_unit),
        first_year=_interval(row.first_year_number, row.first_year_unit),
    )


def _interval(number: int | None, unit: str | None) -> Interval | None:
    return Interval(**{unit: number}) if number is not None and unit is not None else None
