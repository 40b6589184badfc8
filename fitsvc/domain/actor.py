"""Who asks: a signed-in member of staff as rules and queries see them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fitsvc.domain.permissions import Permission, may
from fitsvc.domain.roles import SCOPE, Role, Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff on a given day. `unit_id` is their own unit. `looking`: on a page that only reads, where a case
    opened in an emergency may be seen.
    """

    staff_id: UUID
    unit_id: UUID
    roles: frozenset[Role]
    today: date
    external: bool = False
    looking: bool = False

    def may(self, permission: Permission) -> bool:
        return may(self.roles, permission)

    @property
    def scopes(self) -> frozenset[Scope]:
        """An external provider's staff never reach the whole kommune, whatever role somebody gave them."""
        reached = frozenset(SCOPE[role] for role in self.roles)
        return reached - {Scope.KOMMUNE} if self.external else reached
