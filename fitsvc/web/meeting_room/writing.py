"""What the meeting writes on this page: expectations, agreements, decision, next time. The agenda is elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting import Lacking, Minute, lacking
from fitsvc.services.cadences import all_standards
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.holding import propose_after
from fitsvc.services.meeting_facts import MeetingBook
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.web import current
from fitsvc.web.follow_up_words import Proposal, proposal
from fitsvc.web.hold_form import HoldMeetingForm
from fitsvc.web.meeting_room.agreeing import Agreeing, agreeing, people_of
from fitsvc.web.meeting_room.expecting import ExpectationAgain, Expecting, expecting
from fitsvc.web.meeting_room.state import RoomState
from fitsvc.web.minute_form import LACKING, MinuteField, minute_fields
from fitsvc.web.names import Names


@dataclass(frozen=True, slots=True)
class Writing:
    """The writing parts of the page, in words.

    `fields` are the minutes' by name; `writer` marks what this browser keeps as this person's own; `lacking` says what
    is still to be written before the meeting can be noted as held, with the field it is about.
    """

    is_open: bool
    meeting_id: UUID
    writer: str
    expecting: Expecting
    agreeing: Agreeing
    fields: Mapping[str, MinuteField]
    people: tuple[str, ...]
    lacking: tuple[tuple[str, str], ...]
    proposal: Proposal | None
    planned: tuple[date, ...]
    form: HoldMeetingForm
    write_url: str
    hold_url: str


def write_parts(
    seen: CaseTrajectories,
    book: MeetingBook,
    meeting: FollowUpMeeting,
    *,
    catalogue: Catalogue,
    language: str,
    state: RoomState,
    names: Names,
    again: ExpectationAgain | None = None,
) -> Writing:
    """`seen` has its names hidden already when they are; texts from `book` go through `names.clean`."""
    is_open = meeting.held_on is None and meeting.cancelled_at is None and seen.case.closed_on is None
    minutes = book.minutes.get(meeting.id, {})
    written = {field: facts.text for field, facts in minutes.items()}
    proposed = _proposed(meeting, seen.today) if is_open else None
    planned = tuple(one.planned_on for one in seen.meetings if one.held_on is None and one.id != meeting.id)
    suggested = f"{planned[0]:%d.%m.%Y}" if planned else proposed.typed if proposed else ""
    next_on = written.get(Minute.NEXT_ON)
    return Writing(
        is_open=is_open,
        meeting_id=meeting.id,
        writer=current.actor().staff_id.hex,
        expecting=expecting(
            seen,
            catalogue,
            language,
            state=state,
            is_open=is_open,
            again=again,
            due=f"{date.fromisoformat(next_on):%d.%m.%Y}" if next_on else suggested,
        ),
        agreeing=agreeing(seen, book, state=state, names=names, is_open=is_open),
        fields=minute_fields(minutes, names, suggested={Minute.NEXT_ON: suggested}),
        people=people_of(seen, names),
        lacking=lacking_words(lacking(written)),
        proposal=proposed,
        planned=planned,
        form=HoldMeetingForm(formdata=None, held_on=seen.today, names_hidden=names.hidden),
        write_url=url_for("meeting_room.write", **state.where, **state.query),
        hold_url=url_for("meetings.hold", **state.where),
    )


def lacking_words(missing: tuple[Lacking, ...]) -> tuple[tuple[str, str], ...]:
    """The field each missing thing is about, and a kind word about it."""
    return tuple((LACKING[one][0].value, str(LACKING[one][1])) for one in missing)


def _proposed(meeting: FollowUpMeeting, today: date) -> Proposal:
    session = current.session()
    return proposal(propose_after(session, standards=all_standards(session), meeting=meeting, held_on=today))
