"""Break-glass: one case outside one's own for the rest of the day, with a reason, for reading, and told to leaders."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access, Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.services.case_access import note_reading
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import LONG_TEXT, Invalid, checked_text
from fitsvc.services.leader_notices import tell
from fitsvc.storage.accounts import find_staff
from fitsvc.storage.cases import find_case, find_case_by_reference, find_emergency, may_open_in_emergency
from fitsvc.storage.logs import record_act
from fitsvc.storage.special_access import EmergencyAccess
from fitsvc.storage.special_reading import list_emergencies

SHORTEST_REASON = 20
"""Characters: enough to say why it could not wait, and why it was this person."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`was_in_scope`: the person sees this case anyhow, so nothing was opened and nobody told."""

    case_id: UUID
    was_in_scope: bool


def open_in_emergency(
    session: Session, *, by: Actor, reference: str, reason: str, now: datetime
) -> Opened | None:
    """Let this person read one case until midnight. None when no case has exactly this reference: the attempt is noted
    then, too. Opened again the same day, it stays open, and each reason is in the log.

    Raises Invalid on `reference` or `reason` (`reason_too_short`); NotFound for whoever may not.
    """
    if not may_open_in_emergency(by):
        raise NotFound
    reference = checked_text(reference, "reference", limit=40)
    reason = checked_text(reason, "reason", limit=LONG_TEXT)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("reason", "reason_too_short")
    case = find_case_by_reference(session, reference)
    if case is None:
        record_act(session, Act.EMERGENCY_REFUSED, at=now, staff_id=by.staff_id, why=reason)
        return None
    if find_case(session, replace(by, looking=False), case.id) is not None:
        return Opened(case.id, was_in_scope=True)
    access = find_emergency(session, by, case.id)
    if access is None:
        access = EmergencyAccess(
            case_id=case.id, staff_id=by.staff_id, on_day=by.today, reason=reason, opened_at=now
        )
        session.add(access)
        session.flush()
        staff = find_staff(session, by.staff_id)
        if staff is None:
            raise NotFound(by.staff_id)
        tell(
            session,
            NoticeKind.EMERGENCY_ACCESS,
            about=staff,
            by=by.staff_id,
            now=now,
            case_id=case.id,
            to_authority=True,
            access=str(access.id),
            protected=case.protected_at is not None,
        )
    record_act(
        session,
        Act.EMERGENCY_OPENED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        why=reason,
        protected=case.protected_at is not None,
    )
    return Opened(case.id, was_in_scope=False)


def list_opened_today(session: Session, *, by: Actor, now: datetime) -> list[tuple[UUID, str]]:
    """The cases this person opened today, with their references, and a row in the access log for them."""
    found = list_emergencies(session, by)
    if found:
        ids = [case_id for case_id, _reference in found]
        note_reading(session, by=by, access=Access.CASELOAD_LISTED, case_ids=ids, now=now)
    return found


def is_read_in_emergency(session: Session, *, by: Actor, case_id: UUID) -> bool:
    """Whether this person sees the case only because they opened it today."""
    if not by.looking or find_emergency(session, by, case_id) is None:
        return False
    return find_case(session, replace(by, looking=False), case_id) is None
