"""Browsers somebody is signed in on: how long that lasts, seen and ended by themselves or an administrator."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.services.errors import NotFound
from fitsvc.storage import sign_ins as stored
from fitsvc.storage.accounts import SignIn, SignInWay, find_staff
from fitsvc.storage.logs import record_act
from fitsvc.storage.sign_ins import SEEN_EVERY, SignedIn

IDLE_FOR = timedelta(minutes=60)
SIGNED_IN_FOR = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Device:
    """One browser that is signed in. `browser` may be empty; `is_this` is the one asking."""

    id: UUID
    way: SignInWay
    browser: str
    origin: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def find_signed_in(session: Session, *, uniquifier: str, login_key: str, now: datetime) -> SignedIn | None:
    """Whose browser this is, unless the sign-in was ended, rested too long or has lasted a working day."""
    return stored.find_signed_in(
        session,
        uniquifier=uniquifier,
        login_key=login_key,
        seen_after=now - IDLE_FOR,
        began_after=now - SIGNED_IN_FOR,
    )


def is_due_to_be_seen(sign_in: SignIn, *, now: datetime) -> bool:
    return now - sign_in.seen_at >= SEEN_EVERY


def note_seen(session: Session, *, sign_in_id: UUID, now: datetime) -> None:
    stored.note_seen(session, sign_in_id, now)


def begin(
    session: Session,
    *,
    staff_id: UUID,
    login_key: str,
    way: SignInWay,
    browser: str,
    origin: str,
    oidc_sid: str | None,
    oidc_id_token: str,
    now: datetime,
) -> None:
    session.add(
        SignIn(
            staff_id=staff_id,
            login_key_hash=stored.hash_login_key(login_key),
            way=way,
            browser=browser[:80],
            origin=origin[:60],
            oidc_sid=oidc_sid,
            oidc_id_token=oidc_id_token,
            began_at=now,
            seen_at=now,
        )
    )


def end_of_key(session: Session, *, login_key: str, now: datetime) -> None:
    """Signing out: the cookie is worth nothing any more, whoever has a copy of it."""
    stored.end_sign_in_of_key(session, login_key=login_key, now=now)


def list_devices(session: Session, *, staff_id: UUID, this: UUID | None, now: datetime) -> list[Device]:
    """The one asking first, then the one used last."""
    rows = stored.list_open_sign_ins(
        session, staff_id, seen_after=now - IDLE_FOR, began_after=now - SIGNED_IN_FOR
    )
    devices = [
        Device(row.id, row.way, row.browser, row.origin, row.began_at, row.seen_at, row.id == this)
        for row in rows
    ]
    return sorted(devices, key=lambda one: not one.is_this)


def end_one(session: Session, *, staff_id: UUID, sign_in_id: UUID, now: datetime) -> None:
    """End one of one's own; NotFound for anybody else's and for one that has ended."""
    if not stored.end_sign_in(session, staff_id=staff_id, sign_in_id=sign_in_id, now=now):
        raise NotFound(sign_in_id)
    record_act(session, Act.SIGN_INS_ENDED, at=now, staff_id=staff_id, staff=str(staff_id), number=1)


def end_others(session: Session, *, staff_id: UUID, this: UUID, now: datetime) -> int:
    """Sign out everywhere but here; how many that were."""
    number = stored.end_sign_ins(session, staff_id=staff_id, now=now, but=this)
    if number:
        record_act(session, Act.SIGN_INS_ENDED, at=now, staff_id=staff_id, staff=str(staff_id), number=number)
    return number


def end_all_of(session: Session, *, by: Actor, staff_id: UUID, now: datetime) -> int:
    """An administrator signs somebody out everywhere; how many that were."""
    if find_staff(session, staff_id) is None:
        raise NotFound(staff_id)
    number = stored.end_sign_ins(session, staff_id=staff_id, now=now)
    record_act(session, Act.SIGN_INS_ENDED, at=now, staff_id=by.staff_id, staff=str(staff_id), number=number)
    return number
