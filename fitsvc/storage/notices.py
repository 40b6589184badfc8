"""Notices to leaders: of one unit, or of the kommune's authority when `unit_id` is None."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fitsvc.domain.notice import NoticeKind
from fitsvc.storage.base import Base, Key, code


class Notice(Base):
    """`details` hold ids and codes, never names or reasons. A notice about a case goes when the case is deleted."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("(seen_at IS NULL) = (seen_by_id IS NULL)", name="seen_by_somebody"),
        Index("ix_notices_unseen", "unit_id", "seen_at"),
    )

    id: Mapped[Key]
    kind: Mapped[NoticeKind] = mapped_column(code(NoticeKind))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    about_staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    by_staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
