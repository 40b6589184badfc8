"""What a respondent has a say in: seeing the own curve, and taking the answers back."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from fitsvc.domain.audit import Access
from fitsvc.services.case_access import note_reading
from fitsvc.services.errors import Refused
from fitsvc.services.own_curve import switch_own_curve
from fitsvc.services.respondents import get_respondent
from fitsvc.services.withdrawal import undo_withdrawal as undo
from fitsvc.services.withdrawal import withdraw as withdraw_answers
from fitsvc.web.current import actor, now, session, today
from fitsvc.web.form_pages import Required, case_head, form_page
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.forms import BaseForm
from fitsvc.web.respondents.blueprint import blueprint
from fitsvc.web.respondents.pages import respondent_head


class WithdrawForm(BaseForm):
    confirmed = BooleanField(_l("Yes, take all their answers back."), [Required()])


@blueprint.post("/cases/<uuid:case_id>/respondents/<uuid:respondent_id>/own-curve")
def own_curve(case_id: UUID, respondent_id: UUID) -> ResponseReturnValue:
    """Let them see their own curve, or not any more."""
    on = request.form.get("on") == "yes"
    try:
        switch_own_curve(
            session(), by=actor(), now=now(), case_id=case_id, respondent_id=respondent_id, on=on
        )
    except Refused as refused:
        flash(str(REFUSALS.get(refused.code, REFUSALS["refused"])), "warning")
    else:
        flash(
            _("They can now see their own curve after rating.")
            if on
            else _("They can no longer see their own curve."),
            "success",
        )
    return redirect(url_for("respondents.list_all", case_id=case_id), 303)


@blueprint.route("/cases/<uuid:case_id>/respondents/<uuid:respondent_id>/withdraw", methods=["GET", "POST"])
def withdraw(case_id: UUID, respondent_id: UUID) -> ResponseReturnValue:
    case, respondent = get_respondent(session(), by=actor(), case_id=case_id, respondent_id=respondent_id)
    note_reading(session(), by=actor(), access=Access.CASE_READ, case_ids=[case.id], now=now())
    form = WithdrawForm()
    if form.validate_on_submit():
        withdraw_answers(session(), by=actor(), now=now(), case_id=case_id, respondent_id=respondent_id)
        flash(_("Their answers are taken back and shown nowhere any more."), "success")
        return redirect(url_for("respondents.list_all", case_id=case_id), 303)
    return form_page(
        "respondents/withdraw.html", form, case=case_head(case), who=respondent_head(respondent, today())
    )


@blueprint.post("/cases/<uuid:case_id>/respondents/<uuid:respondent_id>/undo-withdrawal")
def undo_withdrawal(case_id: UUID, respondent_id: UUID) -> ResponseReturnValue:
    """It was a mistake, noticed in time."""
    undo(session(), by=actor(), now=now(), case_id=case_id, respondent_id=respondent_id)
    flash(_("The answers are shown again. To ask them anew, start their forms and links anew."), "success")
    return redirect(url_for("respondents.list_all", case_id=case_id), 303)
