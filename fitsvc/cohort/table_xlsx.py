"""XLSX, row by row and in bounded memory: sizes are looked at before anything is unpacked."""

import re
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import DEFUSEDXML, load_workbook
from openpyxl.cell.read_only import EmptyCell
from openpyxl.workbook import Workbook

from fitsvc.cohort.table_error import TableError

LARGEST_PART = 400 * 1024 * 1024
LARGEST_TEXTS = 40 * 1024 * 1024
"""Bytes, unpacked: of the whole workbook, and of its shared texts, which are held in memory."""
MOST_TIMES_LARGER = 300
"""How much more a part may be than what it is packed into, from a size on that matters: sheets of numbers reach 30."""
LARGEST_UNWEIGHED = 16 * 1024 * 1024
MOST_PARTS = 2_000
PROLOGUE = 4_096
MOST_COLUMNS = 500
BLOCK = 1024 * 1024
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z0-9:$]+)"')
LONGEST_MATCH = 200

Cell = str | float | date | None


def open_xlsx(path: Path, sheet: str | None) -> tuple[list[str], Iterator[tuple[int, list[Cell] | str]], int]:
    """The column names, the numbered rows, and about how many rows there are. Raises TableError."""
    _check_sizes(path)
    try:
        workbook = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # a broken part makes openpyxl raise whatever its XML reader does
        raise TableError(f"not a workbook that can be read ({type(error).__name__})") from error
    worksheet = _worksheet(workbook, sheet)
    merged = _merged_cells(path, worksheet._worksheet_path)
    if merged:
        raise TableError(f"merged cells at {merged}: unmerge them, so that each row stands for itself")
    line_count = worksheet.max_row or 0
    worksheet.reset_dimensions()  # what the file says of its own size may be wrong
    rows = _rows(worksheet)
    first = next(rows, None)
    if first is None:
        raise TableError("the sheet has no rows")
    names = [_value(cell) for cell in first[1]]
    if any(name is not None and not isinstance(name, str) for name in names):
        raise TableError("the first row must name the columns; it has numbers or dates")
    header = [str(name).strip() if name is not None else "" for name in names]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise TableError(f"more than {MOST_COLUMNS} columns")
    return header, _fitting(rows, len(header), workbook), line_count


class _Strange(Exception):
    """A cell that holds no plain value; the text says what it holds."""


def _check_sizes(path: Path) -> None:
    """Refuse what would unpack to more than can be meant (a zip bomb)."""
    try:
        with ZipFile(path) as parts:
            infos = parts.infolist()
            declares = any(
                _declares(parts, info) for info in infos[:MOST_PARTS] if info.filename.endswith(".xml")
            )
    except (BadZipFile, OSError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise TableError("not a workbook that can be read: the file is damaged or cut off") from error
    texts = sum(info.file_size for info in infos if info.filename.endswith("sharedStrings.xml"))
    if declares:
        raise TableError("the workbook declares XML entities, which no spreadsheet writes: save it as CSV")
    if not DEFUSEDXML:  # without it an entity may stand for gigabytes
        raise TableError("workbooks are not read without the library defusedxml")
    if (
        len(infos) > MOST_PARTS
        or any(_is_bomb(info) for info in infos)
        or sum(info.file_size for info in infos) > LARGEST_PART
        or texts > LARGEST_TEXTS
    ):
        raise TableError("the workbook unpacks to far more than a table of ratings: save it as CSV")


def _declares(parts: ZipFile, info: ZipInfo) -> bool:
    """No workbook declares a document type: with one come entities, which read files or grow without end."""
    with parts.open(info) as file:
        return b"<!DOCTYPE" in file.read(PROLOGUE)


def _is_bomb(info: ZipInfo) -> bool:
    return info.file_size > LARGEST_UNWEIGHED and info.file_size > MOST_TIMES_LARGER * info.compress_size


def _worksheet(workbook: Workbook, sheet: str | None) -> Any:
    names = workbook.sheetnames
    if sheet is not None and sheet not in names:
        raise TableError(f"no sheet {sheet!r}; there are: " + ", ".join(names))
    found = workbook[sheet or names[0]]
    if not hasattr(found, "_worksheet_path"):
        raise TableError("the sheet is a chart, not a table")
    return found


def _merged_cells(path: Path, part: str) -> str:
    """The first merged cells of a sheet, as in "A1:C1", or nothing. openpyxl does not see them when streaming."""
    with ZipFile(path) as parts, parts.open(part) as file:
        tail = b""
        while block := file.read(BLOCK):
            found = MERGED.search(tail + block)
            if found:
                return found.group(1).decode()
            tail = block[-LONGEST_MATCH:]
    return ""


def _rows(worksheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    try:
        yield from enumerate(worksheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1)
    except Exception as error:  # damaged XML in the middle of the sheet
        raise TableError(f"the sheet cannot be read to its end ({type(error).__name__})") from error


def _fitting(
    rows: Iterator[tuple[int, tuple[Any, ...]]], width: int, workbook: Workbook
) -> Iterator[tuple[int, list[Cell] | str]]:
    for number, cells in rows:
        if all(cell.value is None for cell in cells):
            continue
        try:
            values = [_value(cell) for cell in cells]
        except _Strange as strange:
            yield number, str(strange)
            continue
        if any(value is not None for value in values[width:]):
            yield number, f"more cells than the {width} the header names"
        else:
            yield number, (values + [None] * width)[:width]
    workbook.close()


def _value(cell: Any) -> Cell:
    if isinstance(cell, EmptyCell) or cell.value is None:
        return None
    value = cell.value
    if cell.data_type == "f":
        raise _Strange(f"cell {cell.coordinate} holds a formula: paste the values instead")
    if cell.data_type == "e":
        raise _Strange(f"cell {cell.coordinate} holds an Excel error ({value})")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool | time | timedelta):
        raise _Strange(f"cell {cell.coordinate} holds {value}, neither a number nor a text nor a date")
    return value if isinstance(value, str | date) else float(value)
