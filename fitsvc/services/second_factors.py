"""What somebody signs in with besides the password: an app's codes, passkeys, and codes for the day both are gone.

A code works once. Recovery codes are 79 random bits each and stored as SHA-256: nobody who reads the database can use
them. The app's secret is encrypted with the data keys (`storage.secret`).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID, uuid4

from passlib.totp import TOTP
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.leader_notices import tell
from fitsvc.storage.accounts import Passkey, Staff, find_staff
from fitsvc.storage.logs import record_act
from fitsvc.storage.spent import spend

RECOVERY_CODES = 10
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike on paper
_WINDOW = timedelta(seconds=30)
"""Clocks may differ by so much; with RFC 6238's steps of 30 seconds three codes are right at any moment."""
_APP = "authenticator"  # Flask-Security's word for an app that makes codes


@dataclass(frozen=True, slots=True)
class PasskeyFacts:
    id: UUID
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    has_app: bool
    passkeys: tuple[PasskeyFacts, ...]
    codes_left: int

    @property
    def count(self) -> int:
        return self.has_app + len(self.passkeys)


def has_second_factor(staff: Staff) -> bool:
    """Recovery codes alone are none: they are for the day a factor is lost."""
    return staff.tf_totp_secret is not None or bool(staff.webauthn)


def factors_of(staff: Staff) -> Factors:
    return Factors(
        has_app=staff.tf_totp_secret is not None,
        passkeys=tuple(_facts(one) for one in sorted(staff.webauthn, key=lambda one: one.create_datetime)),
        codes_left=len(staff.mf_recovery_codes or ()),
    )


def new_secret() -> str:
    """160 random bits, in base32 as apps want it."""
    return str(TOTP.new().base32_key)


def app_uri(secret: str, *, account: str, issuer: str) -> str:
    """What the square holds that an app reads."""
    return str(TOTP(key=secret).to_uri(label=account, issuer=issuer))


def set_app(session: Session, *, staff: Staff, secret: str, code: str, now: datetime) -> list[str]:
    """Take the app into use, in place of an earlier one; the code shows that it has the secret.

    Returns recovery codes when there were none. Raises Refused `wrong_code`.
    """
    _take_code(session, staff, secret, code, now)
    staff.tf_primary_method, staff.tf_totp_secret = _APP, secret
    return note_set_up(session, staff=staff, way="app", now=now)


def note_set_up(session: Session, *, staff: Staff, way: str, now: datetime) -> list[str]:
    """A factor was taken into use; whoever has no recovery codes gets them now."""
    staff.second_factor_removed_at = None
    record_act(session, Act.SECOND_FACTOR_SET, at=now, staff_id=staff.id, way=way)
    return [] if staff.mf_recovery_codes else make_recovery_codes(session, staff=staff, now=now)


def check_code(session: Session, *, staff: Staff, code: str, now: datetime) -> None:
    """Raises Refused `wrong_code`, for a code that was used before as well."""
    if staff.tf_totp_secret is None:
        raise Refused("wrong_code")
    _take_code(session, staff, staff.tf_totp_secret, code, now)


def make_recovery_codes(session: Session, *, staff: Staff, now: datetime) -> list[str]:
    """New ones; the old ones are worth nothing any more."""
    codes = ["-".join(_group() for _ in range(4)) for _ in range(RECOVERY_CODES)]
    staff.mf_recovery_codes = [_hashed(code) for code in codes]
    record_act(session, Act.RECOVERY_CODES_MADE, at=now, staff_id=staff.id)
    return codes


def use_recovery_code(session: Session, *, staff: Staff, code: str, now: datetime) -> int:
    """How many are left. Raises Refused `wrong_code`."""
    given = _hashed(code)
    kept = [one for one in staff.mf_recovery_codes or () if not compare_digest(one, given)]
    if len(kept) == len(staff.mf_recovery_codes or ()):
        raise Refused("wrong_code")
    # The list as it was read may be out of date when the same code comes twice at once.
    if not spend(session, f"recovery {staff.id} {given}", now=now, expires_at=now + timedelta(days=3660)):
        raise Refused("wrong_code")
    staff.mf_recovery_codes = kept
    record_act(session, Act.RECOVERY_CODE_USED, at=now, staff_id=staff.id, left=len(kept))
    return len(kept)


def note_wrong_code(session: Session, *, staff: Staff, way: str, now: datetime) -> None:
    """`way` is app, recovery or passkey; what was typed is not kept."""
    record_act(session, Act.SECOND_FACTOR_REFUSED, at=now, staff_id=staff.id, way=way)


def drop_app(session: Session, *, staff: Staff, now: datetime) -> None:
    """Raises Refused `last_factor`."""
    if staff.tf_totp_secret is None:
        return
    _not_the_last(staff)
    staff.tf_primary_method = staff.tf_totp_secret = None
    record_act(session, Act.SECOND_FACTOR_DROPPED, at=now, staff_id=staff.id, way="app")


def drop_passkey(session: Session, *, staff: Staff, passkey_id: UUID, now: datetime) -> None:
    """Raises NotFound for what is not one's own, and Refused `last_factor`."""
    passkey = next((one for one in staff.webauthn if one.id == passkey_id), None)
    if passkey is None:
        raise NotFound(passkey_id)
    _not_the_last(staff)
    staff.webauthn.remove(passkey)
    session.delete(passkey)
    record_act(session, Act.SECOND_FACTOR_DROPPED, at=now, staff_id=staff.id, way="passkey")


def remove_from(session: Session, *, by: Actor, staff_id: UUID, now: datetime) -> None:
    """For somebody who has lost phone and codes: app, passkeys and codes go, every browser is signed out, and the
    person sets up new ones at the next sign-in, where it is told, as it is to the leader. The administrator sees to it
    that it is them.

    Raises NotFound, and Refused `own_second_factor`: one's own are changed on the account's page.
    """
    if staff_id == by.staff_id:
        raise Refused("own_second_factor")
    staff = find_staff(session, staff_id)
    if staff is None:
        raise NotFound(staff_id)
    staff.tf_primary_method = staff.tf_totp_secret = staff.mf_recovery_codes = None
    for passkey in list(staff.webauthn):
        staff.webauthn.remove(passkey)
        session.delete(passkey)
    staff.fs_uniquifier = uuid4().hex
    staff.second_factor_removed_at = now
    record_act(session, Act.SECOND_FACTOR_REMOVED, at=now, staff_id=by.staff_id, staff=str(staff_id))
    tell(session, NoticeKind.SECOND_FACTOR_REMOVED, about=staff, by=by.staff_id, now=now)


def _take_code(session: Session, staff: Staff, secret: str, code: str, now: datetime) -> None:
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        raise Refused("wrong_code")
    step = _find_step(secret, digits, now)
    if step is None or not spend(
        session, f"totp {staff.id} {step}", now=now, expires_at=now + timedelta(minutes=10)
    ):
        raise Refused("wrong_code")


def _find_step(secret: str, digits: str, now: datetime) -> int | None:
    """The step of 30 seconds a code belongs to, or None. Every step is compared, however early one fits."""
    app, found = TOTP(key=secret), None
    for moment in (now - _WINDOW, now, now + _WINDOW):
        token = app.generate(time=moment)
        if compare_digest(token.token, digits):
            found = int(token.counter)
    return found


def _not_the_last(staff: Staff) -> None:
    if factors_of(staff).count < 2:
        raise Refused("last_factor")


def _group() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(4))


def _hashed(code: str) -> str:
    """Capitals, blanks and dashes do not matter."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _facts(passkey: Passkey) -> PasskeyFacts:
    never_used = passkey.lastuse_datetime <= passkey.create_datetime
    return PasskeyFacts(
        passkey.id, passkey.name, passkey.create_datetime, None if never_used else passkey.lastuse_datetime
    )
