"""Follow-up meetings of a case: planned on the proposed date or another, held, cancelled."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.domain.roles import Role
from fitsvc.services.cadences import all_standards
from fitsvc.services.deviations import awaits_leader
from fitsvc.services.errors import Refused
from fitsvc.services.meetings import (
    cancel_meeting,
    get_meeting,
    move_meeting,
    plan_meeting,
    propose_meeting,
    propose_move,
)
from fitsvc.storage.meetings import list_meetings
from fitsvc.web.current import actor, now, session, today
from fitsvc.web.follow_up_words import proposal
from fitsvc.web.form_pages import case_head, form_page, read_case, refusals, to_case
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.meetings.forms import MoveMeetingForm, PlanMeetingForm

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
            _say_planned(form.key.data, _("The meeting is planned."))
            return to_case(case_id)
    return form_page(
        "meetings/plan.html",
        form,
        case=head,
        calls=is_called(),
        proposed=proposal(proposed),
        is_overdue=proposed.day is not None and proposed.day < today(),
        planned=planned,
    )


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/move", methods=["GET", "POST"])
def move(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Another day or time for a meeting still to be held, by the rules a new one is planned by."""
    case = read_case(case_id)
    head = case_head(case)
    meeting = get_meeting(session(), case_id=case.id, meeting_id=meeting_id)
    standards = all_standards(session())
    try:
        proposed = propose_move(
            session(), by=actor(), standards=standards, case_id=case_id, meeting_id=meeting_id
        )
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "warning")
        return to_case(case_id)
    form = MoveMeetingForm(planned_on=meeting.planned_on, planned_at=meeting.planned_at)
    if request.method == "GET":
        form.note_seen(meeting.planned_on, meeting.planned_at)
    if form.validate_on_submit():
        with refusals(form):
            move_meeting(
                session(),
                by=actor(),
                now=now(),
                standards=standards,
                case_id=case_id,
                meeting_id=meeting_id,
                seen=form.seen_on,
                planned_on=form.planned_on.data,
                planned_at=form.planned_at.data,
                grounds=form.grounds,
            )
            _say_planned(meeting_id, _("The meeting is moved."))
            return to_case(case_id)
    meeting = get_meeting(session(), case_id=case_id, meeting_id=meeting_id)
    if form.form_errors:  # told how it stands now, the next try starts from there
        form.note_seen(meeting.planned_on, meeting.planned_at)
    return form_page(
        "meetings/move.html",
        form,
        case=head,
        meeting_id=meeting_id,
        stands_on=meeting.planned_on,
        stands_at=meeting.planned_at,
        proposed=proposal(proposed),
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


def is_called() -> bool:
    """Whether whoever plans does so from the provider's side: then it is a meeting called, with the same rules."""
    return Role.PRACTITIONER in actor().roles and Role.CASEWORKER not in actor().roles


def _say_planned(meeting_id: UUID, done: str) -> None:
    if not awaits_leader(session(), meeting_id):
        flash(done, "success")
        return
    flash(
        done
        + " "
        + _("It is later than the cadence says, so the authority's leader is asked to approve it."),
        "warning",
    )
