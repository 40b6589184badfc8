"""Reading a case: found within the actor's scope or not found at all, and noted in the access log."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access
from fitsvc.services.errors import NotFound
from fitsvc.storage import cases, logs


def get_case(session: Session, *, by: Actor, case_id: UUID) -> cases.Case:
    """The case when it is in this actor's scope; raises NotFound otherwise."""
    case = cases.find_case(session, by, case_id)
    if case is None:
        raise NotFound(case_id)
    return case


def note_reading(
    session: Session, *, by: Actor, access: Access, case_ids: Iterable[UUID], now: datetime, why: str = ""
) -> None:
    """One access-log row for the page about to be shown, with the ids of every case on it. Who reads the case because
    of an emergency has said why.
    """
    ids = list(case_ids)
    opened = cases.find_emergency(session, by, ids[0]) if by.looking and len(ids) == 1 else None
    reason = opened.reason if opened else why
    logs.record_access(session, staff_id=by.staff_id, access=access, case_ids=ids, at=now, why=reason)
