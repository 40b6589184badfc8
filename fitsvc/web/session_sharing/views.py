"""The case's practitioner shares the session ratings with the provider's leader, and ends it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired

from fitsvc.services.invalid import LONG_TEXT
from fitsvc.services.session_sharing import end_sharing, read_sharings, share
from fitsvc.web.current import actor, now, session
from fitsvc.web.form_pages import case_head, form_page, line, one_of, options, refusals
from fitsvc.web.forms import BaseForm, DanishDateField

blueprint = Blueprint("session_sharing", __name__)


class ShareForm(BaseForm):
    leader_id = SelectField(_l("With whom"), [InputRequired()], coerce=one_of(UUID))
    until_on = DanishDateField(
        _l("Last day"), [InputRequired()], description=_l("At most 30 days from today. It ends by itself.")
    )
    purpose = TextAreaField(
        _l("What for"), line(LONG_TEXT), description=_l("Such as: advice before a difficult talk.")
    )


@blueprint.route("/cases/<uuid:case_id>/session-ratings", methods=["GET", "POST"])
def show(case_id: UUID) -> ResponseReturnValue:
    found = read_sharings(session(), by=actor(), case_id=case_id)
    form = ShareForm()
    form.leader_id.choices = options((one.id, one.name) for one in found.leaders)
    if found.leaders and form.validate_on_submit():
        with refusals(form):
            share(
                session(),
                by=actor(),
                case_id=case_id,
                leader_id=form.leader_id.data,
                until_on=form.until_on.data,
                purpose=form.purpose.data,
                now=now(),
            )
            flash(_("The leader sees the session ratings until the last day."), "success")
            return redirect(url_for("session_sharing.show", case_id=case_id), 303)
    return form_page("session_sharing/show.html", form, case=case_head(found.case), found=found)


@blueprint.post("/cases/<uuid:case_id>/session-ratings/<uuid:sharing_id>/end")
def end(case_id: UUID, sharing_id: UUID) -> ResponseReturnValue:
    end_sharing(session(), by=actor(), case_id=case_id, sharing_id=sharing_id, now=now())
    flash(_("The session ratings are yours alone again."), "success")
    return redirect(url_for("session_sharing.show", case_id=case_id), 303)
