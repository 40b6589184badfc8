"""Agreed expectations: what the meeting, or one actor, expects of a named series by a date."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key, code


class ExpectationKind(StrEnum):
    SHARED = "shared"
    OWN = "own"


class AgreedExpectation(Base):
    """A line from (`start_on`, `start_score`) to (`due_on`, `score`) on the series of `respondent_id` and
    `instrument_id`, in points of its total; of one area when `area` is set, of one goal when `goal_id` is.
    """

    __tablename__ = "agreed_expectations"
    __table_args__ = (
        CheckConstraint("due_on > start_on", name="due_after_start"),
        CheckConstraint("area IS NULL OR goal_id IS NULL", name="area_or_goal"),
        Index("ix_agreed_expectations_case", "case_id", "due_on"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    respondent_id: Mapped[UUID] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    instrument_id: Mapped[str] = mapped_column(String(80))
    instrument_version: Mapped[str] = mapped_column(String(20))
    area: Mapped[str | None] = mapped_column(String(60))
    goal_id: Mapped[UUID | None] = mapped_column(ForeignKey("goals.id", ondelete="CASCADE"))
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("follow_up_meetings.id", ondelete="SET NULL"))
    kind: Mapped[ExpectationKind] = mapped_column(code(ExpectationKind))
    start_on: Mapped[date]
    start_score: Mapped[float]
    due_on: Mapped[date]
    score: Mapped[float]
    set_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


def list_expectations(session: Session, case_id: UUID) -> list[AgreedExpectation]:
    """A case's standing expectations, oldest first."""
    return list(
        session.scalars(
            select(AgreedExpectation)
            .where(AgreedExpectation.case_id == case_id, AgreedExpectation.withdrawn_at.is_(None))
            .order_by(AgreedExpectation.created_at, AgreedExpectation.id)
        )
    )
