"""The log for the data protection officer."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.services.log import LogKind, find_case_in_log, read_log
from fitsvc.web import current
from fitsvc.web.admin.forms import LogForm
from fitsvc.web.log_words import log_words
from fitsvc.web.form_pages import form_page

blueprint = Blueprint("log", __name__)


@blueprint.route("/log", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    """Readings or changes, of everything or of one case. A reference is posted and stands in no address."""
    form = LogForm()
    kind = LogKind.ACTS if request.args.get("kind") == LogKind.ACTS else LogKind.READINGS
    if form.validate_on_submit():
        if not (form.reference.data or "").strip():
            return redirect(url_for("log.show", kind=kind), 303)
        case_id = find_case_in_log(current.session(), form.reference.data or "")
        if case_id is not None:
            return redirect(url_for("log.show", kind=kind, case=case_id), 303)
        form.reference.errors = [_("There is no case with this reference.")]
    case_id = _uuid(request.args.get("case", ""))
    page = request.args.get("page", 1, type=int)
    found = read_log(current.session(), kind=kind, case_id=case_id, page=page)
    rows = [(row.at, row.who, log_words(row.code), row.references) for row in found.rows]

    def address(**other: str | int) -> str:
        query: dict[str, Any] = {"kind": kind, "case": case_id, **other}
        return url_for("log.show", **query)

    return form_page(
        "admin/log.html",
        form,
        found=found,
        rows=rows,
        kind=kind.value,
        address=address,
        page_address=lambda number: address(page=number),
    )


def _uuid(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None
