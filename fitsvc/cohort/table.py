"""A table in a file, opened row by row: CSV or XLSX, found out from the content and never from the name."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fitsvc.cohort.table_csv import open_csv
from fitsvc.cohort.table_error import TableError
from fitsvc.cohort.table_xlsx import open_xlsx

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes."""
MOST_ROWS = 1_048_576
"""As many as a sheet has at most."""
BLOCK = 1024 * 1024
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"

Cell = str | float | date | None


@dataclass(frozen=True, slots=True)
class SourceTable:
    """`rows` gives each row's number as a spreadsheet counts (the header is 1) with its cells.

    A row that is not a row of this table comes as the text saying why. It can be walked once.
    `decimal` is the sign to expect in numbers written as text; `line_count` is an estimate for progress.
    """

    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[Cell] | str]]
    decimal: str
    digest: str
    line_count: int


def open_table(
    path: Path, *, encoding: str | None, delimiter: str | None, decimal: str | None, sheet: str | None
) -> SourceTable:
    """Open the file and read its header. Raises TableError, saying what is wrong with the file as a whole."""
    start, digest, line_count = _look_through(path)
    if start.startswith(OLD_EXCEL):
        raise TableError("an old Excel file (.xls) or one with a password: save it as .xlsx or CSV")
    if start.startswith(ZIP):
        header, rows, line_count = open_xlsx(path, sheet)
        return SourceTable(_checked(header), _bounded(rows), decimal or ",", digest, line_count)
    if sheet is not None:
        raise TableError("the mapping names a sheet, but this is not an XLSX file")
    header, rows, sign = open_csv(path, encoding, delimiter)
    usual = "." if sign == "," else ","
    return SourceTable(_checked(header), _bounded(rows), decimal or usual, digest, line_count)


def _look_through(path: Path) -> tuple[bytes, str, int]:
    """The first bytes, the digest of all, and how many lines there are."""
    digest, lines, start = hashlib.sha256(), 0, b""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise TableError(f"larger than {LARGEST_FILE // BLOCK} MB: divide it")
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                start = start or block[:8]
                digest.update(block)
                lines += block.count(b"\n")
    except OSError as error:
        raise TableError(f"cannot be read: {error.strerror or error}") from error
    if not start:
        raise TableError("the file is empty")
    return start, digest.hexdigest(), lines


def _bounded(rows: Iterator[tuple[int, list[Cell] | str]]) -> Iterator[tuple[int, list[Cell] | str]]:
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise TableError(f"more than {MOST_ROWS} rows: divide the file")
        yield row


def _checked(header: list[str]) -> tuple[str, ...]:
    if not any(header):
        raise TableError("the first row must name the columns, and it is empty")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise TableError("the same column name is there twice: " + ", ".join(twice))
    return tuple(header)
