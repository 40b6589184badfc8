"""Imports: rows are staged in short batches and published in one transaction: nobody waits, nothing is half in."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.secret import Secret


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


class StagedTarget(Base):
    """Where a case's staged values go: one external series, or one respondent's ratings.

    The ids are those of the rows that are there, or those the rows will have when the import is published; so there
    are no foreign keys. What is to be made: the case when `episode_id` is set (it begins with an episode), the target
    when `target_is_new`, with its person when `person_id` is set.
    """

    __tablename__ = "staged_targets"
    __table_args__ = (UniqueConstraint("import_batch_id", "case_id"),)

    id: Mapped[Key]
    import_batch_id: Mapped[UUID] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"))
    reference: Mapped[str] = mapped_column(String(40))
    display_name: Mapped[Secret]
    case_id: Mapped[UUID]
    episode_id: Mapped[UUID | None]
    target_id: Mapped[UUID]
    target_is_new: Mapped[bool]
    person_id: Mapped[UUID | None]


class StagedValue(Base):
    """One value waiting to be published under the id it has here: an external value, or a rating with its answers.

    `value` is then the score; `digest` tells whether the same row says the same when it is imported again.
    """

    __tablename__ = "staged_values"
    __table_args__ = (Index("ix_staged_values_batch", "import_batch_id", "case_id"),)

    id: Mapped[Key]
    import_batch_id: Mapped[UUID] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"))
    case_id: Mapped[UUID]
    target_id: Mapped[UUID]
    measured_on: Mapped[date]
    value: Mapped[float | None]
    import_key: Mapped[str | None] = mapped_column(String(64))
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    digest: Mapped[str | None] = mapped_column(String(64))
