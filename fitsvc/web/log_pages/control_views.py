"""The monthly control: begun, judged row by row, finished, and taken along as a file."""

import csv
import io
import json
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import NumberRange

from fitsvc.domain.audit import Access
from fitsvc.domain.log_control import ChosenFor, Verdict, last_month
from fitsvc.services.errors import Refused
from fitsvc.services.invalid import Invalid
from fitsvc.services.log_controls import (
    LARGEST_SAMPLE,
    USUAL_SAMPLE,
    ControlFacts,
    Judgement,
    begin_control,
    finish_control,
    judge_items,
    list_all_controls,
    read_control,
    what_is_due,
)
from fitsvc.web.csv_guard import guarded
from fitsvc.web.current import actor, now, session, today
from fitsvc.web.database import forget_changes
from fitsvc.web.form_pages import KeyedForm, Required, form_page, refusals
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.forms import BaseForm, DanishDateField, Problem
from fitsvc.web.log_pages.control_page import ControlPage, present_control
from fitsvc.web.log_pages.control_words import CHOSEN_FOR, VERDICTS
from fitsvc.web.log_words import log_words, origin_words
from fitsvc.web.templates import moment

blueprint = Blueprint("log_controls", __name__)


class BeginForm(KeyedForm):
    from_on = DanishDateField(_l("From"), [Required()])
    until_on = DanishDateField(_l("Until"), [Required()])
    sample_size = IntegerField(_l("Rows drawn by lot"), [Required(), NumberRange(1, LARGEST_SAMPLE)])


class ControlForm(BaseForm):
    conclusion = TextAreaField(_l("Conclusion"), render_kw={"rows": 4})


@blueprint.route("/log/controls", methods=["GET", "POST"])
def list_all() -> ResponseReturnValue:
    """All controls, and the form that begins the next one: last month, twenty rows, when nothing else is chosen."""
    form = BeginForm()
    if not form.is_submitted():
        form.from_on.data, form.until_on.data = last_month(today())
        form.sample_size.data = USUAL_SAMPLE
    if form.validate_on_submit():
        with refusals(form):
            control_id = begin_control(
                session(),
                by=actor(),
                now=now(),
                key=form.key.data,
                from_on=form.from_on.data,
                until_on=form.until_on.data,
                sample_size=form.sample_size.data,
            )
            return redirect(url_for("log_controls.show", control_id=control_id), 303)
    return form_page(
        "log_pages/controls.html",
        form,
        controls=list_all_controls(session()),
        due=what_is_due(session(), today=today()),
    )


@blueprint.get("/log/controls/<uuid:control_id>")
def show(control_id: UUID) -> ResponseReturnValue:
    found = read_control(session(), by=actor(), now=now(), control_id=control_id)
    form = ControlForm(data={"conclusion": found.conclusion})
    return _page(form, present_control(found))


@blueprint.post("/log/controls/<uuid:control_id>")
def judge(control_id: UUID) -> ResponseReturnValue:
    """Save what was judged; with the other button finish too. Nothing typed is lost when something is missing."""
    page = present_control(read_control(session(), by=actor(), now=now(), control_id=control_id))
    form = ControlForm()
    given = {item.id: _given(item.id) for item in page.items}
    problems: dict[str, str] = {}
    try:
        judge_items(session(), by=actor(), now=now(), control_id=control_id, judgements=given)
        if "finish" in request.form:
            finish_control(
                session(), by=actor(), now=now(), control_id=control_id, conclusion=form.conclusion.data or ""
            )
    except Refused as refused:
        forget_changes()
        words = str(REFUSALS.get(refused.code, REFUSALS["refused"]))
        if isinstance(refused, Invalid) and refused.field.startswith("note-"):
            if refused.code == "missing":
                words = _("Write what you asked about, or what is wrong.")
            problems[refused.field] = words
            form.form_errors.append(Problem(refused.field, f"{_('Note')}: {words}"))
        elif isinstance(refused, Invalid):
            form.conclusion.errors = [words]
        else:
            form.form_errors.append(words)
        return _page(form, page.with_given(given, problems))
    flash(_("The control is finished.") if "finish" in request.form else _("Saved."), "success")
    return redirect(url_for("log_controls.show", control_id=control_id), 303)


@blueprint.get("/log/controls/<uuid:control_id>/file.<any(html,csv,json):as_>")
def export(control_id: UUID, as_: str) -> ResponseReturnValue:
    """The control as it stands, for the archive: to print, for a spreadsheet, for machines."""
    found = read_control(session(), by=actor(), now=now(), control_id=control_id, access=Access.LOG_EXPORTED)
    if as_ == "html":
        return render_template("log_pages/control_paper.html", page=present_control(found))
    content, mimetype = (_csv(found), "text/csv") if as_ == "csv" else (_json(found), "application/json")
    response = make_response(content)
    response.headers["Content-Type"] = f"{mimetype}; charset=utf-8"
    name = f"kontrol-{found.head.from_on}-{found.head.until_on}.{as_}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(form: ControlForm, page: ControlPage) -> ResponseReturnValue:
    return form_page("log_pages/control.html", form, page=page, verdicts=list(VERDICTS.items()))


def _given(item_id: UUID) -> Judgement:
    sent = request.form.get(f"verdict-{item_id}", "")
    verdict = Verdict(sent) if sent in set(Verdict) else None
    return Judgement(verdict, request.form.get(f"note-{item_id}", "").replace("\0", ""))


def _csv(found: ControlFacts) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            *(_("Number"), _("Chosen because"), _("When"), _("Who"), _("Unit"), _("What"), _("Cases")),
            *(_("From where"), _("Why"), _("Verdict"), _("Note")),
        ]
    )
    for item in found.items:
        row = item.row
        told = (
            [
                moment(row.at),
                row.who or "",
                row.unit,
                log_words(row.code),
                ", ".join(row.references),
                origin_words(row.origin),
                row.why,
            ]
            if row
            else [_("No longer in the log"), "", "", "", "", "", ""]
        )
        judged = [str(VERDICTS[item.verdict]) if item.verdict else "", item.note]
        cells = [str(item.seq), str(CHOSEN_FOR[item.chosen_for]), *told, *judged]
        writer.writerow([guarded(one) for one in cells])
    return out.getvalue().encode("utf-8-sig")


def _json(found: ControlFacts) -> bytes:
    content = {
        "format": "fitsvc log control 1",
        "from_on": found.head.from_on.isoformat(),
        "until_on": found.head.until_on.isoformat(),
        "begun_at": found.head.begun_at.isoformat(),
        "begun_by": found.head.begun_by,
        "finished_at": found.head.finished_at.isoformat() if found.head.finished_at else None,
        "sample_size": found.sample_size,
        "seed": found.seed,
        "conclusion": found.conclusion,
        "sealed_chain": [{"log": one.log, "to_seq": one.seq, "mac": one.mac} for one in found.seals],
        "counts": {kind.value: sum(item.chosen_for is kind for item in found.items) for kind in ChosenFor},
        "rows": [
            {
                "seq": item.seq,
                "chosen_for": item.chosen_for.value,
                "at": item.row.at.isoformat() if item.row else None,
                "who": item.row.who if item.row else None,
                "unit": item.row.unit if item.row else None,
                "what": item.row.code.value if item.row else None,
                "cases": item.row.references if item.row else [],
                "origin": item.row.origin if item.row else None,
                "why": item.row.why if item.row else None,
                "verdict": item.verdict.value if item.verdict else None,
                "note": item.note,
            }
            for item in found.items
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
