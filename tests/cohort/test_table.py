import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from fitsvc.cohort import table as table_module
from fitsvc.cohort.table_error import TableError
from tests.cohort.files import open_plain, write, write_sheet

TEXT = "sag;navn;fravær\nSAG-1;Åse;12,5\n\nSAG-2;Bo;3\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_danish_letters_are_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    table = open_plain(write(tmp_path, TEXT.encode(encoding)))
    assert table.header == ("sag", "navn", "fravær")
    assert list(table.rows) == [(2, ["SAG-1", "Åse", "12,5"]), (4, ["SAG-2", "Bo", "3"])]


@pytest.mark.parametrize(("delimiter", "decimal"), [(";", ","), (",", "."), ("\t", ",")])
def test_delimiter_and_decimal_sign_are_found_out(tmp_path: Path, delimiter: str, decimal: str) -> None:
    path = write(
        tmp_path, delimiter.join(["sag", '"a;b,c,d\te;f"', "x"]) + "\n" + delimiter.join("123") + "\n"
    )
    table = open_plain(path)
    assert (table.header, table.decimal) == (("sag", "a;b,c,d\te;f", "x"), decimal)


def test_a_row_with_too_few_or_too_many_fields_is_told_by_its_number(tmp_path: Path) -> None:
    rows = dict(open_plain(write(tmp_path, "a,b\n1,2\n1\n1,2,3\n")).rows)
    assert rows == {2: ["1", "2"], 3: "1 fields where the header has 2", 4: "3 fields where the header has 2"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n", "is empty"),
        (b"a,b,a\n1,2,3\n", "the same column name is there twice: a"),
        (b"a,b\n1,2\x00\n", "byte 8 is NUL"),
        ("a,b\n1,æ\n".encode("utf-16"), "UTF-16"),
        (b"a,b\n1,\x81\n", "byte 7 cannot be read"),
        (b'a,b\n1,"2\n3,4\n', "a quotation mark missing"),
        (b'a,b\n1,"2"x\n', "a quotation mark missing"),
        (b"a,b\n1," + b"x" * 20_000 + b"\n", "more than 10000 characters"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "row 2"),
        (b"PK\x03\x04 and then nonsense", "not a workbook"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(TableError, match=said):
        list(open_plain(write(tmp_path, content)).rows)


def test_a_wrong_encoding_named_in_the_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="not in utf-8: byte 14 cannot be read"):
        open_plain(write(tmp_path, TEXT.encode("cp1252")), encoding="utf-8")


def test_a_byte_cut_off_at_the_end_is_not_utf_8(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="not in utf-8"):
        open_plain(write(tmp_path, "a,b\n1,æ".encode()[:-1]), encoding="utf-8")


def test_a_letter_across_two_blocks_is_read(tmp_path: Path) -> None:
    lines = "a\n" + "x" * 9_000 + "\n"
    text = lines * 116 + "æ" * 9_000
    assert len(text) > 1024 * 1024 > text.index("æ")
    rows = [cells for _, cells in open_plain(write(tmp_path, "name\n" + text)).rows]
    assert rows[-1] == ["æ" * 9_000]


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "LARGEST_FILE", 10)
    with pytest.raises(TableError, match="divide it"):
        open_plain(write(tmp_path, TEXT))


def test_numbers_dates_and_texts_of_a_sheet_keep_their_kind(tmp_path: Path) -> None:
    rows = [
        ["sag", "tal", "dato"],
        ["S1", 3, date(2026, 1, 2)],
        [None] * 3,
        [7, "2,5", datetime(2026, 1, 3, 14)],  # noqa: DTZ001  as openpyxl has it
    ]
    table = open_plain(write_sheet(tmp_path, rows))
    assert table.header == ("sag", "tal", "dato")
    assert list(table.rows) == [(2, ["S1", 3.0, date(2026, 1, 2)]), (4, [7.0, "2,5", date(2026, 1, 3)])]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("=A1+1", "cell B2 holds a formula"),
        ("#N/A", "cell B2 holds an Excel error"),
        (True, "neither a number"),
    ],
)
def test_a_cell_without_a_plain_value_is_told_by_its_place(tmp_path: Path, cell: object, said: str) -> None:
    [(number, reason)] = open_plain(write_sheet(tmp_path, [["a", "b"], ["S1", cell]])).rows
    assert number == 2
    assert said in str(reason)


def test_cells_beside_the_table_are_told(tmp_path: Path) -> None:
    [_, (number, reason)] = open_plain(write_sheet(tmp_path, [["a", "b"], [1, 2], [1, 2, 3]])).rows
    assert (number, reason) == (3, "more cells than the 2 the header names")


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="merged cells at A2:A3"):
        open_plain(write_sheet(tmp_path, [["a", "b"], ["S1", 1], [None, 2]], merge="A2:A3"))


def test_a_sheet_is_found_by_its_name_or_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, [["a"], [1]])
    assert open_plain(path, sheet="Sheet").header == ("a",)
    with pytest.raises(TableError, match="no sheet 'Ark1'; there are: Sheet"):
        open_plain(path, sheet="Ark1")
    with pytest.raises(TableError, match="not an XLSX file"):
        open_plain(write(tmp_path, TEXT), sheet="Ark1")


def test_a_workbook_that_unpacks_without_end_is_refused_unpacked(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, [["a"], [1]])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts,
        parts.open("xl/worksheets/sheet9.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(401):
            part.write(b" " * 1024 * 1024)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(TableError, match="unpacks to far more"):
        open_plain(path)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    content = write_sheet(tmp_path, [["a"], [1]]).read_bytes()
    with pytest.raises(TableError, match="damaged or cut off"):
        open_plain(write(tmp_path, content[: len(content) // 2]))


def test_one_part_that_unpacks_to_hundreds_of_times_its_size_is_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path, [["a"], [1]])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts,
        parts.open("xl/worksheets/sheet9.xml", "w") as part,
    ):
        for _ in range(17):
            part.write(b" " * 1024 * 1024)
    with pytest.raises(TableError, match="unpacks to far more"):
        open_plain(path)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
@pytest.mark.parametrize("entity", ['"' + "lol" * 10 + '"', 'SYSTEM "file:///etc/passwd"'])
def test_a_workbook_with_xml_entities_is_refused(tmp_path: Path, part: str, entity: str) -> None:
    path, bad = write_sheet(tmp_path, [["a"], [1]]), tmp_path / "bad.xlsx"
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as parts:
        for info in good.infolist():
            content = good.read(info)
            if info.filename == part:
                start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
                content = content[:start] + f"<!DOCTYPE x [<!ENTITY e {entity}>]>".encode() + content[start:]
            parts.writestr(info, content)
    with pytest.raises(TableError, match="declares XML entities"):
        list(open_plain(bad).rows)


def test_a_table_with_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fitsvc.cohort.table.MOST_ROWS", 3)
    path = write(tmp_path, "a;b\n" + "1;2\n" * 4)
    with pytest.raises(TableError, match="more than 3 rows"):
        list(open_plain(path).rows)
