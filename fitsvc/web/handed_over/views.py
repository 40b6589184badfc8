"""What the respondent sees on the practitioner's device. The staff session is locked all the while."""

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_security.utils import logout_user
from flask_wtf.csrf import generate_csrf

from fitsvc.domain.rating import Mode
from fitsvc.services.administrations import Gone, OpenedForm, open_form
from fitsvc.services.errors import NotFound
from fitsvc.services.handovers import continue_with_next_form, give_up, is_exhausted, is_own_secret
from fitsvc.services.handovers import unlock as unlock_device
from fitsvc.services.ratings import FormGone, submit_rating
from fitsvc.storage.accounts import DeviceHandover
from fitsvc.web import current
from fitsvc.web.database import forget_changes, keep_changes
from fitsvc.web.device_lock import current_handover
from fitsvc.web.rating_form.choice import build_choice
from fitsvc.web.rating_form.document import content_security_policy, render_document
from fitsvc.web.rating_form.fields import SentForm, read_sent
from fitsvc.web.rating_form.information import tell_before, whom_to_call
from fitsvc.web.rating_form.page import audience_of, build_form, ui_language

blueprint = Blueprint("handed_over", __name__, url_prefix="/handed-over")

UNPROCESSABLE = 422
OWN_FIELDS = frozenset({"csrf_token"})


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The form now on the screen, or the request to give the device back."""
    handover = _get_handover()
    opened = _open(handover)
    return _form_page(opened) if opened.gone is None else _give_back_page(opened)


@blueprint.post("")
def submit() -> ResponseReturnValue:
    handover = _get_handover()
    opened = _open(handover)
    # A second tap arrives when the next form is on the screen already: it is not an answer to that one.
    is_another_form = request.args.get("form", str(opened.administration_id)) != str(opened.administration_id)
    if opened.gone is not None or is_another_form:
        return redirect(url_for(".show"), 303)
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in OWN_FIELDS]
    sent = read_sent(
        opened.instrument, opened.items, fields, asks_wish=opened.asks_wish, may_withhold=opened.may_withhold
    )
    if sent.form.problems:
        forget_changes()
        return _form_page(opened, sent), UNPROCESSABLE
    if sent.form.left_blank and not sent.confirmed:
        return _form_page(opened, sent), UNPROCESSABLE
    try:
        submit_rating(
            current.session(),
            opened=opened,
            form=sent.form,
            choice=sent.choice,
            language=opened.instrument.language_for(opened.language),
            mode=Mode.HANDED_OVER,
            seconds_used=sent.seconds_used,
            now=current.now(),
        )
    except FormGone:
        forget_changes()
        return redirect(url_for(".show"), 303)
    continue_with_next_form(current.session(), handover=handover, catalogue=current.catalogue())
    return redirect(url_for(".show"), 303)


@blueprint.get("/back")
def give_back() -> ResponseReturnValue:
    """For somebody who does not want to answer now: the device can be given back as it is."""
    return _give_back_page(_open(_get_handover()))


@blueprint.post("/unlock")
def unlock() -> ResponseReturnValue:
    """Back to the practitioner, and to the curve at once; after five wrong tries the device is signed out."""
    handover = _get_handover()
    keep_changes()  # the lock is let go: nobody's rating waits while PIN and password are computed
    is_own = is_own_secret(current_user, request.form.get("secret", "")[:200])
    care_session = unlock_device(
        current.session(),
        handover=handover,
        staff=current_user,
        is_own=is_own,
        now=current.now(),
    )
    if care_session is not None:
        return redirect(url_for("cases.show", case_id=care_session.case_id), 303)
    if is_exhausted(handover):
        give_up(current.session(), handover=handover, now=current.now())
        logout_user()
        return redirect(url_for("security.login"), 303)
    return _give_back_page(_open(handover), wrong=True), UNPROCESSABLE


def _get_handover() -> DeviceHandover:
    handover = current_handover()
    if handover is None:
        raise NotFound("no handed-over device")
    return handover


def _open(handover: DeviceHandover) -> OpenedForm:
    return open_form(
        current.session(),
        administration_id=handover.administration_id,
        catalogue=current.catalogue(),
        now=current.now(),
    )


def _form_page(opened: OpenedForm, sent: SentForm | None = None) -> str:
    g.content_security_policy = content_security_policy()
    audience = audience_of(opened.rater_role, opened.instrument)
    language = opened.instrument.language_for(opened.language)
    with force_locale(ui_language(language)):
        form = build_form(
            opened.instrument, opened.items, language, sent=sent, point_out_blanks=sent is not None
        )
        choice = build_choice(
            audience,
            opened.instrument,
            asks_wish=opened.asks_wish,
            may_withhold=opened.may_withhold,
            sent=sent,
        )
        months = opened.months_kept(current.today(), default=current.config().retention_months)
        told = tell_before(audience, opened.instrument.kind, current.config(), months)
        call = whom_to_call(audience, current.config())
    return render_document(
        "handed_over/form.html",
        language,
        form=form,
        choice=choice,
        label=opened.label,
        told=told,
        informed=opened.informed,
        call=call,
        action=url_for(".submit", form=opened.administration_id),
        csrf_token=generate_csrf(),
        correction="",
        blanks_seen=sent is not None and bool(sent.form.left_blank),
        seconds=sent.seconds_used if sent else None,
        other_language=None,
        back_url=url_for(".give_back"),
    )


def _give_back_page(opened: OpenedForm, *, wrong: bool = False) -> str:
    g.content_security_policy = content_security_policy()
    language = opened.instrument.language_for(opened.language)
    with force_locale(ui_language(language)):
        call = whom_to_call(audience_of(opened.rater_role, opened.instrument), current.config())
        problem = _("That was not the right code. Try again.") if wrong else ""
    return render_document(
        "handed_over/give_back.html",
        language,
        call=call,
        received=opened.gone is Gone.ANSWERED,
        problem=problem,
        action=url_for(".unlock"),
        csrf_token=generate_csrf(),
    )
