"""The case page: read only; everything that is done to a case lives with its own subject."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from fitsvc.services.cadences import all_standards
from fitsvc.services.care_sessions import find_running_session
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.follow_up_settings import read_follow_up_settings
from fitsvc.services.meeting_asking import read_meeting_asking
from fitsvc.services.trajectories import compose
from fitsvc.storage.deviations import list_of_case
from fitsvc.storage.follow_ups import list_calls_in_case
from fitsvc.storage.goal_statuses import list_signed_statuses
from fitsvc.storage.minutes import list_agreements
from fitsvc.web import current
from fitsvc.web.cases.agreements import agreement_rows
from fitsvc.web.cases.follow_up import CaseFollowUp
from fitsvc.web.cases.meeting_panel import MeetingPanel, meeting_panel
from fitsvc.web.cases.pages import case_page

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases/<uuid:case_id>")
def show(case_id: UUID) -> ResponseReturnValue:
    catalogue, session = current.catalogue(), current.session()
    seen = compose(session, by=current.actor(), case_id=case_id, catalogue=catalogue, now=current.now())
    page = case_page(
        seen,
        catalogue,
        get_locale().language,
        request.args,
        beside=CaseFollowUp(
            standards=all_standards(session),
            deviations=list_of_case(session, case_id),
            calls={one.meeting_id: one for one in list_calls_in_case(session, case_id)},
            reader_id=current.actor().staff_id,
        ),
        running_session=find_running_session(session, by=current.actor(), case_id=case_id),
    )
    return render_template(
        "cases/show.html",
        page=page,
        meeting=_next_meeting(seen),
        agreements=agreement_rows(list_agreements(session, case_id)),
    )


def _next_meeting(seen: CaseTrajectories) -> MeetingPanel | None:
    """The panel of the next meeting; None without one, and in a closed case."""
    if seen.next_meeting is None or seen.case.closed_on is not None:
        return None
    meeting_id = seen.next_meeting.id
    asking = read_meeting_asking(
        current.session(),
        by=current.actor(),
        now=current.now(),
        catalogue=current.catalogue(),
        case_id=seen.case.id,
        meeting_id=meeting_id,
    )
    return meeting_panel(
        seen,
        asking,
        list_signed_statuses(current.session(), meeting_id),
        status_days=read_follow_up_settings(current.session()).status_days_before,
    )
