"""The one address behind a respondent's link. No cookie, no sign-in: the link is the proof."""

from http import HTTPStatus

from flask import Blueprint, Flask, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException

from fitsvc.domain.rating import Mode, from_stored
from fitsvc.services.administrations import Gone, OpenedForm
from fitsvc.services.clock import COPENHAGEN
from fitsvc.services.links import UnknownLink, open_link
from fitsvc.services.ratings import (
    CORRECTION_TIME,
    FormGone,
    correct_rating,
    correction_token,
    find_corrected,
    may_correct,
    stored_choice,
    stored_comment,
    submit_rating,
)
from fitsvc.storage.ratings import Rating
from fitsvc.web.current import catalogue, config, now, session
from fitsvc.web.database import forget_changes, short_write
from fitsvc.web.limits import Kind, note_failure, seconds_to_wait
from fitsvc.web.rating_form.fields import SentForm, read_sent
from fitsvc.web.respond import pages
from fitsvc.web.respond.body import BodyProblem, read_body
from fitsvc.web.respond.cookieless import CookielessRespondents
from fitsvc.web.respond.curve_view import offers_curve
from fitsvc.web.respond.own_curve import answer_curve, asks_for_curve, own_curve
from fitsvc.web.respond.reply import fresh_form, receipt, reply
from fitsvc.web.security import csrf

blueprint = Blueprint("respond", __name__)
csrf.exempt(blueprint)


@blueprint.record_once
def _without_cookies(state: BlueprintSetupState) -> None:
    app: Flask = state.app  # type: ignore[assignment]
    app.session_interface = CookielessRespondents()


ALLOWED = "GET, HEAD, OPTIONS, POST"
STATUS_OF = {
    BodyProblem.NOT_A_FORM: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    BodyProblem.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BodyProblem.BROKEN_ENCODING: HTTPStatus.BAD_REQUEST,
}


@blueprint.route(
    "/r/<path:token>",
    methods=["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"],
    provide_automatic_options=False,
)
@blueprint.route("/r/", methods=["GET"], defaults={"token": ""})
def link(token: str) -> Response:
    if request.method in {"GET", "HEAD"}:
        return _show(token)
    if request.method == "POST":
        return _take(token)
    if request.method == "OPTIONS":
        answer = Response(status=HTTPStatus.NO_CONTENT)
    else:
        answer = reply(pages.not_allowed_page(), HTTPStatus.METHOD_NOT_ALLOWED)
    answer.headers["Allow"] = ALLOWED
    return answer


@blueprint.errorhandler(UnknownLink)
def unknown(_error: UnknownLink) -> Response:
    """The guesser is told to wait. Whoever has a link is never held up by others behind the same address."""
    forget_changes()
    wait = seconds_to_wait(Kind.LINK)
    if not wait:
        note_failure(Kind.LINK)
        return reply(pages.unknown_page(), HTTPStatus.NOT_FOUND)
    answer = reply(pages.wait_page(), HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(wait)
    return answer


@blueprint.errorhandler(HTTPException)
def not_taken(error: HTTPException) -> Response:
    """What never came whole, or is far too large: nothing of it was used."""
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return failed(error)
    forget_changes()
    return reply(pages.not_taken_page(), code)


@blueprint.errorhandler(Exception)
def failed(error: Exception) -> Response:
    forget_changes()
    current_app.logger.exception("a respondent's page failed", exc_info=error)
    return reply(pages.failure_page(), HTTPStatus.INTERNAL_SERVER_ERROR)


def _show(token: str) -> Response:
    """The form. Reads one row and writes nothing, however often it is opened."""
    opened = _open(token)
    if opened.gone is not None:
        return _gone(opened, opened.gone)
    return fresh_form(opened, _language(opened))


def _take(token: str) -> Response:
    """An answer, a correction, or the wish to correct. The database is locked only while the rating is stored."""
    body = read_body(request)
    opened = _open(token)
    if opened.gone in {Gone.CANCELLED, Gone.EXPIRED}:
        return _gone(opened, opened.gone)
    if asks_for_curve(body):
        return answer_curve(opened, _language(opened), body, again=lambda: _open(token))
    sent = read_sent(
        opened.instrument,
        opened.items,
        body.fields,
        asks_wish=opened.asks_wish,
        may_withhold=opened.may_withhold,
    )
    if sent.correction:
        return _correct(opened, sent, body.problem)
    if opened.gone is None and (answer := _look_again(opened, sent, body.problem)):
        return answer
    if body.problem or sent.form.problems:
        return _gone(opened, Gone.ANSWERED)
    try:
        with short_write() as writing:
            rating = submit_rating(
                writing,
                opened=opened,
                form=sent.form,
                choice=sent.choice,
                language=_language(opened),
                mode=Mode.OWN_DEVICE,
                seconds_used=sent.seconds_used,
                now=now(),
            )
    except FormGone as error:
        return _gone(opened, error.gone)
    return _receipt(opened, rating, sent.form.comment)


def _correct(opened: OpenedForm, sent: SentForm, problem: BodyProblem | None) -> Response:
    try:
        corrected = find_corrected(
            session(), opened=opened, token=sent.correction, secret_key=config().secret_key, now=now()
        )
        if sent.opens_correction:
            return _correction_form(opened, corrected, sent.correction)
        if answer := _look_again(opened, sent, problem):
            return answer
        with short_write() as writing:
            rating = correct_rating(
                writing,
                opened=opened,
                corrects=corrected.id,
                form=sent.form,
                choice=sent.choice,
                language=_language(opened),
                seconds_used=sent.seconds_used,
                now=now(),
            )
    except FormGone as error:
        return _gone(opened, error.gone, correcting=True)
    return _receipt(opened, rating, sent.form.comment)


def _correction_form(opened: OpenedForm, rating: Rating, token: str) -> Response:
    if rating.superseded_at is not None:
        raise FormGone(Gone.ANSWERED)
    page = pages.form_page(
        opened,
        _language(opened),
        config(),
        label=opened.label,
        correction=token,
        answers=from_stored(rating.answers),
        comment=stored_comment(session(), rating),
        choice=stored_choice(session(), rating),
    )
    return reply(page)


def _look_again(opened: OpenedForm, sent: SentForm, problem: BodyProblem | None) -> Response | None:
    """The form once more when something cannot be taken, or (once) when something is left blank.

    Blanks too are answered with 422: a success means "stored", to every client.
    """
    form = sent.form
    if problem is None and not form.problems and (sent.confirmed or not form.left_blank):
        return None
    forget_changes()
    page = pages.form_page(
        opened,
        _language(opened),
        config(),
        label=opened.label,
        sent=sent,
        body_problem=problem,
        correction=sent.correction,
    )
    return reply(page, STATUS_OF[problem] if problem else HTTPStatus.UNPROCESSABLE_ENTITY)


def _receipt(opened: OpenedForm, rating: Rating, comment: str) -> Response:
    language = _language(opened)
    may_change = may_correct(rating, now())
    until = (rating.submitted_at + CORRECTION_TIME).astimezone(COPENHAGEN)
    return receipt(
        opened,
        language,
        answers=from_stored(rating.answers),
        comment=comment,
        correction=correction_token(config().secret_key, rating.id) if may_change else "",
        until=f"{until:%H.%M}" if language == "da" else f"{until:%H:%M}",
        # Not to who finds the link later and guesses what was answered.
        curve=own_curve(opened, language) if may_change and offers_curve(opened) else None,
    )


def _gone(opened: OpenedForm, gone: Gone, *, correcting: bool = False) -> Response:
    forget_changes()
    return reply(
        pages.gone_page(opened, gone, _language(opened), config(), correcting=correcting), HTTPStatus.GONE
    )


def _open(token: str) -> OpenedForm:
    return open_link(session(), token=token, now=now(), catalogue=catalogue())


def _language(opened: OpenedForm) -> str:
    return pages.chosen_language(opened, request.args.get("lang", ""))
