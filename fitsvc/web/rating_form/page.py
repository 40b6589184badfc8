"""What the form's template places: items with their options, texts in the reader's language, problems in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import format_decimal
from flask_babel import gettext as _

from fitsvc.domain.instrument import Instrument, Item, ItemText, ScaleKind
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import COMMENT_LIMIT, Answers, ProblemCode
from fitsvc.web.language import LANGUAGES
from fitsvc.web.rating_form.fields import ITEM_PREFIX, WISH, SentForm, sent_value

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
FACE_COUNT = 5
"""Faces drawn, from the unhappiest to the happiest."""
MOST_IN_ONE_ROW = 7
"""More points than this stand in two rows on a narrow screen, so that each is wide enough for a thumb."""


class Audience(StrEnum):
    """Whom the page speaks to."""

    CHILD = "child"
    YOUTH = "youth"
    ADULT = "adult"


def audience_of(role: RaterRole, instrument: Instrument) -> Audience:
    """Faces are for children; a line of numbers that somebody fills in about themselves is for the young."""
    if role is not RaterRole.CHILD:
        return Audience.ADULT
    return Audience.CHILD if instrument.scale.kind is ScaleKind.FACES else Audience.YOUTH


@dataclass(frozen=True, slots=True)
class OptionView:
    """One radio button. `words` are said by a screen reader after `text`, and shown under a face; `face` 0–4."""

    value: str
    text: str
    words: str
    chosen: bool
    face: int | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One question. `style` is how its values are drawn: "faces", "points", "line" (many points) or "steps"."""

    name: str
    anchor: str
    prompt: str
    low: str
    high: str
    style: str
    options: tuple[OptionView, ...]
    others: tuple[OptionView, ...]
    problem: str
    blank: bool


@dataclass(frozen=True, slots=True)
class FormView:
    """A form in one language. `ui_language` is that of the words around the items when we lack the items' own."""

    language: str
    ui_language: str
    direction: str
    title: str
    intro: str
    items: tuple[ItemView, ...]
    comment_prompt: str
    comment: str
    comment_problem: str
    problems: tuple[str, ...]
    blank_count: int
    unvalidated: bool


def ui_language(language: str) -> str:
    """The language of buttons and notes beside an instrument's own words."""
    return language if language in LANGUAGES else LANGUAGES[0]


def direction_of(language: str) -> str:
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def build_form(
    instrument: Instrument,
    items: Sequence[Item],
    language: str,
    *,
    answers: Answers | None = None,
    comment: str = "",
    sent: SentForm | None = None,
    point_out_blanks: bool = False,
) -> FormView:
    """The form: empty, filled with `answers` and `comment`, or shown again as it was `sent` with its problems.

    Call it in a request (or under `force_locale`) of `ui_language(language)`.
    """
    language = instrument.language_for(language)
    text = instrument.text(language)
    given = sent.form.answers if sent else (answers or {})
    wrong = {problem.item: problem.code for problem in sent.form.problems} if sent else {}
    blank = frozenset(sent.form.left_blank) - wrong.keys() if sent and point_out_blanks else frozenset()
    views = tuple(
        _item(instrument, item, language, given, wrong.get(item.id), item.id in blank) for item in items
    )
    on_form = {item.id for item in items} | {"comment", WISH}
    return FormView(
        language=language,
        ui_language=ui_language(language),
        direction=direction_of(language),
        title=text.title,
        intro=text.intro,
        items=views,
        comment_prompt=text.comment or "",
        comment=sent.comment if sent else comment,
        comment_problem=_in_words(wrong["comment"]) if "comment" in wrong else "",
        problems=_left_out(wrong.keys() - on_form),
        blank_count=len(blank),
        unvalidated=instrument.is_unvalidated_translation(language),
    )


def _item(
    instrument: Instrument,
    item: Item,
    language: str,
    answers: Answers,
    problem: ProblemCode | None,
    blank: bool,
) -> ItemView:
    chosen = sent_value(answers, item.id)
    others = [OptionView("skip", _("Skip"), "", chosen == "skip")]
    if item.cannot_see:
        others.append(OptionView("cannot_see", _("I cannot see this"), "", chosen == "cannot_see"))
    return tap_line(
        instrument,
        item.texts[language],
        language,
        name=ITEM_PREFIX + item.id,
        anchor=f"item-{item.id}",
        chosen=chosen,
        others=tuple(others),
        problem=_in_words(problem) if problem else "",
        blank=blank,
    )


def tap_line(
    instrument: Instrument,
    words: ItemText,
    language: str,
    *,
    name: str,
    anchor: str,
    chosen: str = "",
    others: tuple[OptionView, ...] = (),
    problem: str = "",
    blank: bool = False,
) -> ItemView:
    """A question on the scale as the instrument's forms draw it: numbers, named steps or faces, none of them chosen."""
    values = tuple(f"{value:g}" for value in instrument.scale.values)
    steps = instrument.text(language).steps or (words.low, *[""] * (len(values) - 2), words.high)
    faces = instrument.scale.kind is ScaleKind.FACES
    return ItemView(
        name=name,
        anchor=anchor,
        prompt=words.prompt,
        low=words.low,
        high=words.high,
        style=_style(instrument, language),
        options=tuple(
            OptionView(value, value, step, chosen == value, _face(place, len(values)) if faces else None)
            for place, (value, step) in enumerate(zip(values, steps, strict=True))
        ),
        others=others,
        problem=problem,
        blank=blank,
    )


def _style(instrument: Instrument, language: str) -> str:
    if instrument.scale.kind is ScaleKind.FACES:
        return "faces"
    if instrument.text(language).steps:
        return "steps"
    return "line" if len(instrument.scale.values) > MOST_IN_ONE_ROW else "points"


def _face(place: int, count: int) -> int:
    return round(place * (FACE_COUNT - 1) / max(count - 1, 1))


def _left_out(unknown: Collection[str]) -> tuple[str, ...]:
    return (_("Something was sent that is not on this form. It was left out."),) if unknown else ()


def _in_words(code: ProblemCode) -> str:
    if code is ProblemCode.COMMENT_TOO_LONG:
        return _(
            "There is room for %(limit)s characters. Please make the text shorter.",
            limit=format_decimal(COMMENT_LIMIT),
        )
    if code is ProblemCode.COMMENT_NOT_OFFERED:
        return _("This form has no room for text.")
    if code is ProblemCode.COMMENT_HAS_CPR:
        return _("This looks like a CPR number. Please leave it out of the text.")
    return _("We did not understand the answer here. Please choose again.")
