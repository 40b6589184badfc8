"""Links to one's own account: an invitation, a forgotten password, a new e-mail address.

Whether an account exists is never told: asking and using answer the same for everybody, and the work of a request for
a new password is done when its answer has been sent (`web.errands`). A link only sets a password; whoever uses it
signs in with it afterwards, second factor and all.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.passwords import hash_secret
from fitsvc.services.sign_in import check_password
from fitsvc.storage.account_links import (
    AccountLink,
    LinkPurpose,
    delete_links,
    find_link,
    find_link_by_token,
    hash_token,
    replace_link,
    use_link,
)
from fitsvc.storage.accounts import Staff, find_staff, find_staff_by_email
from fitsvc.storage.logs import record_act
from fitsvc.storage.sign_ins import end_sign_ins

LASTS = {
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.RESET: timedelta(hours=1),
    LinkPurpose.ADDRESS: timedelta(days=1),
}
AGAIN_AFTER = timedelta(minutes=5)
"""A second request for a new password within this time sends nothing: nobody's mailbox is filled through us."""

_PASSWORD_LINKS = (LinkPurpose.INVITATION, LinkPurpose.RESET)


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made: its secret, which is stored nowhere, where it goes and in which language."""

    token: str
    purpose: LinkPurpose
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class AddressChanged:
    old: str
    language: str


def is_local(staff: Staff) -> bool:
    """Whether somebody may have a password here; the kommune's own accounts never do."""
    return staff.active and staff.oidc_issuer is None


def make_link(
    session: Session, staff: Staff, purpose: LinkPurpose, *, now: datetime, new_email: str | None = None
) -> NewLink:
    """A new link; an older one of the same purpose is dead from now on."""
    token = secrets.token_urlsafe(32)
    replace_link(
        session,
        AccountLink(
            staff_id=staff.id,
            purpose=purpose,
            token_hash=hash_token(token),
            new_email=new_email,
            made_at=now,
            expires_at=now + LASTS[purpose],
        ),
    )
    return NewLink(token, purpose, new_email or staff.email, staff.language)


def ask_for_reset(session: Session, *, email: str, now: datetime) -> NewLink | None:
    """A link to choose a new password, for an active account of ours; None for everybody else."""
    staff = find_staff_by_email(session, email[:255])
    if staff is None or not is_local(staff):
        return None
    latest = find_link(session, staff.id, LinkPurpose.RESET)
    if latest is not None and now - latest.made_at < AGAIN_AFTER:
        return None
    record_act(session, Act.RESET_MAILED, at=now, staff=str(staff.id))
    return make_link(session, staff, LinkPurpose.RESET, now=now)


def take_back(session: Session, *, token: str, purpose: LinkPurpose, now: datetime) -> None:
    """A link whose message could not be sent: nobody has it, and it can be asked for again at once."""
    link = find_link_by_token(session, token, purpose, now=now)
    if link is not None:
        delete_links(session, link.staff_id, purpose)


def is_password_link(session: Session, *, token: str, now: datetime) -> bool:
    """Whether a password can be chosen with it. Looking uses nothing up: mail scanners open every link."""
    return _find(session, token, _PASSWORD_LINKS, now) is not None


def prepare_password(session: Session, *, token: str, new: str, now: datetime) -> str:
    """The new password's hash, which takes long on purpose and is made before anything is locked.

    Raises NotFound for a link that leads nowhere, Refused with what `check_password` says.
    """
    _link, staff = _get(session, token, _PASSWORD_LINKS, now)
    check_password(new, staff.name, staff.email)
    return hash_secret(new)


def choose_password(session: Session, *, token: str, hashed: str, now: datetime) -> None:
    """Use the link: the password is the new one, every browser is signed out, the PIN is gone. Raises NotFound."""
    purpose, staff = _use(session, token, _PASSWORD_LINKS, now)
    staff.password = hashed
    staff.pin_hash = None
    staff.fs_uniquifier = uuid4().hex
    end_sign_ins(session, staff_id=staff.id, now=now)
    delete_links(session, staff.id, *_PASSWORD_LINKS)
    record_act(session, Act.PASSWORD_CHOSEN, at=now, staff_id=staff.id, staff=str(staff.id), by=purpose.value)


def ask_for_address(session: Session, *, staff_id: UUID, new_email: str, now: datetime) -> NewLink | None:
    """A link to the new address, where it is nobody's yet; until it is used the old one holds."""
    staff = find_staff(session, staff_id)
    if staff is None or not is_local(staff) or find_staff_by_email(session, new_email) is not None:
        return None
    record_act(session, Act.ADDRESS_CHANGE_ASKED, at=now, staff_id=staff_id, staff=str(staff_id))
    return make_link(session, staff, LinkPurpose.ADDRESS, now=now, new_email=new_email)


def is_address_link(session: Session, *, token: str, now: datetime) -> bool:
    return _find(session, token, (LinkPurpose.ADDRESS,), now) is not None


def confirm_address(session: Session, *, token: str, now: datetime) -> AddressChanged:
    """Use the link: the new address is the account's. Links sent to the old one are dead.

    Raises NotFound, also when the address has become somebody else's meanwhile.
    """
    link, staff = _get(session, token, (LinkPurpose.ADDRESS,), now)
    new_email = link.new_email or ""
    if not use_link(session, link.id) or find_staff_by_email(session, new_email) is not None:
        raise NotFound("no such link")
    old, staff.email = staff.email, new_email
    delete_links(session, staff.id)
    record_act(session, Act.ADDRESS_CHANGED, at=now, staff_id=staff.id, staff=str(staff.id))
    return AddressChanged(old, staff.language)


def checked_address(email: str) -> str:
    """As addresses are stored. Raises Refused `not_an_email`."""
    tidy = email.strip().lower()
    if not tidy.isprintable() or len(tidy) > 255 or " " in tidy or tidy.count("@") != 1:
        raise Refused("not_an_email")
    return tidy


def _find(
    session: Session, token: str, purposes: tuple[LinkPurpose, ...], now: datetime
) -> tuple[AccountLink, Staff] | None:
    link = find_link_by_token(session, token, *purposes, now=now)
    staff = None if link is None else find_staff(session, link.staff_id)
    return None if link is None or staff is None or not is_local(staff) else (link, staff)


def _get(
    session: Session, token: str, purposes: tuple[LinkPurpose, ...], now: datetime
) -> tuple[AccountLink, Staff]:
    found = _find(session, token, purposes, now)
    if found is None:
        raise NotFound("no such link")
    return found


def _use(
    session: Session, token: str, purposes: tuple[LinkPurpose, ...], now: datetime
) -> tuple[LinkPurpose, Staff]:
    link, staff = _get(session, token, purposes, now)
    if not use_link(session, link.id):
        raise NotFound("no such link")
    return link.purpose, staff
