"""Staff accounts as an administrator manages them. Accounts are never deleted: the log tells of them."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.permissions import Permission
from fitsvc.domain.roles import Role
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import Invalid, checked_text
from fitsvc.services.passwords import hash_secret
from fitsvc.services.role_grants import roles_of, set_roles
from fitsvc.storage.accounts import Staff, find_staff, find_staff_by_email, list_staff
from fitsvc.storage.case_teams import count_memberships
from fitsvc.storage.logs import record_act
from fitsvc.storage.organisation import find_unit

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike on paper


@dataclass(frozen=True, slots=True)
class StaffFacts:
    id: UUID
    name: str
    email: str
    unit_id: UUID
    unit_name: str
    roles: frozenset[Role]
    active: bool
    open_cases: int


@dataclass(frozen=True, slots=True)
class Account:
    """What an administrator decides about an account."""

    name: str
    email: str
    unit_id: UUID
    roles: frozenset[Role]
    active: bool = True


def list_accounts(session: Session, *, by: Actor) -> list[StaffFacts]:
    counts = count_memberships(session, by.today)
    return [_facts(one, counts.get(one.id, 0)) for one in list_staff(session)]


def get_account(session: Session, *, by: Actor, staff_id: UUID) -> StaffFacts:
    return _facts(_get(session, staff_id), count_memberships(session, by.today).get(staff_id, 0))


def create_staff(session: Session, *, by: Actor, account: Account, now: datetime) -> tuple[UUID, str]:
    """A new account; returns it with its first password, which is shown once and stored as a hash only.

    Raises Invalid on `name`, `email` (`taken`) or `unit_id`.
    """
    _require_administrator(by)
    name, email = _checked(session, by, account, None)
    password = _first_password()
    staff = Staff(
        name=name,
        email=email,
        unit_id=account.unit_id,
        roles=[],
        password=hash_secret(password),
        active=True,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    record_act(session, Act.STAFF_CREATED, at=now, staff_id=by.staff_id, staff=str(staff.id))
    set_roles(session, by=by.staff_id, staff=staff, roles=account.roles, now=now)
    return staff.id, password


def change_staff(session: Session, *, by: Actor, staff_id: UUID, account: Account, now: datetime) -> None:
    """Change an account. Nobody gives themselves a role, takes one from themselves, or shuts themselves out.

    Raises Invalid on `name`, `email`, `unit_id`, `roles` (`own_roles`) or `active` (`own_account`); NotFound.
    """
    _require_administrator(by)
    staff = _get(session, staff_id)
    if staff_id == by.staff_id and not account.active:
        raise Invalid("active", "own_account")
    name, email = _checked(session, by, account, staff_id)
    wanted = {"name": name, "email": email, "unit_id": account.unit_id, "active": account.active}
    changed = [field for field, value in wanted.items() if getattr(staff, field) != value]
    for field in changed:
        setattr(staff, field, wanted[field])
    if "active" in changed and not account.active:
        staff.fs_uniquifier = uuid4().hex  # whoever is signed in with it is out at once
    moved = "unit_id" in changed
    if moved and staff_id == by.staff_id:
        raise Invalid("unit_id", "own_unit")
    session.flush()
    set_roles(session, by=by.staff_id, staff=staff, roles=account.roles, now=now, moved=moved)
    if changed:
        record_act(
            session, Act.STAFF_CHANGED, at=now, staff_id=by.staff_id, staff=str(staff_id), changed=changed
        )
    session.flush()


def give_new_password(session: Session, *, by: Actor, staff_id: UUID, now: datetime) -> str:
    """A new first password for somebody who has lost theirs; signs them out everywhere and removes the PIN."""
    staff = _get(session, staff_id)
    password = _first_password()
    staff.password = hash_secret(password)
    staff.pin_hash = None
    staff.fs_uniquifier = uuid4().hex
    record_act(
        session, Act.STAFF_CHANGED, at=now, staff_id=by.staff_id, staff=str(staff_id), changed=["password"]
    )
    return password


def _require_administrator(by: Actor) -> None:
    """Whatever page or command calls: an account is an administrator's to change."""
    if not by.may(Permission.MANAGE_PEOPLE):
        raise NotFound(by.staff_id)


def _checked(session: Session, by: Actor, account: Account, own_id: UUID | None) -> tuple[str, str]:
    name = checked_text(account.name, "name")
    email = checked_text(account.email, "email", limit=255).lower()
    owner = find_staff_by_email(session, email)
    if owner is not None and owner.id != own_id:
        raise Invalid("email", "taken")
    if own_id != by.staff_id and _mailbox(email) == _mailbox(_get(session, by.staff_id).email):
        raise Invalid("email", "own_email")  # a second account would be a role given to oneself
    if find_unit(session, account.unit_id) is None:
        raise Invalid("unit_id", "missing")
    return name, email


def _mailbox(email: str) -> str:
    """Where mail to an address arrives: most servers leave out what follows a plus."""
    name, _at, domain = email.partition("@")
    return f"{name.partition('+')[0]}@{domain}"


def _first_password() -> str:
    """Four groups of four signs, 79 random bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def _get(session: Session, staff_id: UUID) -> Staff:
    staff = find_staff(session, staff_id)
    if staff is None:
        raise NotFound(staff_id)
    return staff


def _facts(staff: Staff, open_cases: int) -> StaffFacts:
    return StaffFacts(
        id=staff.id,
        name=staff.name,
        email=staff.email,
        unit_id=staff.unit_id,
        unit_name=staff.unit.name,
        roles=roles_of(staff),
        active=staff.active,
        open_cases=open_cases,
    )
