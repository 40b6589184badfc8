from datetime import date

import pytest

from fitsvc.cohort.mapping import DayRule, InstrumentTarget, SeriesTarget, Unit
from fitsvc.cohort.mapping_file import MappingError, parse_mapping
from fitsvc.domain.instrument import Direction
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import Mode
from tests.cohort.files import SERIES, mapping_of

FORM = """
[file]
missing = ["NA"]

[case]
column = "sag"

[rater]
role = "parent"
create = true
has_custody = false
name = "Forælder"

[instrument]
id = "wellbeing-adult"
language = "da"
mode = "paper"

[dates]
start_column = "start"

[[values]]
after_weeks = 0
items = { body = "krop før", home = "hjem før" }

[[values]]
offset_column = "uge"
offset_unit = "weeks"
items = { body = "krop", home = "hjem" }
"""


def test_a_mapping_of_an_external_series_is_read() -> None:
    mapping = mapping_of(SERIES)
    assert isinstance(mapping.target, SeriesTarget)
    assert (mapping.target.key, mapping.target.direction) == ("absence", Direction.LOWER_IS_BETTER)
    assert (mapping.target.sd, mapping.target.reliability) == (None, None)
    assert mapping.rater.role is RaterRole.TEACHER
    assert mapping.case.new is None
    assert mapping.values[0].day == DayRule(date_column="dato")
    assert mapping.columns == ("sag", "fravær", "dato")


def test_a_mapping_of_an_instrument_is_read() -> None:
    mapping = mapping_of(FORM)
    assert mapping.target == InstrumentTarget("wellbeing-adult", None, "da", Mode.PAPER)
    assert mapping.rater.has_custody is False
    assert [one.day for one in mapping.values] == [
        DayRule(offset=0, unit=Unit.WEEKS),
        DayRule(offset_column="uge", unit=Unit.WEEKS),
    ]
    assert mapping.columns == ("sag", "start", "krop før", "hjem før", "krop", "hjem", "uge")
    assert mapping.file.missing == {"", "NA"}


def test_a_start_is_a_date_of_toml_or_a_text_in_the_mappings_format() -> None:
    for start in ("2026-01-05", '"05-01-2026"'):
        text = SERIES.replace("[dates]", f"[dates]\nstart = {start}")
        assert mapping_of(text).start_day == date(2026, 1, 5)


WITH_SPREAD = 'reference_spread = 12\nreliability = 0.8\nreliability_source = "x"\n'
WITH_NEW_CASE = """create = true
unit = "Huset"
birth_month = "2012-05"
measure_type = "preventive"
legal_basis = "barnets lov § 32"
purpose = "Ro"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[case]", "[case]\ncolour = 1", "m.toml: case.colour: expected only these keys here: "),
        ("[dates]", "[data]\nx = 1\n[dates]", "m.toml: data: expected only these keys here"),
        ('column = "sag"', "", "m.toml: case.column: expected a non-empty text, got nothing"),
        ('role = "teacher"', 'role = "aunt"', "m.toml: rater.role: expected one of child"),
        ("[series]", "[serie]", "m.toml: series: expected either a table [series] or a table [instrument]"),
        ("maximum = 100", "maximum = 0", "m.toml: series.maximum: expected a number above 0"),
        ("maximum = 100", "maximum = inf", "m.toml: series.maximum"),
        ('key = "absence"', 'key = "Ab sence"', "m.toml: series.key: expected lower-case letters"),
        (
            "minimum = 0",
            "minimum = 0\nreference_spread = 0",
            "series.reference_spread: expected a number above 0",
        ),
        (
            "minimum = 0",
            "minimum = 0\nreference_spread = 12",
            "series.reliability: expected a number between 0 and 1",
        ),
        ("minimum = 0", "minimum = 0\nreliability = 0.8", "because a reliability is given"),
        ("minimum = 0", 'minimum = 0\nreference_spread = "at_baseline"', "series.baseline_column"),
        ("minimum = 0", f"minimum = 0\n{WITH_SPREAD}".replace("0.8", "1"), "between 0 and 1, got 1"),
        ("minimum = 0", f"minimum = 0\n{WITH_SPREAD}".replace('"x"', '""'), "series.reliability_source"),
        ('unit = "%"', f'unit = "{"x" * 21}"', "series.unit: expected at most 20 characters"),
        ("%d-%m-%Y", "%d-%m", "m.toml: dates.format: expected a format with day, month and year"),
        ("[dates]", '[dates]\nstart = "05/01/2026"', "dates.start: expected a date, such as 31-01-2026"),
        ("[dates]", "[dates]\nstart = 9999-01-01", "dates.start: expected a date"),
        ("[dates]", '[dates]\nstart = 2026-01-01\nstart_column = "s"', "only one of start and start_column"),
        (
            'date_column = "dato"',
            "",
            "values[1].date_column: expected exactly one of date_column, offset_column",
        ),
        ('date_column = "dato"', 'date_column = "dato"\nafter_days = 1', "got 'date_column and after_days'"),
        ('date_column = "dato"', "after_days = 1", "values[1].after_days: expected a start to count from"),
        ('date_column = "dato"', "after_days = -1", "a start to count from"),
        ('date_column = "dato"', 'items = { a = "b" }', "values[1].date_column"),
        ("[[values]]", "[values]", "m.toml: values: expected at least one [[values]]"),
        (
            "[case]",
            '[file]\nencoding = "latin1"\n[case]',
            "file.encoding: expected one of 'utf-8', 'windows-1252'",
        ),
        ("[case]", "[file]\nmissing = [1]\n[case]", "file.missing: expected a list of texts"),
        ('column = "sag"', f'column = "sag"\n{WITH_NEW_CASE}'.replace("05", "13", 1), "case.birth_month"),
        (
            'column = "sag"',
            f'column = "sag"\n{WITH_NEW_CASE}'.replace('"preventive"', '"x"'),
            "case.measure_type",
        ),
        ("[case]", "[case", "m.toml: expected valid TOML"),
    ],
)
def test_what_is_not_understood_is_refused_with_file_key_and_expectation(
    old: str, new: str, said: str
) -> None:
    assert old in SERIES
    with pytest.raises(MappingError) as refusal:
        mapping_of(SERIES.replace(old, new, 1))
    assert said in str(refusal.value)


def test_a_new_parent_needs_to_be_told_about_custody() -> None:
    with pytest.raises(MappingError, match=r"rater\.has_custody: expected true or false"):
        mapping_of(FORM.replace("has_custody = false\n", ""))


def test_a_mapping_that_is_no_text_is_refused() -> None:
    with pytest.raises(MappingError, match=r"m\.toml: expected text in UTF-8"):
        parse_mapping(b"\xff\xfe", file="m.toml")
