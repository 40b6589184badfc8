"""The kommune's own cadence standards, beside those that ship as data."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key, Short


class OwnStandard(Base):
    """`slug` is the id episodes refer to, never that of a shipped standard. A retired one is offered no more; episodes
    that have it keep it. Its rows never change: another rule is another standard, so that old dates stay explained.
    """

    __tablename__ = "own_standards"
    __table_args__ = (UniqueConstraint("slug"), UniqueConstraint("name"))

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[Short]
    source: Mapped[Short]
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class OwnStandardRow(Base):
    """One type of measure; each interval is a number with its unit ("weeks", "months", "days"), or nothing."""

    __tablename__ = "own_standard_rows"
    __table_args__ = (
        UniqueConstraint("standard_id", "measure_type"),
        CheckConstraint("(first_number IS NULL) = (first_unit IS NULL)", name="first_has_unit"),
        CheckConstraint("(then_number IS NULL) = (then_unit IS NULL)", name="then_has_unit"),
        CheckConstraint(
            "(first_year_number IS NULL) = (first_year_unit IS NULL)", name="first_year_has_unit"
        ),
    )

    id: Mapped[Key]
    standard_id: Mapped[UUID] = mapped_column(ForeignKey("own_standards.id", ondelete="CASCADE"))
    measure_type: Mapped[str] = mapped_column(String(60))
    first_number: Mapped[int | None]
    first_unit: Mapped[str | None] = mapped_column(String(10))
    then_number: Mapped[int | None]
    then_unit: Mapped[str | None] = mapped_column(String(10))
    first_year_number: Mapped[int | None]
    first_year_unit: Mapped[str | None] = mapped_column(String(10))


def list_own_standards(session: Session) -> list[OwnStandard]:
    """All of them, the retired too, by name."""
    return list(session.scalars(select(OwnStandard).order_by(OwnStandard.name)))


def list_own_rows(session: Session) -> list[OwnStandardRow]:
    return list(session.scalars(select(OwnStandardRow).order_by(OwnStandardRow.measure_type)))
