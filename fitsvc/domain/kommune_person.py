"""What a kommune's own identity provider says about a person who signs in: the seam between protocols and accounts.

Every protocol ends here. OpenID Connect (`web.kommune_sign_in`) makes a `KommunePerson` of an ID token's claims; a
SAML module would make one of an assertion's attributes with the same mapping. Nothing after it knows which it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fitsvc.domain.roles import Role

ClaimPath = tuple[str, ...]
"""A claim's name, or the names that lead into nested claims (Keycloak: realm_access, roles)."""


@dataclass(frozen=True, slots=True)
class KommunePerson:
    """`issuer` and `subject` together name the person for good. `unit` is None and `roles` are empty when the claims
    give none that the mapping knows. `is_assured` is whether the sign-in was as safe as the kommune demands.
    """

    issuer: str
    subject: str
    name: str
    email: str
    unit: str | None
    roles: frozenset[Role]
    is_assured: bool = True
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Assurance:
    """The claim that says how surely a person was identified, and the levels that will do."""

    claim: ClaimPath
    accepted: frozenset[str]


@dataclass(frozen=True, slots=True)
class KommuneMapping:
    """Which claims give name, e-mail, unit and roles. `units` holds names or ids of units of this service, in the
    file's order: of several that fit, the first counts.
    """

    name_claim: ClaimPath
    email_claim: ClaimPath
    role_claim: ClaimPath
    roles: Mapping[str, frozenset[Role]]
    unit_claim: ClaimPath
    units: Mapping[str, str]
    assurance: Assurance | None = field(default=None)

    def person(self, claims: Mapping[str, Any], *, issuer: str, subject: str) -> KommunePerson:
        """What the claims say. Roles and units the mapping does not know are passed over."""
        given_roles, given_units = find_texts(claims, self.role_claim), find_texts(claims, self.unit_claim)
        sid = claims.get("sid")
        return KommunePerson(
            issuer=issuer,
            subject=subject,
            name=_one_text(claims, self.name_claim),
            email=_one_text(claims, self.email_claim).lower(),
            unit=next((unit for value, unit in self.units.items() if value in given_units), None),
            roles=frozenset[Role]().union(*(self.roles.get(value, frozenset()) for value in given_roles)),
            is_assured=self.assurance is None
            or bool(find_texts(claims, self.assurance.claim) & self.assurance.accepted),
            session_id=sid if isinstance(sid, str) and sid else None,
        )


def find_texts(claims: Mapping[str, Any], path: ClaimPath) -> frozenset[str]:
    """The texts of a claim, be it one or a list; numbers as texts, and nothing else."""
    found: Any = claims
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    values = found if isinstance(found, list) else [found]
    return frozenset(
        str(one).strip() for one in values if isinstance(one, str | int) and not isinstance(one, bool)
    )


def _one_text(claims: Mapping[str, Any], path: ClaimPath) -> str:
    found = find_texts(claims, path)
    return next(iter(found)) if len(found) == 1 else ""
