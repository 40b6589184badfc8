"""The page for the meeting on the screen and as PDF."""

from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, render_template
from flask.typing import ResponseReturnValue

from fitsvc.domain.audit import Access
from fitsvc.services.meeting_reports import compose_report
from fitsvc.web.current import actor, catalogue, now, session
from fitsvc.web.documents.page import ReportPage, present
from fitsvc.web.documents.pdf import CAN_MAKE_PDF, make_pdf
from fitsvc.web.language import choose

blueprint = Blueprint("report", __name__)

FILE_NAMES = {"da": "opfoelgning.pdf", "en": "follow-up.pdf"}
"""Neither name nor reference: what is downloaded lies about on disks."""


@blueprint.get("/cases/<uuid:case_id>/report")
def show(case_id: UUID) -> ResponseReturnValue:
    page = _compose(case_id, Access.REPORT_READ)
    return render_template("report/show.html", page=page, case_id=case_id, on_paper=False)


@blueprint.get("/cases/<uuid:case_id>/report.pdf")
def pdf(case_id: UUID) -> ResponseReturnValue:
    """The same page as a file; 503 with what to do instead where the server lacks the libraries for it."""
    if not CAN_MAKE_PDF:
        return render_template("report/no_pdf.html", case_id=case_id), 503
    page = _compose(case_id, Access.REPORT_PRINTED)
    html = render_template("report/show.html", page=page, case_id=case_id, on_paper=True)
    return _as_file(make_pdf(html, static_url_path=current_app.static_url_path or ""))


def _compose(case_id: UUID, access: Access) -> ReportPage:
    composed = compose_report(
        session(), by=actor(), case_id=case_id, catalogue=catalogue(), now=now(), access=access
    )
    return present(composed, catalogue(), choose())


def _as_file(content: bytes) -> Response:
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{FILE_NAMES[choose()]}"'
    return response
