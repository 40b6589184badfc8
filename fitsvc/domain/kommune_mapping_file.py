"""Reading the mapping of a kommune's claims from its TOML text (`docs/sign-in.md` has examples)."""

import tomllib
from typing import Any

from fitsvc.domain.instrument import InstrumentError
from fitsvc.domain.kommune_person import Assurance, ClaimPath, KommuneMapping
from fitsvc.domain.roles import Role
from fitsvc.domain.toml_table import Table


class KommuneMappingError(Exception):
    """A mapping that cannot be used: file, key, what was expected and what stood there."""


def parse_kommune_mapping(text: str, *, file: str) -> KommuneMapping:
    """The mapping a TOML text describes; `file` names it in errors. Raises KommuneMappingError."""
    try:
        return _mapping(Table(tomllib.loads(text), file))
    except InstrumentError as error:  # how `toml_table` refuses
        raise KommuneMappingError(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise KommuneMappingError(f"{file}: expected valid TOML, got {error}") from error


def _mapping(table: Table) -> KommuneMapping:
    person, roles, units = table.table("person"), table.table("roles"), table.table("units")
    found = KommuneMapping(
        name_claim=_claim(person, "name"),
        email_claim=_claim(person, "email"),
        role_claim=_claim(roles, "claim"),
        roles={value: _roles(roles, value, named) for value, named in _values(roles).items()},
        unit_claim=_claim(units, "claim"),
        units={value: _unit(units, value, named) for value, named in _values(units).items()},
        assurance=_assurance(table.optional_table("assurance")),
    )
    for one in (person, roles, units, table):
        one.finish()
    return found


def _assurance(table: Table | None) -> Assurance | None:
    if table is None:
        return None
    claim, accepted = _claim(table, "claim"), table.values("accepted", "a list of levels")
    if not all(isinstance(one, str) and one.strip() for one in accepted):
        table.refuse("accepted", "a list of levels, each a text", accepted)
    table.finish()
    return Assurance(claim, frozenset(one.strip() for one in accepted))


def _claim(table: Table, key: str) -> ClaimPath:
    value = table.take(key)
    path = value if isinstance(value, list) else [value]
    if not path or not all(isinstance(one, str) and one.strip() for one in path):
        table.refuse(key, "a claim's name, or a list of names that lead to a nested claim", value)
    return tuple(one.strip() for one in path)


def _values(table: Table) -> dict[str, Any]:
    found = table.take("values")
    if not isinstance(found, dict) or not found:
        table.refuse("values", "a table with a line for each value of the claim", found)
    return found


def _roles(table: Table, value: str, named: Any) -> frozenset[Role]:
    wanted = named if isinstance(named, list) else [named]
    if not wanted or not all(isinstance(one, str) and one in set(Role) for one in wanted):
        table.refuse(f"values.{value}", "one of " + ", ".join(Role) + ", or a list of them", named)
    return frozenset(Role(one) for one in wanted)


def _unit(table: Table, value: str, named: Any) -> str:
    if not isinstance(named, str) or not named.strip():
        table.refuse(f"values.{value}", "the name or the id of a unit", named)
    return named.strip()
