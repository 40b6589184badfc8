"""Sign-ins: which browser is signed in as whom, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from fitsvc.storage.accounts import DeviceHandover, SignIn, Staff

_AS_STORED = {
    "synchronize_session": False
}  # objects read before are not changed along; nobody looks at them again

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a browser was last seen: reading pages stays reading."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks: the account, the browser's sign-in, and the handover when the device is in other hands."""

    staff: Staff
    sign_in: SignIn
    handover: DeviceHandover | None


def hash_login_key(login_key: str) -> str:
    """What is stored of the random value in a browser's signed cookie."""
    return sha256(login_key.encode()).hexdigest()


def find_signed_in(
    session: Session, *, uniquifier: str, login_key: str, seen_after: datetime, began_after: datetime
) -> SignedIn | None:
    """The active account a cookie belongs to while its sign-in lasts: one query with the handover in it."""
    row = (
        session.execute(
            select(Staff, SignIn, DeviceHandover)
            .join(SignIn, SignIn.staff_id == Staff.id)
            .outerjoin(
                DeviceHandover,
                and_(DeviceHandover.login_key == login_key, DeviceHandover.ended_at.is_(None)),
            )
            .where(
                Staff.fs_uniquifier == uniquifier,
                Staff.active,
                SignIn.login_key_hash == hash_login_key(login_key),
                SignIn.ended_at.is_(None),
                SignIn.seen_at >= seen_after,
                SignIn.began_at >= began_after,
            )
        )
        .unique()
        .one_or_none()
    )
    return SignedIn(row[0], row[1], row[2]) if row else None


def note_seen(session: Session, sign_in_id: UUID, now: datetime) -> None:
    session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.seen_at <= now - SEEN_EVERY, SignIn.ended_at.is_(None))
        .values(seen_at=now),
        execution_options=_AS_STORED,
    )


def list_open_sign_ins(
    session: Session, staff_id: UUID, *, seen_after: datetime, began_after: datetime
) -> Sequence[SignIn]:
    """Those that still open the service, the one used last first."""
    return session.scalars(
        select(SignIn)
        .where(
            SignIn.staff_id == staff_id,
            SignIn.ended_at.is_(None),
            SignIn.seen_at >= seen_after,
            SignIn.began_at >= began_after,
        )
        .order_by(SignIn.seen_at.desc(), SignIn.began_at.desc(), SignIn.id)
    ).all()


def count_open_sign_ins(
    session: Session, staff_id: UUID, *, seen_after: datetime, began_after: datetime
) -> int:
    return (
        session.scalar(
            select(func.count(SignIn.id)).where(
                SignIn.staff_id == staff_id,
                SignIn.ended_at.is_(None),
                SignIn.seen_at >= seen_after,
                SignIn.began_at >= began_after,
            )
        )
        or 0
    )


def end_sign_in(session: Session, *, staff_id: UUID, sign_in_id: UUID, now: datetime) -> bool:
    """End one of somebody's sign-ins; False when there is no such one, or it has ended."""
    ended = session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.staff_id == staff_id, SignIn.ended_at.is_(None))
        .values(ended_at=now, oidc_id_token="")
        .returning(SignIn.id),
        execution_options=_AS_STORED,
    )
    return ended.first() is not None


def end_sign_in_of_key(session: Session, *, login_key: str, now: datetime) -> None:
    session.execute(
        update(SignIn)
        .where(SignIn.login_key_hash == hash_login_key(login_key), SignIn.ended_at.is_(None))
        .values(ended_at=now, oidc_id_token=""),
        execution_options=_AS_STORED,
    )


def end_sign_ins(session: Session, *, staff_id: UUID, now: datetime, but: UUID | None = None) -> int:
    """End all of somebody's sign-ins `but` one; how many."""
    mine = [SignIn.staff_id == staff_id, SignIn.ended_at.is_(None)]
    if but is not None:
        mine.append(SignIn.id != but)
    ended = session.execute(
        update(SignIn).where(*mine).values(ended_at=now, oidc_id_token="").returning(SignIn.id),
        execution_options=_AS_STORED,
    )
    return len(ended.all())


def delete_old(session: Session, before: datetime) -> int:
    """Delete what ended, or was last seen, before a moment; how many. The audit log keeps that they were."""
    gone = session.execute(
        delete(SignIn).where(or_(SignIn.ended_at < before, SignIn.seen_at < before)).returning(SignIn.id),
        execution_options=_AS_STORED,
    )
    return len(gone.all())
