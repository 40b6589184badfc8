"""Break-glass: one case by its reference and a reason, to read for the rest of the day."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField, TextAreaField

from fitsvc.services.emergencies import SHORTEST_REASON, list_opened_today, open_in_emergency
from fitsvc.services.invalid import LONG_TEXT
from fitsvc.web.current import actor, now, session
from fitsvc.web.form_pages import form_page, line, refusals
from fitsvc.web.forms import BaseForm
from fitsvc.web.limits import Kind, note_failure, seconds_to_wait, wait_words

blueprint = Blueprint("emergency", __name__)


class EmergencyForm(BaseForm):
    reference = StringField(
        _l("The case's reference"),
        line(40),
        description=_l("Exactly as it is written in the case system."),
        render_kw={"autocomplete": "off"},
    )
    reason = TextAreaField(
        _l("Why it cannot wait, and why it is you"),
        line(LONG_TEXT),
        description=_l("The leader reads this today, and it stays in the log. Write no names."),
    )


@blueprint.route("/emergency", methods=["GET", "POST"], endpoint="open")
def open_case() -> ResponseReturnValue:
    """The reference is posted, so that it stands in no address. One answer for every reference that opens nothing."""
    form = EmergencyForm()
    if form.validate_on_submit() and not _must_wait(form):
        note_failure(Kind.EMERGENCY, current_user.email)  # each is counted: nobody opens cases by the dozen
        with refusals(form):
            opened = open_in_emergency(
                session(), by=actor(), reference=form.reference.data, reason=form.reason.data, now=now()
            )
            if opened is not None:
                if opened.was_in_scope:
                    flash(_("You see this case anyhow. Nothing was opened, and nobody was told."), "info")
                return redirect(url_for("cases.show", case_id=opened.case_id), 303)
            form.reference.errors = [_("No case can be opened with this reference.")]
    return form_page(
        "emergency/open.html",
        form,
        opened=list_opened_today(session(), by=actor(), now=now()),
        shortest=SHORTEST_REASON,
    )


def _must_wait(form: EmergencyForm) -> bool:
    """The page again, with what was typed and how long to wait."""
    seconds = seconds_to_wait(Kind.EMERGENCY, current_user.email)
    if seconds:
        form.form_errors.append(wait_words(seconds))
    return bool(seconds)
