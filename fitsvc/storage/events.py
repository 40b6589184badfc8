"""Events in a child's life that are worth a mark on the curve."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.secret import Secret


class EventKind(StrEnum):
    SCHOOL = "school"
    HOME = "home"
    FAMILY = "family"
    MEASURE = "measure"
    OTHER = "other"


class CaseEvent(Base):
    __tablename__ = "case_events"
    __table_args__ = (Index("ix_case_events_case", "case_id", "happened_on"),)

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    happened_on: Mapped[date]
    kind: Mapped[EventKind] = mapped_column(code(EventKind))
    text: Mapped[Secret]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


def list_events(session: Session, case_id: UUID) -> list[CaseEvent]:
    return list(
        session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.happened_on))
    )
