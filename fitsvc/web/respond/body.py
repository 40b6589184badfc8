"""Reading what a respondent sent: strictly, and in bounded memory. What was readable is kept for the page."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl

from flask import Request

FORM_TYPE = "application/x-www-form-urlencoded"
LARGEST_READ = 256 * 1024
"""Bytes looked at. A full form with the longest comment is under 40,000 bytes, however it is encoded."""
LARGEST_DRAINED = 32 * 1024 * 1024
"""Bytes read and thrown away, so that the sender gets our answer instead of a broken connection."""
MOST_FIELDS = 200
_CHUNK = 64 * 1024
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"


class BodyProblem(StrEnum):
    """Why a body as such cannot be taken, whatever its answers are."""

    NOT_A_FORM = "not_a_form"
    TOO_LARGE = "too_large"
    BROKEN_ENCODING = "broken_encoding"


@dataclass(frozen=True, slots=True)
class SentBody:
    fields: list[tuple[str, str]]
    problem: BodyProblem | None = None


def read_body(request: Request) -> SentBody:
    """The (name, value) pairs that were sent, with the problem if there is one."""
    request.max_content_length = LARGEST_DRAINED
    raw, whole = _read(request)
    if request.mimetype != FORM_TYPE:
        return SentBody([], BodyProblem.NOT_A_FORM)
    problem = None if whole else BodyProblem.TOO_LARGE
    try:
        return SentBody(_parse(raw.decode("utf-8"), "strict"), problem)
    except UnicodeDecodeError:
        readable = _parse(raw.decode("utf-8", "replace"), "replace")
        fields = [pair for pair in readable if not any(_UNREADABLE in part for part in pair)]
        return SentBody(fields, problem or BodyProblem.BROKEN_ENCODING)
    except ValueError:
        return SentBody([], BodyProblem.TOO_LARGE)  # too many fields


def _parse(text: str, errors: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, errors=errors, max_num_fields=MOST_FIELDS)


def _read(request: Request) -> tuple[bytes, bool]:
    """The first part of the body, and whether that was all of it. The rest is drained."""
    kept = b""
    while len(kept) < LARGEST_READ and (more := request.stream.read(LARGEST_READ - len(kept))):
        kept += more
    whole = True
    while request.stream.read(_CHUNK):
        whole = False
    return kept, whole
