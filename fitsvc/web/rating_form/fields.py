"""The fields of a rating form by name, and what was sent in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fitsvc.domain.instrument import Instrument, Item
from fitsvc.domain.rating import AnswerKind, Answers, Problem, ProblemCode, ReadForm, read_form

ITEM_PREFIX = "q-"
COMMENT = "comment"
SECONDS = "seconds"
CONFIRMED = "blanks_seen"
CORRECTION = "correction"
STEP = "step"
OPEN_CORRECTION = "correct"

LONGEST_KEPT_COMMENT = 20_000
"""Characters kept in the field when a text was too long, so that its writer can shorten it."""
LONGEST_TIME = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as it was sent. `form` holds what was valid; `comment` is what the field shows again.

    `confirmed`: it has been pointed out before that answers are missing. `correction` is the one-time token of a
    receipt, and `opens_correction` tells that the receipt's button was pressed rather than a form sent.
    """

    form: ReadForm
    comment: str
    confirmed: bool
    seconds_used: int | None
    correction: str
    opens_correction: bool


def read_sent(instrument: Instrument, items: Sequence[Item], fields: Iterable[tuple[str, str]]) -> SentForm:
    """Read (name, value) pairs. A field that is not on the form is a problem, and so is one sent twice differently."""
    sent: dict[str, str] = {}
    problems: list[Problem] = []
    for name, value in fields:
        if sent.setdefault(name, value) != value:
            problems.append(Problem(ProblemCode.NOT_ON_SCALE, name.removeprefix(ITEM_PREFIX)))
    own = {name: sent.pop(name, "") for name in (COMMENT, SECONDS, CONFIRMED, CORRECTION, STEP)}
    answers = {name.removeprefix(ITEM_PREFIX): value for name, value in sent.items() if _is_item(name)}
    problems += [Problem(ProblemCode.UNKNOWN_ITEM, name) for name in sent if not _is_item(name)]
    comment = own[COMMENT][: LONGEST_KEPT_COMMENT + 1]
    form = read_form(instrument, items, answers, comment)
    if problems:
        form = ReadForm(form.answers, form.comment, (*form.problems, *problems))
    return SentForm(
        form=form,
        comment=comment[:LONGEST_KEPT_COMMENT] if _is_too_long(form) else form.comment,
        confirmed=own[CONFIRMED] != "",
        seconds_used=_seconds(own[SECONDS]),
        correction=own[CORRECTION],
        opens_correction=own[STEP] == OPEN_CORRECTION,
    )


def sent_value(answers: Answers, item_id: str) -> str:
    """An answer as the form sends it: "7", "2.5", "skip", "cannot_see" or ""."""
    answer = answers.get(item_id)
    if answer is None or answer.kind is AnswerKind.BLANK:
        return ""
    if answer.value is not None:
        return f"{answer.value:g}"
    return "skip" if answer.kind is AnswerKind.SKIPPED else "cannot_see"


def _is_item(name: str) -> bool:
    return name.startswith(ITEM_PREFIX)


def _is_too_long(form: ReadForm) -> bool:
    return any(problem.code is ProblemCode.COMMENT_TOO_LONG for problem in form.problems)


def _seconds(sent: str) -> int | None:
    """The time used as the script counted it; anything else is no reason to refuse an answer."""
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 6):
        return None
    return min(int(sent), LONGEST_TIME)
