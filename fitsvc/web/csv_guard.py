"""Cells that no spreadsheet takes for a formula."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(cell: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate it (OWASP: CSV injection)."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
