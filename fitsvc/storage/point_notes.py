"""What respondents say about points on their own curve, and who they let read it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.meeting import Visibility
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.secret import Secret


class PointNote(Base):
    """A picture-word (a code), a sentence, or both, on one rating; at most one note per rating."""

    __tablename__ = "point_notes"
    __table_args__ = (
        UniqueConstraint("rating_id"),
        Index("ix_point_notes_case", "case_id"),
        CheckConstraint("picture IS NOT NULL OR text <> ''", name="says_something"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    respondent_id: Mapped[UUID] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    rating_id: Mapped[UUID] = mapped_column(ForeignKey("ratings.id", ondelete="CASCADE"))
    picture: Mapped[str | None] = mapped_column(String(30))
    text: Mapped[Secret] = mapped_column(default="")
    visibility: Mapped[Visibility] = mapped_column(code(Visibility))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


def list_point_notes(session: Session, case_id: UUID, *readers: Visibility) -> list[PointNote]:
    """The notes of a case whose author chose one of these readers; what is for nobody else is never read for staff."""
    return list(
        session.scalars(
            select(PointNote)
            .where(PointNote.case_id == case_id, PointNote.visibility.in_(readers))
            .order_by(PointNote.created_at)
        )
    )


def list_own_notes(session: Session, respondent_id: UUID) -> list[PointNote]:
    """Everything a respondent wrote on their own points, for themselves."""
    return list(session.scalars(select(PointNote).where(PointNote.respondent_id == respondent_id)))


def find_note(session: Session, rating_id: UUID) -> PointNote | None:
    return session.scalars(select(PointNote).where(PointNote.rating_id == rating_id)).one_or_none()
