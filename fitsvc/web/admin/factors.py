"""For somebody who has lost the phone: an administrator removes their second factor."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.services import second_factors
from fitsvc.services.errors import Refused
from fitsvc.web import current
from fitsvc.web.form_words import REFUSALS

blueprint = Blueprint("admin_factors", __name__, url_prefix="/admin")


@blueprint.post("/staff/<uuid:staff_id>/second-factor/remove")
def remove(staff_id: UUID) -> ResponseReturnValue:
    try:
        second_factors.remove_from(
            current.session(), by=current.actor(), staff_id=staff_id, now=current.now()
        )
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "error")
    else:
        flash(_("The second factor is removed, and the person signed out everywhere."), "success")
    return redirect(url_for("admin.change_staff", staff_id=staff_id), 303)
