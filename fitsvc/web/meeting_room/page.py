"""The room's page put together: the curve, and what the meeting writes."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.web.access import may_open
from fitsvc.web.agenda_words import AgendaRow
from fitsvc.web.follow_up_words import clock_words
from fitsvc.web.meeting_room.brought import Bringing, Brought
from fitsvc.web.meeting_room.curve import RoomCurve
from fitsvc.web.meeting_room.state import RoomState
from fitsvc.web.meeting_room.writing import Writing
from fitsvc.web.names import Names


@dataclass(frozen=True, slots=True)
class RoomMeeting:
    """`is_open`: neither held nor cancelled, so that it can be written on."""

    id: UUID
    on: date
    is_held: bool
    is_cancelled: bool

    @property
    def is_open(self) -> bool:
        return not self.is_held and not self.is_cancelled


@dataclass(frozen=True, slots=True)
class Step:
    """One section of the page, in the order of the meeting."""

    anchor: str
    name: str


@dataclass(frozen=True, slots=True)
class RoomPage:
    """`who` is the child's display name, or "" when names are hidden; `late` how long the follow-up is overdue, "" when
    it is not or was held. `query` goes with every form's address.

    `brought` are the session ratings the family brought, None when there are none; `bringing` is the practitioner's
    form, empty for everybody else.
    """

    case_id: UUID
    meeting: RoomMeeting
    who: str
    late: str
    names_hidden: bool
    steps: tuple[Step, ...]
    curve: RoomCurve
    brought: Brought | None
    bringing: tuple[Bringing, ...]
    agenda: tuple[AgendaRow, ...]
    writing: Writing
    query: dict[str, Any]
    back_url: str
    names_url: str
    prepare_url: str | None


def room_page(
    seen: CaseTrajectories,
    meeting: FollowUpMeeting,
    *,
    state: RoomState,
    names: Names,
    curve: RoomCurve,
    brought: Brought | None,
    bringing: tuple[Bringing, ...],
    agenda: tuple[AgendaRow, ...],
    writing: Writing,
) -> RoomPage:
    return RoomPage(
        case_id=seen.case.id,
        meeting=RoomMeeting(
            id=meeting.id,
            on=meeting.held_on or meeting.planned_on,
            is_held=meeting.held_on is not None,
            is_cancelled=meeting.cancelled_at is not None,
        ),
        who="" if names.hidden else seen.case.display_name,
        late="" if meeting.held_on else clock_words(seen.clock, seen.today).late,
        names_hidden=names.hidden,
        steps=(
            Step("curve", _("The curve")),
            Step("agenda", _("Agenda")),
            Step("expectations", _("What we expect")),
            Step("agreements", _("Agreements")),
            Step("deciding", _("Decision")),
            Step("next", _("Next time")),
        ),
        curve=curve,
        brought=brought,
        bringing=bringing,
        agenda=tuple(_cleaned(row, names) for row in agenda),
        writing=writing,
        query=state.query,
        back_url=url_for("cases.show", case_id=state.case_id),
        names_url=state.with_names(hidden=not names.hidden).url(),
        prepare_url=url_for("preparation.show", **state.where) if may_open("preparation.show") else None,
    )


def _cleaned(row: AgendaRow, names: Names) -> AgendaRow:
    return replace(
        row, title=names.clean(row.title), details=tuple(names.clean(line) for line in row.details)
    )
