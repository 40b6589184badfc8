"""What was deleted, when and by which rule: ids and counts, no content. Outlives what it tells about."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.storage.base import Base, Key, code


class DeletionKind(StrEnum):
    CASE = "case"
    CONTACTS = "contacts"
    RESPONDENT = "respondent"


class Deletion(Base):
    """`rule` is the code of the rule that asked for it; `counts` how many rows of each table went."""

    __tablename__ = "deletions"
    __table_args__ = (Index("ix_deletions_case", "case_id"), Index("ix_deletions_at", "deleted_at"))

    id: Mapped[Key]
    kind: Mapped[DeletionKind] = mapped_column(code(DeletionKind))
    case_id: Mapped[UUID | None]
    respondent_id: Mapped[UUID | None]
    rule: Mapped[str] = mapped_column(String(40))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    deleted_at: Mapped[datetime]
    staff_id: Mapped[UUID | None]


def list_deletions(session: Session, *, limit: int, case_id: UUID | None = None) -> list[Deletion]:
    """What was deleted, the newest first; of one case when it is named."""
    query = select(Deletion).order_by(Deletion.deleted_at.desc(), Deletion.id).limit(limit)
    if case_id is not None:
        query = query.where(Deletion.case_id == case_id)
    return list(session.scalars(query))
