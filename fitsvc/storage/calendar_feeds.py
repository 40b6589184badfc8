"""A member of staff's own calendar of follow-up meetings behind a secret, revocable link."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key


class CalendarFeed(Base):
    """Only the token's hash is stored; at most one feed of a member of staff is not revoked."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index(
            "uq_calendar_feeds_standing",
            "staff_id",
            unique=True,
            sqlite_where=Column("revoked_at").is_(None),
            postgresql_where=Column("revoked_at").is_(None),
        ),
    )

    id: Mapped[Key]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


def find_standing_feed(session: Session, staff_id: UUID) -> CalendarFeed | None:
    return session.scalars(
        select(CalendarFeed).where(CalendarFeed.staff_id == staff_id, CalendarFeed.revoked_at.is_(None))
    ).one_or_none()


def find_feed_by_hash(session: Session, token_hash: str) -> CalendarFeed | None:
    return session.scalars(
        select(CalendarFeed).where(CalendarFeed.token_hash == token_hash, CalendarFeed.revoked_at.is_(None))
    ).one_or_none()
