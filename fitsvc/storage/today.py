"""The read side of Today: what waits for somebody, in the order it waits, within the actor's scope.

Lists are cut at a limit and come with how many there are in all, so that a page can say so. `shared_forms` are the
ids of every form but session forms: what is said with those is for the practitioner on the case alone.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, union
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.permissions import Permission
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.administrations import (
    Administration,
    AdministrationState,
    is_known_to,
    is_outstanding,
    looks_open,
)
from fitsvc.storage.caseload import CaseName, is_open
from fitsvc.storage.cases import Case, in_scope, is_practitioner
from fitsvc.storage.meetings import next_meeting_of
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import RatingPlan, Respondent

Row = TypeVar("Row")

CASE_NAME = (Case.id, Case.reference, Case.display_name)


@dataclass(frozen=True, slots=True)
class Cut(Generic[Row]):
    """The first rows of a list, and how many there are in all."""

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A rating somebody has to read: a comment, a low safety rating, or both."""

    case: CaseName
    rating_id: UUID
    rater_role: RaterRole
    setting: str
    instrument_id: str
    instrument_version: str
    rated_on: date
    submitted_at: datetime
    low_safety: bool
    score: float | None
    answers: dict[str, Any]
    comment: str | None


@dataclass(frozen=True, slots=True)
class SilentCase:
    """An open case in which somebody was asked and has not answered; `since` is the earliest such day."""

    case: CaseName
    since: date


@dataclass(frozen=True, slots=True)
class OutstandingRow:
    """One respondent's silence on one form: asked `times` times since the first unanswered day."""

    case_id: UUID
    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    instrument_id: str
    since: date
    times: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What one respondent is to be asked, how often, and the last day they were asked for."""

    case_id: UUID
    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    instrument_id: str
    rhythm: Rhythm
    starts_on: date
    last_asked_on: date | None
    next_meeting_on: date | None


def list_unread(
    session: Session, actor: Actor, *, shared_forms: Collection[str], limit: int
) -> Cut[UnreadRow]:
    """Low safety ratings first, then comments; what has waited longest first.

    What was said with a session form, or kept from the meeting, is listed for the practitioner on the case, and for
    nobody else.
    """
    low_safety = Rating.notice & Rating.notice_read_at.is_(None)
    # Both parts of the union are small and have an index of exactly what is unread.
    waiting = union(
        select(Rating.id).where(low_safety), select(Comment.rating_id).where(Comment.read_at.is_(None))
    )
    query = (
        select(
            *CASE_NAME,
            Rating.id,
            Respondent.rater_role,
            Respondent.setting,
            Rating.instrument_id,
            Rating.instrument_version,
            Rating.rated_on,
            Rating.submitted_at,
            low_safety.label("low_safety"),
            Rating.score,
            Rating.answers,
            Comment.text,
        )
        .join(Case, Case.id == Rating.case_id)
        .join(Respondent, Respondent.id == Rating.respondent_id)
        .outerjoin(Comment, Comment.rating_id == Rating.id)
        .where(
            in_scope(actor),
            Rating.superseded_at.is_(None),
            Rating.id.in_(waiting),
            Respondent.withdrawn_at.is_(None),
            _may_read(actor, shared_forms),
        )
        .order_by(low_safety.desc(), Rating.submitted_at, Rating.id)
    )
    return cut_rows(session, query, UnreadRow, limit)


def list_silent_cases(
    session: Session, actor: Actor, *, shared_forms: Collection[str], limit: int
) -> Cut[SilentCase]:
    """Open cases with a rating due and not come, the longest silence first."""
    since = func.min(Administration.due_on)
    query = (
        select(*CASE_NAME, since)
        .join(Administration, is_outstanding(Case.id, actor, shared_forms))
        .where(in_scope(actor), is_open(actor.today))
        .group_by(*CASE_NAME)
        .order_by(since, Case.reference)
    )
    return cut_rows(session, query, SilentCase, limit)


def list_outstanding(
    session: Session, actor: Actor, case_ids: Collection[UUID], *, shared_forms: Collection[str]
) -> list[OutstandingRow]:
    """Who has not answered what in these cases, one row for each respondent and form."""
    rows = session.execute(
        select(
            Respondent.case_id,
            Respondent.id,
            Respondent.rater_role,
            Respondent.setting,
            Administration.instrument_id,
            func.min(Administration.due_on),
            func.count(),
        )
        .join(Administration, Administration.respondent_id == Respondent.id)
        .where(Respondent.case_id.in_(case_ids), is_outstanding(Respondent.case_id, actor, shared_forms))
        .group_by(
            Respondent.case_id,
            Respondent.id,
            Respondent.rater_role,
            Respondent.setting,
            Administration.instrument_id,
        )
        .order_by(func.min(Administration.due_on))
    )
    return [OutstandingRow(*row) for row in rows]


def list_plans_at_rest(
    session: Session, actor: Actor, case_ids: Collection[UUID], *, shared_forms: Collection[str]
) -> list[PlanRow]:
    """The plans standing today under which nobody is being asked just now."""
    of_plan = (Administration.respondent_id == RatingPlan.respondent_id) & (
        Administration.instrument_id == RatingPlan.instrument_id
    )
    last_asked = (
        select(func.max(Administration.due_on))
        .where(
            of_plan,
            Administration.state == AdministrationState.ANSWERED,
            is_known_to(Administration, actor),
        )
        .correlate(RatingPlan)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Respondent.case_id,
            Respondent.id,
            Respondent.rater_role,
            Respondent.setting,
            RatingPlan.instrument_id,
            RatingPlan.rhythm,
            RatingPlan.starts_on,
            last_asked,
            next_meeting_of(Respondent.case_id),
        )
        .join(RatingPlan, RatingPlan.respondent_id == Respondent.id)
        .where(
            Respondent.case_id.in_(case_ids),
            _stands(actor.today, shared_forms),
            ~exists().where(of_plan, looks_open(actor)),
        )
        .order_by(Respondent.started_on, Respondent.id, RatingPlan.starts_on)
    )
    return [PlanRow(*row) for row in rows]


def _may_read(actor: Actor, shared_forms: Collection[str]) -> ColumnElement[bool]:
    ordinary = Rating.instrument_id.in_(shared_forms) & ~Rating.withheld
    if not actor.may(Permission.SEE_SESSION_RATINGS):
        return ordinary
    return or_(ordinary, is_practitioner(actor, Rating.case_id))


def _stands(today: date, shared_forms: Collection[str]) -> ColumnElement[bool]:
    return (
        (RatingPlan.starts_on <= today)
        & or_(RatingPlan.ends_on.is_(None), RatingPlan.ends_on >= today)
        & Respondent.withdrawn_at.is_(None)
        & or_(Respondent.ended_on.is_(None), Respondent.ended_on >= today)
        & RatingPlan.instrument_id.in_(shared_forms)
    )


def cut_rows(session: Session, query: Any, kind: Callable[..., Row], limit: int) -> Cut[Row]:
    """The first rows and the count of all of them, in one query, whose columns begin with the case's name."""
    rows = session.execute(query.add_columns(func.count().over()).limit(limit)).all()
    return Cut(tuple(kind(CaseName(*row[:3]), *row[3:-1]) for row in rows), rows[0][-1] if rows else 0)
