"""Ratings planned for after a measure has ended: one, three and six months on, does it hold?"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key


class PlannedRating(Base):
    """One respondent to be asked on one form on one day after the episode; done when an administration was made."""

    __tablename__ = "planned_ratings"
    __table_args__ = (
        UniqueConstraint("episode_id", "respondent_id", "instrument_id", "ask_on"),
        Index("ix_planned_ratings_case", "case_id", "ask_on"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episodes.id", ondelete="CASCADE"))
    respondent_id: Mapped[UUID] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    instrument_id: Mapped[str] = mapped_column(String(80))
    months_after: Mapped[int]
    ask_on: Mapped[date]
    administration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("administrations.id", ondelete="SET NULL")
    )
    cancelled_at: Mapped[datetime | None]
    planned_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


def list_planned_ratings(session: Session, case_id: UUID) -> list[PlannedRating]:
    """A case's planned ratings that were not cancelled, soonest first."""
    return list(
        session.scalars(
            select(PlannedRating)
            .where(PlannedRating.case_id == case_id, PlannedRating.cancelled_at.is_(None))
            .order_by(PlannedRating.ask_on, PlannedRating.id)
        )
    )
