"""Substitutes: naming one for a holiday or an illness, and ending it before its day."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from fitsvc.services import substitutes
from fitsvc.web.current import actor, now, session
from fitsvc.web.form_pages import form_page, one_of, options, refusals
from fitsvc.web.forms import BaseForm, DanishDateField

blueprint = Blueprint("substitutes", __name__)


class SubstituteForm(BaseForm):
    absent_id = SelectField(_l("Who is away"), [InputRequired()], coerce=one_of(UUID))
    substitute_id = SelectField(
        _l("Who takes over meanwhile"),
        [InputRequired()],
        coerce=one_of(UUID),
        description=_l("A colleague of the same unit, with the role the cases need."),
    )
    from_on = DanishDateField(_l("First day"), [InputRequired()])
    until_on = DanishDateField(
        _l("Last day"), [InputRequired()], description=_l("At most 60 days later. It ends by itself.")
    )
    reference = StringField(
        _l("Only this case (reference)"),
        [Length(max=40)],
        description=_l("Leave it empty for all of the person's open cases."),
        render_kw={"autocomplete": "off"},
    )


@blueprint.route("/substitutes", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    form = SubstituteForm()
    absent = substitutes.list_absent(session(), by=actor())
    form.absent_id.choices = options((one.id, one.name) for one in absent)
    form.substitute_id.choices = options(
        (
            (one.id, f"{one.name} ({one.unit_name})")
            for one in substitutes.list_substitutes(session(), by=actor())
        ),
        empty=_("Choose a person"),
    )
    if absent and form.validate_on_submit():
        with refusals(form):
            number = substitutes.name_substitute(
                session(),
                by=actor(),
                absent_id=form.absent_id.data,
                substitute_id=form.substitute_id.data,
                from_on=form.from_on.data,
                until_on=form.until_on.data,
                reference=form.reference.data or "",
                now=now(),
            )
            flash(
                ngettext(
                    "The substitute is named on %(num)d case.",
                    "The substitute is named on %(num)d cases.",
                    number,
                ),
                "success",
            )
            return redirect(url_for("substitutes.show"), 303)
    return form_page(
        "substitutes/show.html",
        form,
        rows=substitutes.read_substitutions(session(), by=actor()),
        may_name=bool(absent),
    )


@blueprint.post("/substitutes/<uuid:member_id>/end")
def end(member_id: UUID) -> ResponseReturnValue:
    substitutes.end_substitution(session(), by=actor(), member_id=member_id, now=now())
    flash(_("The substitute no longer sees the cases."), "success")
    return redirect(url_for("substitutes.show"), 303)
