"""Opening a case: the case system's reference, a short display name, the month of birth, and its caseworker."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.roles import Role
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import Invalid, checked_day, checked_text
from fitsvc.storage.accounts import Staff, list_staff
from fitsvc.storage.cases import Case, TeamMember, TeamPart, find_case, find_case_by_reference
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import Taken, add_once

REFERENCE_LENGTH = 40
DISPLAY_NAME_LENGTH = 40
OLDEST_YOUNG_PERSON = timedelta(days=24 * 366)
"""After-care ends at 23; nobody older has a case here."""


def list_caseworkers(session: Session) -> list[Staff]:
    """Everybody who can own a case, by name."""
    return [one for one in list_staff(session) if one.active and _is_caseworker(one)]


def open_case(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    key: UUID,
    reference: str,
    display_name: str,
    birth_month: date,
    caseworker_id: UUID | None = None,
) -> Case:
    """Open a case. The caseworker who opens it is on its team; anybody else names a caseworker.

    Sent twice with the same key it is one case. Invalid: a CPR number, a reference in use, an impossible month.
    """
    reference = checked_text(reference, "reference", limit=REFERENCE_LENGTH)
    display_name = checked_text(display_name, "display_name", limit=DISPLAY_NAME_LENGTH)
    checked_day(birth_month, "birth_month", earliest=by.today - OLDEST_YOUNG_PERSON, latest=by.today)
    case = Case(
        id=key,
        reference=reference,
        display_name=display_name,
        birth_month=birth_month.replace(day=1),
        opened_on=by.today,
        created_at=now,
    )
    owner = _owner(session, by, caseworker_id)
    known = find_case_by_reference(session, reference)
    if known is not None and known.id != key:
        raise Invalid("reference", "reference_taken")
    try:
        is_new = add_once(session, case)
    except Taken as error:
        raise Invalid("reference", "reference_taken") from error
    if not is_new:
        return _sent_before(session, by, key)
    session.add(
        TeamMember(case_id=case.id, staff_id=owner, part=TeamPart.CASEWORKER, from_on=by.today, until_on=None)
    )
    record_act(session, Act.CASE_OPENED, at=now, staff_id=by.staff_id, case_id=case.id, caseworker=str(owner))
    return case


def _owner(session: Session, by: Actor, chosen: UUID | None) -> UUID:
    if chosen is None and Role.CASEWORKER in by.roles:
        return by.staff_id
    if chosen is None:
        raise Invalid("caseworker_id", "missing")
    if chosen not in {one.id for one in list_caseworkers(session)}:
        raise Invalid("caseworker_id", "not_a_choice")
    if chosen != by.staff_id and Role.AUTHORITY_LEADER not in by.roles:
        raise Invalid("caseworker_id", "not_a_choice")
    return chosen


def _sent_before(session: Session, by: Actor, key: UUID) -> Case:
    case = find_case(session, by, key)
    if case is None:
        raise NotFound(key)
    return case


def _is_caseworker(staff: Staff) -> bool:
    return any(role.name == Role.CASEWORKER for role in staff.roles)
