"""Notices to leaders: of one unit, or of the kommune's authority when `unit_id` is None."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, false, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.actor import Actor
from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.roles import Role
from fitsvc.storage.accounts import Staff, StaffRole
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


def list_notices(session: Session, actor: Actor, *, limit: int) -> list[Notice]:
    """What this leader is told, the unseen first, then the newest."""
    return list(
        session.scalars(
            select(Notice)
            .where(_is_for(actor))
            .order_by(Notice.seen_at.is_not(None), Notice.created_at.desc(), Notice.id)
            .limit(limit)
        )
    )


def count_unseen(session: Session, actor: Actor) -> int:
    return session.scalar(select(func.count(Notice.id)).where(_is_for(actor), Notice.seen_at.is_(None))) or 0


def find_notice(session: Session, actor: Actor, notice_id: UUID) -> Notice | None:
    return session.scalars(select(Notice).where(Notice.id == notice_id, _is_for(actor))).one_or_none()


def has_leader(session: Session, unit_id: UUID, *, besides: UUID) -> bool:
    """Whether a provider's unit has a leader other than the person it is about."""
    return (
        session.scalar(
            select(Staff.id)
            .join(Staff.roles)
            .where(
                Staff.unit_id == unit_id,
                Staff.active,
                Staff.id != besides,
                StaffRole.name == Role.PROVIDER_LEADER.value,
            )
            .limit(1)
        )
        is not None
    )


def _is_for(actor: Actor) -> ColumnElement[bool]:
    """The unit's own leaders; the authority's for what was told to them, and for units that no longer have a leader."""
    told: list[ColumnElement[bool]] = []
    if Role.PROVIDER_LEADER in actor.roles:
        told.append(Notice.unit_id == actor.unit_id)
    if Role.AUTHORITY_LEADER in actor.roles and not actor.external:
        led = (
            select(Staff.unit_id)
            .join(Staff.roles)
            .where(Staff.active, StaffRole.name == Role.PROVIDER_LEADER.value)
        )
        told += [Notice.unit_id.is_(None), Notice.unit_id.not_in(led)]
    return or_(*told) if told else false()
