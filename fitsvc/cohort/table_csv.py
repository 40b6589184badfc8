"""CSV, row by row. The standard reader is used, for it knows each row's number and its true number of fields."""

import codecs
import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from fitsvc.cohort.table_error import TableError

LONGEST_FIELD = 10_000
MOST_COLUMNS = 500
BLOCK = 1024 * 1024
SIGNS = (";", ",", "\t")
TWO_BYTE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Cell = str | float | date | None


def open_csv(
    path: Path, encoding: str | None, delimiter: str | None
) -> tuple[list[str], Iterator[tuple[int, list[Cell] | str]], str]:
    """The column names, the numbered rows and the delimiter. Raises TableError."""
    found = _find_encoding(path, encoding)
    rows = _records(path, found, delimiter or _find_delimiter(path, found))
    first = next(rows, None)
    if first is None:
        raise TableError("the file has no rows")
    header = [name.strip() for name in first[1]]
    if len(header) > MOST_COLUMNS:
        raise TableError(f"more than {MOST_COLUMNS} columns")
    return header, _fitting(rows, len(header)), delimiter or _find_delimiter(path, found)


def _fitting(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[Cell] | str]]:
    """Rows as wide as the header; others as a text saying so. Empty lines are left out."""
    for number, fields in rows:
        if not any(fields):
            continue
        if len(fields) != width:
            yield number, f"{len(fields)} fields where the header has {width}"
        else:
            yield number, list(fields)


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        while True:
            number += 1
            try:
                fields = next(reader, None)
            except csv.Error as error:
                raise TableError(
                    f"row {number} cannot be read ({error}): is a quotation mark missing or in the wrong place?"
                ) from error
            if fields is None:
                return
            if any(len(field) > LONGEST_FIELD for field in fields):
                raise TableError(
                    f"row {number} has a field of more than {LONGEST_FIELD} characters:"
                    " is a quotation mark missing or in the wrong place?"
                )
            yield number, fields


def _find_encoding(path: Path, wanted: str | None) -> str:
    """The encoding the whole file can be read in: the one wanted, or UTF-8, or Windows-1252."""
    with path.open("rb") as file:
        if file.read(2) in TWO_BYTE_MARKS:
            raise TableError("the file is in UTF-16: save it as CSV in UTF-8")
    choices = {None: ("utf-8-sig", "cp1252"), "utf-8": ("utf-8-sig",), "windows-1252": ("cp1252",)}[wanted]
    place = 0
    for encoding in choices:
        place = _first_strange_byte(path, encoding)
        if not place:
            return encoding
    names = wanted or "utf-8 nor windows-1252"
    raise TableError(f"the file is not in {names}: byte {place} cannot be read")


def _first_strange_byte(path: Path, encoding: str) -> int:
    """The place (from 1) of the first byte that cannot be read, or 0. A NUL is refused in any encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    place = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if b"\0" in block:
                raise TableError(f"byte {place + block.index(0) + 1} is NUL: this is not a text file")
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return place + error.start + 1
            place += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return place
    return 0


def _find_delimiter(path: Path, encoding: str) -> str:
    """The sign that most often parts the names in the first line."""
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(LONGEST_FIELD * MOST_COLUMNS)
    outside = "".join(part for place, part in enumerate(first.split('"')) if place % 2 == 0)
    return max(SIGNS, key=outside.count)
