"""Administrations (one giving of one form to one respondent on one occasion) and the links that lead to them."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from fitsvc.domain.actor import Actor
from fitsvc.storage.base import Base, Key, code
from fitsvc.storage.cases import is_practitioner
from fitsvc.storage.ratings import Rating
from fitsvc.storage.secret import Secret


class AdministrationState(StrEnum):
    """Whether an answer is still awaited. A link's own expiry is a matter of its date."""

    OPEN = "open"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class Administration(Base):
    """`meeting_id`: asked for before this follow-up meeting; `asks_wish`: with it, what to talk about there."""

    __tablename__ = "administrations"
    __table_args__ = (
        CheckConstraint("(state = 'answered') = (answered_on IS NOT NULL)", name="answered_has_day"),
        Index("ix_administrations_case", "case_id", "due_on"),
        Index("ix_administrations_respondent", "respondent_id", "instrument_id"),
        Index("ix_administrations_case_state", "case_id", "state", "due_on"),  # see is_outstanding
    )

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    respondent_id: Mapped[UUID] = mapped_column(ForeignKey("respondents.id", ondelete="CASCADE"))
    care_session_id: Mapped[UUID | None] = mapped_column(ForeignKey("care_sessions.id", ondelete="CASCADE"))
    meeting_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("follow_up_meetings.id", ondelete="SET NULL"), index=True
    )
    asks_wish: Mapped[bool] = mapped_column(default=False, server_default=false())
    instrument_id: Mapped[str] = mapped_column(String(80))
    instrument_version: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date]
    state: Mapped[AdministrationState] = mapped_column(code(AdministrationState))
    answered_on: Mapped[date | None]
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


class Link(Base):
    """A secret way to one administration. Only the token's hash is stored; `label` tells an adult which child it is.

    `failed_guesses` counts wrong answers to the second thing to know before the own curve is shown.
    """

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        Index("ix_links_administration", "administration_id"),
    )

    id: Mapped[Key]
    administration_id: Mapped[UUID] = mapped_column(ForeignKey("administrations.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    label: Mapped[Secret] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    expires_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    failed_guesses: Mapped[int] = mapped_column(default=0, server_default=text("0"))


def get_administration_for_update(session: Session, administration_id: UUID) -> Administration:
    """The administration, locked against a second send at the same moment (SQLite's write lock does it there)."""
    return session.scalars(
        select(Administration).where(Administration.id == administration_id).with_for_update()
    ).one()


def get_link_for_update(session: Session, link_id: UUID) -> Link:
    """The link, locked against other guesses at the same moment."""
    query = select(Link).where(Link.id == link_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


class KnownAsking(NamedTuple):
    """An asking as its reader knows of it."""

    id: UUID
    respondent_id: UUID
    instrument_id: str
    instrument_version: str
    due_on: date
    state: AdministrationState
    answered_on: date | None
    is_from_session: bool


def list_known_askings(session: Session, case_id: UUID, *, to_practitioner: bool) -> list[KnownAsking]:
    """A case's askings, oldest first. To everybody but the practitioner, one whose answer its respondent kept from the
    meeting is still waited for; and one made together with such an answer (on paper) was never made.
    """
    query = _kept().add_columns(_made_with_its_answer()).where(Rating.case_id == case_id)
    kept = {} if to_practitioner else {row[0]: row[1] for row in session.execute(query)}
    return [
        KnownAsking(
            one.id,
            one.respondent_id,
            one.instrument_id,
            one.instrument_version,
            one.due_on,
            AdministrationState.OPEN if one.id in kept else one.state,
            None if one.id in kept else one.answered_on,
            one.care_session_id is not None,
        )
        for one in list_administrations(session, case_id)
        if not kept.get(one.id, False)
    ]


def is_kept_from(session: Session, actor: Actor, administration_id: UUID) -> bool:
    """Whether it was answered, and this actor is to know nothing of that."""
    return session.scalar(_kept_from(actor).where(Administration.id == administration_id)) is not None


def was_asked_before(session: Session, administration_id: UUID) -> bool:
    """Whether it stood open before its answer came, so that others know of it."""
    query = _kept().where(Administration.id == administration_id, ~_made_with_its_answer())
    return session.scalar(query) is not None


def looks_open(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Administration` that an answer is still waited for, as far as this actor is to know."""
    told = _kept_from(actor).where(~_made_with_its_answer()).correlate(None)
    return or_(Administration.state == AdministrationState.OPEN, Administration.id.in_(told))


def _kept() -> Select[Any]:
    """Where the answer is one its respondent kept from the meeting."""
    return (
        select(Administration.id)
        .join(Rating, Rating.administration_id == Administration.id)
        .where(Rating.withheld, Rating.superseded_at.is_(None))
    )


def _kept_from(actor: Actor) -> Select[Any]:
    return _kept().where(~is_practitioner(actor, Rating.case_id))


def _made_with_its_answer() -> ColumnElement[bool]:
    """Not asked for beforehand: entered on paper, or set aside (`services.set_aside`)."""
    return Rating.submitted_at <= Administration.created_at


def count_failed_guesses(session: Session, respondent_id: UUID, now: datetime) -> int:
    """Wrong answers on all of a respondent's links that have not expired."""
    query = (
        select(func.coalesce(func.sum(Link.failed_guesses), 0))
        .join(Administration, Administration.id == Link.administration_id)
        .where(Administration.respondent_id == respondent_id, Link.expires_at > now)
    )
    return session.scalar(query) or 0


def list_administrations(session: Session, case_id: UUID) -> list[Administration]:
    return list(
        session.scalars(
            select(Administration)
            .where(Administration.case_id == case_id)
            .order_by(Administration.due_on, Administration.id)
        )
    )


def is_known_to(asked: type[Administration], actor: Actor) -> ColumnElement[bool]:
    """Leaves out askings whose answer its respondent kept from the meeting, but for the case's practitioner."""
    kept = exists().where(
        Rating.administration_id == asked.id, Rating.superseded_at.is_(None), Rating.withheld
    )
    return or_(~kept, is_practitioner(actor, asked.case_id))


def is_outstanding(case_id: Any, actor: Actor, shared_forms: Collection[str]) -> ColumnElement[bool]:
    """The condition on `Administration` that keeps what this case (a column) still waits for.

    Due today or earlier, unanswered, and the respondent has not rated on that form since, as far as this actor is to
    know. Session forms belong to the session: no list waits for them.
    """
    later = aliased(Administration)
    answered_since = exists().where(
        later.respondent_id == Administration.respondent_id,
        later.instrument_id == Administration.instrument_id,
        later.state == AdministrationState.ANSWERED,
        later.answered_on >= Administration.due_on,
        is_known_to(later, actor),
    )
    return and_(
        Administration.case_id == case_id,
        looks_open(actor),
        Administration.due_on <= actor.today,
        Administration.instrument_id.in_(shared_forms),
        ~answered_since,
    )


def find_administration(session: Session, administration_id: UUID) -> Administration | None:
    return session.get(Administration, administration_id)


def list_session_administrations(session: Session, care_session_id: UUID) -> list[Administration]:
    """The forms given in one session, in the order they were made."""
    return list(
        session.scalars(
            select(Administration)
            .where(Administration.care_session_id == care_session_id)
            .order_by(Administration.created_at, Administration.id)
        )
    )


def list_respondent_links(session: Session, actor: Actor, respondent_id: UUID) -> list[Link]:
    """The links nobody has cancelled to what a respondent is still asked, to this actor's knowledge (they may have
    expired).
    """
    return list(
        session.scalars(
            select(Link)
            .join(Administration, Administration.id == Link.administration_id)
            .where(
                Administration.respondent_id == respondent_id,
                looks_open(actor),
                Link.cancelled_at.is_(None),
            )
            .order_by(Link.expires_at)
        )
    )


def list_links_of(session: Session, respondent_id: UUID) -> list[Link]:
    """Every link this respondent was ever given."""
    return list(
        session.scalars(
            select(Link)
            .join(Administration, Administration.id == Link.administration_id)
            .where(Administration.respondent_id == respondent_id)
        )
    )


def find_oldest_open(
    session: Session, actor: Actor, respondent_id: UUID, instrument_id: str
) -> Administration | None:
    """The rating of this form that has been waited for longest, as far as this actor is to know."""
    return session.scalars(
        select(Administration)
        .where(
            Administration.respondent_id == respondent_id,
            Administration.instrument_id == instrument_id,
            looks_open(actor),
        )
        .order_by(Administration.due_on, Administration.id)
        .limit(1)
    ).one_or_none()
