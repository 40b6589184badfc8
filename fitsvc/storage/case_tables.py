"""Which tables tell of a child, and which statements read them. Derived, so that no new table is forgotten."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, Table, event

from fitsvc.storage.base import Base

_BESIDES = frozenset({"cases", "persons", "staged_targets"})
"""Where a case begins, who is asked in it, and what an import is about to make of it: no key leads on from these."""
_NOT = frozenset({"device_handovers"})
"""Which browser is locked, asked at every request of the staff's; its rows hold ids and times."""
_TELLS_NOTHING = frozenset({"device_handovers"})
"""Read with every sign-in, to know whether this browser is locked: ids, and nothing about the child."""
_COUNTS = re.compile(r"\s*SELECT\s+(?:count\(|EXISTS\s*\()", re.IGNORECASE)
_GROUPS = re.compile(r"\bGROUP\s+BY\b", re.IGNORECASE)


def case_tables() -> frozenset[str]:
    """`cases` and every table from which foreign keys lead there; persons, and cases about to be imported."""
    found = set(_BESIDES)
    tables = Base.metadata.tables
    while more := {
        name for name, table in tables.items() if name not in found | _NOT and _points_to(table, found)
    }:
        found |= more
    return frozenset(found - _NOT)


def _points_to(table: Table, found: set[str]) -> bool:
    return any(key.column.table.name in found for key in table.foreign_keys)


@lru_cache(maxsize=1)
def _named() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(case_tables()))})\b")


@lru_cache(maxsize=4096)
def reads_case_data(statement: str) -> bool:
    """Whether a statement's rows tell of cases. A single number ("how many") or a yes tells of none."""
    if not statement.lstrip()[:6].upper().startswith(("SELECT", "WITH")):
        return False
    if _COUNTS.match(statement) and not _GROUPS.search(statement):
        return False
    return _named().search(statement) is not None


def watch_reading(engine: Engine, tell: Callable[[], None]) -> None:
    """Call `tell` before every statement of this engine that reads case data."""

    def look(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if reads_case_data(statement):
            tell()

    event.listen(engine, "before_cursor_execute", look)
