"""Accounts of people who sign in through the kommune: made at the first sign-in, set right at every one.

An account is found by who the provider is and what it calls the person, never by e-mail: an address can be given to
somebody else, and a local account is not taken over by whoever the provider gives the same address.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.cpr import has_cpr
from fitsvc.domain.kommune_person import KommuneMapping, KommunePerson
from fitsvc.domain.roles import may_combine
from fitsvc.services.errors import Refused
from fitsvc.services.invalid import Invalid, checked_text
from fitsvc.services.role_grants import set_roles
from fitsvc.storage.accounts import Staff, find_staff_by_email
from fitsvc.storage.kommune_accounts import (
    end_sign_ins_of_provider,
    find_staff_by_subject,
    find_unit_named,
)
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import Taken, add_once
from fitsvc.storage.sign_ins import end_sign_ins
from fitsvc.storage.spent import spend

PROVIDER = "provider"
"""What the log says instead of a person where the kommune's provider decided."""
LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Admission:
    """Either the account that may come in, or the code of why nobody does."""

    staff: Staff | None = None
    refused: str | None = None
    account: UUID | None = None


def admit(session: Session, *, person: KommunePerson, now: datetime) -> Admission:
    """The account of a person the provider vouches for, as the claims have it today; a refusal is in the log.

    Refusals: `low_assurance`, `account_closed`, `unknown_role`, `unknown_unit` (whoever is signed in with the account
    is out at once, and its roles are gone), `roles_apart`, `unit_not_here`, `claim_missing`, `claim_unusable`,
    `email_taken`, `subject_unusable`.
    """
    staff = find_staff_by_subject(session, person.issuer, person.subject)
    refused = _refusal(session, person, staff)
    if refused is None:
        try:
            staff = _set_right(session, person, staff, now)
        except (Invalid, EmailNotValidError) as error:
            refused = "claim_missing" if str(error) == "missing" else "claim_unusable"
        except Taken:
            refused = "email_taken"
    if refused is None and staff is not None:
        record_act(session, Act.SIGNED_IN, at=now, staff_id=staff.id, by=PROVIDER)
        return Admission(staff, account=staff.id)
    if staff is not None and refused in {"unknown_role", "unknown_unit"}:
        _shut_out(session, staff, now)
    account = staff.id if staff is not None else None
    note_refusal(session, reason=refused or "unknown", account=account, now=now)
    return Admission(refused=refused, account=account)


def note_refusal(session: Session, *, reason: str, account: UUID | None, now: datetime) -> None:
    """A sign-in through the kommune that failed, and why, without a word of what was sent."""
    record_act(session, Act.SIGN_IN_REFUSED, at=now, account=str(account) if account else None, reason=reason)


def use_up(session: Session, *, key: str, now: datetime, expires_at: datetime) -> bool:
    """Whether this is the first time the state of a sign-in, or a message's name, is used."""
    return spend(session, key, now=now, expires_at=expires_at)


def end_for_provider(
    session: Session, *, issuer: str, subject: str | None, session_id: str | None, now: datetime
) -> int:
    """Sign out whom the provider has signed out; how many browsers that were."""
    ended = end_sign_ins_of_provider(session, issuer=issuer, subject=subject, session_id=session_id, now=now)
    for staff_id in sorted(set(ended)):
        number = ended.count(staff_id)
        record_act(session, Act.SIGN_INS_ENDED, at=now, staff=str(staff_id), number=number, by=PROVIDER)
    return len(ended)


def move_to_kommune(session: Session, *, email: str, issuer: str, subject: str, now: datetime) -> None:
    """Give an account there is to the person the provider calls `subject`: its password and factors end.

    Raises Refused: `no_such_account`, `already_moved`, `subject_taken`, `subject_unusable`.
    """
    staff = find_staff_by_email(session, email)
    if staff is None:
        raise Refused("no_such_account")
    if staff.oidc_subject is not None:
        raise Refused("already_moved")
    if not is_usable_subject(subject):
        raise Refused("subject_unusable")
    if find_staff_by_subject(session, issuer, subject) is not None:
        raise Refused("subject_taken")
    staff.oidc_issuer, staff.oidc_subject = issuer, subject
    staff.password = staff.pin_hash = staff.tf_primary_method = staff.tf_totp_secret = None
    staff.mf_recovery_codes = None
    staff.webauthn.clear()
    staff.fs_uniquifier = uuid4().hex
    end_sign_ins(session, staff_id=staff.id, now=now)
    record_act(session, Act.STAFF_CHANGED, at=now, staff=str(staff.id), changed=["way_in"], by="command")


def is_usable_subject(subject: object) -> bool:
    """A text of a size to keep, and no CPR number."""
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        return False
    return not (has_cpr(subject) and len(subject) <= len("010190-1234"))


def find_unknown_units(session: Session, mapping: KommuneMapping) -> list[str]:
    """Units the mapping names and this service does not have, in the file's order."""
    wanted = dict.fromkeys(mapping.units.values())
    return [named for named in wanted if find_unit_named(session, named) is None]


def _refusal(session: Session, person: KommunePerson, staff: Staff | None) -> str | None:
    if not is_usable_subject(person.subject):
        return "subject_unusable"
    if staff is not None and not staff.active:
        return "account_closed"
    if not person.is_assured:
        return "low_assurance"
    if not person.roles:
        return "unknown_role"
    if not may_combine(person.roles):
        return "roles_apart"
    if person.unit is None:
        return "unknown_unit"
    if find_unit_named(session, person.unit) is None:
        return "unit_not_here"
    owner = find_staff_by_email(session, person.email) if person.email else None
    if owner is not None and (staff is None or owner.id != staff.id):
        return "email_taken"
    return None


def _set_right(session: Session, person: KommunePerson, staff: Staff | None, now: datetime) -> Staff:
    """Make the account, or give it the name, address, unit and roles of today."""
    name = checked_text(person.name, "name")
    checked_text(person.email, "email", limit=LONGEST_SUBJECT)
    email = validate_email(person.email, check_deliverability=False).normalized.lower()
    unit = find_unit_named(session, person.unit or "")
    if unit is None:
        raise Invalid("unit", "missing")
    moved = staff is not None and staff.unit_id != unit.id
    if staff is None:
        staff = Staff(
            id=uuid4(),
            name=name,
            email=email,
            unit_id=unit.id,
            unit=unit,
            oidc_issuer=person.issuer,
            oidc_subject=person.subject,
            active=True,
            created_at=now,
        )
        add_once(session, staff)
        record_act(session, Act.STAFF_CREATED, at=now, staff=str(staff.id), by=PROVIDER)
    else:
        wanted = {"name": name, "email": email, "unit_id": unit.id}
        changed = [field for field, value in wanted.items() if getattr(staff, field) != value]
        for field in changed:
            setattr(staff, field, wanted[field])
        if changed:
            staff.unit = unit
            record_act(session, Act.STAFF_CHANGED, at=now, staff=str(staff.id), changed=changed, by=PROVIDER)
    session.flush()
    set_roles(session, by=None, staff=staff, roles=person.roles, now=now, moved=moved)
    return staff


def _shut_out(session: Session, staff: Staff, now: datetime) -> None:
    """The kommune took the unit or the roles away: nothing of the account is open any more."""
    set_roles(session, by=None, staff=staff, roles=frozenset(), now=now)
    staff.fs_uniquifier = uuid4().hex
    ended = end_sign_ins(session, staff_id=staff.id, now=now)
    if ended:
        record_act(session, Act.SIGN_INS_ENDED, at=now, staff=str(staff.id), number=ended, by=PROVIDER)
