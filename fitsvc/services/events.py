"""Events in the child's life that are worth a mark on the curve."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.services.case_access import get_case
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import checked_day, checked_text
from fitsvc.storage.events import CaseEvent, EventKind
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import add_once

EVENT_LENGTH = 200


def record_event(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    key: UUID,
    happened_on: date,
    kind: EventKind,
    text: str,
) -> CaseEvent:
    """Note what happened and when. Sent twice with the same key it is one event."""
    case = get_case(session, by=by, case_id=case_id)
    there = session.get(CaseEvent, key)
    if there is not None:
        if there.case_id != case.id:
            raise NotFound(key)
        return there
    if case.closed_on is not None:
        raise Refused("case_closed")
    event = CaseEvent(
        id=key,
        case_id=case.id,
        happened_on=checked_day(happened_on, "happened_on", earliest=case.birth_month, latest=by.today),
        kind=kind,
        text=checked_text(text, "text", limit=EVENT_LENGTH),
        recorded_by_id=by.staff_id,
        created_at=now,
    )
    if add_once(session, event):
        record_act(session, Act.EVENT_RECORDED, at=now, staff_id=by.staff_id, case_id=case.id, event=str(key))
    return event
