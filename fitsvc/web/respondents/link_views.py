"""Links to a form: made and shown once, sent again, cancelled."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from fitsvc.domain.audit import Access
from fitsvc.services.asking import forms_to_ask, list_asked, make_link, resend_link, stop_asking
from fitsvc.services.case_access import note_reading
from fitsvc.services.errors import Refused
from fitsvc.services.respondents import get_respondent, why_not_asked
from fitsvc.web.current import actor, catalogue, config, now, session, today
from fitsvc.web.form_pages import case_head, form_page, options, refusals
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.new_links import NewLink, new_link, works_until
from fitsvc.web.respondents.blueprint import blueprint
from fitsvc.web.respondents.forms import LinkForm
from fitsvc.web.respondents.pages import asked_row, respondent_head, titled
from fitsvc.web.words import HINDRANCES

SHOWN_ONCE = "new_link"
"""Where the token waits, in this browser's own session, from the POST that made it to the page that shows it."""


@blueprint.route("/cases/<uuid:case_id>/respondents/<uuid:respondent_id>/links", methods=["GET", "POST"])
def links(case_id: UUID, respondent_id: UUID) -> ResponseReturnValue:
    """What they have been asked, and a link now."""
    case, respondent = get_respondent(session(), by=actor(), case_id=case_id, respondent_id=respondent_id)
    language = str(get_locale())
    hindrance = why_not_asked(session(), case=case, respondent=respondent, today=today())
    forms = forms_to_ask(session(), respondent=respondent, catalogue=catalogue())
    shown = _take_new_link(respondent_id)
    access = Access.LINK_SHOWN if shown else Access.CASE_READ
    note_reading(session(), by=actor(), access=access, case_ids=[case.id], now=now())
    asked = [
        asked_row(one, catalogue(), language)
        for one in list_asked(session(), by=actor(), respondent=respondent, now=now(), catalogue=catalogue())
    ]
    page = {
        "case": case_head(case),
        "who": respondent_head(respondent, today()),
        "hindrance": HINDRANCES[hindrance] if hindrance else None,
        "shown": shown,
        "waiting": [one for one in asked if one.is_open],
        "done": [one for one in asked if not one.is_open],
    }
    form = LinkForm(label=respondent.label, instrument_id=forms[0].id if len(forms) == 1 else None)
    form.instrument_id.choices = options((one.id, titled(one, language)) for one in forms)
    if form.validate_on_submit():
        with refusals(form):
            token = make_link(
                session(),
                by=actor(),
                now=now(),
                catalogue=catalogue(),
                case_id=case_id,
                respondent_id=respondent_id,
                instrument_id=form.instrument_id.data,
                label=form.label.data or "",
                link_days=config().link_days,
            )
            return _show_once(case_id, respondent_id, token)
    return form_page("respondents/links.html", form, has_forms=bool(forms), **page)


@blueprint.post(
    "/cases/<uuid:case_id>/respondents/<uuid:respondent_id>/links/<uuid:administration_id>/resend"
)
def resend(case_id: UUID, respondent_id: UUID, administration_id: UUID) -> ResponseReturnValue:
    """A new link to the same asking; the old one stops working."""
    try:
        token = resend_link(
            session(),
            by=actor(),
            now=now(),
            case_id=case_id,
            respondent_id=respondent_id,
            administration_id=administration_id,
            link_days=config().link_days,
        )
    except Refused as refused:
        return _refused(case_id, respondent_id, refused)
    return _show_once(case_id, respondent_id, token)


@blueprint.post(
    "/cases/<uuid:case_id>/respondents/<uuid:respondent_id>/links/<uuid:administration_id>/cancel"
)
def cancel_link(case_id: UUID, respondent_id: UUID, administration_id: UUID) -> ResponseReturnValue:
    try:
        stop_asking(
            session(),
            by=actor(),
            now=now(),
            case_id=case_id,
            respondent_id=respondent_id,
            administration_id=administration_id,
        )
    except Refused as refused:
        return _refused(case_id, respondent_id, refused)
    flash(_("Cancelled. The link no longer works."), "success")
    return redirect(url_for("respondents.links", case_id=case_id, respondent_id=respondent_id), 303)


def _refused(case_id: UUID, respondent_id: UUID, refused: Refused) -> ResponseReturnValue:
    flash(str(REFUSALS.get(refused.code, REFUSALS["refused"])), "warning")
    return redirect(url_for("respondents.links", case_id=case_id, respondent_id=respondent_id), 303)


def _show_once(case_id: UUID, respondent_id: UUID, token: str) -> ResponseReturnValue:
    browser_session[SHOWN_ONCE] = [str(respondent_id), token]
    return redirect(url_for("respondents.links", case_id=case_id, respondent_id=respondent_id), 303)


def _take_new_link(respondent_id: UUID) -> NewLink | None:
    """The link just made for this respondent; gone from the browser once it is shown."""
    waiting = browser_session.pop(SHOWN_ONCE, None)
    if not waiting or waiting[0] != str(respondent_id):
        return None
    return new_link(f"{config().base_url}/r/{waiting[1]}", works_until(now(), config().link_days))
