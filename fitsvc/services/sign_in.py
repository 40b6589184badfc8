"""One's own account: coming and going, password, PIN and language."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from fitsvc.common_passwords import is_common
from fitsvc.domain.audit import Act
from fitsvc.domain.password import is_guessable, is_guessable_pin
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.passwords import SHORTEST_PASSWORD, hash_secret, matches
from fitsvc.storage.account_links import delete_links
from fitsvc.storage.accounts import Staff, find_staff, find_staff_by_email
from fitsvc.storage.logs import record_act
from fitsvc.storage.sign_ins import end_sign_ins

SHORTEST_PIN, LONGEST_PIN = 4, 8
LONGEST_PASSWORD = 200


def note_sign_in(session: Session, *, staff_id: UUID, now: datetime) -> None:
    record_act(session, Act.SIGNED_IN, at=now, staff_id=staff_id)


def note_sign_out(session: Session, *, staff_id: UUID, now: datetime) -> None:
    record_act(session, Act.SIGNED_OUT, at=now, staff_id=staff_id)


def note_refusal(session: Session, *, email: str, now: datetime) -> None:
    """A sign-in that failed. What was typed is not kept: it may be anything; the account it aimed at is."""
    staff = find_staff_by_email(session, email[:255])
    record_act(session, Act.SIGN_IN_REFUSED, at=now, account=str(staff.id) if staff else None)


def check_pin(staff: Staff, *, password: str, pin: str) -> str:
    """The hash of a new PIN that opens a handed-over device. Slow on purpose: ask before the database is locked.
    Whoever signs in through the kommune has no password here: the caller has let them confirm there.

    Raises Refused: `wrong_password`, `pin_not_digits`, `pin_guessable`.
    """
    if staff.oidc_subject is None:
        _prove(staff, password)
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        raise Refused("pin_not_digits")
    if is_guessable_pin(pin):
        raise Refused("pin_guessable")
    return hash_secret(pin)


def set_pin(session: Session, *, staff_id: UUID, pin_hash: str, now: datetime) -> None:
    """Set or replace the PIN (`check_pin`)."""
    _get_account(session, staff_id).pin_hash = pin_hash
    record_act(session, Act.PIN_SET, at=now, staff_id=staff_id)


def check_own_password(session: Session, *, staff_id: UUID, password: str) -> None:
    """Raises Refused `wrong_password`."""
    _prove(_get_account(session, staff_id), password)


def check_new_password(staff: Staff, *, password: str, new: str) -> str:
    """The hash of a new password. Slow on purpose: ask before the database is locked.

    Raises Refused: `wrong_password`, `password_too_short`, `password_too_long`, `password_guessable`,
    `password_unchanged`.
    """
    _prove(staff, password)
    if new == password:
        raise Refused("password_unchanged")
    check_password(new, staff.name, staff.email)
    return hash_secret(new)


def change_password(
    session: Session, *, staff_id: UUID, new_hash: str, now: datetime, this: UUID | None = None
) -> str:
    """Replace the password (`check_new_password`) and sign out every browser but `this`; returns the name this
    browser goes on under.
    """
    staff = _get_account(session, staff_id)
    staff.password = new_hash
    staff.fs_uniquifier = uuid4().hex
    end_sign_ins(session, staff_id=staff_id, now=now, but=this)
    delete_links(session, staff_id)
    record_act(
        session, Act.STAFF_CHANGED, at=now, staff_id=staff_id, staff=str(staff_id), changed=["password"]
    )
    return staff.fs_uniquifier


def check_password(password: str, *known: str) -> None:
    """Raises Refused when a password is too short, too long or the first that somebody would try."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused("password_too_short")
    if len(password) > LONGEST_PASSWORD:
        raise Refused("password_too_long")
    if is_guessable(password, *known) or is_common(password):
        raise Refused("password_guessable")


def choose_language(session: Session, *, staff_id: UUID, language: str) -> None:
    staff = find_staff(session, staff_id)
    if staff is None:
        raise NotFound(staff_id)
    staff.language = language


def _get_account(session: Session, staff_id: UUID) -> Staff:
    staff = find_staff(session, staff_id)
    if staff is None:
        raise NotFound(staff_id)
    return staff


def _prove(staff: Staff, password: str) -> None:
    if staff.password is None or not matches(password, staff.password):
        raise Refused("wrong_password")
