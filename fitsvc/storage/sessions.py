"""Sessions with the family (care sessions; the bare word belongs to the database)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key


class CareSession(Base):
    __tablename__ = "care_sessions"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        Index("ix_care_sessions_case", "case_id", "held_on"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    episode_id: Mapped[UUID | None] = mapped_column(ForeignKey("episodes.id", ondelete="CASCADE"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    held_on: Mapped[date]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def find_care_session(session: Session, case_id: UUID, care_session_id: UUID) -> CareSession | None:
    return session.scalars(
        select(CareSession).where(CareSession.id == care_session_id, CareSession.case_id == case_id)
    ).one_or_none()


def find_running_care_session(
    session: Session, case_id: UUID, practitioner_id: UUID, day: date
) -> CareSession | None:
    """The session this practitioner began on that day and has not ended; the latest of several."""
    return session.scalars(
        select(CareSession)
        .where(
            CareSession.case_id == case_id,
            CareSession.held_on == day,
            CareSession.practitioner_id == practitioner_id,
            CareSession.ended_at.is_(None),
        )
        .order_by(CareSession.started_at.desc())
        .limit(1)
    ).one_or_none()


def get_care_session(session: Session, care_session_id: UUID) -> CareSession:
    return session.get_one(CareSession, care_session_id)
