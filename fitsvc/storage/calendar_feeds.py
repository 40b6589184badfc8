"""A member of staff's own calendar of follow-up meetings behind a secret, revocable link."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.storage.accounts import Staff
from fitsvc.storage.base import Base, Key
from fitsvc.storage.cases import Case, in_scope, on_own_team
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.meetings import FollowUpMeeting

_CHANGES = (Act.MEETING_MOVED, Act.MEETING_CANCELLED, Act.MEETING_HELD)


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


def lock_owner(session: Session, staff_id: UUID) -> None:
    """Let nobody else make a feed of this account until the transaction ends (SQLite's write lock does it there)."""
    session.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update())


def list_own_meetings(
    session: Session, actor: Actor, *, since: date, cancelled_since: datetime
) -> list[FollowUpMeeting]:
    """The meetings of cases this actor may see and is on the team of, planned from `since` on, oldest first.

    Cancelled ones are among them only when that was lately, so that calendars learn of it.
    """
    return list(
        session.scalars(
            select(FollowUpMeeting)
            .join(Case, Case.id == FollowUpMeeting.case_id)
            .where(
                in_scope(actor),
                on_own_team(actor),
                FollowUpMeeting.planned_on >= since,
                or_(FollowUpMeeting.cancelled_at.is_(None), FollowUpMeeting.cancelled_at >= cancelled_since),
            )
            .order_by(FollowUpMeeting.planned_on, FollowUpMeeting.id)
        )
    )


def list_meeting_changes(session: Session, case_ids: Collection[UUID]) -> Sequence[tuple[str, datetime]]:
    """When meetings of these cases were moved, cancelled or held, by the meeting's id; oldest first.

    The audit log is the one record of it.
    """
    rows = session.execute(
        select(AuditLog.details, AuditLog.at)
        .where(AuditLog.case_id.in_(case_ids), AuditLog.act.in_(_CHANGES))
        .order_by(AuditLog.at)
    )
    return [(details.get("meeting", ""), moment) for details, moment in rows]
