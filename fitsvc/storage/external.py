"""External series: numbers from elsewhere (absence, a five-step ruler, another measure) with their own scale."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.instrument import Direction
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.base import Base, Key, code


class ExternalSeries(Base):
    """`series_key` names the kind of series across cases ("bdi"); spread and reliability come together."""

    __tablename__ = "external_series"
    __table_args__ = (
        UniqueConstraint("case_id", "series_key"),
        CheckConstraint("minimum < maximum", name="range"),
        CheckConstraint("(sd IS NULL) = (reliability IS NULL)", name="sd_with_reliability"),
        CheckConstraint("sd IS NULL OR sd > 0", name="sd_positive"),
        CheckConstraint(
            "reliability IS NULL OR (reliability > 0 AND reliability < 1)", name="reliability_range"
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    series_key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    value_unit: Mapped[str] = mapped_column(String(20), default="")
    minimum: Mapped[float]
    maximum: Mapped[float]
    direction: Mapped[Direction] = mapped_column(code(Direction))
    sd: Mapped[float | None]
    reliability: Mapped[float | None]
    rater_role: Mapped[RaterRole | None] = mapped_column(code(RaterRole))
    purpose: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class ExternalValue(Base):
    __tablename__ = "external_values"
    __table_args__ = (
        UniqueConstraint("series_id", "measured_on"),
        Index("ix_external_values_batch", "import_batch_id"),
    )

    id: Mapped[Key]
    series_id: Mapped[UUID] = mapped_column(ForeignKey("external_series.id", ondelete="CASCADE"))
    measured_on: Mapped[date]
    value: Mapped[float]
    entered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    import_batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("import_batches.id"))
    created_at: Mapped[datetime]


def list_external_series(session: Session, case_id: UUID) -> list[ExternalSeries]:
    return list(
        session.scalars(
            select(ExternalSeries).where(ExternalSeries.case_id == case_id).order_by(ExternalSeries.name)
        )
    )


def list_external_values(session: Session, case_id: UUID) -> list[ExternalValue]:
    """All external values of a case, oldest first."""
    return list(
        session.scalars(
            select(ExternalValue)
            .join(ExternalSeries, ExternalSeries.id == ExternalValue.series_id)
            .where(ExternalSeries.case_id == case_id)
            .order_by(ExternalValue.measured_on)
        )
    )
