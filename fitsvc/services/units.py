"""Units: the authority's own and the providers'."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import Invalid, checked_text
from fitsvc.storage.logs import record_act
from fitsvc.storage.organisation import Unit, UnitKind, find_unit, list_units


@dataclass(frozen=True, slots=True)
class UnitFacts:
    id: UUID
    name: str
    kind: UnitKind


def list_all(session: Session) -> list[UnitFacts]:
    return [_facts(unit) for unit in list_units(session)]


def get_unit(session: Session, unit_id: UUID) -> UnitFacts:
    return _facts(_get(session, unit_id))


def create_unit(session: Session, *, by: Actor, name: str, kind: UnitKind, now: datetime) -> UUID:
    """Raises Invalid on `name`: missing, too long, `taken`."""
    unit = Unit(name=_free_name(session, name, None), kind=kind, created_at=now)
    session.add(unit)
    session.flush()
    record_act(session, Act.UNIT_CREATED, at=now, staff_id=by.staff_id, unit=str(unit.id), kind=kind)
    return unit.id


def rename_unit(session: Session, *, by: Actor, unit_id: UUID, name: str, now: datetime) -> None:
    """The kind stays: it decides what the unit's staff may see. Raises Invalid on `name`, NotFound."""
    unit = _get(session, unit_id)
    unit.name = _free_name(session, name, unit.id)
    record_act(session, Act.UNIT_CHANGED, at=now, staff_id=by.staff_id, unit=str(unit.id), changed=["name"])


def _get(session: Session, unit_id: UUID) -> Unit:
    unit = find_unit(session, unit_id)
    if unit is None:
        raise NotFound(unit_id)
    return unit


def _free_name(session: Session, name: str, own_id: UUID | None) -> str:
    tidy = checked_text(name, "name")
    if any(unit.id != own_id and unit.name.casefold() == tidy.casefold() for unit in list_units(session)):
        raise Invalid("name", "taken")
    return tidy


def _facts(unit: Unit) -> UnitFacts:
    return UnitFacts(unit.id, unit.name, unit.kind)
