"""What may be used once and was: the state of a sign-in, the name of a message from the kommune's provider."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base


class Spent(Base):
    """`key_hash` is SHA-256 of what was used. A row may go once what it stands for is refused for its age anyhow."""

    __tablename__ = "spent"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


def spend(session: Session, key: str, *, now: datetime, expires_at: datetime) -> bool:
    """Use it up; False when it was used before. Holds against two at the same moment."""
    session.execute(delete(Spent).where(Spent.expires_at < now))
    try:
        with session.begin_nested():
            session.add(Spent(key_hash=_hash(key), expires_at=expires_at))
            session.flush()
    except IntegrityError:
        return False
    return True


def is_spent(session: Session, key: str) -> bool:
    return session.get(Spent, _hash(key)) is not None


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()
