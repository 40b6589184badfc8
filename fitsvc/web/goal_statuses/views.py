"""A short status of each open goal before a follow-up meeting; read only once the meeting is over."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.domain.meeting_asking import status_due
from fitsvc.services.case_access import get_case
from fitsvc.services.follow_up_settings import read_follow_up_settings
from fitsvc.services.goal_statuses import mark_of, why_not_written, write_goal_statuses
from fitsvc.services.meetings import get_meeting
from fitsvc.services.trajectories import compose
from fitsvc.storage.goal_statuses import list_signed_statuses
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.web.asking_words import status_words
from fitsvc.web.current import actor, catalogue, now, session, today
from fitsvc.web.form_pages import case_head, form_page, refusals, to_case
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.forms import BaseForm
from fitsvc.web.goal_statuses.forms import mark_name, status_form, written_in
from fitsvc.web.goal_statuses.pages import GoalLine, goal_lines
from fitsvc.web.templates import day

blueprint = Blueprint("goal_statuses", __name__)


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/status", methods=["GET", "POST"])
def write(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """One field for each open goal, its course and newest ratings beside it."""
    case = get_case(session(), by=actor(), case_id=case_id)
    meeting = get_meeting(session(), case_id=case.id, meeting_id=meeting_id)
    head, planned_on, closed = case_head(case), meeting.planned_on, why_not_written(case, meeting)
    due = _due_words(meeting)
    lines = _lines(case_id, meeting_id, is_over=closed is not None)
    form = status_form((one.id, one.text, one.status, mark_of(one.written_at)) for one in lines)
    if form.validate_on_submit():
        with refusals(form):
            changed = write_goal_statuses(
                session(),
                by=actor(),
                now=now(),
                case_id=case_id,
                meeting_id=meeting_id,
                written=written_in(form, [one.id for one in lines]),
            )
            if changed:
                flash(_("The status is saved. You can change it until the meeting is held."), "success")
            return to_case(case_id) if changed else _again(case_id, meeting_id)
    if form.is_submitted():
        lines = _lines(case_id, meeting_id, is_over=closed is not None)
        _show_marks(form, lines)
    return form_page(
        "goal_statuses/write.html",
        form,
        case=head,
        meeting_day=day(planned_on, "EEEE d. MMMM yyyy"),
        due="" if closed else due,
        closed=REFUSALS[closed] if closed else "",
        goals=lines,
    )


def _lines(case_id: UUID, meeting_id: UUID, *, is_over: bool) -> tuple[GoalLine, ...]:
    seen = compose(session(), by=actor(), case_id=case_id, catalogue=catalogue(), now=now())
    statuses = {one.goal_id: one for one in list_signed_statuses(session(), meeting_id)}
    return goal_lines(seen, statuses, is_over=is_over)


def _due_words(meeting: FollowUpMeeting) -> str:
    days = read_follow_up_settings(session()).status_days_before
    return status_words(
        status_due(
            meeting_on=meeting.planned_on, days_before=days, today=today(), open_goals=1, with_status=0
        )
    )


def _show_marks(form: BaseForm, lines: tuple[GoalLine, ...]) -> None:
    """What stands now has been shown beside the field: saving once more writes over it knowingly."""
    for one in lines:
        form[mark_name(one.id)].data = mark_of(one.written_at)


def _again(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    flash(_("Nothing was changed."), "info")
    return redirect(url_for("goal_statuses.write", case_id=case_id, meeting_id=meeting_id), 303)
