"""Follow-up meetings of a case: planned on the proposed date or another, held, cancelled."""

from uuid import UUID

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.services.cadences import all_standards
from fitsvc.services.errors import Refused
from fitsvc.services.meetings import (
    cancel_meeting,
    plan_meeting,
    propose_meeting,
)
from fitsvc.storage.meetings import list_meetings
from fitsvc.web.current import actor, now, session, today
from fitsvc.web.follow_up_words import proposal
from fitsvc.web.form_pages import case_head, form_page, read_case, refusals, to_case
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.meetings.forms import PlanMeetingForm

blueprint = Blueprint("meetings", __name__)


@blueprint.route("/cases/<uuid:case_id>/meetings/plan", methods=["GET", "POST"])
def plan(case_id: UUID) -> ResponseReturnValue:
    """The date the cadence proposes stands in the form already."""
    case = read_case(case_id)
    head = case_head(case)
    planned = [one.planned_on for one in list_meetings(session(), case.id) if one.held_on is None]
    try:
        _episode, proposed = propose_meeting(
            session(), by=actor(), standards=all_standards(session()), case_id=case_id
        )
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "warning")
        return to_case(case_id)
    is_free = proposed.day is not None and proposed.day >= today() and proposed.day not in planned
    suggested = proposed.day if is_free else None
    form = PlanMeetingForm(planned_on=suggested)
    if form.validate_on_submit():
        with refusals(form):
            plan_meeting(
                session(),
                by=actor(),
                now=now(),
                standards=all_standards(session()),
                case_id=case_id,
                key=form.key.data,
                planned_on=form.planned_on.data,
                planned_at=form.planned_at.data,
                grounds=form.grounds,
            )
            flash(_("The meeting is planned."), "success")
            return to_case(case_id)
    return form_page(
        "meetings/plan.html",
        form,
        case=head,
        proposed=proposal(proposed),
        is_overdue=proposed.day is not None and proposed.day < today(),
        planned=planned,
    )


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/cancel")
def cancel(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    try:
        cancel_meeting(session(), by=actor(), now=now(), case_id=case_id, meeting_id=meeting_id)
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "warning")
    else:
        flash(_("The meeting is cancelled."), "success")
    return to_case(case_id)
