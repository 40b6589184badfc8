"""Imports: rows are staged in short batches and published in one transaction: nobody waits, nothing is half in."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from fitsvc.storage.base import Base, Key, code


class ImportState(StrEnum):
    STAGED = "staged"
    PUBLISHED = "published"


class ImportBatch(Base):
    __tablename__ = "import_batches"
    __table_args__ = (
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_time"),
    )

    id: Mapped[Key]
    file_digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[ImportState] = mapped_column(code(ImportState))
    row_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class StagedValue(Base):
    """One value waiting to be published: either an external value or an imported rating (then `answers` is set)."""

    __tablename__ = "staged_values"
    __table_args__ = (Index("ix_staged_values_batch", "import_batch_id"),)

    id: Mapped[Key]
    import_batch_id: Mapped[UUID] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"))
    import_key: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("external_series.id", ondelete="CASCADE"))
    respondent_id: Mapped[UUID | None] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    measured_on: Mapped[date]
    value: Mapped[float | None]
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON)
