"""The rule, the list of what will go, one case's page with its confirmation, and the report of what has gone."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.domain.retention import Hindrance
from fitsvc.services.errors import Refused
from fitsvc.services.retention import (
    change_months,
    confirm_journal,
    list_closed,
    look_at_case,
    read_retention,
    take_confirmation_back,
)
from fitsvc.storage.deletions import list_deletions
from fitsvc.web.current import actor, config, now, session, today
from fitsvc.web.form_pages import CaseHead, case_url, form_page, read_case, refusals, to_case
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.retention.forms import ConfirmForm, MonthsForm
from fitsvc.web.retention.pages import closed_row, deletion_row, state_words

blueprint = Blueprint("retention", __name__)

MOST_DELETIONS = 100


@blueprint.route("/admin/retention", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    """The kommune's rule, those before it, and what was deleted by them."""
    retention = read_retention(session(), default=config().retention_months)
    months = retention.months_told(today(), today())
    form = MonthsForm(months=months)
    if form.validate_on_submit():
        with refusals(form):
            change_months(
                session(), by=actor(), now=now(), months=form.months.data or 0, default=retention.default
            )
            flash(_("The rule is saved. It holds from today."), "success")
            return redirect(url_for("retention.settings"), 303)
    return form_page(
        "retention/settings.html",
        form,
        rules=[*reversed(retention.rules)],
        default=retention.default,
        deletions=[deletion_row(one) for one in list_deletions(session(), limit=MOST_DELETIONS)],
    )


@blueprint.get("/retention")
def list_all() -> ResponseReturnValue:
    """The closed cases within one's scope: which go when, and which wait for somebody."""
    found = list_closed(session(), by=actor(), now=now(), default=config().retention_months)
    rows = [closed_row(one, today()) for one in found]
    return render_template(
        "retention/list.html",
        waiting=[row for row in rows if row.is_waiting],
        going=[row for row in rows if not row.is_waiting],
    )


@blueprint.get("/cases/<uuid:case_id>/retention")
def case(case_id: UUID) -> ResponseReturnValue:
    return _case_page(case_id, ConfirmForm())


@blueprint.post("/cases/<uuid:case_id>/retention/confirm")
def confirm(case_id: UUID) -> ResponseReturnValue:
    """What the journal needs is in the case system: from now on the working data may go."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _case_page(case_id, form)
    try:
        confirm_journal(session(), by=actor(), now=now(), case_id=case_id)
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "warning")
        return to_case(case_id)
    flash(_("Noted. The case is deleted by itself when its day has come."), "success")
    return redirect(url_for("retention.case", case_id=case_id), 303)


@blueprint.post("/cases/<uuid:case_id>/retention/take-back")
def take_back(case_id: UUID) -> ResponseReturnValue:
    take_confirmation_back(session(), by=actor(), now=now(), case_id=case_id)
    flash(_("The confirmation is taken back. Nothing is deleted until somebody confirms again."), "success")
    return redirect(url_for("retention.case", case_id=case_id), 303)


def _case_page(case_id: UUID, form: ConfirmForm) -> ResponseReturnValue:
    try:
        found = look_at_case(
            session(), by=actor(), now=now(), case_id=case_id, default=config().retention_months
        )
    except Refused as refused:
        read_case(case_id)
        flash(str(REFUSALS[refused.code]), "warning")
        return to_case(case_id)
    one = found.closed
    return form_page(
        "retention/case.html",
        form,
        case=CaseHead(one.id, one.display_name, one.reference, case_url(one.id), True),
        found=found,
        state=state_words(one, today()),
        is_waiting=one.hindrance is Hindrance.NOT_CONFIRMED,
        deletions=[deletion_row(row) for row in list_deletions(session(), limit=20, case_id=case_id)],
    )
