"""Staff roles and how far each one sees. Read this table together with `permissions`."""

from collections.abc import Set
from enum import StrEnum


class Role(StrEnum):
    PRACTITIONER = "practitioner"
    CASEWORKER = "caseworker"
    AUTHORITY_LEADER = "authority_leader"
    PROVIDER_LEADER = "provider_leader"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Scope(StrEnum):
    """Which cases a role reaches; the database query applies it, never the page."""

    OWN_CASES = "own_cases"  # cases whose team one is on today
    OWN_UNIT = "own_unit"  # cases with an episode in one's own unit
    KOMMUNE = "kommune"  # every case
    NONE = "none"  # no case contents at all


SCOPE: dict[Role, Scope] = {
    Role.PRACTITIONER: Scope.OWN_CASES,
    Role.CASEWORKER: Scope.OWN_CASES,
    Role.PROVIDER_LEADER: Scope.OWN_UNIT,
    Role.AUTHORITY_LEADER: Scope.KOMMUNE,
    Role.ADMINISTRATOR: Scope.NONE,
    Role.AUDITOR: Scope.NONE,
}


STANDS_ALONE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Who decides who may see cases sees none, and who controls them both is neither: such a role goes with no other."""


def may_combine(roles: Set[Role]) -> bool:
    """Whether one account may have all these roles."""
    return len(roles) <= 1 or roles.isdisjoint(STANDS_ALONE)
