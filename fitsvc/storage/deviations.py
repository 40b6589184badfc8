"""Deviations from the cadence: what was decided instead, why, by whom, and a leader's answer where one is needed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from fitsvc.domain.actor import Actor
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.storage.accounts import Staff
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.caseload import CaseName, is_open
from fitsvc.storage.cases import Case, in_scope
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.secret import Secret


class Deviation(Base):
    """Of one meeting's date (`meeting_id` set, `by_cadence_on` and `planned_on` the two days) or of an episode's rhythm
    (`by_cadence_interval` and `chosen_interval` as a number and its unit, "6 weeks").

    `decided_by` names who decided it and with whom, in words; `answered_by_id` is the leader who approved or refused.
    """

    __tablename__ = "follow_up_deviations"
    __table_args__ = (
        CheckConstraint("(answered_by_id IS NULL) = (answered_at IS NULL)", name="answered_by_somebody"),
        Index("ix_follow_up_deviations_case", "case_id"),
        Index("ix_follow_up_deviations_state", "state", "asked_at"),
        Index("ix_follow_up_deviations_meeting", "meeting_id"),
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episodes.id", ondelete="CASCADE"))
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("follow_up_meetings.id", ondelete="CASCADE"))
    kind: Mapped[DeviationKind] = mapped_column(code(DeviationKind))
    reason_code: Mapped[DeviationReason] = mapped_column(code(DeviationReason))
    reason: Mapped[Secret]
    decided_by: Mapped[Secret] = mapped_column(default="")
    by_cadence_on: Mapped[date | None]
    planned_on: Mapped[date | None]
    by_cadence_interval: Mapped[str | None] = mapped_column(String(20))
    chosen_interval: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[DeviationState] = mapped_column(code(DeviationState))
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[Secret] = mapped_column(default="")


def list_deviations(session: Session, case_id: UUID) -> list[Deviation]:
    """A case's deviations, oldest first."""
    return list(
        session.scalars(
            select(Deviation).where(Deviation.case_id == case_id).order_by(Deviation.asked_at, Deviation.id)
        )
    )


def lock_deviation(session: Session, deviation_id: UUID) -> Deviation | None:
    """The row as it stands now, held until this transaction ends."""
    return session.get(Deviation, deviation_id, with_for_update=True, populate_existing=True)


def list_standing(
    session: Session, *, meeting_ids: Collection[UUID] = (), episode_id: UUID | None = None
) -> list[Deviation]:
    """What stands about these meetings, or about an episode's rhythm."""
    of_rhythm = (Deviation.episode_id == episode_id) & Deviation.meeting_id.is_(None)
    return list(
        session.scalars(
            select(Deviation).where(
                or_(Deviation.meeting_id.in_(meeting_ids), of_rhythm),
                Deviation.state != DeviationState.WITHDRAWN,
            )
        )
    )


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """A deviation as a list shows it. `asked_by` is empty when the account is unknown."""

    case: CaseName
    id: UUID
    meeting_id: UUID | None
    kind: DeviationKind
    reason_code: DeviationReason
    reason: str
    decided_by: str
    by_cadence_on: date | None
    planned_on: date | None
    by_cadence_interval: str | None
    chosen_interval: str | None
    state: DeviationState
    asked_by_id: UUID | None
    asked_by: str | None
    asked_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    answer: str
    held_on: date | None


def list_awaiting(session: Session, actor: Actor) -> list[DeviationRow]:
    """What waits for a leader in the actor's open cases, the longest wait first."""
    return _rows(
        session,
        in_scope(actor),
        is_open(actor.today),
        Deviation.state == DeviationState.AWAITING,
    )


def list_refused(session: Session, actor: Actor, *, rhythms_since: datetime) -> list[DeviationRow]:
    """What a leader refused and nobody has planned anew yet; a refused rhythm, which needs no planning, since a day."""
    return _rows(
        session,
        in_scope(actor),
        is_open(actor.today),
        Deviation.state == DeviationState.REFUSED,
        or_(
            Deviation.meeting_id.is_not(None) & FollowUpMeeting.held_on.is_(None),
            Deviation.meeting_id.is_(None) & (Deviation.answered_at >= rhythms_since),
        ),
    )


def list_of_case(session: Session, case_id: UUID) -> list[DeviationRow]:
    """What stands in one case, the withdrawn left out, oldest first."""
    return _rows(session, Deviation.case_id == case_id, Deviation.state != DeviationState.WITHDRAWN)


def _rows(session: Session, *conditions: ColumnElement[bool]) -> list[DeviationRow]:
    asker, answerer = aliased(Staff, flat=True), aliased(Staff, flat=True)
    rows = session.execute(
        select(
            Case.id,
            Case.reference,
            Case.display_name,
            Deviation.id,
            Deviation.meeting_id,
            Deviation.kind,
            Deviation.reason_code,
            Deviation.reason,
            Deviation.decided_by,
            Deviation.by_cadence_on,
            Deviation.planned_on,
            Deviation.by_cadence_interval,
            Deviation.chosen_interval,
            Deviation.state,
            Deviation.asked_by_id,
            asker.name,
            Deviation.asked_at,
            answerer.name,
            Deviation.answered_at,
            Deviation.answer,
            FollowUpMeeting.held_on,
        )
        .join(Case, Case.id == Deviation.case_id)
        .outerjoin(FollowUpMeeting, FollowUpMeeting.id == Deviation.meeting_id)
        .outerjoin(asker, asker.id == Deviation.asked_by_id)
        .outerjoin(answerer, answerer.id == Deviation.answered_by_id)
        .where(*conditions)
        .order_by(Deviation.asked_at, Deviation.id)
    )
    return [DeviationRow(CaseName(*row[:3]), *row[3:]) for row in map(tuple, rows)]
