"""Ratings planned for after a measure has ended: one, three and six months on, does it hold?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.rater import RaterRole
from fitsvc.storage.base import Base, Key
from fitsvc.storage.respondents import Respondent


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


@dataclass(frozen=True, slots=True)
class DueAfterEnd:
    """A planned rating whose day has come and that nobody has been asked for yet."""

    case_id: UUID
    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    instrument_id: str
    ask_on: date


def list_planned_of_episode(session: Session, episode_id: UUID) -> list[PlannedRating]:
    """All that were ever planned for after an episode, the cancelled ones too."""
    return list(
        session.scalars(
            select(PlannedRating)
            .where(PlannedRating.episode_id == episode_id)
            .order_by(PlannedRating.ask_on, PlannedRating.id)
        )
    )


def list_due_after_end(session: Session, case_ids: Collection[UUID], today: date) -> list[DueAfterEnd]:
    """In these cases. Who has been asked, however it went, is not asked again for the same day."""
    rows = session.execute(
        select(
            PlannedRating.case_id,
            PlannedRating.respondent_id,
            Respondent.rater_role,
            Respondent.setting,
            PlannedRating.instrument_id,
            PlannedRating.ask_on,
        )
        .join(Respondent, Respondent.id == PlannedRating.respondent_id)
        .where(
            PlannedRating.case_id.in_(case_ids),
            _waits(),
            PlannedRating.ask_on <= today,
            Respondent.withdrawn_at.is_(None),
            Respondent.ended_on.is_(None) | (Respondent.ended_on >= today),
        )
        .order_by(PlannedRating.ask_on, PlannedRating.id)
    )
    return [DueAfterEnd(*row) for row in rows]


def list_planned_forms(session: Session, respondent_id: UUID) -> list[str]:
    """The ids of forms this respondent is still to be asked on after an episode."""
    query = select(PlannedRating.instrument_id).where(PlannedRating.respondent_id == respondent_id, _waits())
    return list(session.scalars(query.distinct().order_by(PlannedRating.instrument_id)))


def take_planned(
    session: Session, *, respondent_id: UUID, instrument_id: str, until: date, administration_id: UUID
) -> None:
    """Note that what was planned up to a day has been asked for now."""
    session.execute(
        update(PlannedRating)
        .where(
            PlannedRating.respondent_id == respondent_id,
            PlannedRating.instrument_id == instrument_id,
            PlannedRating.ask_on <= until,
            _waits(),
        )
        .values(administration_id=administration_id)
    )


def _waits() -> ColumnElement[bool]:
    return PlannedRating.cancelled_at.is_(None) & PlannedRating.administration_id.is_(None)
