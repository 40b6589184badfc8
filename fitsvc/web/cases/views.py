"""The case page: read only; everything that is done to a case lives with its own subject."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from fitsvc.services.care_sessions import find_running_session
from fitsvc.services.trajectories import compose
from fitsvc.web import current
from fitsvc.web.cases.pages import case_page

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases/<uuid:case_id>")
def show(case_id: UUID) -> ResponseReturnValue:
    catalogue = current.catalogue()
    seen = compose(
        current.session(), by=current.actor(), case_id=case_id, catalogue=catalogue, now=current.now()
    )
    page = case_page(
        seen,
        catalogue,
        get_locale().language,
        request.args,
        running_session=find_running_session(current.session(), by=current.actor(), case_id=case_id),
    )
    return render_template("cases/show.html", page=page)
