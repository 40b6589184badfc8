"""Who alone sees a protected case: protecting it, naming people, and letting everybody see it again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from fitsvc.services import protection
from fitsvc.services.errors import Refused
from fitsvc.services.invalid import LONG_TEXT
from fitsvc.storage.cases import TeamPart
from fitsvc.web.current import actor, now, session
from fitsvc.web.form_pages import case_head, form_page, line, one_of, options, read_case, refusals
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.forms import BaseForm, choices_of
from fitsvc.web.staff_words import TEAM_PARTS

blueprint = Blueprint("protection", __name__)


class ReasonForm(BaseForm):
    reason = TextAreaField(
        _l("Why"), line(LONG_TEXT), description=_l("It stays in the log, where the auditor reads it.")
    )


class NameForm(BaseForm):
    staff_id = SelectField(_l("Person"), [InputRequired()], coerce=one_of(UUID))
    part = RadioField(
        _l("Part"),
        [InputRequired()],
        choices=choices_of(TEAM_PARTS),
        coerce=TeamPart,
        default=TeamPart.NAMED,
    )


@blueprint.route("/cases/<uuid:case_id>/protection", methods=["GET", "POST"])
def show(case_id: UUID) -> ResponseReturnValue:
    """Protect the case, or open it again: whichever it is not."""
    read_case(case_id)
    form = ReasonForm()
    if form.validate_on_submit() and request.form.get("wanted") in {"protect", "unprotect"}:
        protects = request.form["wanted"] == "protect"
        act = protection.protect if protects else protection.unprotect
        with refusals(form):
            act(session(), by=actor(), case_id=case_id, reason=form.reason.data, now=now())
            flash(
                _("The case is protected.") if protects else _("The case is no longer protected."), "success"
            )
            return _back(case_id)
    return _page(case_id, form, _name_form(is_sent=False))


@blueprint.post("/cases/<uuid:case_id>/protection/people")
def name(case_id: UUID) -> ResponseReturnValue:
    read_case(case_id)
    form = _name_form(is_sent=True)
    if form.validate_on_submit():
        with refusals(form):
            protection.name_person(
                session(),
                by=actor(),
                case_id=case_id,
                staff_id=form.staff_id.data,
                part=form.part.data,
                now=now(),
            )
            flash(_("The person sees the case from now on."), "success")
            return _back(case_id)
    return _page(case_id, ReasonForm(formdata=None), form)


@blueprint.post("/cases/<uuid:case_id>/protection/people/<uuid:member_id>/remove")
def remove(case_id: UUID, member_id: UUID) -> ResponseReturnValue:
    try:
        protection.remove_person(session(), by=actor(), case_id=case_id, member_id=member_id, now=now())
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "error")
        return _back(case_id)
    flash(_("The person no longer sees the case."), "success")
    return _back(case_id)


def _page(case_id: UUID, form: ReasonForm, naming: NameForm) -> ResponseReturnValue:
    found = protection.read_protection(session(), by=actor(), case_id=case_id)
    case = case_head(read_case(case_id))
    answer = form_page(
        "protection/show.html", form, case=case, protection=found, naming=naming, parts=TEAM_PARTS
    )
    return (answer[0], 422) if naming.errors and isinstance(answer, tuple) else answer


def _name_form(*, is_sent: bool) -> NameForm:
    form = NameForm() if is_sent else NameForm(formdata=None)
    people = protection.list_nameable(session(), by=actor())
    form.staff_id.choices = options(
        ((one.id, f"{one.name} ({one.unit_name})") for one in people), empty=_("Choose a person")
    )
    return form


def _back(case_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("protection.show", case_id=case_id), 303)
