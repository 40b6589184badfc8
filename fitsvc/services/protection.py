"""Protected cases: only named people see one (an employee's family, somebody everybody knows)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.permissions import Permission, may
from fitsvc.services.case_access import get_case
from fitsvc.services.case_teams import ROLE_FOR, check_joining
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import LONG_TEXT, Invalid, checked_text
from fitsvc.services.leader_notices import tell
from fitsvc.services.people import Person, person_of
from fitsvc.storage.accounts import find_staff, list_staff
from fitsvc.storage.case_teams import find_member, list_members
from fitsvc.storage.cases import Case, TeamMember, TeamPart
from fitsvc.storage.logs import record_act
from fitsvc.storage.special_reading import list_named_leaders

SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """`is_last_leader`: nobody else could open the case to others, so this one cannot be taken off."""

    member_id: UUID
    name: str
    unit_name: str
    part: TeamPart
    until_on: date | None
    is_last_leader: bool


@dataclass(frozen=True, slots=True)
class Protection:
    case_id: UUID
    reference: str
    display_name: str
    protected_at: datetime | None
    people: list[NamedPerson]


def read_protection(session: Session, *, by: Actor, case_id: UUID) -> Protection:
    """Who sees the case when it is protected. Raises NotFound."""
    case = _get(session, by, case_id)
    leaders = list_named_leaders(session, case.id, by.today)
    people = [
        NamedPerson(
            member.id, staff.name, staff.unit.name, member.part, member.until_on, leaders == [member.staff_id]
        )
        for member, staff in list_members(session, case.id, by.today)
    ]
    return Protection(case.id, case.reference, case.display_name, case.protected_at, people)


def list_nameable(session: Session, *, by: Actor) -> list[Person]:
    """Everybody active whose role reads cases, besides oneself."""
    people = [person_of(one) for one in list_staff(session) if one.active and one.id != by.staff_id]
    return [one for one in people if may(one.roles, Permission.SEE_CASES)]


def protect(session: Session, *, by: Actor, case_id: UUID, reason: str, now: datetime) -> None:
    """From now on only the team sees it. The leader who protects it is named on it, so that it is not out of
    everybody's reach. Twice is once. Raises NotFound; Invalid on `reason`.
    """
    case = _get(session, by, case_id)
    reason = _reason(reason)
    if case.protected_at is not None:
        return
    case.protected_at = now
    if by.staff_id not in list_named_leaders(session, case.id, by.today):
        session.add(TeamMember(case_id=case.id, staff_id=by.staff_id, part=TeamPart.NAMED, from_on=by.today))
    session.flush()
    named = [str(member.staff_id) for member, _staff in list_members(session, case.id, by.today)]
    record_act(
        session, Act.CASE_PROTECTED, at=now, staff_id=by.staff_id, case_id=case.id, why=reason, named=named
    )
    _tell(session, NoticeKind.CASE_PROTECTED, by, case, now)


def unprotect(session: Session, *, by: Actor, case_id: UUID, reason: str, now: datetime) -> None:
    """Everybody with the usual reach sees it again; named readers see it no longer as such. Twice is once."""
    case = _get(session, by, case_id)
    reason = _reason(reason)
    if case.protected_at is None:
        return
    case.protected_at = None
    for member, _staff in list_members(session, case.id, by.today):
        if member.part is TeamPart.NAMED:
            member.until_on = by.today
    record_act(session, Act.CASE_UNPROTECTED, at=now, staff_id=by.staff_id, case_id=case.id, why=reason)
    _tell(session, NoticeKind.CASE_UNPROTECTED, by, case, now)


def name_person(
    session: Session, *, by: Actor, case_id: UUID, staff_id: UUID, part: TeamPart, now: datetime
) -> None:
    """Let somebody see a protected case. Raises NotFound; Refused `not_protected`; Invalid on `staff_id`."""
    case = _get(session, by, case_id)
    if case.protected_at is None:
        raise Refused("not_protected")
    staff = find_staff(session, staff_id)
    if staff is None or not staff.active:
        raise NotFound(staff_id)
    check_joining(by, case, staff_id)
    roles = person_of(staff).roles
    if not may(roles, Permission.SEE_CASES) or (part in ROLE_FOR and ROLE_FOR[part] not in roles):
        raise Invalid("staff_id", "lacks_role")
    if any(
        one.staff_id == staff_id and one.part is part for one, _ in list_members(session, case.id, by.today)
    ):
        raise Invalid("staff_id", "already_on_team")
    session.add(TeamMember(case_id=case.id, staff_id=staff_id, part=part, from_on=by.today))
    session.flush()
    record_act(
        session,
        Act.TEAM_CHANGED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        added=str(staff_id),
        part=part.value,
    )


def remove_person(session: Session, *, by: Actor, case_id: UUID, member_id: UUID, now: datetime) -> None:
    """Off the protected case from today; twice is once.

    Raises NotFound; Refused `not_protected`, or `last_named` for the last leader: nobody could open it again.
    """
    case = _get(session, by, case_id)
    member = find_member(session, case.id, member_id)
    if member is None:
        raise NotFound(member_id)
    if case.protected_at is None:
        raise Refused("not_protected")
    if member.until_on is not None and member.until_on <= by.today:
        return
    if list_named_leaders(session, case.id, by.today) == [member.staff_id]:
        raise Refused("last_named")
    if member.from_on > by.today:
        session.delete(member)
    else:
        member.until_on = by.today
    record_act(
        session,
        Act.TEAM_CHANGED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        removed=str(member.staff_id),
        part=member.part.value,
    )


def _get(session: Session, by: Actor, case_id: UUID) -> Case:
    if not by.may(Permission.PROTECT_CASES):
        raise NotFound(case_id)
    return get_case(session, by=by, case_id=case_id)


def _reason(reason: str) -> str:
    tidy = checked_text(reason, "reason", limit=LONG_TEXT)
    if len(tidy) < SHORTEST_REASON:
        raise Invalid("reason", "reason_too_short")
    return tidy


def _tell(session: Session, kind: NoticeKind, by: Actor, case: Case, now: datetime) -> None:
    staff = find_staff(session, by.staff_id)
    if staff is None:
        raise NotFound(by.staff_id)
    tell(session, kind, about=staff, by=by.staff_id, now=now, case_id=case.id, to_authority=True)
