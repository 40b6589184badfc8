"""External series: numbers from elsewhere (absence, a five-step ruler, another measure) with their own scale."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, and_, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from fitsvc.domain.instrument import Direction
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.cases import Case
from fitsvc.storage.secret import Secret


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
    purpose: Mapped[Secret] = mapped_column(default="")
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


@dataclass(frozen=True, slots=True)
class FirstAndLast:
    """A case's first and last value of one series; the last is None when there is only one."""

    reference: str
    series: ExternalSeries
    first_on: date
    first: float
    last_on: date | None
    last: float | None


def iterate_first_and_last(session: Session, series_key: str) -> Iterator[FirstAndLast]:
    """Every case with values in a series of this key, by length and spelling of its reference (BTB-2 before BTB-10)."""
    ends = (
        select(
            ExternalValue.series_id,
            func.min(ExternalValue.measured_on).label("first_on"),
            func.max(ExternalValue.measured_on).label("last_on"),
        )
        .join(ExternalSeries, ExternalSeries.id == ExternalValue.series_id)
        .where(ExternalSeries.series_key == series_key)
        .group_by(ExternalValue.series_id)
        .subquery()
    )
    first, last = aliased(ExternalValue), aliased(ExternalValue)
    rows = session.execute(
        select(Case.reference, ExternalSeries, first, last)
        .join(ends, ends.c.series_id == ExternalSeries.id)
        .join(Case, Case.id == ExternalSeries.case_id)
        .join(first, and_(first.series_id == ExternalSeries.id, first.measured_on == ends.c.first_on))
        .join(last, and_(last.series_id == ExternalSeries.id, last.measured_on == ends.c.last_on))
        .order_by(func.length(Case.reference), Case.reference)
    )
    for reference, series, begins, ends_with in rows:
        several = begins.id != ends_with.id
        yield FirstAndLast(
            reference=reference,
            series=series,
            first_on=begins.measured_on,
            first=begins.value,
            last_on=ends_with.measured_on if several else None,
            last=ends_with.value if several else None,
        )
