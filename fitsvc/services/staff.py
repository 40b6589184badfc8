"""Staff accounts as an administrator manages them. Accounts are never deleted: the log tells of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.permissions import Permission
from fitsvc.domain.roles import Role
from fitsvc.services.account_links import NewLink, ask_for_address, is_local, make_link
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import Invalid, checked_text
from fitsvc.services.leader_notices import tell
from fitsvc.services.role_grants import roles_of, set_roles
from fitsvc.storage.account_links import LinkPurpose, delete_links
from fitsvc.storage.accounts import Staff, find_staff, find_staff_by_email, list_staff
from fitsvc.storage.case_teams import count_memberships
from fitsvc.storage.logs import record_act
from fitsvc.storage.organisation import find_unit
from fitsvc.storage.sign_ins import end_sign_ins


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
    has_password: bool
    is_local: bool
    from_kommune: bool


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


def create_staff(
    session: Session, *, by: Actor, account: Account, now: datetime, invited: bool = True
) -> tuple[UUID, NewLink | None]:
    """A new account and, when `invited`, the link with which its owner chooses a password; nobody else knows one.

    Raises Invalid on `name`, `email` (`taken`) or `unit_id`.
    """
    _require_administrator(by)
    name, email = _checked(session, by, account, None)
    staff = Staff(
        name=name,
        email=email,
        unit_id=account.unit_id,
        roles=[],
        password=None,
        active=True,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    record_act(session, Act.STAFF_CREATED, at=now, staff_id=by.staff_id, staff=str(staff.id))
    set_roles(session, by=by.staff_id, staff=staff, roles=account.roles, now=now)
    return staff.id, _invite(session, by, staff, now) if invited else None


def change_staff(
    session: Session, *, by: Actor, staff_id: UUID, account: Account, now: datetime
) -> NewLink | None:
    """Change an account. Nobody gives themselves a role, takes one from themselves, or shuts themselves out.

    A new e-mail address takes effect when the link returned here was used, unless the account has no password yet.
    Another role or unit, and closing the account, end every sign-in of it.

    Raises Invalid on `name`, `email`, `unit_id`, `roles` (`own_roles`) or `active` (`own_account`), on the first four
    `decided_by_kommune` too; NotFound.
    """
    _require_administrator(by)
    staff = _get(session, staff_id)
    if staff_id == by.staff_id and not account.active:
        raise Invalid("active", "own_account")
    _require_own_to_decide(staff, account)
    name, email = _checked(session, by, account, staff_id)
    wanted = {"name": name, "unit_id": account.unit_id, "active": account.active}
    to_confirm = email != staff.email and staff.password is not None and account.active
    if not to_confirm:
        wanted["email"] = email
    changed = [field for field, value in wanted.items() if getattr(staff, field) != value]
    for field in changed:
        setattr(staff, field, wanted[field])
    if "active" in changed and not account.active:
        staff.fs_uniquifier = uuid4().hex  # whoever is signed in with it is out at once
    if "email" in changed or not account.active:
        delete_links(session, staff_id)
    moved = "unit_id" in changed
    if moved and staff_id == by.staff_id:
        raise Invalid("unit_id", "own_unit")
    session.flush()
    has_other_roles = set_roles(
        session, by=by.staff_id, staff=staff, roles=account.roles, now=now, moved=moved
    )
    if has_other_roles or {"active", "unit_id"} & set(changed):
        end_sign_ins(session, staff_id=staff_id, now=now)
    if changed:
        record_act(
            session, Act.STAFF_CHANGED, at=now, staff_id=by.staff_id, staff=str(staff_id), changed=changed
        )
    session.flush()
    if not to_confirm:
        return None
    return ask_for_address(session, staff_id=staff_id, new_email=email, now=now)


def invite_again(session: Session, *, by: Actor, staff_id: UUID, now: datetime) -> NewLink:
    """A new link to choose a password, for somebody who has lost theirs or never got the first one.

    The password there is holds until the link is used. Raises Refused `not_local` for an account that is closed or
    belongs to the kommune's own sign-in.
    """
    _require_administrator(by)
    staff = _get(session, staff_id)
    if not is_local(staff):
        raise Refused("not_local")
    if staff.password is not None:  # an account in use: whoever gets the link may become its owner
        tell(session, NoticeKind.INVITED_AGAIN, about=staff, by=by.staff_id, now=now)
    return _invite(session, by, staff, now)


def _require_own_to_decide(staff: Staff, account: Account) -> None:
    """Whoever signs in through the kommune is called, placed and given roles there; only closing is decided here."""
    if staff.oidc_subject is None:
        return
    here = {"name": staff.name, "email": staff.email, "unit_id": staff.unit_id, "roles": roles_of(staff)}
    for field, value in here.items():
        if getattr(account, field) != value:
            raise Invalid(field, "decided_by_kommune")


def _require_administrator(by: Actor) -> None:
    """Whatever page or command calls: an account is an administrator's to change."""
    if not by.may(Permission.MANAGE_PEOPLE):
        raise NotFound(by.staff_id)


def _invite(session: Session, by: Actor, staff: Staff, now: datetime) -> NewLink:
    record_act(session, Act.INVITATION_MADE, at=now, staff_id=by.staff_id, staff=str(staff.id))
    return make_link(session, staff, LinkPurpose.INVITATION, now=now)


def _checked(session: Session, by: Actor, account: Account, own_id: UUID | None) -> tuple[str, str]:
    name = checked_text(account.name, "name")
    email = _spelled(checked_text(account.email, "email", limit=255).lower())
    owner = find_staff_by_email(session, email)
    if owner is not None and owner.id != own_id:
        raise Invalid("email", "taken")
    if own_id != by.staff_id and _mailbox(email) == _mailbox(_get(session, by.staff_id).email):
        raise Invalid("email", "own_email")  # a second account would be a role given to oneself
    if find_unit(session, account.unit_id) is None:
        raise Invalid("unit_id", "missing")
    return name, email


def _spelled(email: str) -> str:
    """As the sign-in looks it up: an address with wide letters is the same mailbox, and no second account."""
    try:
        return str(validate_email(email, check_deliverability=False).normalized).lower()
    except EmailNotValidError:
        return email


def _mailbox(email: str) -> str:
    """Where mail to an address arrives: most servers leave out what follows a plus."""
    name, _at, domain = email.partition("@")
    return f"{name.partition('+')[0]}@{domain}"


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
        has_password=staff.password is not None,
        is_local=is_local(staff),
        from_kommune=staff.oidc_subject is not None,
    )
