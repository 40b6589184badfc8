"""What waits for the authority's leader or coordinator, and the page where one of them is answered."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from fitsvc.services.deviations import answer_deviation, list_open
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import LONG_TEXT
from fitsvc.storage.deviations import list_of_case
from fitsvc.web.current import actor, now, session
from fitsvc.web.deviation_words import deviation_page
from fitsvc.web.form_pages import case_head, form_page, optional_line, read_case, refusals
from fitsvc.web.forms import BaseForm

blueprint = Blueprint("deviations", __name__)

APPROVE, REFUSE = "approve", "refuse"


class AnswerForm(BaseForm):
    answer = TextAreaField(
        _l("Your answer"),
        optional_line(LONG_TEXT),
        description=_l("Needed when you refuse: the caseworker and the practitioner read it."),
    )


@blueprint.get("/deviations", endpoint="list_open")
def list_all() -> ResponseReturnValue:
    waiting = list_open(session(), by=actor(), now=now())
    return render_template(
        "deviations/list.html", waiting=[deviation_page(one, actor().staff_id) for one in waiting]
    )


@blueprint.route("/cases/<uuid:case_id>/deviations/<uuid:deviation_id>", methods=["GET", "POST"])
def answer(case_id: UUID, deviation_id: UUID) -> ResponseReturnValue:
    """Approve or refuse; what was answered already is shown with its answer."""
    case = read_case(case_id)
    row = next((one for one in list_of_case(session(), case.id) if one.id == deviation_id), None)
    if row is None:
        raise NotFound(deviation_id)
    page = {"case": case_head(case), "one": deviation_page(row, actor().staff_id)}
    form = AnswerForm()
    wanted = request.form.get("wanted")
    if form.validate_on_submit() and wanted in {APPROVE, REFUSE}:
        with refusals(form):
            answer_deviation(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                deviation_id=deviation_id,
                approve=wanted == APPROVE,
                answer=form.answer.data or "",
            )
            flash(_("Approved.") if wanted == APPROVE else _("Refused. The caseworker sees it."), "success")
            return redirect(url_for("deviations.list_open"), 303)
    return form_page("deviations/answer.html", form, **page)
