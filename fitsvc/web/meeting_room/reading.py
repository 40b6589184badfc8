"""The room's page read as its address asks for it, for whoever shows it: the page itself, or a form come back."""

from uuid import UUID

from flask import request
from flask_babel import get_locale

from fitsvc.domain.audit import Access
from fitsvc.services.agendas import compose_agenda
from fitsvc.services.brought_sessions import may_bring, read_brought_series
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.meeting_facts import MeetingBook, read_meeting_book
from fitsvc.services.meetings import get_meeting
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.web.access import may_open
from fitsvc.web.agenda_words import AgendaRow, agenda_page, area_names
from fitsvc.web.at_meeting import facts_at_meeting
from fitsvc.web.current import actor, catalogue, now, session
from fitsvc.web.meeting_room.brought import bringing_rows, brought_part
from fitsvc.web.meeting_room.curve import curve_section, first_voices, view_names, voice_order
from fitsvc.web.meeting_room.expecting import ExpectationAgain
from fitsvc.web.meeting_room.page import RoomPage, room_page
from fitsvc.web.meeting_room.state import names_hidden, read_state
from fitsvc.web.meeting_room.writing import write_parts
from fitsvc.web.names import hide_in_series, hide_names, names_of


def read_room(case_id: UUID, meeting_id: UUID, *, again: ExpectationAgain | None = None) -> RoomPage:
    """The whole page, with one row in the access log. Names, when hidden, are out before anything is put into words."""
    told = facts_at_meeting(case_id, Access.MEETING_READ)
    meeting = get_meeting(session(), case_id=case_id, meeting_id=meeting_id)
    book = read_meeting_book(session(), case_id=case_id)
    names = names_of(told, hidden=names_hidden(request.args))
    seen = hide_names(told, names)
    language = get_locale().language
    views = view_names(seen, area_names(seen, catalogue(), language))
    state = read_state(
        request.args,
        case_id=case_id,
        meeting_id=meeting_id,
        order=voice_order(seen),
        first=first_voices(seen),
        views=views,
    )
    who = book.brought.get(meeting_id, frozenset())
    sessions = read_brought_series(
        session(), by=actor(), case_id=case_id, respondents=who, catalogue=catalogue(), now=now()
    )
    asks = may_open("meeting_room.bring") and may_bring(session(), by=actor(), case_id=case_id)
    return room_page(
        seen,
        meeting,
        state=state,
        names=names,
        curve=curve_section(seen, catalogue=catalogue(), language=language, state=state, views=views),
        brought=brought_part(
            seen, hide_in_series(sessions, names), who, catalogue=catalogue(), language=language
        ),
        bringing=bringing_rows(seen, who) if asks else (),
        agenda=_agenda(seen, meeting, book, language),
        writing=write_parts(
            seen,
            book,
            meeting,
            catalogue=catalogue(),
            language=language,
            state=state,
            names=names,
            again=again,
        ),
    )


def _agenda(
    seen: CaseTrajectories, meeting: FollowUpMeeting, book: MeetingBook, language: str
) -> tuple[AgendaRow, ...]:
    """As it was prepared. A cancelled meeting has none."""
    if meeting.cancelled_at is not None:
        return ()
    agenda = compose_agenda(session(), by=actor(), facts=seen, meeting_id=meeting.id, book=book)
    return agenda_page(agenda, seen, catalogue(), language).rows
