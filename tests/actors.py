"""Members of the cast as services know them."""

from datetime import date

from fitsvc.domain.actor import Actor
from fitsvc.domain.roles import Role
from fitsvc.storage.accounts import Staff
from fitsvc.storage.organisation import UnitKind


def acting(staff: Staff, today: date) -> Actor:
    return Actor(
        staff_id=staff.id,
        unit_id=staff.unit.id,
        roles=frozenset(Role(role.name) for role in staff.roles),
        today=today,
        external=staff.unit.kind is UnitKind.EXTERNAL_PROVIDER,
    )
