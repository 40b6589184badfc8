"""Cells that no spreadsheet takes for a formula."""

import re

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Also the wide forms of the signs, which some spreadsheets read as the narrow ones."""
_CONTROL = ("\t", "\r", "\n", "\0")
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*")


def guarded(cell: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate it (OWASP: CSV injection).

    A negative number stays a number.
    """
    if _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}" if cell.startswith(_CONTROL) or cell.lstrip().startswith(_FORMULA) else cell
