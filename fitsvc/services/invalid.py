"""What a member of staff typed and what cannot be taken, and the checks most services share."""

import math
from datetime import date, timedelta
from unicodedata import category

from fitsvc.domain.cpr import has_cpr
from fitsvc.services.errors import Refused

SHORT_TEXT = 80
"""Characters: a name, a setting, a label."""
LONG_TEXT = 2_000
"""Characters: a purpose, a next step."""

LONGEST_LOOK_BACK = timedelta(days=25 * 366)
LONGEST_LOOK_AHEAD = timedelta(days=3 * 366)


class Invalid(Refused):
    """One field cannot be taken: `field` names it as the service's argument, `code` says why."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field


def checked_text(text: str, field: str, *, limit: int = SHORT_TEXT, required: bool = True) -> str:
    """The text without control characters and outer blanks; Invalid when missing, too long or with a CPR number."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    tidy = "".join(sign for sign in lines if sign == "\n" or category(sign) not in ("Cc", "Cs")).strip()
    if required and not any(category(sign)[0] in "LNPS" for sign in tidy):
        raise Invalid(field, "missing")
    if len(tidy) > limit:
        raise Invalid(field, "too_long")
    if has_cpr(tidy):
        raise Invalid(field, "looks_like_cpr")
    return tidy


def checked_day(day: date, field: str, *, earliest: date | None = None, latest: date | None = None) -> date:
    """The day; Invalid when it lies before the earliest or after the latest day that makes sense."""
    if earliest is not None and day < earliest:
        raise Invalid(field, "too_early")
    if latest is not None and day > latest:
        raise Invalid(field, "too_late")
    return day


def checked_number(value: float, field: str, minimum: float, maximum: float) -> float:
    """The number; Invalid outside the range, infinite or not a number at all."""
    if not math.isfinite(value) or not minimum <= value <= maximum:
        raise Invalid(field, "out_of_range")
    return value
