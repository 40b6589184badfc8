"""A rating: the answers one respondent gave on one instrument on one occasion, and when they are valid."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category

from fitsvc.domain.cpr import has_cpr
from fitsvc.domain.instrument import Instrument, Item, Kind

COMMENT_LIMIT = 2_000
"""Characters."""

_PLAIN_NUMBER = re.compile(r"-?\d{1,4}(\.\d{1,4})?", re.ASCII)


class AnswerKind(StrEnum):
    """Left blank, skipped on purpose and "cannot see" are three different things and stored as such."""

    VALUE = "value"
    BLANK = "blank"
    SKIPPED = "skipped"
    CANNOT_SEE = "cannot_see"


@dataclass(frozen=True, slots=True)
class Answer:
    """One item's answer; `value` is on the instrument's own scale and set exactly when `kind` is VALUE."""

    kind: AnswerKind
    value: float | None = None

    def __post_init__(self) -> None:
        if (self.kind is AnswerKind.VALUE) != (self.value is not None):
            raise ValueError("an answer has a value exactly when its kind is value")


Answers = Mapping[str, Answer]

BLANK = Answer(AnswerKind.BLANK)
SKIPPED = Answer(AnswerKind.SKIPPED)
CANNOT_SEE = Answer(AnswerKind.CANNOT_SEE)


class Mode(StrEnum):
    """How the rating was given; kept with every rating because it may colour the answers."""

    OWN_DEVICE = "own_device"
    HANDED_OVER = "handed_over"
    PAPER = "paper"
    READ_ALOUD = "read_aloud"
    HELPER_PRESENT = "helper_present"


class ProblemCode(StrEnum):
    UNKNOWN_ITEM = "unknown_item"
    NOT_ON_SCALE = "not_on_scale"
    CANNOT_SEE_NOT_OFFERED = "cannot_see_not_offered"
    COMMENT_TOO_LONG = "comment_too_long"
    COMMENT_NOT_OFFERED = "comment_not_offered"
    COMMENT_HAS_CPR = "comment_has_cpr"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one field of a sent form cannot be taken; `item` is the item id as sent, or "comment"."""

    code: ProblemCode
    item: str


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A sent form after reading: what was valid is kept even when something else was wrong."""

    answers: dict[str, Answer]
    comment: str
    problems: tuple[Problem, ...]

    @property
    def left_blank(self) -> tuple[str, ...]:
        return tuple(item for item, answer in self.answers.items() if answer.kind is AnswerKind.BLANK)


def offered_items(instrument: Instrument, *, goals: int = 0) -> tuple[Item, ...]:
    """The items a respondent is shown: all of them, or for the goal form as many as the plan has goals."""
    if instrument.kind is not Kind.GOAL:
        return instrument.items
    return instrument.items[: max(goals, 0)]


def read_form(
    instrument: Instrument, items: Sequence[Item], raw: Mapping[str, str], comment: str = ""
) -> ReadForm:
    """Read sent text into answers.

    `raw` maps item ids to "7", "2.5", "skip", "cannot_see" or "". An item that is missing or empty is left
    blank. Problems are returned, never raised, so that a page can keep what was valid.
    """
    offered = {item.id: item for item in items}
    problems = [Problem(ProblemCode.UNKNOWN_ITEM, sent) for sent in raw if sent not in offered]
    answers: dict[str, Answer] = {}
    for item_id, item in offered.items():
        answer = _read_answer(instrument, item, raw.get(item_id, ""))
        if isinstance(answer, ProblemCode):
            problems.append(Problem(answer, item_id))
            answer = BLANK
        answers[item_id] = answer
    comment = tidy_text(comment)
    if comment and not instrument.takes_comment:
        problems.append(Problem(ProblemCode.COMMENT_NOT_OFFERED, "comment"))
    if has_cpr(comment):
        problems.append(Problem(ProblemCode.COMMENT_HAS_CPR, "comment"))
    if len(comment) > COMMENT_LIMIT:
        problems.append(Problem(ProblemCode.COMMENT_TOO_LONG, "comment"))
        comment = comment[:COMMENT_LIMIT]
    return ReadForm(answers=answers, comment=comment, problems=tuple(problems))


def _read_answer(instrument: Instrument, item: Item, sent: str) -> Answer | ProblemCode:
    sent = sent.strip()
    if sent == "":
        return BLANK
    if sent == "skip":
        return SKIPPED
    if sent == "cannot_see":
        return CANNOT_SEE if item.cannot_see else ProblemCode.CANNOT_SEE_NOT_OFFERED
    # `float` also reads "1e1", "1_0", "nan" and the digits of other scripts; no form of ours sends those.
    if not _PLAIN_NUMBER.fullmatch(sent) or not instrument.scale.contains(float(sent)):
        return ProblemCode.NOT_ON_SCALE
    return Answer(AnswerKind.VALUE, float(sent))


def tidy_text(comment: str) -> str:
    """Own words with one kind of line break, without the control characters no database or page can hold."""
    lines = comment.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or category(sign) not in ("Cc", "Cs")).strip()


def to_stored(answers: Answers) -> dict[str, dict[str, float | str]]:
    """Answers as plain data for the database: {"item": {"kind": "value", "value": 7.0}, …}."""
    return {
        item: {"kind": answer.kind.value} | ({} if answer.value is None else {"value": answer.value})
        for item, answer in answers.items()
    }


def from_stored(stored: Mapping[str, Mapping[str, object]]) -> dict[str, Answer]:
    """The reverse of `to_stored`."""
    answers = {}
    for item, data in stored.items():
        value = data.get("value")
        number = None if value is None else float(str(value))
        answers[item] = Answer(AnswerKind(str(data["kind"])), number)
    return answers
