"""The same tables as CSV, which a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable

from flask_babel import gettext as _

from fitsvc.web.csv_guard import guarded
from fitsvc.web.figures.pages import TablePage


def as_csv(tables: Iterable[TablePage], period: str, hidden: str) -> bytes:
    """One line a cell, with semicolons and a byte order mark, as Danish spreadsheets expect."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Period"), _("Table"), _("Unit"), _("Figure"), _("Number"), _("Share (95 %)")])
    for table in tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                value = hidden if cell.value is None else cell.value
                writer.writerow(map(guarded, (period, table.title, row.name, column, value, cell.more)))
    return out.getvalue().encode("utf-8-sig")
