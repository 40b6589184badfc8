"""Substitutes: a colleague has the absent one's parts on their cases between two days, and no longer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.permissions import Permission
from fitsvc.domain.roles import Scope
from fitsvc.services.case_teams import ROLE_FOR
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import LONGEST_LOOK_AHEAD, Invalid, checked_day
from fitsvc.services.people import Person, person_of
from fitsvc.storage.accounts import Staff, find_staff, list_staff
from fitsvc.storage.cases import Case, TeamMember, TeamPart
from fitsvc.storage.logs import record_act
from fitsvc.storage.special_reading import list_own_parts, list_substitutions

LONGEST_SUBSTITUTION = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Substitution:
    """One colleague in another's place on so many cases; `until_on` is the last day. `id` names any of its rows."""

    id: UUID
    absent: str
    substitute: str
    from_on: date
    until_on: date
    cases: int
    may_end: bool


def list_absent(session: Session, *, by: Actor) -> list[Person]:
    """For whom this person may name a substitute: themselves first, and those whose cases they may hand over."""
    found = [person_of(one) for one in list_staff(session) if _may_name_for(by, one) and _works(one)]
    return sorted(found, key=lambda one: one.id != by.staff_id)


def list_substitutes(session: Session, *, by: Actor) -> list[Person]:
    """Who may be named: active colleagues of the same units, never the person who names."""
    units = {one.unit_id for one in list_staff(session) if _may_name_for(by, one)}
    return [
        person_of(one)
        for one in list_staff(session)
        if one.active and one.unit_id in units and one.id != by.staff_id and _works(one)
    ]


def read_substitutions(session: Session, *, by: Actor) -> list[Substitution]:
    """Those that run or come, of this person and of everybody they may name one for."""
    people = {one.id: one for one in list_staff(session)}
    grouped: dict[tuple[UUID, UUID, date, date], list[TeamMember]] = {}
    for row in list_substitutions(session, by.today):
        if row.substitute_for_id is None or row.until_on is None:
            continue
        mine = row.staff_id == by.staff_id or _may_name_for(by, people[row.substitute_for_id])
        if mine:
            key = (row.substitute_for_id, row.staff_id, row.from_on, row.until_on)
            grouped.setdefault(key, []).append(row)
    return [
        Substitution(
            rows[0].id,
            people[absent].name,
            people[substitute].name,
            from_on,
            until_on - timedelta(days=1),
            len({row.case_id for row in rows}),
            _may_name_for(by, people[absent]),
        )
        for (absent, substitute, from_on, until_on), rows in grouped.items()
    ]


def name_substitute(
    session: Session,
    *,
    by: Actor,
    absent_id: UUID,
    substitute_id: UUID,
    from_on: date,
    until_on: date,
    reference: str = "",
    now: datetime,
) -> int:
    """Give the absent one's parts to a colleague from one day until another, both included; on how many cases.

    On one case when a reference is given, else on all. A protected case is passed over: there, a leader names people
    one by one. Twice is once. Raises NotFound; Invalid on `substitute_id` (`same_person`, `own_team`, `other_unit`,
    `lacks_role`), `from_on`, `until_on` or `reference` (`no_case_to_cover`).
    """
    absent, substitute = find_staff(session, absent_id), find_staff(session, substitute_id)
    if absent is None or not _may_name_for(by, absent):
        raise NotFound(absent_id)
    if substitute is None or not substitute.active:
        raise NotFound(substitute_id)
    if absent.id == substitute.id:
        raise Invalid("substitute_id", "same_person")
    if substitute.id == by.staff_id:
        raise Invalid("substitute_id", "own_team")
    if substitute.unit_id != absent.unit_id:
        raise Invalid("substitute_id", "other_unit")
    checked_day(from_on, "from_on", earliest=by.today, latest=by.today + LONGEST_LOOK_AHEAD)
    checked_day(until_on, "until_on", earliest=from_on, latest=from_on + LONGEST_SUBSTITUTION)
    parts = _parts(session, by, absent_id, reference.strip(), from_on)
    if not parts:
        raise Invalid("reference", "no_case_to_cover")
    roles = person_of(substitute).roles
    if any(ROLE_FOR[member.part] not in roles for member, _case in parts):
        raise Invalid("substitute_id", "lacks_role")
    there = {
        (one.case_id, one.part, one.from_on, one.until_on)
        for one in list_substitutions(session, by.today)
        if one.staff_id == substitute_id and one.substitute_for_id == absent_id
    }
    for member, case in parts:
        ends = until_on + timedelta(days=1)
        if (case.id, member.part, from_on, ends) in there:
            continue
        session.add(
            TeamMember(
                case_id=case.id,
                staff_id=substitute_id,
                part=member.part,
                from_on=from_on,
                until_on=ends,
                substitute_for_id=absent_id,
            )
        )
        record_act(
            session,
            Act.SUBSTITUTE_NAMED,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            absent=str(absent_id),
            substitute=str(substitute_id),
            from_on=from_on.isoformat(),
            until_on=until_on.isoformat(),
        )
    session.flush()
    return len({case.id for _member, case in parts})


def end_substitution(session: Session, *, by: Actor, member_id: UUID, now: datetime) -> None:
    """The whole of it, from today; whoever may name one may end it. Raises NotFound."""
    running = list_substitutions(session, by.today)
    one = next((row for row in running if row.id == member_id), None)
    absent = find_staff(session, one.substitute_for_id) if one and one.substitute_for_id else None
    if one is None or absent is None or not _may_name_for(by, absent):
        raise NotFound(member_id)
    key = (one.substitute_for_id, one.staff_id, one.from_on, one.until_on)
    for row in running:
        if (row.substitute_for_id, row.staff_id, row.from_on, row.until_on) != key:
            continue
        record_act(
            session,
            Act.SUBSTITUTE_ENDED,
            at=now,
            staff_id=by.staff_id,
            case_id=row.case_id,
            absent=str(absent.id),
            substitute=str(row.staff_id),
        )
        if row.from_on > by.today:
            session.delete(row)  # it never began
        else:
            row.until_on = by.today


def _parts(
    session: Session, by: Actor, absent_id: UUID, reference: str, from_on: date
) -> list[tuple[TeamMember, Case]]:
    return [
        (member, case)
        for member, case in list_own_parts(session, absent_id, by.today)
        if case.protected_at is None
        and (not reference or case.reference.lower() == reference.lower())
        and (member.until_on is None or member.until_on > from_on)
        and member.part is not TeamPart.NAMED
    ]


def _may_name_for(by: Actor, absent: Staff) -> bool:
    """For oneself; their leader; and whoever may hand everybody's cases over."""
    if absent.id == by.staff_id:
        return True
    if not by.may(Permission.HAND_OVER_CASES):
        return False
    everybody = by.may(Permission.MANAGE_PEOPLE) or Scope.KOMMUNE in by.scopes
    return everybody or absent.unit_id == by.unit_id


def _works(staff: Staff) -> bool:
    return bool(person_of(staff).roles & frozenset(ROLE_FOR.values()))
