"""Ratings with their raw answers, and the comments that came with them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    exists,
    false,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.actor import Actor
from fitsvc.domain.rating import Mode
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.cases import is_practitioner
from fitsvc.storage.respondents import Respondent
from fitsvc.storage.secret import Secret

# SQLite uses a partial index only for conditions written as its queries write them, and there a yes is "= 1".
_NOTICE_UNREAD: dict[str, Any] = {
    "sqlite_where": text("notice = 1 AND notice_read_at IS NULL"),
    "postgresql_where": text("notice AND notice_read_at IS NULL"),
}
_WITHHELD: dict[str, Any] = {"sqlite_where": text("withheld = 1"), "postgresql_where": text("withheld")}


class Rating(Base):
    """One answered form. A corrected rating stays as superseded; at most one per administration is current.

    `answers` are as `domain.rating.to_stored` makes them; `score` is None when too little was answered or the form
    is not scored, and is recomputed when the series' first rating changes. `digest` recognises the same form sent
    twice; `import_key` the same row imported twice. `notice`: staff are to read this one (low safety).
    `withheld`: the respondent said "not to the meeting"; only the case's practitioner knows of such a rating.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("import_key"),
        CheckConstraint(
            "(notice_read_at IS NULL) = (notice_read_by_id IS NULL)", name="notice_read_by_somebody"
        ),
        CheckConstraint("seconds_used IS NULL OR seconds_used >= 0", name="seconds_not_negative"),
        CheckConstraint(
            "(administration_id IS NOT NULL) OR (import_key IS NOT NULL)", name="asked_for_or_imported"
        ),
        Index(
            "uq_ratings_current",
            "administration_id",
            unique=True,
            sqlite_where=Column("superseded_at").is_(None),
            postgresql_where=Column("superseded_at").is_(None),
        ),
        Index("ix_ratings_case", "case_id", "rated_on"),
        Index("ix_ratings_notice_unread", "case_id", **_NOTICE_UNREAD),
        Index("ix_ratings_series", "respondent_id", "instrument_id", "rated_on"),
        Index("ix_ratings_withheld", "administration_id", **_WITHHELD),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    respondent_id: Mapped[UUID] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    administration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("administrations.id", ondelete="CASCADE")
    )
    instrument_id: Mapped[str] = mapped_column(String(80))
    instrument_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    mode: Mapped[Mode] = mapped_column(code(Mode))
    rated_on: Mapped[date]
    submitted_at: Mapped[datetime]
    seconds_used: Mapped[int | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    score: Mapped[float | None]
    digest: Mapped[str] = mapped_column(String(64))
    superseded_at: Mapped[datetime | None]
    entered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    import_key: Mapped[str | None] = mapped_column(String(64))
    withheld: Mapped[bool] = mapped_column(default=False, server_default=false())
    notice: Mapped[bool] = mapped_column(default=False)
    notice_read_at: Mapped[datetime | None]
    notice_read_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class Comment(Base):
    """A respondent's own words with a rating; unread until a member of staff marks it read.

    `at_meeting`: the author lets it be shown at meetings.
    """

    __tablename__ = "comments"
    __table_args__ = (
        UniqueConstraint("rating_id"),
        CheckConstraint("(read_at IS NULL) = (read_by_id IS NULL)", name="read_by_somebody"),
        Index(
            "ix_comments_unread",
            "rating_id",
            sqlite_where=Column("read_at").is_(None),
            postgresql_where=Column("read_at").is_(None),
        ),
    )

    id: Mapped[Key]
    rating_id: Mapped[UUID] = mapped_column(ForeignKey("ratings.id", ondelete="CASCADE"))
    text: Mapped[Secret]
    at_meeting: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


def is_shown_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Rating` that keeps from this actor what was kept from the meeting; the practitioner sees it."""
    return or_(~Rating.withheld, is_practitioner(actor, Rating.case_id))


def is_not_taken_back() -> ColumnElement[bool]:
    """The condition on `Rating` that leaves out what respondents withdrew."""
    return ~exists().where(Respondent.id == Rating.respondent_id, Respondent.withdrawn_at.is_not(None))


def find_current_rating(session: Session, administration_id: UUID) -> Rating | None:
    return session.scalars(
        select(Rating).where(Rating.administration_id == administration_id, Rating.superseded_at.is_(None))
    ).one_or_none()


def list_ratings(session: Session, case_id: UUID) -> list[Rating]:
    """A case's current ratings of every kind, oldest first."""
    return list(
        session.scalars(
            select(Rating)
            .where(Rating.case_id == case_id, Rating.superseded_at.is_(None))
            .order_by(Rating.rated_on, Rating.submitted_at, Rating.id)
        )
    )


def list_of_respondent(session: Session, respondent_id: UUID) -> list[Rating]:
    """One respondent's current ratings of every kind, oldest first, for themselves."""
    return list(
        session.scalars(
            select(Rating)
            .where(Rating.respondent_id == respondent_id, Rating.superseded_at.is_(None))
            .order_by(Rating.rated_on, Rating.submitted_at, Rating.id)
        )
    )


def list_series(session: Session, respondent_id: UUID, instrument_id: str, version: str) -> list[Rating]:
    """One series' current ratings, oldest first; all of it, whoever asks: its first rating decides on its scores."""
    return list(
        session.scalars(
            select(Rating)
            .where(
                Rating.respondent_id == respondent_id,
                Rating.instrument_id == instrument_id,
                Rating.instrument_version == version,
                Rating.superseded_at.is_(None),
            )
            .order_by(Rating.rated_on, Rating.submitted_at, Rating.id)
            .execution_options(whole_case=True)
        )
    )
