"""The read side of asking before a meeting: who could be asked, on which forms, when they last rated and were asked.

Each function is one query however many cases there are. A rating its respondent keeps from the meeting is there for the
case's practitioner alone.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.administrations import Administration, Link, looks_open
from fitsvc.storage.goals import Goal
from fitsvc.storage.ratings import Rating, is_shown_to
from fitsvc.storage.respondents import Person, RatingPlan, Respondent, SharingBasis


class RespondentRow(NamedTuple):
    """Somebody who still rates. `name` is for staff only."""

    case_id: UUID
    respondent_id: UUID
    name: str
    rater_role: RaterRole
    setting: str
    label: str
    has_custody: bool | None
    has_basis: bool
    started_on: date


class PlanDays(NamedTuple):
    respondent_id: UUID
    instrument_id: str
    starts_on: date
    ends_on: date | None


class LatestRating(NamedTuple):
    respondent_id: UUID
    instrument_id: str
    withheld: bool
    rated_on: date


class OpenAsking(NamedTuple):
    """An asking nobody has answered. `link_until` and who made the link when: None when no link works."""

    administration_id: UUID
    respondent_id: UUID
    instrument_id: str
    due_on: date
    meeting_id: UUID | None
    link_until: datetime | None
    link_made_at: datetime | None
    link_made_by: UUID | None


def list_who_rates(session: Session, case_ids: Collection[UUID], today: date) -> list[RespondentRow]:
    """Who still takes part in these cases, oldest first."""
    has_basis = exists().where(
        SharingBasis.respondent_id == Respondent.id, SharingBasis.family_told_on.is_not(None)
    )
    rows = session.execute(
        select(
            Respondent.case_id,
            Respondent.id,
            Person.name,
            Respondent.rater_role,
            Respondent.setting,
            Respondent.label,
            Respondent.has_custody,
            has_basis,
            Respondent.started_on,
        )
        .join(Person, Person.id == Respondent.person_id)
        .where(
            Respondent.case_id.in_(case_ids),
            Respondent.withdrawn_at.is_(None),
            or_(Respondent.ended_on.is_(None), Respondent.ended_on > today),
        )
        .order_by(Respondent.started_on, Respondent.id)
    )
    return [RespondentRow(*row) for row in rows]


def list_plan_days(session: Session, case_ids: Collection[UUID], forms: Collection[str]) -> list[PlanDays]:
    """Every plan on these forms, the ended ones too, oldest first."""
    rows = session.execute(
        select(RatingPlan.respondent_id, RatingPlan.instrument_id, RatingPlan.starts_on, RatingPlan.ends_on)
        .join(Respondent, Respondent.id == RatingPlan.respondent_id)
        .where(Respondent.case_id.in_(case_ids), RatingPlan.instrument_id.in_(forms))
        .order_by(RatingPlan.starts_on, RatingPlan.created_at)
    )
    return [PlanDays(*row) for row in rows]


def list_latest_ratings(
    session: Session,
    actor: Actor,
    case_ids: Collection[UUID],
    forms: Collection[str],
    *,
    until: date | None = None,
) -> list[LatestRating]:
    """The day of the latest rating of each respondent on each form, those kept from the meeting by themselves."""
    query = (
        select(Rating.respondent_id, Rating.instrument_id, Rating.withheld, func.max(Rating.rated_on))
        .where(
            Rating.case_id.in_(case_ids),
            Rating.instrument_id.in_(forms),
            Rating.superseded_at.is_(None),
            is_shown_to(actor),
        )
        .group_by(Rating.respondent_id, Rating.instrument_id, Rating.withheld)
    )
    if until is not None:
        query = query.where(Rating.rated_on <= until)
    return [LatestRating(*row) for row in session.execute(query)]


def list_open_askings(
    session: Session, actor: Actor, case_ids: Collection[UUID], forms: Collection[str], now: datetime
) -> list[OpenAsking]:
    """What is asked and, as far as this actor is to know, not answered, each with its link that works.

    Forms given in a session belong to the session.
    """
    works = (
        (Link.administration_id == Administration.id) & Link.cancelled_at.is_(None) & (Link.expires_at > now)
    )
    rows = session.execute(
        select(
            Administration.id,
            Administration.respondent_id,
            Administration.instrument_id,
            Administration.due_on,
            Administration.meeting_id,
            Link.expires_at,
            Link.created_at,
            Link.created_by_id,
        )
        .outerjoin(Link, works)
        .where(
            Administration.case_id.in_(case_ids),
            Administration.instrument_id.in_(forms),
            looks_open(actor),
            Administration.care_session_id.is_(None),
        )
        .order_by(Administration.due_on, Administration.id)
    )
    return [OpenAsking(*row) for row in rows]


def count_open_goals(session: Session, case_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many open goals each of these cases has; cases without are not named."""
    rows = session.execute(
        select(Goal.case_id, func.count())
        .where(Goal.case_id.in_(case_ids), Goal.closed_on.is_(None))
        .group_by(Goal.case_id)
    )
    return {row[0]: row[1] for row in rows}
