"""Respondents of a case: who rates, in which role, seen from where, and on what basis they may be asked."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.asking import Hindrance, hindrance
from fitsvc.domain.audit import Act
from fitsvc.domain.rater import RaterRole
from fitsvc.services.case_access import get_case
from fitsvc.services.contact import checked_email, checked_phone
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import LONG_TEXT, LONGEST_LOOK_BACK, Invalid, checked_day, checked_text
from fitsvc.storage.cases import Case
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import add_once
from fitsvc.storage.respondents import (
    Person,
    Respondent,
    SharingBasis,
    find_person_in_scope,
    find_respondent,
    list_plans,
    list_respondents,
    list_sharing_bases,
    search_persons,
)

SHORTEST_SEARCH = 2


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person is reached and in which language."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "da"


@dataclass(frozen=True, slots=True)
class Basis:
    """Why somebody may be asked, how far the sharing goes, since when, and when the family was told."""

    basis: str
    sharing_scope: str
    decided_on: date
    family_told_on: date


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who already rates in another case of this actor's own scope."""

    person_id: UUID
    name: str
    rater_role: RaterRole
    case_name: str


def get_respondent(
    session: Session, *, by: Actor, case_id: UUID, respondent_id: UUID
) -> tuple[Case, Respondent]:
    """The case and its respondent, with the person loaded; NotFound out of scope or in another case."""
    case = get_case(session, by=by, case_id=case_id)
    respondent = find_respondent(session, case.id, respondent_id)
    if respondent is None:
        raise NotFound(respondent_id)
    return case, respondent


def find_known_persons(
    session: Session, *, by: Actor, case_id: UUID, name_part: str
) -> tuple[KnownPerson, ...]:
    """Persons by a part of their name, among the respondents of the actor's other cases; none for a short part."""
    get_case(session, by=by, case_id=case_id)
    part = checked_text(name_part, "name_part", required=False)
    if len(part) < SHORTEST_SEARCH:
        return ()
    return tuple(
        KnownPerson(person.id, person.name, role, case_name)
        for person, role, case_name in search_persons(session, by, part, not_in=case_id)
        if role is not RaterRole.CHILD
    )


def find_known_person(session: Session, *, by: Actor, person_id: UUID) -> Person | None:
    """The person when they rate in a case of the actor's scope."""
    return find_person_in_scope(session, by, person_id)


def add_respondent(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    key: UUID,
    role: RaterRole,
    contact: Contact | None = None,
    person_id: UUID | None = None,
    setting: str = "",
    label: str = "",
    has_custody: bool | None = None,
    basis: Basis | None = None,
) -> Respondent:
    """Add somebody who rates: a new person (`contact`) or one who already rates in a case of the actor's scope.

    Custody is said of parents only. Sent twice with the same key it is one respondent.
    """
    case = get_case(session, by=by, case_id=case_id)
    if case.closed_on is not None:
        raise Refused("case_closed")
    if session.get(Respondent, key) is not None:
        return get_respondent(session, by=by, case_id=case_id, respondent_id=key)[1]
    person = _person(session, by, now, contact, person_id)
    respondent = Respondent(
        id=key,
        case_id=case.id,
        person=person,
        rater_role=role,
        setting=checked_text(setting, "setting", required=False),
        label=_checked_label(label, role),
        has_custody=_checked_custody(role, has_custody),
        started_on=by.today,
        ended_on=None,
        created_at=now,
    )
    _check_place(list_respondents(session, case.id), respondent, by.today)
    if not add_once(session, respondent):
        return get_respondent(session, by=by, case_id=case_id, respondent_id=key)[1]
    record_act(
        session, Act.RESPONDENT_ADDED, at=now, staff_id=by.staff_id, case_id=case.id, respondent=str(key)
    )
    if basis is not None:
        _add_basis(session, by, now, respondent, basis)
    return respondent


def edit_respondent(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    respondent_id: UUID,
    contact: Contact,
    setting: str,
    label: str,
    has_custody: bool | None,
    ended_on: date | None,
    basis: Basis | None = None,
) -> Respondent:
    """Change what is known about a respondent. The role stays: another role is another respondent and series."""
    case, respondent = get_respondent(session, by=by, case_id=case_id, respondent_id=respondent_id)
    if case.closed_on is not None:
        raise Refused("case_closed")
    if respondent.withdrawn_at is not None:
        raise Refused("respondent_withdrawn")
    custody = _checked_custody(respondent.rater_role, has_custody)
    label = _checked_label(label, respondent.rater_role)
    setting = checked_text(setting, "setting", required=False)
    if ended_on is not None:
        checked_day(ended_on, "ended_on", earliest=respondent.started_on, latest=by.today)
    _update(respondent.person, contact)
    respondent.setting, respondent.label = setting, label
    respondent.has_custody, respondent.ended_on = custody, ended_on
    if ended_on is not None:
        for plan in list_plans(session, case.id):
            if plan.respondent_id == respondent.id and plan.ends_on is None:
                plan.ends_on = max(plan.starts_on, ended_on)
    record_act(
        session,
        Act.RESPONDENT_CHANGED,
        at=now,
        staff_id=by.staff_id,
        case_id=case.id,
        respondent=str(respondent.id),
        ended=ended_on.isoformat() if ended_on else None,
    )
    if basis is not None:
        _add_basis(session, by, now, respondent, basis)
    return respondent


def latest_basis(session: Session, respondent: Respondent) -> SharingBasis | None:
    """The basis that stands now: the one recorded last."""
    found = [
        one for one in list_sharing_bases(session, respondent.case_id) if one.respondent_id == respondent.id
    ]
    return found[-1] if found else None


def carries_asking(basis: SharingBasis | None) -> bool:
    """Whether somebody may be asked on this basis: it stands, and the family was told."""
    return basis is not None and basis.family_told_on is not None


def why_not_asked(session: Session, *, case: Case, respondent: Respondent, today: date) -> Hindrance | None:
    """What stands in the way of a form or a link for this respondent, or None."""
    return hindrance(
        respondent.rater_role,
        respondent.has_custody,
        has_basis=carries_asking(latest_basis(session, respondent)),
        has_ended=respondent.withdrawn_at is not None
        or (respondent.ended_on is not None and respondent.ended_on <= today),
        case_closed=case.closed_on is not None,
    )


def _person(
    session: Session, by: Actor, now: datetime, contact: Contact | None, person_id: UUID | None
) -> Person:
    if person_id is not None:
        known = find_person_in_scope(session, by, person_id)
        if known is None:
            raise NotFound(person_id)
        return known
    if contact is None:
        raise Invalid("name", "missing")
    person = Person(created_at=now, informed_at=None)
    _update(person, contact)
    return person


def _update(person: Person, contact: Contact) -> None:
    person.name = checked_text(contact.name, "name")
    person.email = checked_email(contact.email, "email")
    person.phone = checked_phone(contact.phone, "phone")
    person.language = contact.language


def _checked_label(label: str, role: RaterRole) -> str:
    """The label by which an adult knows which child it is; a child rates itself and sees none."""
    label = checked_text(label, "label", required=False)
    if label and role is RaterRole.CHILD:
        raise Invalid("label", "no_label_for_the_child")
    return label


def _checked_custody(role: RaterRole, has_custody: bool | None) -> bool | None:
    if role is not RaterRole.PARENT:
        return None
    if has_custody is None:
        raise Invalid("has_custody", "missing")
    return has_custody


def _check_place(there: list[Respondent], new: Respondent, today: date) -> None:
    active = [one for one in there if one.ended_on is None or one.ended_on > today]
    if new.rater_role is RaterRole.CHILD and any(one.rater_role is RaterRole.CHILD for one in active):
        raise Invalid("role", "child_there_already")
    if new.person.id is not None and any(one.person_id == new.person.id for one in active):
        raise Invalid("person_id", "person_there_already")


def _add_basis(session: Session, by: Actor, now: datetime, respondent: Respondent, given: Basis) -> None:
    session.add(
        SharingBasis(
            respondent_id=respondent.id,
            basis=checked_text(given.basis, "basis", limit=LONG_TEXT),
            sharing_scope=checked_text(given.sharing_scope, "sharing_scope", limit=LONG_TEXT),
            decided_on=checked_day(
                given.decided_on, "decided_on", earliest=by.today - LONGEST_LOOK_BACK, latest=by.today
            ),
            family_told_on=checked_day(
                given.family_told_on, "family_told_on", earliest=by.today - LONGEST_LOOK_BACK, latest=by.today
            ),
            recorded_by_id=by.staff_id,
            created_at=now,
        )
    )
    record_act(
        session,
        Act.SHARING_RECORDED,
        at=now,
        staff_id=by.staff_id,
        case_id=respondent.case_id,
        respondent=str(respondent.id),
    )
