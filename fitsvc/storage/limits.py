"""Counters of the rate limits, shared by every worker."""

from typing import Any

from sqlalchemy import CursorResult, Float, String, case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base


class LimitCounter(Base):
    """`key` says whose limit it is, hashed by whoever counts: no address, name or token. Seconds since 1970."""

    __tablename__ = "limit_counters"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    amount: Mapped[int]
    expires_at: Mapped[float] = mapped_column(Float, index=True)


def add_to_counter(session: Session, key: str, amount: int, *, seconds: int, now: float) -> int:
    """Count on, and say where the counter stands. It begins at nothing, and again `seconds` after it began.

    One statement: of two workers that count at the same moment neither forgets the other.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = dialect.insert(LimitCounter).values(key=key, amount=amount, expires_at=now + seconds)
    is_over = LimitCounter.expires_at <= now
    counting = new.on_conflict_do_update(
        index_elements=[LimitCounter.key],
        set_={
            "amount": case((is_over, new.excluded.amount), else_=LimitCounter.amount + new.excluded.amount),
            "expires_at": case((is_over, new.excluded.expires_at), else_=LimitCounter.expires_at),
        },
    )
    return int(session.scalars(counting.returning(LimitCounter.amount)).one())


def read_counter(session: Session, key: str, *, now: float) -> tuple[int, float]:
    """How much was counted, and when it is forgotten; (0, now) when nothing was."""
    found = session.get(LimitCounter, key, populate_existing=True)
    return (found.amount, found.expires_at) if found is not None and found.expires_at > now else (0, now)


def delete_counter(session: Session, key: str) -> None:
    session.execute(delete(LimitCounter).where(LimitCounter.key == key))


def delete_counters(session: Session) -> int:
    """Forget everything that was counted; returns how many counters there were."""
    deleted: CursorResult[Any] = session.execute(delete(LimitCounter))  # type: ignore[assignment]
    return deleted.rowcount


def delete_expired(session: Session, now: float) -> int:
    """Delete what no limit looks at any more; `now` in seconds since 1970. Returns how many counters went."""
    deleted: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        delete(LimitCounter).where(LimitCounter.expires_at <= now)
    )
    return deleted.rowcount
