"""Reads the standards for follow-up from `standards.toml` into the rules of `domain.cadence`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fitsvc.domain.cadence import Interval, Row, Standard
from fitsvc.domain.law import MeasureType

STANDARDS_FILE = Path(__file__).with_name("standards.toml")


class CadenceError(ValueError):
    """A file of standards that cannot be used: which file, where, and what is wrong."""


@cache
def load_standards(file: Path = STANDARDS_FILE) -> Mapping[str, Standard]:
    """The standards by id, in the order of the file; CadenceError says which file and key is wrong."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CadenceError(f"{file.name}: not readable as TOML: {error}") from error
    limits = _limits(content.get("law", {}), f"{file.name}: law")
    standards: dict[str, Standard] = {}
    for place, table in enumerate(content.get("standard", []), start=1):
        where = f"{file.name}: standard[{place}]"
        _known(table, {"id", "name", "source", "row"}, where)
        standard = Standard(
            id=_text(table, "id", where),
            name=_text(table, "name", where),
            source=_text(table, "source", where),
            rows=_rows(table.get("row", []), where),
            limits=limits,
        )
        if standard.id in standards:
            raise CadenceError(f"{where}.id: {standard.id!r} is there twice")
        standards[standard.id] = standard
    return MappingProxyType(standards)


def _rows(tables: list[dict[str, Any]], where: str) -> Mapping[MeasureType, Row]:
    rows: dict[MeasureType, Row] = {}
    for place, table in enumerate(tables, start=1):
        here = f"{where}.row[{place}]"
        _known(table, {"measure_types", "first", "then", "first_year"}, here)
        row = Row(
            first=_interval(table, "first", here),
            then=_interval(table, "then", here),
            first_year=_interval(table, "first_year", here),
        )
        for measure_type in _measure_types(table, here):
            if measure_type in rows:
                raise CadenceError(f"{here}.measure_types: {measure_type} has a row already")
            rows[measure_type] = row
    return MappingProxyType(rows)


def _limits(table: dict[str, Any], where: str) -> Mapping[MeasureType, Interval]:
    _known(table, {"first_follow_up_within", "measure_types"}, where)
    limit = _interval(table, "first_follow_up_within", where)
    if limit is None:
        raise CadenceError(f"{where}.first_follow_up_within: expected an interval, got nothing")
    return MappingProxyType(dict.fromkeys(_measure_types(table, where), limit))


def _measure_types(table: dict[str, Any], where: str) -> list[MeasureType]:
    try:
        return [MeasureType(name) for name in table["measure_types"]]
    except (KeyError, TypeError, ValueError) as error:
        known = ", ".join(MeasureType)
        raise CadenceError(f"{where}.measure_types: expected a list of {known}, got {error}") from error


def _interval(table: dict[str, Any], key: str, where: str) -> Interval | None:
    if key not in table:
        return None
    try:
        return Interval(**table[key])
    except (TypeError, ValueError) as error:
        raise CadenceError(
            f"{where}.{key}: expected {{ weeks = n }}, {{ months = n }} or {{ days = n }}, got {table[key]!r}"
        ) from error


def _text(table: dict[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CadenceError(f"{where}.{key}: expected a non-empty text, got {value!r}")
    return value


def _known(table: dict[str, Any], keys: set[str], where: str) -> None:
    if unknown := sorted(set(table) - keys):
        raise CadenceError(f"{where}: expected only {', '.join(sorted(keys))}, got {', '.join(unknown)}")
