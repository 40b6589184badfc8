"""What a respondent decides together with the answers: who may see them, and what to talk about at the meeting."""

from dataclasses import dataclass
from enum import StrEnum

from fitsvc.domain.cpr import has_cpr
from fitsvc.domain.instrument import Kind
from fitsvc.domain.meeting import Visibility

WISH_LIMIT = 500
"""Characters."""

SHARED_KINDS = frozenset({Kind.WELLBEING, Kind.SAFETY, Kind.GOAL})
"""Forms whose answers are shown at meetings, unless the respondent says no. Session ratings never are."""

WISH_READERS = (Visibility.PRACTITIONER, Visibility.MEETING)
"""Who a wish may be for, the narrowest first."""


class OwnTextProblem(StrEnum):
    """Why a text of the respondent's own cannot be taken."""

    TOO_LONG = "too_long"
    HAS_CPR = "has_cpr"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the respondent wants to talk about, and who may read that before the meeting."""

    text: str
    readers: Visibility


@dataclass(frozen=True, slots=True)
class OwnChoice:
    """`withheld`: "not to the meeting". `comment_at_meeting`: what I wrote may be shown there. Both off at first."""

    withheld: bool = False
    comment_at_meeting: bool = False
    wish: Wish | None = None

    @property
    def as_digested(self) -> list[object]:
        """What a digest of the sent form takes in, so that the same answers with another choice are another form."""
        if self == OwnChoice():
            return []
        wish = [self.wish.text, self.wish.readers.value] if self.wish else []
        return [self.withheld, self.comment_at_meeting, wish]


def own_text_problem(text: str, limit: int) -> OwnTextProblem | None:
    if len(text) > limit:
        return OwnTextProblem.TOO_LONG
    return OwnTextProblem.HAS_CPR if has_cpr(text) else None
