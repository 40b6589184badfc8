"""The meeting's page, for the wall and for the table. Everybody looks, so it shows what everybody may see."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from fitsvc.domain.audit import Access
from fitsvc.services.meeting_facts import read_meeting_book
from fitsvc.services.meetings import get_meeting
from fitsvc.services.trajectories import compose
from fitsvc.web.current import actor, catalogue, now, session
from fitsvc.web.meeting_room.blueprint import blueprint
from fitsvc.web.meeting_room.curve import RoomCurve, voice_order
from fitsvc.web.meeting_room.page import room_page
from fitsvc.web.meeting_room.state import names_hidden, read_state
from fitsvc.web.meeting_room.writing import write_parts
from fitsvc.web.names import hide_names, names_of

__all__ = ["blueprint"]


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/room")
def show(case_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    named = compose(
        session(),
        by=actor(),
        case_id=case_id,
        catalogue=catalogue(),
        now=now(),
        access=Access.MEETING_READ,
        at_meeting=True,
    )
    meeting = get_meeting(session(), case_id=case_id, meeting_id=meeting_id)
    book = read_meeting_book(session(), case_id=case_id)
    names = names_of(named, hidden=names_hidden(request.args))
    seen = hide_names(named, names)
    state = read_state(
        request.args, case_id=case_id, meeting_id=meeting_id, order=voice_order(seen), views=()
    )
    language = get_locale().language
    room = room_page(
        seen,
        meeting,
        state=state,
        names=names,
        curve=RoomCurve(),
        writing=write_parts(
            seen, book, meeting, catalogue=catalogue(), language=language, state=state, names=names
        ),
    )
    return render_template("meeting_room/show.html", room=room)
