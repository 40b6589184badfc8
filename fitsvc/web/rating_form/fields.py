"""The fields of a rating form by name, and what was sent in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fitsvc.domain.instrument import Instrument, Item
from fitsvc.domain.meeting import Visibility
from fitsvc.domain.own_choice import (
    SHARED_KINDS,
    WISH_LIMIT,
    WISH_READERS,
    OwnChoice,
    OwnTextProblem,
    Wish,
    own_text_problem,
)
from fitsvc.domain.rating import AnswerKind, Answers, Problem, ProblemCode, ReadForm, read_form, tidy_text

ITEM_PREFIX = "q-"
COMMENT = "comment"
SECONDS = "seconds"
CONFIRMED = "blanks_seen"
CORRECTION = "correction"
STEP = "step"
OPEN_CORRECTION = "correct"
WITHHELD = "withheld"
COMMENT_AT_MEETING = "comment_at_meeting"
WISH = "wish"
WISH_READERS_FIELD = "wish_readers"
TICKED = "1"

LONGEST_KEPT_COMMENT = 20_000
"""Characters kept in the field when a text was too long, so that its writer can shorten it."""
LONGEST_TIME = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as it was sent. `form` holds what was valid; `comment` is what the field shows again.

    `confirmed`: it has been pointed out before that answers are missing. `correction` is the one-time token of a
    receipt, and `opens_correction` tells that the receipt's button was pressed rather than a form sent. `choice` is
    what they decided about who sees it; `wish` and `wish_readers` are what the fields of the wish show again.
    """

    form: ReadForm
    comment: str
    confirmed: bool
    seconds_used: int | None
    correction: str
    opens_correction: bool
    choice: OwnChoice
    wish: str
    wish_readers: Visibility


def read_sent(
    instrument: Instrument,
    items: Sequence[Item],
    fields: Iterable[tuple[str, str]],
    *,
    asks_wish: bool = False,
    may_withhold: bool = True,
) -> SentForm:
    """Read (name, value) pairs. A field that is not on the form is a problem, and so is one sent twice differently.

    A correction may keep back what was kept back before, whoever is on the case now.
    """
    sent: dict[str, str] = {}
    problems: list[Problem] = []
    for name, value in fields:
        if sent.setdefault(name, value) != value:
            problems.append(Problem(ProblemCode.NOT_ON_SCALE, name.removeprefix(ITEM_PREFIX)))
    own = {name: sent.pop(name, "") for name in (COMMENT, SECONDS, CONFIRMED, CORRECTION, STEP)}
    offered = _offered(instrument, asks_wish=asks_wish)
    if not (may_withhold or own[CORRECTION]):
        offered = tuple(name for name in offered if name != WITHHELD)
    chosen = {name: sent.pop(name, "") for name in offered}
    answers = {name.removeprefix(ITEM_PREFIX): value for name, value in sent.items() if _is_item(name)}
    problems += [Problem(ProblemCode.UNKNOWN_ITEM, name) for name in sent if not _is_item(name)]
    comment = own[COMMENT][: LONGEST_KEPT_COMMENT + 1]
    form = read_form(instrument, items, answers, comment)
    wish = tidy_text(chosen.get(WISH, "")[: LONGEST_KEPT_COMMENT + 1])
    readers = _readers(chosen.get(WISH_READERS_FIELD, ""))
    wrong = own_text_problem(wish, WISH_LIMIT)
    problems += [Problem(_TEXT_PROBLEMS[wrong], WISH)] if wrong else []
    if problems:
        form = ReadForm(form.answers, form.comment, (*form.problems, *problems))
    return SentForm(
        form=form,
        comment=comment[:LONGEST_KEPT_COMMENT] if _is_too_long(form) else form.comment,
        confirmed=own[CONFIRMED] != "",
        seconds_used=_seconds(own[SECONDS]),
        correction=own[CORRECTION],
        opens_correction=own[STEP] == OPEN_CORRECTION,
        choice=OwnChoice(
            withheld=chosen.get(WITHHELD, "") != "",
            comment_at_meeting=chosen.get(COMMENT_AT_MEETING, "") == TICKED,
            wish=Wish(wish, readers) if wish else None,
        ),
        wish=wish,
        wish_readers=readers,
    )


_TEXT_PROBLEMS = {
    OwnTextProblem.TOO_LONG: ProblemCode.COMMENT_TOO_LONG,
    OwnTextProblem.HAS_CPR: ProblemCode.COMMENT_HAS_CPR,
}


def _offered(instrument: Instrument, *, asks_wish: bool) -> tuple[str, ...]:
    """The fields beside the answers that this form has; session ratings never come to a meeting by themselves."""
    if instrument.kind not in SHARED_KINDS:
        return ()
    ticks = (WITHHELD, COMMENT_AT_MEETING) if instrument.takes_comment else (WITHHELD,)
    return (*ticks, WISH, WISH_READERS_FIELD) if asks_wish else ticks


def _readers(sent: str) -> Visibility:
    """Whom the wish is for; what is not a choice is the narrowest."""
    return next((one for one in WISH_READERS if one.value == sent), WISH_READERS[0])


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
    return any(
        problem.code is ProblemCode.COMMENT_TOO_LONG and problem.item == COMMENT for problem in form.problems
    )


def _seconds(sent: str) -> int | None:
    """The time used as the script counted it; anything else is no reason to refuse an answer."""
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 6):
        return None
    return min(int(sent), LONGEST_TIME)
