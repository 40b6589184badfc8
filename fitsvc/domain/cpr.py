"""No CPR number anywhere: recognise what looks like one."""

import re
from unicodedata import normalize

_LOOKS_LIKE_CPR = re.compile(r"(?<![\d+])\d{6}[\s.\-–—/]{0,3}\d{4}(?!\d)")


def has_cpr(text: str) -> bool:
    """Whether the text holds six and four digits as a CPR number is written, in digits of any script.

    No check digit and no calendar: numbers since 2007 have no check digit, replacement numbers no real day. What
    begins with + is a telephone number with its country code.
    """
    return _LOOKS_LIKE_CPR.search(normalize("NFKC", text)) is not None
