"""Case teams by reference: who is on a case, and cases going from one worker to another. No case contents."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.permissions import Permission
from fitsvc.domain.roles import Role, Scope
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import LONGEST_LOOK_AHEAD, Invalid, checked_day
from fitsvc.services.people import Person, person_of
from fitsvc.storage.accounts import Staff, find_staff, list_staff
from fitsvc.storage.case_teams import (
    find_case_id,
    find_member,
    find_reference,
    list_members,
    list_memberships,
    list_parts,
)
from fitsvc.storage.cases import Case, TeamMember, TeamPart
from fitsvc.storage.logs import record_act

ROLE_FOR = {TeamPart.CASEWORKER: Role.CASEWORKER, TeamPart.PRACTITIONER: Role.PRACTITIONER}
"""The role somebody needs to take a part on a case."""


@dataclass(frozen=True, slots=True)
class Member:
    id: UUID
    staff_id: UUID
    name: str
    unit_name: str
    part: TeamPart
    from_on: date
    active: bool


@dataclass(frozen=True, slots=True)
class Team:
    case_id: UUID
    reference: str
    members: list[Member]


@dataclass(frozen=True, slots=True)
class Handover:
    """Which cases go from one worker to another, in one act."""

    giver: Person
    receiver: Person
    references: list[str]
    case_ids: list[UUID]


def find_team_by_reference(session: Session, reference: str) -> UUID | None:
    """None for a protected case too: to whoever manages teams it is not there."""
    case_id = find_case_id(session, reference)
    return case_id if case_id is not None and find_reference(session, case_id) is not None else None


def check_joining(by: Actor, case: Case, staff_id: UUID) -> None:
    """The rule of every way onto a case's team. Nobody puts themselves on a case that is there already, and only who
    may protect cases puts somebody on a protected one.

    Raises Invalid on `staff_id` (`own_team`, `protected_case`).
    """
    if staff_id == by.staff_id:
        raise Invalid("staff_id", "own_team")
    if case.protected_at is not None and not by.may(Permission.PROTECT_CASES):
        raise Invalid("staff_id", "protected_case")


def get_team(session: Session, *, by: Actor, case_id: UUID) -> Team:
    reference = find_reference(session, case_id)
    if reference is None:
        raise NotFound(case_id)
    members = [
        Member(member.id, staff.id, staff.name, staff.unit.name, member.part, member.from_on, staff.active)
        for member, staff in list_members(session, case_id, by.today)
    ]
    return Team(case_id, reference, members)


def list_people(session: Session, *, roles: frozenset[Role]) -> list[Person]:
    """Active staff with one of the roles, by name."""
    return [one for one in map(person_of, _active(session)) if one.roles & roles]


def add_member(
    session: Session,
    *,
    by: Actor,
    case_id: UUID,
    staff_id: UUID,
    part: TeamPart,
    from_on: date,
    now: datetime,
) -> None:
    """Raises NotFound, Invalid on `staff_id` (`lacks_role`, `already_on_team`) or `from_on`."""
    team = get_team(session, by=by, case_id=case_id)
    staff = find_staff(session, staff_id)
    if staff is None or not staff.active:
        raise NotFound(staff_id)
    check_joining(by, session.get_one(Case, case_id), staff_id)
    if part not in ROLE_FOR or ROLE_FOR[part] not in person_of(staff).roles:
        raise Invalid("staff_id", "lacks_role")
    if any(member.staff_id == staff_id and member.part is part for member in team.members):
        raise Invalid("staff_id", "already_on_team")
    checked_day(from_on, "from_on", earliest=by.today, latest=by.today + LONGEST_LOOK_AHEAD)
    session.add(TeamMember(case_id=case_id, staff_id=staff_id, part=part, from_on=from_on))
    session.flush()
    _note_team(session, by, case_id, now, added=str(staff_id), part=part)


def remove_member(session: Session, *, by: Actor, case_id: UUID, member_id: UUID, now: datetime) -> None:
    """Off the team from today. Doing it twice changes nothing more. Raises NotFound."""
    member = find_member(session, case_id, member_id)
    if member is None:
        raise NotFound(member_id)
    if not any(one.id == member_id for one in get_team(session, by=by, case_id=case_id).members):
        return
    _end(session, member, by.today)
    _note_team(session, by, case_id, now, removed=str(member.staff_id), part=member.part)


def list_givers(session: Session, *, by: Actor) -> list[Person]:
    """Whose cases this actor may hand over; those who have left are among them."""
    return [person_of(one) for one in list_staff(session) if _may_move(by, one)]


def list_receivers(session: Session, *, by: Actor) -> list[Person]:
    takers = frozenset(ROLE_FOR.values())
    return [
        person_of(one) for one in _active(session) if _may_move(by, one) and person_of(one).roles & takers
    ]


def plan_handover(
    session: Session, *, by: Actor, giver_id: UUID, receiver_id: UUID, reference: str = ""
) -> Handover:
    """What `hand_over` would do: one case when a reference is given, else the whole caseload.

    Raises NotFound outside the actor's reach; Invalid on `receiver_id` (`same_person`, `lacks_role`) or on
    `reference` (`nothing_to_hand_over`).
    """
    return _plan(session, by, giver_id, receiver_id, reference)[0]


def hand_over(
    session: Session,
    *,
    by: Actor,
    giver_id: UUID,
    receiver_id: UUID,
    reference: str = "",
    expected: int,
    now: datetime,
) -> Handover:
    """All or none, from today. `expected` is the number shown before; another number is shown again first.

    Raises as `plan_handover`; Refused `number_changed`.
    """
    plan, memberships = _plan(session, by, giver_id, receiver_id, reference)
    if len(plan.references) != expected:
        raise Refused("number_changed")
    already = list_parts(session, receiver_id, by.today)
    for member in memberships:
        if (member.case_id, member.part) not in already:
            from_on = max(member.from_on, by.today)
            session.add(
                TeamMember(case_id=member.case_id, staff_id=receiver_id, part=member.part, from_on=from_on)
            )
        _end(session, member, by.today)
    for case_id in dict.fromkeys(member.case_id for member in memberships):
        record_act(
            session,
            Act.CASES_HANDED_OVER,
            at=now,
            staff_id=by.staff_id,
            case_id=case_id,
            giver=str(giver_id),
            receiver=str(receiver_id),
            number=expected,
        )
    session.flush()
    return plan


def _plan(
    session: Session, by: Actor, giver_id: UUID, receiver_id: UUID, reference: str
) -> tuple[Handover, list[TeamMember]]:
    giver, receiver = find_staff(session, giver_id), find_staff(session, receiver_id)
    if giver is None or not _may_move(by, giver):
        raise NotFound(giver_id)
    if receiver is None or not receiver.active or not _may_move(by, receiver):
        raise NotFound(receiver_id)
    if giver.id == receiver.id:
        raise Invalid("receiver_id", "same_person")
    if receiver.id == by.staff_id:
        raise Invalid("receiver_id", "own_team")
    case_id = find_case_id(session, reference) if reference.strip() else None
    found = (
        []
        if reference.strip() and case_id is None
        else list_memberships(session, by, staff_id=giver_id, case_id=case_id)
    )
    if not found:
        raise Invalid("reference", "nothing_to_hand_over")
    taker = person_of(receiver)
    if any(ROLE_FOR[member.part] not in taker.roles for member, _ in found):
        raise Invalid("receiver_id", "lacks_role")
    references = list(dict.fromkeys(reference for _, reference in found))
    case_ids = list(dict.fromkeys(member.case_id for member, _ in found))
    return Handover(person_of(giver), taker, references, case_ids), [member for member, _ in found]


def _may_move(by: Actor, staff: Staff) -> bool:
    """Administrators and the authority's leader everybody's, a provider's leader the own unit's."""
    if by.may(Permission.MANAGE_PEOPLE) or Scope.KOMMUNE in by.scopes:
        return True
    return by.may(Permission.HAND_OVER_CASES) and staff.unit_id == by.unit_id


def _end(session: Session, member: TeamMember, today: date) -> None:
    if member.from_on > today:
        session.delete(member)  # it never began
    else:
        member.until_on = today


def _note_team(session: Session, by: Actor, case_id: UUID, now: datetime, **details: str) -> None:
    record_act(session, Act.TEAM_CHANGED, at=now, staff_id=by.staff_id, case_id=case_id, **details)


def _active(session: Session) -> list[Staff]:
    return [one for one in list_staff(session) if one.active]
