"""What earlier meetings saw: listed, opened as the very bytes that were stored, taken along in one file."""

from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from fitsvc.services.freezing import FrozenFile, list_frozen, read_frozen, take_export
from fitsvc.storage.frozen import FrozenKind
from fitsvc.web.current import actor, now, session
from fitsvc.web.database import forget_changes
from fitsvc.web.documents.pdf import NoPdf
from fitsvc.web.frozen.export import export_name, file_name, pack
from fitsvc.web.frozen.page import present

blueprint = Blueprint("frozen", __name__)


@blueprint.get("/cases/<uuid:case_id>/frozen")
def list_all(case_id: UUID) -> ResponseReturnValue:
    found, summaries = list_frozen(session(), by=actor(), now=now(), case_id=case_id)
    return render_template("frozen/list.html", meetings=present(found, summaries), case_id=case_id)


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/frozen/<any(report,child):kind>.pdf")
def pdf(case_id: UUID, meeting_id: UUID, kind: str) -> ResponseReturnValue:
    """The stored bytes, whatever has changed since; 410 when a respondent has taken their answers back."""
    found = read_frozen(
        session(), by=actor(), now=now(), case_id=case_id, meeting_id=meeting_id, kind=FrozenKind(kind)
    )
    if found.facts.is_locked:
        return _locked(case_id)
    response = make_response(found.pdf)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(found)}"'
    response.headers["X-Content-SHA256"] = found.pdf_sha256
    response.set_etag(found.pdf_sha256)
    return response.make_conditional(request)


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/export.zip")
def export(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    found = take_export(session(), by=actor(), now=now(), case_id=case_id, meeting_id=meeting_id)
    if found[0].facts.is_locked:
        return _locked(case_id)
    return _as_zip([one for one in found if not one.facts.is_locked])


@blueprint.app_errorhandler(NoPdf)
def no_pdf(_error: NoPdf) -> ResponseReturnValue:
    """A meeting is not noted as held without its papers; what was written before was saved as it came."""
    forget_changes()
    return render_template("frozen/no_pdf.html"), 503


def _locked(case_id: UUID) -> ResponseReturnValue:
    return render_template("frozen/locked.html", case_id=case_id), 410


def _as_zip(files: list[FrozenFile]) -> Response:
    response = make_response(pack(files))
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{export_name(files[0])}"'
    return response
