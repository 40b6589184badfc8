"""The practitioner's side of a session. The handed-over side is `web.handed_over`."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from fitsvc.domain.audit import Access
from fitsvc.services.care_sessions import (
    describe_session,
    end_session,
    list_offered_forms,
    start_session,
)
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.errors import Refused
from fitsvc.services.handovers import hand_over as hand_device_over
from fitsvc.web import current
from fitsvc.web.care_sessions.pages import offered_choices, session_page
from fitsvc.web.form_pages import KeyedForm, case_head, form_page, refusals, to_case
from fitsvc.web.forms import BaseForm, CheckboxesField

blueprint = Blueprint("care_sessions", __name__, url_prefix="/cases/<uuid:case_id>/sessions")


class StartForm(KeyedForm):
    forms = CheckboxesField(
        _l("Forms for this session"), validators=[InputRequired(_l("Choose at least one form."))]
    )


class OneButtonForm(BaseForm):
    """Only the token against cross-site posts."""


@blueprint.route("/start", methods=["GET", "POST"])
def start(case_id: UUID) -> ResponseReturnValue:
    session, by = current.session(), current.actor()
    case = get_case(session, by=by, case_id=case_id)
    offered = list_offered_forms(session, by=by, case_id=case_id, catalogue=current.catalogue())
    note_reading(session, by=by, access=Access.CASE_READ, case_ids=[case_id], now=current.now())
    form = StartForm()
    form.forms.choices = offered_choices(offered, current.catalogue())
    if not form.is_submitted():
        form.forms.data = [one.choice for one in offered]
    if form.validate_on_submit():
        with refusals(form):
            started = start_session(
                session,
                by=by,
                case_id=case_id,
                session_id=form.key.data,
                choices=form.forms.data,
                catalogue=current.catalogue(),
                now=current.now(),
            )
            return redirect(url_for(".show", case_id=case_id, session_id=started.id), 303)
    return form_page("care_sessions/start.html", form, case=case_head(case), has_forms=bool(offered))


@blueprint.get("/<uuid:session_id>")
def show(case_id: UUID, session_id: UUID) -> ResponseReturnValue:
    session, by = current.session(), current.actor()
    case = get_case(session, by=by, case_id=case_id)
    facts = describe_session(
        session, by=by, case_id=case_id, session_id=session_id, catalogue=current.catalogue()
    )
    note_reading(session, by=by, access=Access.SESSION_READ, case_ids=[case_id], now=current.now())
    page = session_page(facts, current.catalogue())
    return render_template("care_sessions/show.html", page=page, case=case_head(case), form=OneButtonForm())


@blueprint.post("/<uuid:session_id>/forms/<uuid:administration_id>/hand-over")
def hand_over(case_id: UUID, session_id: UUID, administration_id: UUID) -> ResponseReturnValue:
    try:
        hand_device_over(
            current.session(),
            by=current.actor(),
            case_id=case_id,
            session_id=session_id,
            administration_id=administration_id,
            login_key=browser["login_key"],
            catalogue=current.catalogue(),
            now=current.now(),
        )
    except Refused as refused:
        if refused.code == "no_pin":
            flash(_("Choose a PIN first: without one you cannot open the device again."), "warning")
            return redirect(url_for("account.set_pin"), 303)
        flash(_("This form has been answered already."))
        return redirect(url_for(".show", case_id=case_id, session_id=session_id), 303)
    return redirect(url_for("handed_over.show"), 303)


@blueprint.post("/<uuid:session_id>/end")
def end(case_id: UUID, session_id: UUID) -> ResponseReturnValue:
    end_session(
        current.session(), by=current.actor(), case_id=case_id, session_id=session_id, now=current.now()
    )
    flash(_("The session has ended. Forms that were not filled in are not asked for any more."))
    return to_case(case_id)
