"""The respondent's pages as finished HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from babel import Locale
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from fitsvc.config import Config
from fitsvc.domain.instrument import Instrument
from fitsvc.domain.own_choice import OwnChoice
from fitsvc.domain.rating import Answer, AnswerKind, Answers
from fitsvc.services.administrations import Gone, OpenedForm
from fitsvc.web.current import today
from fitsvc.web.rating_form.choice import NOTHING_CHOSEN, build_choice
from fitsvc.web.rating_form.document import render_document
from fitsvc.web.rating_form.fields import SentForm
from fitsvc.web.rating_form.information import tell_before, whom_to_call
from fitsvc.web.rating_form.page import Audience, audience_of, build_form, ui_language
from fitsvc.web.respond.body import BodyProblem
from fitsvc.web.respond.curve_view import CurveView, ask_view, offers_curve


@dataclass(frozen=True, slots=True)
class GivenView:
    """One question with what was answered, in words."""

    prompt: str
    answer: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a message page; `language` is set when it is another than the page's."""

    words: str
    language: str = ""


def chosen_language(opened: OpenedForm, asked_for: str) -> str:
    """The language asked for in the address when the form has it, else the person's, else Danish."""
    known = opened.instrument.languages
    return opened.instrument.language_for(asked_for if asked_for in known else opened.language)


def form_page(
    opened: OpenedForm,
    language: str,
    config: Config,
    *,
    label: str,
    sent: SentForm | None = None,
    body_problem: BodyProblem | None = None,
    correction: str = "",
    answers: Answers | None = None,
    comment: str = "",
    choice: OwnChoice = NOTHING_CHOSEN,
) -> str:
    """The form: fresh, as it was `sent` with what is to be looked at again, or filled with `answers` to correct."""
    audience = audience_of(opened.rater_role, opened.instrument)
    with force_locale(ui_language(language)):
        form = build_form(
            opened.instrument,
            opened.items,
            language,
            answers=answers,
            comment=comment,
            sent=sent,
            point_out_blanks=sent is not None and body_problem is None and not sent.form.problems,
        )
        if body_problem is not None:
            form = replace(form, problems=(_body_problem(body_problem), *form.problems))
        fresh = sent is None and not correction
        return render_document(
            "respond/form.html",
            language,
            form=form,
            choice=build_choice(
                audience,
                opened.instrument,
                asks_wish=opened.asks_wish,
                may_withhold=opened.may_withhold,
                sent=sent,
                choice=choice,
            ),
            label=label,
            told=tell_before(
                audience,
                opened.instrument.kind,
                config,
                opened.months_kept(today(), default=config.retention_months),
            ),
            informed=opened.informed or not fresh,
            call=whom_to_call(audience, config),
            action="",
            csrf_token="",
            correction=correction,
            blanks_seen=bool(sent and (sent.confirmed or form.blank_count)),
            seconds=sent.seconds_used if sent else None,
            other_languages=_other_languages(opened.instrument, language) if fresh else (),
        )


def receipt_page(
    opened: OpenedForm,
    language: str,
    config: Config,
    *,
    given: Sequence[str],
    comment: str,
    correction: str,
    until: str,
    curve: CurveView | None = None,
) -> str:
    """The reply to what was sent, the only place where the answers are shown, `given` in words item by item.

    `correction` is "" when it is too late to correct; `until` is the time of day when it will be.
    """
    audience = audience_of(opened.rater_role, opened.instrument)
    spoken = opened.instrument.language_for(language)
    lines = [
        GivenView(item.texts[spoken].prompt, answer) for item, answer in zip(opened.items, given, strict=True)
    ]
    if comment:
        lines.append(GivenView(opened.instrument.text(language).comment or "", comment))
    with force_locale(ui_language(language)):
        return render_document(
            "respond/receipt.html",
            language,
            form=FormLanguage(language),
            heading=_("Thank you! Your answers are received."),
            words=_("You do not need to do more now."),
            given=lines,
            call=whom_to_call(audience, config),
            correction=correction,
            until=until,
            curve=curve,
            with_faces=audience is Audience.CHILD,
        )


@dataclass(frozen=True, slots=True)
class FormLanguage:
    """The language of an instrument's own words on the receipt."""

    language: str


def gone_page(opened: OpenedForm, gone: Gone, language: str, config: Config, *, correcting: bool) -> str:
    """Why the link cannot be used any more, and what to do; where it is switched on, the way to the own curve."""
    with force_locale(ui_language(language)):
        heading, *lines = _too_late() if correcting else _gone_words(gone)
        return render_document(
            "respond/message.html",
            language,
            heading=heading,
            lines=[LineView(words) for words in lines],
            ask=ask_view(opened) if gone is Gone.ANSWERED and offers_curve(opened) else None,
            call=whom_to_call(audience_of(opened.rater_role, opened.instrument), config),
        )


def unknown_page() -> str:
    """One page for malformed and unknown links alike: nothing can be learnt from it."""
    with force_locale("en"):
        english = _unknown_words()
    with force_locale("da"):
        heading, *lines = _unknown_words()
    views = [LineView(words) for words in lines] + [LineView(f"{english[0]}. {' '.join(english[1:])}", "en")]
    return render_document(
        "respond/message.html", "da", heading=heading, lines=views, ask=None, call=Markup("")
    )


def not_allowed_page() -> str:
    with force_locale("da"):
        lines = [LineView(_("Open the link again, and use the buttons on the page."))]
        heading = _("This cannot be done here")
    return render_document(
        "respond/message.html", "da", heading=heading, lines=lines, ask=None, call=Markup("")
    )


def not_taken_page() -> str:
    with force_locale("da"):
        heading = _("We did not get all of it")
        lines = [
            LineView(_("Nothing was saved, and nothing is wrong with you or your phone.")),
            LineView(_("Go back to the form: your answers still stand there. Send them once more.")),
        ]
    return render_document(
        "respond/message.html", "da", heading=heading, lines=lines, ask=None, call=Markup("")
    )


def wait_page() -> str:
    """For who opens one wrong link after the other."""
    with force_locale("da"):
        heading = _("Wait a little")
        lines = [
            LineView(_("Many links that do not work were opened from here.")),
            LineView(
                _("A link that works can be opened all the same. Open the link from the message once more.")
            ),
        ]
    return render_document(
        "respond/message.html", "da", heading=heading, lines=lines, ask=None, call=Markup("")
    )


def failure_page() -> str:
    with force_locale("da"):
        heading = _("Something went wrong")
        lines = [
            LineView(_("Your answers may not have been saved.")),
            LineView(_("Wait a moment and reload this page: then they are sent again, and count only once.")),
        ]
    return render_document(
        "respond/message.html", "da", heading=heading, lines=lines, ask=None, call=Markup("")
    )


def _gone_words(gone: Gone) -> tuple[str, ...]:
    return {
        Gone.ANSWERED: (
            _("Received. Thank you!"),
            _("The answers for this link are received, and nothing more is needed."),
            _("Do you want to change something? Say so to the person who gave you the link."),
        ),
        Gone.EXPIRED: (
            _("This link is too old"),
            _(
                "It was only open for some days, so it can no longer be used. Nothing is wrong with you or your phone."
            ),
            _("Ask the person who gave you the link for a new one."),
        ),
        Gone.CANCELLED: (
            _("You do not need to answer this"),
            _("The form has been taken back, and you need do nothing."),
            _("If you wonder why, ask the person who gave you the link."),
        ),
    }[gone]


def _too_late() -> tuple[str, ...]:
    return (
        _("Your answers are received"),
        _("They can no longer be changed here: that was only possible for a short while, and only once."),
        _("Do you want to change something? Say so to the person who gave you the link."),
    )


def _unknown_words() -> tuple[str, ...]:
    return (
        _("This link does not work"),
        _("Perhaps a bit of the address is missing. Open the link from the message once more."),
        _("If that does not help, ask the person who gave you the link for a new one."),
    )


def _body_problem(problem: BodyProblem) -> str:
    return {
        BodyProblem.NOT_A_FORM: _("We could not read what was sent. Please fill in the form here."),
        BodyProblem.TOO_LARGE: _("Too much was sent at once. What we could read is kept below."),
        BodyProblem.BROKEN_ENCODING: _("Some signs could not be read. What we could read is kept below."),
    }[problem]


def answer_words(instrument: Instrument, answer: Answer, language: str) -> str:
    """What was answered to one item, in words."""
    with force_locale(ui_language(language)):
        if answer.kind is AnswerKind.BLANK:
            return _("No answer")
        if answer.value is None:
            return _("Skipped") if answer.kind is AnswerKind.SKIPPED else _("I cannot see this")
        steps = instrument.text(language).steps
        if steps:
            return steps[instrument.scale.values.index(answer.value)]
        return _("%(value)s of %(most)s", value=f"{answer.value:g}", most=f"{instrument.scale.maximum:g}")


def _other_languages(instrument: Instrument, shown: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, _name_of(code)) for code in instrument.languages if code != shown)


@lru_cache
def _name_of(language: str) -> str:
    return (Locale.parse(language, sep="-").get_display_name(language) or language).capitalize()
