"""Follow-up meetings: when they are planned and whether they were held."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, ScalarSelect, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key


class FollowUpMeeting(Base):
    """Planned, then held or cancelled. `planned_at` is the time of day in Denmark, None while none is agreed.

    Why the date differs from the cadence, when it does, stands in `storage.deviations`.
    """

    __tablename__ = "follow_up_meetings"
    __table_args__ = (
        CheckConstraint("held_on IS NULL OR cancelled_at IS NULL", name="not_held_and_cancelled"),
        Index("ix_follow_up_meetings_case", "case_id", "planned_on"),
        Index("ix_follow_up_meetings_planned", "planned_on"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episodes.id", ondelete="CASCADE"))
    planned_on: Mapped[date]
    planned_at: Mapped[time | None]
    held_on: Mapped[date | None]
    cancelled_at: Mapped[datetime | None]
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


def lock_meeting(session: Session, meeting: FollowUpMeeting) -> None:
    """Read it anew and hold it until the transaction ends: whoever writes in it or holds it comes one at a time."""
    session.refresh(meeting, with_for_update=True)


def list_meetings(session: Session, case_id: UUID) -> list[FollowUpMeeting]:
    """A case's meetings that were not cancelled, oldest first."""
    return list(
        session.scalars(
            select(FollowUpMeeting)
            .where(FollowUpMeeting.case_id == case_id, FollowUpMeeting.cancelled_at.is_(None))
            .order_by(FollowUpMeeting.planned_on)
        )
    )


def next_meeting(meetings: list[FollowUpMeeting]) -> FollowUpMeeting | None:
    """The first meeting still to be held."""
    return next((meeting for meeting in meetings if meeting.held_on is None), None)


def next_meeting_of(case_id: Any) -> ScalarSelect[date]:
    """The day of the first meeting still to be held, for a column of case ids."""
    return (
        select(func.min(FollowUpMeeting.planned_on))
        .where(
            FollowUpMeeting.case_id == case_id,
            FollowUpMeeting.held_on.is_(None),
            FollowUpMeeting.cancelled_at.is_(None),
        )
        .scalar_subquery()
    )
