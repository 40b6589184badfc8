"""An access request: choose for whom and without whom, and take everything about one child as one file."""

from uuid import UUID

from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue

from fitsvc.domain.access_request import Choice
from fitsvc.services.access_request import give_access
from fitsvc.services.case_access import get_case
from fitsvc.storage.respondents import list_respondents
from fitsvc.web.access_request.file import FILE_NAME, pack
from fitsvc.web.access_request.forms import RECIPIENT_HINTS, AccessForm
from fitsvc.web.current import actor, catalogue, config, now, session
from fitsvc.web.form_pages import case_head, form_page, refusals

blueprint = Blueprint("access_request", __name__)


@blueprint.get("/cases/<uuid:case_id>/access-request")
def show(case_id: UUID) -> ResponseReturnValue:
    """The choice; it looks the same whatever the case holds."""
    case = get_case(session(), by=actor(), case_id=case_id)
    form = AccessForm()
    form.offer(list_respondents(session(), case.id))
    return _page(form, case_id)


@blueprint.post("/cases/<uuid:case_id>/access-request/file")
def download(case_id: UUID) -> ResponseReturnValue:
    """One ZIP. It is made without the lock others wait for (`database.READING_ENDPOINTS`); its log rows come last."""
    case = get_case(session(), by=actor(), case_id=case_id)
    respondents = list_respondents(session(), case.id)
    form = AccessForm()
    form.offer(respondents)
    found = None
    if form.validate_on_submit():
        with refusals(form):
            found = give_access(
                session(),
                by=actor(),
                now=now(),
                catalogue=catalogue(),
                case_id=case.id,
                choice=Choice(form.recipient.data, form.left_out(respondents)),
                why=form.why.data or "",
            )
    if found is None:
        return _page(form, case_id)
    response = make_response(pack(found, config().kommune_name))
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def _page(form: AccessForm, case_id: UUID) -> ResponseReturnValue:
    case = get_case(session(), by=actor(), case_id=case_id)
    return form_page("access_request/show.html", form, case=case_head(case), hints=RECIPIENT_HINTS)
