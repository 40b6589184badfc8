"""Arranging a meeting's agenda: moving, taking off, putting back, adding. Nothing done twice does more than once.

Every change is made to the agenda as it stands in the database, so two people who arrange at once both get their last
word on each item, and nothing vanishes.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.agenda import Agenda, AgendaKind, ItemKey, arrange, moved
from fitsvc.domain.audit import Act
from fitsvc.services.agendas import build_items, find_meeting_facts, kept
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import checked_text
from fitsvc.services.meeting_facts import read_meeting_book
from fitsvc.storage.agendas import AgendaEntry, list_agenda_entries, lock_agenda
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import add_once

ITEM_LENGTH = 300
"""Characters of a free item."""


def move_item(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    facts: CaseTrajectories,
    meeting_id: UUID,
    item: ItemKey,
    beside: ItemKey,
    after: bool,
) -> None:
    """Put an item right before or after another. When either has gone meanwhile, nothing is moved."""
    agenda, entries = _open(session, facts, meeting_id)
    wanted = moved(agenda.order, item, beside=beside, after=after)
    if wanted == agenda.order:
        return
    for position, key in enumerate(wanted):
        _keep(session, by, now, facts, meeting_id, entries, key).position = position
    _record(session, by, now, facts, meeting_id, "moved", item)


def remove_item(
    session: Session, *, by: Actor, now: datetime, facts: CaseTrajectories, meeting_id: UUID, item: ItemKey
) -> None:
    """Take an item off the agenda; it can be put back. Taken off twice is taken off once."""
    agenda, entries = _open(session, facts, meeting_id)
    if item not in [one.key for one in agenda.items]:
        return
    _keep(session, by, now, facts, meeting_id, entries, item).removed_at = now
    _record(session, by, now, facts, meeting_id, "removed", item)


def restore_item(
    session: Session, *, by: Actor, now: datetime, facts: CaseTrajectories, meeting_id: UUID, item: ItemKey
) -> None:
    """Put an item back where it stood."""
    agenda, entries = _open(session, facts, meeting_id)
    if item not in [one.key for one in agenda.removed]:
        return
    _keep(session, by, now, facts, meeting_id, entries, item).removed_at = None
    _record(session, by, now, facts, meeting_id, "restored", item)


def add_item(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    facts: CaseTrajectories,
    meeting_id: UUID,
    key: UUID,
    text: str,
) -> None:
    """Write a free item, last on the agenda. Sent twice with the same key it is one item."""
    there = session.get(AgendaEntry, key)
    if there is not None:
        if there.meeting_id != meeting_id:
            raise NotFound(key)
        return
    _agenda, entries = _open(session, facts, meeting_id)
    placed = [one.position for one in entries.values() if one.position is not None]
    entry = AgendaEntry(
        id=key,
        case_id=facts.case.id,
        meeting_id=meeting_id,
        kind=AgendaKind.FREE,
        subject=str(key),
        text=checked_text(text, "text", limit=ITEM_LENGTH),
        position=max(placed) + 1 if placed else None,
        removed_at=None,
        changed_by_id=by.staff_id,
        changed_at=now,
    )
    if add_once(session, entry):
        _record(session, by, now, facts, meeting_id, "added", (AgendaKind.FREE, str(key)))


def _open(
    session: Session, facts: CaseTrajectories, meeting_id: UUID
) -> tuple[Agenda, dict[ItemKey, AgendaEntry]]:
    """The whole agenda, private wishes too, so that moving around one does not lose its place; nobody else waits in it.

    Refused when the case is closed or the meeting was held: what was talked about then stays as it was.
    """
    meeting = find_meeting_facts(facts, meeting_id)
    if facts.case.closed_on is not None:
        raise Refused("case_closed")
    if meeting.held_on is not None:
        raise Refused("meeting_held")
    lock_agenda(session, meeting_id)
    entries: Sequence[AgendaEntry] = list_agenda_entries(session, meeting_id)
    book = read_meeting_book(session, case_id=facts.case.id, for_practitioner=True)
    items = build_items(facts, book, meeting, with_private=True)
    return arrange(items, map(kept, entries)), {(one.kind, one.subject): one for one in entries}


def _keep(
    session: Session,
    by: Actor,
    now: datetime,
    facts: CaseTrajectories,
    meeting_id: UUID,
    entries: dict[ItemKey, AgendaEntry],
    key: ItemKey,
) -> AgendaEntry:
    """The row that keeps what was done with an item, a new one when nobody has touched it."""
    entry = entries.get(key)
    if entry is None:
        entry = AgendaEntry(
            case_id=facts.case.id,
            meeting_id=meeting_id,
            kind=key[0],
            subject=key[1],
            text="",
            position=None,
            removed_at=None,
        )
        session.add(entry)
        entries[key] = entry
    entry.changed_by_id, entry.changed_at = by.staff_id, now
    return entry


def _record(
    session: Session,
    by: Actor,
    now: datetime,
    facts: CaseTrajectories,
    meeting_id: UUID,
    change: str,
    item: ItemKey,
) -> None:
    record_act(
        session,
        Act.AGENDA_CHANGED,
        at=now,
        staff_id=by.staff_id,
        case_id=facts.case.id,
        meeting=str(meeting_id),
        change=change,
        kind=item[0].value,
        subject=item[1],
    )
