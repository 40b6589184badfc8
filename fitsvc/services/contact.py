"""E-mail addresses and telephone numbers as they are typed, in the one form they are kept in."""

import re
from unicodedata import normalize

from email_validator import EmailNotValidError, validate_email

from fitsvc.services.invalid import Invalid

_PHONE = re.compile(r"\+?\d{8,15}", re.ASCII)
_PUNCTUATION = re.compile(r"[\s().\-/]")


def checked_email(typed: str, field: str) -> str | None:
    """The address in its usual form, or None when nothing was typed. No look-up: only how it is written."""
    typed = typed.strip()
    if not typed:
        return None
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Invalid(field, "not_an_email") from error


def checked_phone(typed: str, field: str) -> str | None:
    """The number with its country code, +45 when none was typed; None when nothing was typed."""
    number = _PUNCTUATION.sub("", normalize("NFKC", typed))
    if not number:
        return None
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if not _PHONE.fullmatch(number):
        raise Invalid(field, "not_a_phone")
    if not number.startswith("+"):
        if len(number) != 8:
            raise Invalid(field, "not_a_phone")
        number = f"+45{number}"
    return number
