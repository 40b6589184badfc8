"""Single cells: what stands there as a reference, a number or a day, or why it cannot be that."""

import re
from datetime import date, datetime, timedelta

from fitsvc.domain.cpr import has_cpr

LONGEST_REFERENCE = 40
EARLIEST_DAY = date(1900, 1, 1)
EXCEL_START = date(1899, 12, 30)
EXCEL_DAYS = range(1, 73_051)  # until the year 2100
SHOWN = 40

_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,12})?", re.ASCII)

Cell = str | float | date | None


class CellError(ValueError):
    """Why a cell cannot be taken."""


def show(cell: Cell) -> str:
    """What stood there, short and on one line, for an error message."""
    text = "" if cell is None else f"{cell:.15g}" if isinstance(cell, float) else str(cell)
    text = "".join(sign if sign.isprintable() else "?" for sign in text)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def read_text(cell: Cell) -> str:
    """The cell as text; a whole number without decimals."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
    return "" if cell is None else str(cell).strip()


def read_reference(cell: Cell, prefix: str) -> str:
    """The case's reference."""
    text = read_text(cell)
    if not text:
        raise CellError("no case reference")
    reference = prefix + text
    if has_cpr(reference):
        raise CellError("looks like a CPR number, which must not stand here")
    if len(reference) > LONGEST_REFERENCE:
        raise CellError(f"a case reference has at most {LONGEST_REFERENCE} characters")
    if not reference.isprintable():
        raise CellError("a case reference has no control characters")
    return reference


def read_number(cell: Cell, decimal: str) -> float:
    """The cell as a finite number; in text with this decimal sign and no sign between thousands."""
    if isinstance(cell, float):
        if not abs(cell) < 1e12:  # also true of nan and infinities
            raise CellError("not a number that makes sense")
        return cell
    text = read_text(cell)
    if isinstance(cell, date) or not _NUMBER.fullmatch(text):
        raise CellError("not a number")
    other = "." if decimal == "," else ","
    if other in text:
        raise CellError(f'a number with "{decimal}" as decimal sign was expected (file.decimal)')
    return float(text.replace(",", "."))


def read_whole(cell: Cell, highest: int) -> int:
    """The cell as a whole number from 0 up."""
    number = read_number(cell, ".")
    if not number.is_integer() or not 0 <= number <= highest:
        raise CellError(f"not a whole number from 0 to {highest}")
    return int(number)


def read_day(cell: Cell, date_format: str, today: date) -> date:
    """The cell as a day, not before 1900 and not after today."""
    if isinstance(cell, float):
        raise CellError(_not_a_date(str(read_text(cell)), date_format))
    if isinstance(cell, date):
        day = cell
    else:
        text = read_text(cell)
        if not text:
            raise CellError("no date")
        try:
            day = datetime.strptime(text, date_format).date()  # noqa: DTZ007  a day has no time zone
        except ValueError as error:
            raise CellError(_not_a_date(text, date_format)) from error
    if day < EARLIEST_DAY:
        raise CellError(f"before {EARLIEST_DAY}")
    if day > today:
        raise CellError("a day that has not come yet")
    return day


def _not_a_date(text: str, date_format: str) -> str:
    expected = f"not a date as {date(2026, 1, 31).strftime(date_format)} (dates.format)"
    if text.isdecimal() and int(text) in EXCEL_DAYS:
        meant = EXCEL_START + timedelta(days=int(text))
        return f"{expected}; as Excel counts days it would be {meant}: format the column as a date"
    return expected
