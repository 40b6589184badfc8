"""What leaders are told, and that one of them has seen it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fitsvc.services.errors import Refused
from fitsvc.services.leader_notices import mark_seen as mark_one_seen
from fitsvc.services.leader_notices import read_notices
from fitsvc.web.current import actor, now, session
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.notices.words import notice_row

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices", endpoint="list")
def list_all() -> ResponseReturnValue:
    rows = [notice_row(one) for one in read_notices(session(), by=actor(), now=now())]
    return render_template(
        "notices/list.html",
        unseen=[one for one in rows if not one.is_seen],
        seen=[one for one in rows if one.is_seen],
    )


@blueprint.post("/notices/<uuid:notice_id>/seen")
def mark_seen(notice_id: UUID) -> ResponseReturnValue:
    try:
        mark_one_seen(session(), by=actor(), notice_id=notice_id, now=now())
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "error")
        return redirect(url_for("notices.list"), 303)
    flash(_("Marked as seen."), "success")
    return redirect(url_for("notices.list"), 303)
