"""What is sent from a respondent's own curve: the second thing to know, and notes on its dots."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from flask import Response
from flask_babel import force_locale
from flask_babel import gettext as _

from fitsvc.domain.meeting import Visibility
from fitsvc.domain.picture_words import find_picture
from fitsvc.domain.rating import tidy_text
from fitsvc.services.administrations import Gone, OpenedForm
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.own_curve import is_proven, open_own_curve, proof_of_opening, read_own_curve
from fitsvc.services.point_notes import NOTE_LIMIT, delete_note, write_note
from fitsvc.web.current import catalogue, config, now, session, today
from fitsvc.web.database import forget_changes, short_write
from fitsvc.web.limits import Kind, note_failure, seconds_to_wait
from fitsvc.web.rating_form.document import render_document
from fitsvc.web.rating_form.information import whom_to_call
from fitsvc.web.rating_form.page import Audience, audience_of, ui_language
from fitsvc.web.respond.body import SentBody
from fitsvc.web.respond.curve_view import CurveView, TypedNote, ask_view, build_curve, offers_curve
from fitsvc.web.respond.pages import LineView, gone_page
from fitsvc.web.respond.reply import fresh_form, reply

WAIT_SECONDS = 600
OPEN, WRITE, DELETE = "open_curve", "note", "delete_note"
LONGEST_KEPT_NOTE = 5_000
"""Characters kept in the field when a note was too long, so that its writer can shorten it."""


def asks_for_curve(body: SentBody) -> bool:
    return any(pair[0] == "step" and pair[1] in {OPEN, WRITE, DELETE} for pair in body.fields)


def answer_curve(
    opened: OpenedForm, language: str, body: SentBody, *, again: Callable[[], OpenedForm]
) -> Response:
    """The curve, or what stands in the way. `again` reads the link anew, after a wrong guess was counted."""
    fields = dict(body.fields)
    if opened.gone is None:
        return fresh_form(opened, language)  # the curve comes after an answer
    if not offers_curve(opened) or body.problem is not None:
        return _not_here(opened, language)
    if fields["step"] == OPEN:
        if _must_wait(opened):
            with force_locale(ui_language(language)):
                words = _wait_words()
            return _waiting(_ask_page(opened, language, words))
        try:
            with short_write() as writing:
                is_known = open_own_curve(writing, opened=opened, born=_born(fields), now=now())
        except Refused:
            return _closed_page(opened, language)
        if is_known:
            return _curve_page(opened, language)
        opened = again()
        with force_locale(ui_language(language)):
            words = _("That is not what we have. Try again, or ask the person who gave you the link.")
        return _ask_page(opened, language, words) if offers_curve(opened) else _closed_page(opened, language)
    if not is_proven(config().secret_key, opened, fields.get("proof", ""), now()):
        with force_locale(ui_language(language)):
            words = _("It has been a while. Tell us once more when you were born.")
        return _ask_page(opened, language, words)
    return _keep_note(opened, language, fields)


def own_curve(opened: OpenedForm, language: str, typed: TypedNote | None = None) -> CurveView | None:
    """The respondent's curve, with a fresh proof for its forms; None while there is no score."""
    found = read_own_curve(session(), respondent_id=opened.respondent_id, catalogue=catalogue())
    if not found.points:
        return None
    with force_locale(ui_language(language)):
        return build_curve(
            found,
            audience_of(opened.rater_role, opened.instrument),
            language=language,
            today=today(),
            proof=proof_of_opening(config().secret_key, opened, now()),
            typed=typed,
        )


def _keep_note(opened: OpenedForm, language: str, fields: dict[str, str]) -> Response:
    text = tidy_text(fields.get("text", "")[:LONGEST_KEPT_NOTE])
    picture = fields.get("picture", "")
    visibility = next((one for one in Visibility if one.value == fields.get("readers")), Visibility.ONLY_ME)
    point = fields.get("point", "")
    try:
        rating_id = UUID(point)
        if _must_wait(opened):
            with force_locale(ui_language(language)):
                typed = TypedNote(rating_id.hex, picture, text, visibility, _wait_words())
            return _waiting(_curve_page(opened, language, typed=typed))
        with short_write() as writing:
            if fields["step"] == DELETE:
                delete_note(writing, respondent_id=opened.respondent_id, rating_id=rating_id, now=now())
            else:
                write_note(
                    writing,
                    respondent_id=opened.respondent_id,
                    rating_id=rating_id,
                    picture=find_picture(picture),
                    text=text,
                    visibility=visibility,
                    now=now(),
                )
    except (NotFound, ValueError):
        return _not_here(opened, language)
    except Refused as refused:
        with force_locale(ui_language(language)):
            problem = _problem(refused.code)
        typed = TypedNote(rating_id.hex, picture, text, visibility, problem)
        return _curve_page(opened, language, typed=typed)
    with force_locale(ui_language(language)):
        saved = (
            _("Deleted.") if fields["step"] == DELETE else _("Saved. You can change it or delete it here.")
        )
    return _curve_page(opened, language, saved=saved)


def _must_wait(opened: OpenedForm) -> bool:
    """Each look and each note writes a row: nobody needs sixty in ten minutes."""
    link = str(opened.open_link_id)
    if seconds_to_wait(Kind.OWN_CURVE, link):
        return True
    note_failure(Kind.OWN_CURVE, link)
    return False


def _waiting(answer: Response) -> Response:
    answer.status_code = HTTPStatus.TOO_MANY_REQUESTS
    answer.headers["Retry-After"] = str(WAIT_SECONDS)
    return answer


def _wait_words() -> str:
    return _("That was many times in a short while. Wait some minutes, and try again.")


def _born(fields: dict[str, str]) -> tuple[int, int] | None:
    year, month = (fields.get(name, "").strip() for name in ("year", "month"))
    is_number = all(one.isascii() and one.isdigit() and len(one) <= 4 for one in (year, month))
    return (int(year), int(month)) if is_number else None


def _problem(code: str) -> str:
    if code == "has_cpr":
        return _("This looks like a CPR number. Please leave it out of the text.")
    return _("There is room for %(limit)s characters. Please make the text shorter.", limit=NOTE_LIMIT)


def _curve_page(
    opened: OpenedForm, language: str, *, saved: str = "", typed: TypedNote | None = None
) -> Response:
    curve = own_curve(opened, language, typed)
    if curve is None:
        return _not_here(opened, language)
    audience = audience_of(opened.rater_role, opened.instrument)
    with force_locale(ui_language(language)):
        page = render_document(
            "respond/curve.html",
            language,
            curve=curve,
            saved=saved,
            with_faces=audience is Audience.CHILD,
            call=whom_to_call(audience, config()),
        )
    return reply(page, HTTPStatus.UNPROCESSABLE_ENTITY if typed else HTTPStatus.OK)


def _ask_page(opened: OpenedForm, language: str, problem: str) -> Response:
    with force_locale(ui_language(language)):
        page = render_document(
            "respond/message.html",
            language,
            heading=_("Your curve"),
            lines=[],
            ask=ask_view(opened, problem),
            call=whom_to_call(audience_of(opened.rater_role, opened.instrument), config()),
        )
    return reply(page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _closed_page(opened: OpenedForm, language: str) -> Response:
    with force_locale(ui_language(language)):
        lines = (
            _(
                "This link no longer opens a curve. It is not your fault: it takes care that only you can see it."
            ),
            _("Ask the person who gave you the link. You can look at the curve together."),
        )
        page = render_document(
            "respond/message.html",
            language,
            heading=_("The curve is closed here"),
            lines=[LineView(words) for words in lines],
            ask=None,
            call=whom_to_call(audience_of(opened.rater_role, opened.instrument), config()),
        )
    return reply(page, HTTPStatus.GONE)


def _not_here(opened: OpenedForm, language: str) -> Response:
    forget_changes()
    page = gone_page(opened, opened.gone or Gone.ANSWERED, language, config(), correcting=False)
    return reply(page, HTTPStatus.GONE)
