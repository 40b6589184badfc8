"""Reading an import mapping from its TOML text. Unknown keys are refused; errors say key, what was expected and got."""

import re
import tomllib
from contextlib import suppress
from datetime import date, datetime

from fitsvc.cohort.cells import EARLIEST_DAY
from fitsvc.cohort.mapping import (
    CaseColumn,
    DayRule,
    FileForm,
    ImportMapping,
    InstrumentTarget,
    NewCase,
    Rater,
    SeriesTarget,
    Unit,
    ValueColumns,
)
from fitsvc.domain.instrument import Direction, InstrumentError
from fitsvc.domain.law import MeasureType
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Mode
from fitsvc.domain.toml_table import LARGEST, NOTHING, Table

ENCODINGS = ("utf-8", "windows-1252")
DELIMITERS = (",", ";", "\t")
DECIMALS = (".", ",")
LONGEST_OFFSET = 36_600
LATEST_START = date(2199, 12, 31)
ISO = "%Y-%m-%d"
BIRTH_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
AT_BASELINE = "at_baseline"
OFFSETS = {f"after_{unit}": unit for unit in Unit}


class MappingError(Exception):
    """A mapping that cannot be used: file, key, what was expected and what stood there."""


def parse_mapping(content: bytes, *, file: str) -> ImportMapping:
    """The mapping a TOML file describes; `file` names it in errors. Raises MappingError."""
    try:
        table = Table(tomllib.loads(content.decode("utf-8-sig")), file)
        mapping = _mapping(table)
    except UnicodeDecodeError as error:
        raise MappingError(
            f"{file}: expected text in UTF-8, got byte {error.start + 1} that is not"
        ) from error
    except InstrumentError as error:  # how `toml_table` refuses
        raise MappingError(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise MappingError(f"{file}: expected valid TOML, got {error}") from error
    return mapping


def _mapping(table: Table) -> ImportMapping:
    form = _file_form(table.table_or_empty("file"))
    case = _case(table.table("case"))
    rater = _rater(table.table("rater"))
    target = _target(table)
    dates = table.table_or_empty("dates")
    date_format = _date_format(dates)
    start_column = dates.optional_text("start_column")
    start_day = _start_day(dates, date_format, start_column)
    dates.finish()
    has_start = start_day is not None or start_column is not None
    values = tuple(
        _value_columns(one, isinstance(target, InstrumentTarget), has_start) for one in table.tables("values")
    )
    table.finish()
    return ImportMapping(form, case, rater, target, date_format, start_day, start_column, values)


def _file_form(table: Table) -> FileForm:
    missing = (
        table.values("missing", "a list of texts") if table.has("missing") else table.absent("missing", [])
    )
    if not all(isinstance(one, str) for one in missing):
        table.refuse("missing", "a list of texts", missing)
    form = FileForm(
        encoding=_one_of(table, "encoding", ENCODINGS),
        delimiter=_one_of(table, "delimiter", DELIMITERS),
        decimal=_one_of(table, "decimal", DECIMALS),
        sheet=table.optional_text("sheet"),
        missing=frozenset(one.strip() for one in missing) | {""},
    )
    table.finish()
    return form


def _one_of(table: Table, key: str, choices: tuple[str, ...]) -> str | None:
    if not table.has(key):
        return table.absent(key, None)
    value = table.take(key)
    if value not in choices:
        table.refuse(key, "one of " + ", ".join(repr(one) for one in choices), value)
    return str(value)


def _case(table: Table) -> CaseColumn:
    column = table.text("column")
    prefix = table.draft_text("prefix")
    new = _new_case(table) if table.flag("create") else None
    table.finish()
    return CaseColumn(column, prefix, new)


def _new_case(table: Table) -> NewCase:
    month = table.text("birth_month")
    if not BIRTH_MONTH.fullmatch(month):
        table.refuse("birth_month", "a year and a month, as in 2012-05", month)
    return NewCase(
        unit=_short(table, "unit", 200),
        unit_is_new=table.flag("create_unit"),
        birth_month=date(int(month[:4]), int(month[5:]), 1),
        measure_type=table.code("measure_type", MeasureType),
        legal_basis=_short(table, "legal_basis", 60),
        purpose=table.text("purpose"),
    )


def _short(table: Table, key: str, longest: int) -> str:
    value = table.text(key)
    if len(value) > longest:
        table.refuse(key, f"at most {longest} characters", value)
    return value


def _rater(table: Table) -> Rater:
    role = table.code("role", RaterRole)
    setting = table.optional_text("setting")
    create = table.flag("create")
    custody = None
    if create and role is RaterRole.PARENT:
        if not table.has("has_custody"):
            table.refuse("has_custody", "true or false, for parents that are added", NOTHING)
        custody = table.flag("has_custody")
    name = _short(table, "name", 80) if create else ""
    table.finish()
    return Rater(role, setting, create, custody, name)


def _target(table: Table) -> SeriesTarget | InstrumentTarget:
    if table.has("series") == table.has("instrument"):
        table.refuse("series", "either a table [series] or a table [instrument]", NOTHING)
    return _series(table.table("series")) if table.has("series") else _instrument(table.table("instrument"))


def _series(table: Table) -> SeriesTarget:
    minimum = table.number("minimum", -LARGEST, LARGEST)
    maximum = table.number("maximum", -LARGEST, LARGEST)
    if maximum <= minimum:
        table.refuse("maximum", f"a number above {minimum:g}", maximum)
    sd, baseline_column = _spread(table)
    reliability = source = None
    if sd is not None or baseline_column is not None:
        reliability = table.number("reliability", 0, 1, open_ends=True)
        source = table.text("reliability_source")
    elif table.has("reliability"):
        table.refuse("reference_spread", "a spread, because a reliability is given", NOTHING)
    series = SeriesTarget(
        key=table.slug("key"),
        name=_short(table, "name", 80),
        value_unit=_short(table, "unit", 20) if table.has("unit") else table.absent("unit", ""),
        minimum=minimum,
        maximum=maximum,
        direction=table.code("direction", Direction),
        sd=sd,
        baseline_column=baseline_column,
        reliability=reliability,
        reliability_source=source,
        purpose=table.draft_text("purpose"),
    )
    table.finish()
    return series


def _spread(table: Table) -> tuple[float | None, str | None]:
    """The reference spread as a number, or the column it is to be computed from."""
    if not table.has("reference_spread"):
        return table.absent("reference_spread", None), None
    value = table.take("reference_spread")
    if value == AT_BASELINE:
        return None, table.text("baseline_column")
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= LARGEST:
        table.refuse("reference_spread", f'a number above 0, or "{AT_BASELINE}"', value)
    return float(value), None


def _instrument(table: Table) -> InstrumentTarget:
    target = InstrumentTarget(
        id=table.slug("id"),
        version=table.optional_text("version"),
        language=table.text("language"),
        mode=table.code("mode", Mode),
    )
    table.finish()
    return target


def _date_format(table: Table) -> str:
    value = table.optional_text("format") or ISO
    try:
        understood = datetime.strptime(date(1999, 12, 31).strftime(value), value)  # noqa: DTZ007  a day, no time
    except ValueError:
        understood = None
    if understood is None or understood.date() != date(1999, 12, 31):
        table.refuse("format", "a format with day, month and year, such as %d-%m-%Y", value)
    return value


def _start_day(table: Table, date_format: str, start_column: str | None) -> date | None:
    if not table.has("start"):
        return table.absent("start", None)
    value = table.take("start")
    if start_column is not None:
        table.refuse("start", "only one of start and start_column", value)
    day = value if isinstance(value, date) and not isinstance(value, datetime) else None
    if isinstance(value, str):
        with suppress(ValueError):
            day = datetime.strptime(value, date_format).date()  # noqa: DTZ007  a day has no time zone
    if day is None or not EARLIEST_DAY <= day <= LATEST_START:
        table.refuse("start", f"a date, such as {date(2026, 1, 31).strftime(date_format)}", value)
    return day


def _value_columns(table: Table, of_instrument: bool, has_start: bool) -> ValueColumns:
    column, items = None, []
    if of_instrument:
        content = table.take("items")
        if not isinstance(content, dict) or not content:
            table.refuse("items", "a table with a column for each item", content)
        for item, named in content.items():
            if not isinstance(named, str) or not named.strip():
                table.refuse(f"items.{item}", "the name of a column", named)
            items.append((item, named.strip()))
    else:
        column = table.text("column")
    day = _day_rule(table, has_start)
    table.finish()
    return ValueColumns(column, tuple(items), day)


def _day_rule(table: Table, has_start: bool) -> DayRule:
    keys = ("date_column", "offset_column", *OFFSETS)
    there = [key for key in keys if table.has(key)]
    if len(there) != 1:
        table.refuse("date_column", "exactly one of " + ", ".join(keys), " and ".join(there) or NOTHING)
    key = there[0]
    for other in keys:
        if other != key:
            table.absent(other, None)
    if key == "date_column":
        return DayRule(date_column=table.text(key))
    if not has_start:
        table.refuse(key, "a start to count from: dates.start or dates.start_column", table.take(key))
    if key == "offset_column":
        return DayRule(offset_column=table.text(key), unit=table.code("offset_unit", Unit))
    return DayRule(offset=table.whole(key, 0, LONGEST_OFFSET), unit=OFFSETS[key])
