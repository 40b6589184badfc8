"""The log for the data protection officer: searched, taken as a file, and as the citizen's copy."""

import csv
import io
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from fitsvc.domain.audit import Access, Act
from fitsvc.services.citizen_copy import make_citizen_copy
from fitsvc.services.log import (
    Asked,
    LogKind,
    LogRow,
    find_case_in_log,
    list_people_in_log,
    read_log,
    take_log,
)
from fitsvc.services.log_controls import what_is_due
from fitsvc.web.csv_guard import guarded
from fitsvc.web.current import actor, config, now, session, today
from fitsvc.web.documents.pdf import CAN_MAKE_PDF, make_pdf
from fitsvc.web.form_pages import form_page
from fitsvc.web.log_pages.copy_page import CopyPage, present_copy
from fitsvc.web.log_pages.forms import LogSearchForm
from fitsvc.web.log_words import log_words, origin_words
from fitsvc.web.templates import moment

blueprint = Blueprint("log_pages", __name__)

LANGUAGE = "da"
LONGEST_PDF = 400
"""Rows: a PDF takes 10 ms of each, while others wait for the worker; the page can be printed however long it is."""
"""The citizen's copy is Danish, whoever makes it."""


@blueprint.route("/log", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    """Readings or changes. What is sent becomes an address of ids and days: no reference and no name stands in it."""
    asked = _asked()
    form = LogSearchForm()
    form.offer(list_people_in_log(session()), asked)
    if form.validate_on_submit():
        sent = (form.reference.data or "").strip()
        case_id = find_case_in_log(session(), sent) if sent else None
        if case_id is not None or not sent:
            return redirect(_address(asked.kind, case_id, form), 303)
        form.reference.errors = [_("There is no case with this reference.")]
    page = request.args.get("page", 1, type=int)
    found = read_log(session(), by=actor(), now=now(), asked=asked, page=page)
    if not form.is_submitted():
        form.reference.data = found.reference or ""  # in the page, not in its address
    here = _query(asked)
    return form_page(
        "log_pages/show.html",
        form,
        found=found,
        rows=[(row, log_words(row.code), origin_words(row.origin)) for row in found.rows],
        kind=asked.kind.value,
        case_id=asked.case_id if found.reference else None,
        here=here,
        due=what_is_due(session(), today=today()),
        page_address=lambda number: url_for("log_pages.show", **here, page=number),
    )


@blueprint.get("/log/rows.csv")
def download() -> ResponseReturnValue:
    """What the same address shows on the page, as one file."""
    rows = take_log(session(), by=actor(), now=now(), asked=_asked())
    return _as_file(_csv(rows), "text/csv; charset=utf-8", "log.csv")


@blueprint.get("/log/cases/<uuid:case_id>/citizen-copy")
def citizen_copy(case_id: UUID) -> ResponseReturnValue:
    """Everybody who has looked at one child's case; for the screen and the printer, or as PDF (`?as=pdf`)."""
    found = make_citizen_copy(session(), by=actor(), now=now(), case_id=case_id)
    as_pdf = request.args.get("as") == "pdf" and CAN_MAKE_PDF and len(found.seen) <= LONGEST_PDF
    with force_locale(LANGUAGE):
        page = present_copy(found, config().kommune_name)
        html = _copy_html(page, case_id, on_paper=as_pdf)
    if not as_pdf:
        return html
    pdf = make_pdf(html, static_url_path=current_app.static_url_path or "")
    return _as_file(pdf, "application/pdf", "hvem-har-set-sagen.pdf")


def _copy_html(page: CopyPage, case_id: UUID, *, on_paper: bool) -> str:
    return render_template(
        "log_pages/citizen_copy.html",
        page=page,
        case_id=case_id,
        on_paper=on_paper,
        can_make_pdf=CAN_MAKE_PDF and len(page.rows) <= LONGEST_PDF,
        is_too_long=CAN_MAKE_PDF and len(page.rows) > LONGEST_PDF,
    )


def _as_file(content: bytes, mimetype: str, name: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(rows: list[LogRow]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [_("Number"), _("When"), _("Who"), _("Unit"), _("What"), _("Cases"), _("From where"), _("Why")]
    )
    for row in rows:
        told = [str(row.seq), moment(row.at), row.who or "", row.unit, log_words(row.code)]
        writer.writerow(
            [guarded(one) for one in [*told, ", ".join(row.references), origin_words(row.origin), row.why]]
        )
    return out.getvalue().encode("utf-8-sig")


def _asked() -> Asked:
    """What the address asks for; what it cannot mean is left out."""
    kind = LogKind.ACTS if request.args.get("kind") == LogKind.ACTS else LogKind.READINGS
    return Asked(
        kind=kind,
        case_id=request.args.get("case", type=UUID),
        staff_id=request.args.get("person", type=UUID),
        from_on=request.args.get("from", type=_day),
        until_on=request.args.get("until", type=_day),
        event=request.args.get("event", type=Access if kind is LogKind.READINGS else Act),
    )


def _day(sent: str) -> date:
    found = date.fromisoformat(sent)
    if not 1900 <= found.year <= 2100:
        raise ValueError("not a day of this service")
    return found


def _query(asked: Asked) -> dict[str, Any]:
    query = {
        "kind": asked.kind.value,
        "case": asked.case_id,
        "person": asked.staff_id,
        "from": asked.from_on,
        "until": asked.until_on,
        "event": asked.event.value if asked.event else None,
    }
    return {name: value for name, value in query.items() if value is not None}


def _address(kind: LogKind, case_id: UUID | None, form: LogSearchForm) -> str:
    query = {
        "kind": kind.value,
        "case": case_id,
        "person": form.person.data or None,
        "from": form.from_on.data,
        "until": form.until_on.data,
        "event": form.event.data or None,
    }
    return url_for("log_pages.show", **{name: value for name, value in query.items() if value is not None})
