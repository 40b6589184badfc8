"""The kommune's own rules for follow-up, on one page with those that ship."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.services.cadences import add_standard, all_standards, list_own, retire_standard
from fitsvc.services.follow_up_settings import change_follow_up_settings, read_follow_up_settings
from fitsvc.web.current import actor, now, session
from fitsvc.web.follow_up_settings.forms import DaysForm, StandardForm
from fitsvc.web.follow_up_settings.pages import measure_fields, own_table, shipped_table
from fitsvc.web.form_pages import form_page, refusals

blueprint = Blueprint("follow_up_settings", __name__, url_prefix="/admin/follow-up")


@blueprint.route("", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    """The standards to read, and the two numbers of days to set."""
    settings = read_follow_up_settings(session())
    form = DaysForm(ask_days_before=settings.ask_days_before, status_days_before=settings.status_days_before)
    if form.validate_on_submit():
        with refusals(form):
            change_follow_up_settings(session(), by=actor(), now=now(), settings=form.settings)
            flash(_("The days are saved."), "success")
            return _back()
    own = list_own(session())
    own_ids = {one.standard.id for one in own}
    every = all_standards(session())
    return form_page(
        "follow_up_settings/show.html",
        form,
        shipped=[shipped_table(one) for one in every.values() if one.id not in own_ids],
        own=[own_table(one) for one in own],
    )


@blueprint.route("/standards/add", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    form = StandardForm()
    if form.validate_on_submit():
        with refusals(form):
            add_standard(
                session(),
                by=actor(),
                now=now(),
                key=form.key.data,
                name=form.name.data or "",
                source=form.source.data or "",
                rows=form.rows,
            )
            flash(_("The standard is added and can be chosen when a measure starts."), "success")
            return _back()
    return form_page("follow_up_settings/add.html", form, measures=measure_fields(form))


@blueprint.post("/standards/<uuid:standard_id>/retire")
def retire(standard_id: UUID) -> ResponseReturnValue:
    retire_standard(session(), by=actor(), now=now(), standard_id=standard_id)
    flash(_("The standard is retired. Measures that have it keep it."), "success")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("follow_up_settings.show"), 303)
