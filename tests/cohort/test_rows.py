from datetime import date
from pathlib import Path
from statistics import stdev

import pytest

from fitsvc.cohort.mapping_file import MappingError
from fitsvc.cohort.rows import RowProblem, RowReader, RowValue, instrument_of
from fitsvc.cohort.table_error import TableError
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rating import CANNOT_SEE, SKIPPED, Answer, AnswerKind
from tests.cohort.files import SERIES, mapping_of, open_plain, write, write_sheet

TODAY = date(2026, 3, 16)

FORM = """
[case]
column = "sag"

[rater]
role = "teacher"

[instrument]
id = "wellbeing-professional"
language = "da"
mode = "paper"

[[values]]
date_column = "dato"
[values.items]
"""


def read(path: Path, mapping_text: str = SERIES) -> tuple[list[RowValue], list[RowProblem]]:
    mapping = mapping_of(mapping_text)
    batches = list(RowReader(open_plain(path), mapping, None, TODAY).batches())
    return [one for batch in batches for one in batch.values], [
        one for batch in batches for one in batch.problems
    ]


def problem(tmp_path: Path, value: str = "5", day: str = "02-03-2026", case: str = "S1") -> RowProblem:
    """The one problem of a file with one row."""
    values, problems = read(write(tmp_path, f'sag;fravær;dato\n"{case}";{value};{day}\n'))
    assert not values
    [found] = problems
    return found


def test_a_row_becomes_a_value_of_a_case_on_a_day(tmp_path: Path) -> None:
    [value], problems = read(write(tmp_path, "dato;sag;andet;fravær\n02-03-2026; S1 ;x; 12,5 \n"))
    assert not problems
    assert (value.row, value.reference, value.day, value.number) == (2, "S1", date(2026, 3, 2), 12.5)


def test_a_row_without_a_value_brings_nothing(tmp_path: Path) -> None:
    text = SERIES.replace("[case]", '[file]\nmissing = ["NA", "-"]\n[case]')
    content = "sag;fravær;dato\nS1;;\nS1;NA;hvad som helst\nS1;-;\n"
    assert read(write(tmp_path, content), text) == ([], [])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("101", "not on the scale 0 to 100"),
        ("-1", "not on the scale 0 to 100"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("1e3", "not a number"),
        ("1.234,5", "not a number"),
        ("١٢", "not a number"),
        ("0x10", "not a number"),
        ("12.5", 'a number with "," as decimal sign was expected (file.decimal)'),
        ("9" * 400, "not a number"),
    ],
)
def test_a_value_that_is_none_is_told_with_row_column_value_and_reason(
    tmp_path: Path, value: str, reason: str
) -> None:
    found = problem(tmp_path, value=value)
    assert (found.row, found.column, found.reason) == (2, "fravær", reason)
    assert found.value == value if len(value) <= 40 else len(found.value) == 40


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("", "no date"),
        ("2026-03-02", "not a date as 31-01-2026 (dates.format)"),
        ("30-02-2026", "not a date as 31-01-2026 (dates.format)"),
        ("17-03-2026", "a day that has not come yet"),
        ("31-12-1899", "before 1900-01-01"),
        ("46083", "as Excel counts days it would be 2026-03-02: format the column as a date"),
    ],
)
def test_a_day_that_is_none_is_told(tmp_path: Path, day: str, reason: str) -> None:
    found = problem(tmp_path, day=day)
    assert (found.row, found.column) == (2, "dato")
    assert found.reason.endswith(reason)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("", "no case reference"),
        ("010203-1234", "looks like a CPR number, which must not stand here"),
        ("0102031234", "looks like a CPR number, which must not stand here"),
        ("S" * 41, "a case reference has at most 40 characters"),
        ("S\x071", "a case reference has no control characters"),
    ],
)
def test_a_reference_that_cannot_be_one_is_told(tmp_path: Path, case: str, reason: str) -> None:
    found = problem(tmp_path, case=case)
    assert (found.column, found.reason) == ("sag", reason)
    assert found.value.isprintable()


def test_dates_and_numbers_of_a_sheet_need_no_format(tmp_path: Path) -> None:
    rows = [["sag", "fravær", "dato"], [1001, 12.5, date(2026, 3, 2)], ["S2", "12,5", "02-03-2026"]]
    values, problems = read(write_sheet(tmp_path, rows))
    assert not problems
    assert [(one.reference, one.number, one.day) for one in values] == [
        ("1001", 12.5, date(2026, 3, 2)),
        ("S2", 12.5, date(2026, 3, 2)),
    ]


def test_a_day_counted_by_excel_is_refused_and_its_meaning_told(tmp_path: Path) -> None:
    _, [found] = read(write_sheet(tmp_path, [["sag", "fravær", "dato"], ["S1", 5, 46083]]))
    assert found.value == "46083"
    assert "2026-03-02" in found.reason


def test_the_same_case_and_day_twice_is_told_with_the_first_row(tmp_path: Path) -> None:
    content = "sag;fravær;dato\nS1;5;02-03-2026\nS2;5;02-03-2026\nS1;5;02-03-2026\n"
    values, [found] = read(write(tmp_path, content))
    assert len(values) == 2
    assert (found.row, found.reason) == (4, "row 2 has a value for the same case and day (2026-03-02)")


WIDE = SERIES.replace('column = "fravær"\ndate_column = "dato"', 'column = "før"\nafter_months = 0').replace(
    "[dates]", '[dates]\nstart_column = "start"'
)


def test_offsets_count_from_the_start_and_stay_in_the_month(tmp_path: Path) -> None:
    text = (
        WIDE
        + '\n[[values]]\ncolumn = "efter"\nafter_months = 1\n[[values]]\ncolumn = "uge"\nafter_weeks = 2\n'
    )
    values, _ = read(write(tmp_path, "sag;start;før;efter;uge\nS1;31-01-2026;1;2;3\n"), text)
    assert [one.day for one in values] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 14)]


def test_an_offset_into_the_future_is_told(tmp_path: Path) -> None:
    _, [found] = read(write(tmp_path, "sag;start;før\nS1;16-03-2026;1\n"), WIDE.replace("= 0\n", "= 1\n"))
    assert (found.column, found.reason) == ("før", "falls on 2026-04-16, which has not come yet")


def test_an_offset_may_stand_in_a_column(tmp_path: Path) -> None:
    text = WIDE.replace("after_months = 0", 'offset_column = "uge"\noffset_unit = "weeks"')
    values, problems = read(
        write(tmp_path, "sag;start;før;uge\nS1;05-01-2026;1;0\nS1;05-01-2026;2;6\nS1;05-01-2026;2;1,5\n"),
        text,
    )
    assert [one.day for one in values] == [date(2026, 1, 5), date(2026, 2, 16)]
    assert [(one.row, one.column, one.value) for one in problems] == [(4, "uge", "1,5")]


def test_a_missing_column_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no column named fravær, dato; there are: sag, værdi"):
        read(write(tmp_path, "sag;værdi\nS1;5\n"))


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no rows under the column names"):
        read(write(tmp_path, "sag;fravær;dato\n"))


AT_BASELINE = SERIES.replace(
    "minimum = 0",
    'minimum = 0\nreference_spread = "at_baseline"\nbaseline_column = "før"\n'
    'reliability = 0.8\nreliability_source = "x"',
)


def spread(path: Path, text: str) -> float | None:
    reader = RowReader(open_plain(path), mapping_of(text), None, TODAY)
    list(reader.batches())
    return reader.spread


def test_the_spread_at_baseline_counts_every_case_once(tmp_path: Path) -> None:
    rows = "S1;10;1;02-03-2026\nS1;10;2;03-03-2026\nS2;30;1;02-03-2026\nS3;;1;02-03-2026\nS4;35;;\n"
    assert spread(write(tmp_path, "sag;før;fravær;dato\n" + rows), AT_BASELINE) == pytest.approx(
        stdev([10, 30, 35])
    )


def test_a_baseline_without_spread_is_refused(tmp_path: Path) -> None:
    content = "sag;før;fravær;dato\nS1;10;1;02-03-2026\nS2;10;1;02-03-2026\n"
    with pytest.raises(TableError, match="column før has no spread"):
        spread(write(tmp_path, content), AT_BASELINE)


def test_answers_are_read_item_by_item(tmp_path: Path, catalogue: Catalogue) -> None:
    instrument = catalogue.get("wellbeing-professional")
    ids = [item.id for item in instrument.items]
    text = FORM + "\n".join(f'{item} = "{item}"' for item in ids)
    header = ";".join(["sag", "dato", *ids])
    rows = "S1;2026-03-02;7;cannot_see;skip;3,0;\nS1;2026-03-03;;;;;\nS1;2026-03-04;7,5;1;1;1;11\n"
    mapping = mapping_of(text)
    found = instrument_of(mapping, catalogue, file="m.toml")
    [batch] = RowReader(open_plain(write(tmp_path, f"{header}\n{rows}")), mapping, found, TODAY).batches()
    [value] = batch.values
    given = list((value.answers or {}).values())
    assert given[:4] == [
        Answer(AnswerKind.VALUE, 7.0),
        CANNOT_SEE,
        SKIPPED,
        Answer(AnswerKind.VALUE, 3.0),
    ]
    assert given[4].kind is AnswerKind.BLANK
    [wrong] = batch.problems
    assert (wrong.row, wrong.column, wrong.value) == (4, ids[0], "7,5")
    assert wrong.reason.startswith("not one of 0, 1, 2")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("wellbeing-professional", "wellbeing-martian", "instrument.id: expected one of"),
        ("wellbeing-professional", "goal", "instrument.id: expected one of"),
        ('"teacher"', '"child"', "rater.role: expected one of"),
        ('"da"', '"fr"', "instrument.language: expected one of da, en, got 'fr'"),
        ("[values.items]", '[values.items]\nnose = "x"', "values[1].items: expected items of"),
    ],
)
def test_a_mapping_that_does_not_fit_the_instrument_is_refused(
    catalogue: Catalogue, old: str, new: str, said: str
) -> None:
    text = FORM if "nose" in new else FORM + 'body = "krop"'
    item = catalogue.get("wellbeing-professional").items[0].id
    with pytest.raises(MappingError) as refusal:
        instrument_of(mapping_of(text.replace("body", item).replace(old, new)), catalogue, file="m.toml")
    assert said in str(refusal.value)
