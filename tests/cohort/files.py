"""Small files and mappings for the import's tests."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook

from fitsvc.cohort.mapping import ImportMapping
from fitsvc.cohort.mapping_file import parse_mapping
from fitsvc.cohort.table import SourceTable, open_table

SERIES = """
[case]
column = "sag"

[rater]
role = "teacher"

[series]
key = "absence"
name = "Fravær"
unit = "%"
minimum = 0
maximum = 100
direction = "lower_is_better"

[dates]
format = "%d-%m-%Y"

[[values]]
column = "fravær"
date_column = "dato"
"""


def mapping_of(text: str) -> ImportMapping:
    return parse_mapping(text.encode(), file="m.toml")


def write(folder: Path, content: str | bytes, name: str = "f.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_sheet(folder: Path, rows: list[list[Any]], *, merge: str = "", name: str = "f.xlsx") -> Path:
    workbook = Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    workbook.save(folder / name)
    return folder / name


def open_plain(path: Path, **options: str | None) -> SourceTable:
    """Open a file about which nothing is said."""
    return open_table(
        path, **({"encoding": None, "delimiter": None, "decimal": None, "sheet": None} | options)
    )
