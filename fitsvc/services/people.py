"""Members of staff as somebody who can be chosen."""

from dataclasses import dataclass
from uuid import UUID

from fitsvc.domain.roles import Role
from fitsvc.storage.accounts import Staff


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be chosen."""

    id: UUID
    name: str
    unit_name: str
    roles: frozenset[Role]


def person_of(staff: Staff) -> Person:
    return Person(staff.id, staff.name, staff.unit.name, frozenset(Role(role.name) for role in staff.roles))
