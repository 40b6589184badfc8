"""The room's agreements: those from earlier meetings first, to be checked off, then those made today."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import url_for
from flask_babel import gettext as _

from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.meeting_facts import AgreementFacts, MeetingBook
from fitsvc.web.meeting_room.state import RoomState
from fitsvc.web.names import Names
from fitsvc.web.templates import day
from fitsvc.web.words import rater_name


@dataclass(frozen=True, slots=True)
class AgreementView:
    """`by` and `done` are days in words, "" where there is none. `is_locked`: hidden names stand in it."""

    id: UUID
    what: str
    who: str
    by: str
    by_typed: str
    done: str
    how: str
    version: int
    is_open: bool
    may_change: bool
    action: str


@dataclass(frozen=True, slots=True)
class Agreeing:
    """`people` are suggestions for who does it. `key` makes a new agreement one, however often it is sent."""

    earlier: tuple[AgreementView, ...]
    here: tuple[AgreementView, ...]
    people: tuple[str, ...]
    add_url: str
    key: UUID


def agreeing(
    seen: CaseTrajectories, book: MeetingBook, *, state: RoomState, names: Names, is_open: bool
) -> Agreeing:
    """Earlier ones: all that are open, and those checked off since the meeting before this one."""
    last = max(
        (one.held_on for one in seen.meetings if one.held_on and one.id != state.meeting_id), default=None
    )
    earlier = [
        one
        for one in book.agreements
        if one.meeting_id != state.meeting_id and (one.done_on is None or last is None or one.done_on >= last)
    ]
    here = [one for one in book.agreements if one.meeting_id == state.meeting_id]
    return Agreeing(
        earlier=tuple(_view(one, state, names, may_change=False) for one in earlier),
        here=tuple(_view(one, state, names, may_change=is_open) for one in here),
        people=people_of(seen, names),
        add_url=url_for(
            "meeting_room.add_agreement",
            case_id=state.case_id,
            meeting_id=state.meeting_id,
            **state.query,
        ),
        key=uuid4(),
    )


def people_of(seen: CaseTrajectories, names: Names) -> tuple[str, ...]:
    """Those around the case: by role when names are hidden, by name otherwise."""
    active = [one for one in seen.respondents if one.is_active]
    if names.hidden:
        found = [rater_name(one.rater_role) for one in active]
    else:
        found = [one.name or rater_name(one.rater_role, one.setting) for one in active]
    return tuple(dict.fromkeys([*found, *(member.name for member in seen.team)]))


def _view(one: AgreementFacts, state: RoomState, names: Names, *, may_change: bool) -> AgreementView:
    what, who, how = names.clean(one.what), names.clean(one.who), names.clean(one.how_it_went)
    return AgreementView(
        id=one.id,
        what=what,
        who=who,
        by=_("by %(day)s", day=day(one.by_on)) if one.by_on else "",
        by_typed=f"{one.by_on:%d.%m.%Y}" if one.by_on else "",
        done=day(one.done_on),
        how=how,
        version=one.version,
        is_open=one.is_open,
        may_change=may_change and (what, who) == (one.what, one.who),
        action=url_for(
            "meeting_room.change_agreement",
            case_id=state.case_id,
            agreement_id=one.id,
            meeting=state.meeting_id,
            **state.query,
        ),
    )
