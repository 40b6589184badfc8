"""How people have arranged a meeting's agenda, and what respondents wish to talk about there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.agenda import AgendaKind
from fitsvc.domain.meeting import Visibility
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.respondents import Respondent
from fitsvc.storage.secret import Secret


class AgendaEntry(Base):
    """An item somebody moved, removed or wrote. Items made from the data are computed anew each time and recognised by
    `kind` and `subject`; a free item has its text, and its own id as subject. `position` None: where the data put it.
    """

    __tablename__ = "agenda_entries"
    __table_args__ = (
        UniqueConstraint("meeting_id", "kind", "subject"),
        CheckConstraint("(kind = 'free') = (text <> '')", name="free_has_text"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up_meetings.id", ondelete="CASCADE"))
    kind: Mapped[AgendaKind] = mapped_column(code(AgendaKind))
    subject: Mapped[str] = mapped_column(String(160))
    text: Mapped[Secret] = mapped_column(default="")
    position: Mapped[int | None]
    removed_at: Mapped[datetime | None]
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime]


class AgendaWish(Base):
    """What a respondent wants to talk about at the meeting, in their own words, for whom they chose to read it."""

    __tablename__ = "agenda_wishes"
    __table_args__ = (
        UniqueConstraint("rating_id"),
        Index("ix_agenda_wishes_case", "case_id"),
        CheckConstraint("visibility <> 'only_me'", name="somebody_reads_it"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    respondent_id: Mapped[UUID] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    rating_id: Mapped[UUID] = mapped_column(ForeignKey("ratings.id", ondelete="CASCADE"))
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("follow_up_meetings.id", ondelete="SET NULL"))
    text: Mapped[Secret]
    visibility: Mapped[Visibility] = mapped_column(code(Visibility))
    created_at: Mapped[datetime]


def list_agenda_entries(session: Session, meeting_id: UUID) -> list[AgendaEntry]:
    return list(
        session.scalars(
            select(AgendaEntry).where(AgendaEntry.meeting_id == meeting_id).order_by(AgendaEntry.changed_at)
        )
    )


def list_wishes(session: Session, case_id: UUID) -> list[AgendaWish]:
    """A case's wishes, oldest first, whoever may read them: the service decides that. Nothing that was taken back."""
    return list(
        session.scalars(
            select(AgendaWish)
            .join(Respondent, Respondent.id == AgendaWish.respondent_id)
            .where(AgendaWish.case_id == case_id, Respondent.withdrawn_at.is_(None))
            .order_by(AgendaWish.created_at)
        )
    )


def find_wish(session: Session, rating_id: UUID) -> AgendaWish | None:
    return session.scalars(select(AgendaWish).where(AgendaWish.rating_id == rating_id)).one_or_none()


def lock_agenda(session: Session, meeting_id: UUID) -> None:
    """Let two people who arrange the same agenda wait for one another until their transactions end."""
    session.execute(select(FollowUpMeeting.id).where(FollowUpMeeting.id == meeting_id).with_for_update())
