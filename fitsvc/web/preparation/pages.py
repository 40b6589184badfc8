"""The page that prepares a meeting, ready to place."""

from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.domain.agenda import AgendaKind
from fitsvc.services.agendas import find_meeting_facts
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.web.agenda_words import AgendaPage, AgendaRow
from fitsvc.web.follow_up_words import clock_words
from fitsvc.web.form_pages import CaseHead, case_url
from fitsvc.web.templates import day


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with its neighbours' keys ("" at the ends): moving it says beside which one it comes to stand."""

    id: str
    key: str
    words: AgendaRow
    above: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True)
class PreparationPage:
    """`late` says how long the follow-up is overdue, "" when it is not or was held."""

    case: CaseHead
    meeting_id: UUID
    when: str
    late: str
    is_over: bool
    rows: tuple[ItemRow, ...]
    removed: tuple[ItemRow, ...]


def preparation_page(facts: CaseTrajectories, meeting_id: UUID, words: AgendaPage) -> PreparationPage:
    meeting = find_meeting_facts(facts, meeting_id)
    is_closed = facts.case.closed_on is not None
    keys = [item_key(one) for one in words.rows]
    above = dict(zip(keys[1:], keys, strict=False))
    below = dict(pairwise(keys))
    return PreparationPage(
        case=CaseHead(
            facts.case.id, facts.case.display_name, facts.case.reference, case_url(facts.case.id), is_closed
        ),
        meeting_id=meeting_id,
        when=_when(meeting.planned_on, meeting.planned_at, meeting.held_on),
        late="" if meeting.held_on else clock_words(facts.clock, facts.today).late,
        is_over=meeting.held_on is not None or is_closed,
        rows=tuple(
            ItemRow(item_id(one.kind, one.subject), key, one, above.get(key, ""), below.get(key, ""))
            for key, one in zip(keys, words.rows, strict=True)
        ),
        removed=tuple(ItemRow(item_id(one.kind, one.subject), item_key(one), one) for one in words.removed),
    )


def item_key(row: AgendaRow) -> str:
    return f"{row.kind.value}:{row.subject}"


def item_id(kind: AgendaKind, subject: str) -> str:
    """Fit for an id and an address."""
    return "item-" + "".join(
        sign if sign.isascii() and sign.isalnum() else "-" for sign in f"{kind}-{subject}"
    )


def _when(planned_on: date, planned_at: time | None, held_on: date | None) -> str:
    if held_on is not None:
        return _("Held %(day)s", day=day(held_on, "EEEE d. MMMM yyyy"))
    told = day(planned_on, "EEEE d. MMMM yyyy")
    return _("%(day)s at %(time)s", day=told, time=f"{planned_at:%H.%M}") if planned_at else told
