"""GET and POST of the page that opens a case."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.domain.roles import Role
from fitsvc.services.opening import list_caseworkers
from fitsvc.services.opening import open_case as open_the_case
from fitsvc.web.current import actor, now, session
from fitsvc.web.form_pages import form_page, refusals
from fitsvc.web.opening.forms import open_case_form

blueprint = Blueprint("opening", __name__)


@blueprint.route("/cases/open", methods=["GET", "POST"])
def open_case() -> ResponseReturnValue:
    """One case; then on to its first measure."""
    form = open_case_form(_choices())
    if form.validate_on_submit():
        with refusals(form):
            case = open_the_case(
                session(),
                by=actor(),
                now=now(),
                key=form.key.data,
                reference=form.reference.data,
                display_name=form.display_name.data,
                birth_month=form.birth_month.data,
                caseworker_id=form.caseworker_id.data if "caseworker_id" in form else None,
            )
            flash(_("The case is open. Now start its first measure."), "success")
            return redirect(url_for("episodes.start", case_id=case.id), 303)
    return form_page("opening/open_case.html", form)


def _choices() -> list[tuple[str, str]] | None:
    """The caseworkers a leader may choose from; None for a caseworker, who opens the case for themselves."""
    if Role.AUTHORITY_LEADER not in actor().roles:
        return None
    return [(str(one.id), f"{one.name} ({one.unit.name})") for one in list_caseworkers(session())]
