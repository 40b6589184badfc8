"""Goals of the plan, in the family's own words."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key
from fitsvc.storage.secret import Secret


class Goal(Base):
    """`number` is its place (1–3) on the goal form; start and target are 0–10, higher is closer to the goal."""

    __tablename__ = "goals"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 3", name="number_range"),
        CheckConstraint("start_value BETWEEN 0 AND 10", name="start_value_range"),
        CheckConstraint("target_value BETWEEN 0 AND 10", name="target_value_range"),
        CheckConstraint("closed_on IS NULL OR closed_on >= set_on", name="closes_after_setting"),
        Index("ix_goals_case", "case_id"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episodes.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[Secret]
    start_value: Mapped[float]
    target_value: Mapped[float]
    due_on: Mapped[date | None]
    set_on: Mapped[date]
    closed_on: Mapped[date | None]
    reached: Mapped[bool | None]
    created_at: Mapped[datetime]


def list_goals(session: Session, case_id: UUID) -> list[Goal]:
    """All goals of a case, the oldest first, by number within a day."""
    return list(
        session.scalars(select(Goal).where(Goal.case_id == case_id).order_by(Goal.set_on, Goal.number))
    )


def list_open_goals(session: Session, case_id: UUID) -> list[Goal]:
    """All of the case's, whoever asks: they share the places on one form."""
    return list(
        session.scalars(
            select(Goal)
            .where(Goal.case_id == case_id, Goal.closed_on.is_(None))
            .order_by(Goal.number)
            .execution_options(whole_case=True)
        )
    )


class GoalStatus(Base):
    """The practitioner's short status of one goal for one meeting, due some days before it."""

    __tablename__ = "goal_statuses"
    __table_args__ = (UniqueConstraint("meeting_id", "goal_id"), Index("ix_goal_statuses_case", "case_id"))

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up_meetings.id", ondelete="CASCADE"))
    goal_id: Mapped[UUID] = mapped_column(ForeignKey("goals.id", ondelete="CASCADE"))
    text: Mapped[Secret]
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    written_at: Mapped[datetime]


def list_goal_statuses(session: Session, case_id: UUID) -> list[GoalStatus]:
    """A case's statuses, oldest first."""
    return list(
        session.scalars(
            select(GoalStatus).where(GoalStatus.case_id == case_id).order_by(GoalStatus.written_at)
        )
    )
