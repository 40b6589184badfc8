"""Access beside the team: a case opened in an emergency, and session ratings shared with a provider's leader."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fitsvc.storage.base import Base, Key
from fitsvc.storage.secret import Secret


class EmergencyAccess(Base):
    """Break-glass: one member of staff may see one case for the rest of one day, and said why."""

    __tablename__ = "emergency_accesses"
    __table_args__ = (
        UniqueConstraint("case_id", "staff_id", "on_day"),
        Index("ix_emergency_accesses_staff", "staff_id", "on_day"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    on_day: Mapped[date]
    reason: Mapped[Secret]
    opened_at: Mapped[datetime]


class SessionSharing(Base):
    """The case's practitioner lets the provider's leader see its session ratings from one day until another."""

    __tablename__ = "session_sharings"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="ends_after_start"),
        Index("ix_session_sharings_case", "case_id", "shared_with_id"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    shared_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    shared_with_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    purpose: Mapped[Secret]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
