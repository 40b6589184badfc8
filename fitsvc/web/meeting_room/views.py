"""The meeting's page, for the wall and for the table. Everybody looks, so it shows what everybody may see."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fitsvc.services.brought_sessions import bring_session_ratings, take_back_session_ratings
from fitsvc.services.errors import Refused
from fitsvc.web.current import actor, now, session
from fitsvc.web.form_words import REFUSALS
from fitsvc.web.meeting_room import write_views
from fitsvc.web.meeting_room.blueprint import blueprint
from fitsvc.web.meeting_room.reading import read_room
from fitsvc.web.meeting_room.state import KEPT

__all__ = ["blueprint", "write_views"]  # their routes come with this module


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/room")
def show(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    return render_template("meeting_room/show.html", room=read_room(case_id, meeting_id))


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/bring/<uuid:respondent_id>")
def bring(case_id: UUID, meeting_id: UUID, respondent_id: UUID) -> ResponseReturnValue:
    """Bring one respondent's session ratings, when the practitioner has ticked that the family chose it."""
    try:
        bring_session_ratings(
            session(),
            by=actor(),
            now=now(),
            case_id=case_id,
            meeting_id=meeting_id,
            respondent_id=respondent_id,
            family_chose=request.form.get("family_chose") == "yes",
        )
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "warning")
    return _back_to(case_id, meeting_id, "working-together")


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/take-back/<uuid:respondent_id>")
def take_back(case_id: UUID, meeting_id: UUID, respondent_id: UUID) -> ResponseReturnValue:
    take_back_session_ratings(
        session(), by=actor(), now=now(), case_id=case_id, meeting_id=meeting_id, respondent_id=respondent_id
    )
    return _back_to(case_id, meeting_id, "working-together")


def _back_to(case_id: UUID, meeting_id: UUID, anchor: str) -> ResponseReturnValue:
    """To the room as it was looked at: the form's address carries what was shown."""
    shown: dict[str, Any] = {name: values for name, values in request.args.lists() if name in KEPT}
    address = url_for("meeting_room.show", case_id=case_id, meeting_id=meeting_id, _anchor=anchor, **shown)
    return redirect(address, 303)
