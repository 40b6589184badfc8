"""What a meeting writes down: its minutes field by field, its agreements, and session ratings the family brought."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.meeting import Minute
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.secret import Secret


class MinuteText(Base):
    """One field of a meeting's minutes. `version` rises with every change: whoever writes says which one they saw."""

    __tablename__ = "minute_texts"
    __table_args__ = (UniqueConstraint("meeting_id", "field"),)

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up_meetings.id", ondelete="CASCADE"))
    field: Mapped[Minute] = mapped_column(code(Minute))
    text: Mapped[Secret]
    version: Mapped[int]
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime]


class Agreement(Base):
    """Who does what by when, agreed at a meeting and checked off later. A removed one was written by mistake."""

    __tablename__ = "agreements"
    __table_args__ = (
        Index("ix_agreements_case", "case_id"),
        Index("ix_agreements_meeting", "meeting_id"),
        CheckConstraint("(done_on IS NULL) = (done_by_id IS NULL)", name="done_by_somebody"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up_meetings.id", ondelete="CASCADE"))
    what: Mapped[Secret]
    who: Mapped[Secret]
    by_on: Mapped[date | None]
    done_on: Mapped[date | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    how_it_went: Mapped[Secret] = mapped_column(default="")
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


class BroughtSessions(Base):
    """The family chose to bring one respondent's session ratings to one meeting; the practitioner noted it."""

    __tablename__ = "brought_sessions"
    __table_args__ = (UniqueConstraint("meeting_id", "respondent_id"),)

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up_meetings.id", ondelete="CASCADE"))
    respondent_id: Mapped[UUID] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    brought_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    brought_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


def list_minutes(session: Session, case_id: UUID) -> list[MinuteText]:
    """The minutes of all of a case's meetings."""
    return list(session.scalars(select(MinuteText).where(MinuteText.case_id == case_id)))


def find_minute(session: Session, meeting_id: UUID, field: Minute) -> MinuteText | None:
    return session.scalars(
        select(MinuteText).where(MinuteText.meeting_id == meeting_id, MinuteText.field == field)
    ).one_or_none()


def lock_agreement(session: Session, agreement: Agreement) -> None:
    """Read it anew and hold it until the transaction ends."""
    session.refresh(agreement, with_for_update=True)


def list_agreements(session: Session, case_id: UUID) -> list[Agreement]:
    """A case's agreements that were not removed, oldest first."""
    return list(
        session.scalars(
            select(Agreement)
            .where(Agreement.case_id == case_id, Agreement.removed_at.is_(None))
            .order_by(Agreement.created_at, Agreement.id)
        )
    )


def list_brought_sessions(session: Session, case_id: UUID) -> list[BroughtSessions]:
    """Standing ones only."""
    return list(
        session.scalars(
            select(BroughtSessions).where(
                BroughtSessions.case_id == case_id, BroughtSessions.taken_back_at.is_(None)
            )
        )
    )


def find_brought_sessions(session: Session, meeting_id: UUID, respondent_id: UUID) -> BroughtSessions | None:
    """One respondent's at one meeting, taken back or not."""
    return session.scalars(
        select(BroughtSessions).where(
            BroughtSessions.meeting_id == meeting_id, BroughtSessions.respondent_id == respondent_id
        )
    ).one_or_none()
