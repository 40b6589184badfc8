"""Next steps taken on a confirmed signal: it closes only with one."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fitsvc.domain.next_step import Thought
from fitsvc.domain.signal import SignalCode
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.secret import Secret


class SignalAction(Base):
    """`confirmed_on` is the day of the score that confirmed the signal this step answers.

    The four `about_` texts answer the next-step aid; `on_agenda` brings them to the meeting.
    """

    __tablename__ = "signal_actions"
    __table_args__ = (Index("ix_signal_actions_case", "case_id"),)

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    respondent_id: Mapped[UUID] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    instrument_id: Mapped[str] = mapped_column(String(80))
    instrument_version: Mapped[str] = mapped_column(String(20))
    signal: Mapped[SignalCode] = mapped_column(code(SignalCode))
    confirmed_on: Mapped[date]
    next_step: Mapped[Secret]
    about_goals: Mapped[Secret] = mapped_column(default="", server_default="")
    about_method: Mapped[Secret] = mapped_column(default="", server_default="")
    about_relation: Mapped[Secret] = mapped_column(default="", server_default="")
    about_life: Mapped[Secret] = mapped_column(default="", server_default="")
    on_agenda: Mapped[bool] = mapped_column(default=False, server_default=false())
    taken_on: Mapped[date]
    taken_by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]

    @property
    def thoughts(self) -> dict[Thought, str]:
        """What was written under each head of the aid; heads left empty are not there."""
        written = {
            Thought.GOALS: self.about_goals,
            Thought.METHOD: self.about_method,
            Thought.RELATION: self.about_relation,
            Thought.LIFE: self.about_life,
        }
        return {thought: text for thought, text in written.items() if text}


def list_signal_actions(session: Session, case_id: UUID) -> list[SignalAction]:
    return list(
        session.scalars(
            select(SignalAction).where(SignalAction.case_id == case_id).order_by(SignalAction.taken_on)
        )
    )
