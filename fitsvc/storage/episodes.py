"""Episodes: one measure with its start, its end and its follow-up cadence within a case."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key
from fitsvc.storage.secret import Secret


class Episode(Base):
    """`cadence_standard` and `measure_type` are ids of the cadence data; the two `chosen_` fields hold a rhythm
    chosen for the case (§ 30, or a type without a row), as a number and its unit. `investigation_ends_on` is the end of
    an investigation that runs beside the measure: by the law's § 95 the first follow-up is then.
    """

    __tablename__ = "episodes"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        CheckConstraint(
            "(chosen_interval IS NULL) = (chosen_interval_unit IS NULL)", name="chosen_interval_has_unit"
        ),
        CheckConstraint("expected_weeks IS NULL OR expected_weeks > 0", name="expected_weeks_positive"),
        CheckConstraint("ladder_step IS NULL OR ladder_step BETWEEN 1 AND 9", name="ladder_step_range"),
        Index("ix_episodes_case", "case_id", "started_on"),
        Index("ix_episodes_unit", "unit_id", "ended_on"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    measure_type: Mapped[str] = mapped_column(String(60))
    legal_basis: Mapped[str] = mapped_column(String(60))
    ladder_step: Mapped[int | None]
    purpose: Mapped[Secret]
    expected_weeks: Mapped[int | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    cadence_standard: Mapped[str | None] = mapped_column(String(60))
    chosen_interval: Mapped[int | None]
    chosen_interval_unit: Mapped[str | None] = mapped_column(String(10))
    investigation_ends_on: Mapped[date | None]
    created_at: Mapped[datetime]


def lock_episode(session: Session, episode: Episode) -> None:
    """Read it anew and hold it until the transaction ends; what only points to it waits for nobody."""
    session.refresh(episode, with_for_update={"key_share": True})


def list_episodes(session: Session, case_id: UUID) -> list[Episode]:
    """A case's episodes, oldest first."""
    return list(
        session.scalars(
            select(Episode).where(Episode.case_id == case_id).order_by(Episode.started_on, Episode.id)
        )
    )
