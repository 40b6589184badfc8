"""The paper for the meeting and the child's own page, on the screen and as PDF."""

from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from fitsvc.domain.audit import Access
from fitsvc.services.meeting_reports import ComposedReport, compose_report
from fitsvc.web.current import actor, catalogue, config, now, session
from fitsvc.web.documents.child import present_child
from fitsvc.web.documents.hiding import hide
from fitsvc.web.documents.page import present
from fitsvc.web.documents.pdf import CAN_MAKE_PDF, make_pdf
from fitsvc.web.language import choose

blueprint = Blueprint("report", __name__)

FILE_NAMES = {"da": "opfoelgning.pdf", "en": "follow-up.pdf"}
"""Neither name nor reference: what is downloaded lies about on disks."""
CHILD_FILE_NAMES = {"da": "min-side.pdf", "en": "my-page.pdf"}


@blueprint.get("/cases/<uuid:case_id>/report")
def show(case_id: UUID) -> ResponseReturnValue:
    return _report(case_id, Access.REPORT_READ, on_paper=False)


@blueprint.get("/cases/<uuid:case_id>/report.pdf")
def pdf(case_id: UUID) -> ResponseReturnValue:
    """The same pages as a file; 503 with what to do instead where the server lacks the libraries for it."""
    if not CAN_MAKE_PDF:
        return render_template("report/no_pdf.html", case_id=case_id, endpoint="report.show"), 503
    return _as_file(_report(case_id, Access.REPORT_PRINTED, on_paper=True), FILE_NAMES[choose()])


@blueprint.get("/cases/<uuid:case_id>/report/child")
def child(case_id: UUID) -> ResponseReturnValue:
    return _child(case_id, Access.REPORT_READ, on_paper=False)


@blueprint.get("/cases/<uuid:case_id>/report/child.pdf")
def child_pdf(case_id: UUID) -> ResponseReturnValue:
    if not CAN_MAKE_PDF:
        return render_template("report/no_pdf.html", case_id=case_id, endpoint="report.child"), 503
    return _as_file(_child(case_id, Access.REPORT_PRINTED, on_paper=True), CHILD_FILE_NAMES[choose()])


def _report(case_id: UUID, access: Access, *, on_paper: bool) -> str:
    page = present(_compose(case_id, access), catalogue(), choose(), names_hidden=_hidden())
    return render_template(
        "report/show.html", page=page, case_id=case_id, on_paper=on_paper, hidden=_hidden(), fingerprint=""
    )


def _child(case_id: UUID, access: Access, *, on_paper: bool) -> str:
    page = present_child(_compose(case_id, access), config(), names_hidden=_hidden())
    return render_template(
        "report/child.html", page=page, case_id=case_id, on_paper=on_paper, hidden=_hidden(), fingerprint=""
    )


def _compose(case_id: UUID, access: Access) -> ComposedReport:
    return compose_report(
        session(),
        by=actor(),
        case_id=case_id,
        catalogue=catalogue(),
        now=now(),
        access=access,
        hide=hide if _hidden() else None,
    )


def _hidden() -> bool:
    return request.args.get("names") == "hidden"


def _as_file(html: str, name: str) -> Response:
    response = make_response(make_pdf(html, static_url_path=current_app.static_url_path or ""))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
