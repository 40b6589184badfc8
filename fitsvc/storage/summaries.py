"""The few columns a list of cases needs, for many cases at once: plain rows, never whole records."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.administrations import Administration, looks_open
from fitsvc.storage.episodes import Episode
from fitsvc.storage.ratings import Rating, is_shown_to
from fitsvc.storage.respondents import RatingPlan, Respondent
from fitsvc.storage.signals import SignalAction


class VoiceRow(NamedTuple):
    """One form that one respondent is asked to answer now."""

    case_id: UUID
    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    started_on: date
    instrument_id: str | None
    plan_starts_on: date | None
    target_score: float | None


class ScoreRow(NamedTuple):
    respondent_id: UUID
    instrument_id: str
    instrument_version: str
    rated_on: date
    score: float | None


class AwaitedRow(NamedTuple):
    """An answer that was asked for and has not come."""

    respondent_id: UUID
    instrument_id: str
    due_on: date


class StepRow(NamedTuple):
    respondent_id: UUID
    instrument_id: str
    instrument_version: str
    taken_on: date


class EpisodeRow(NamedTuple):
    case_id: UUID
    started_on: date
    ended_on: date | None


def list_voices(
    session: Session, case_ids: Sequence[UUID], instrument_ids: Collection[str], today: date
) -> list[VoiceRow]:
    """The respondents of these cases who still rate, each with every plan that runs (None without one)."""
    rows = session.execute(
        select(
            Respondent.case_id,
            Respondent.id,
            Respondent.rater_role,
            Respondent.setting,
            Respondent.started_on,
            RatingPlan.instrument_id,
            RatingPlan.starts_on,
            RatingPlan.target_score,
        )
        .outerjoin(
            RatingPlan,
            (RatingPlan.respondent_id == Respondent.id)
            & RatingPlan.instrument_id.in_(instrument_ids)
            & (RatingPlan.starts_on <= today)
            & (RatingPlan.ends_on.is_(None) | (RatingPlan.ends_on >= today)),
        )
        .where(
            Respondent.case_id.in_(case_ids),
            Respondent.withdrawn_at.is_(None),
            Respondent.ended_on.is_(None) | (Respondent.ended_on >= today),
        )
    )
    return [VoiceRow(*row) for row in rows]


def list_scores(
    session: Session, actor: Actor, case_ids: Sequence[UUID], instrument_ids: Collection[str]
) -> list[ScoreRow]:
    """Current ratings on these forms, oldest first, but for those kept from this actor."""
    rows = session.execute(
        select(
            Rating.respondent_id,
            Rating.instrument_id,
            Rating.instrument_version,
            Rating.rated_on,
            Rating.score,
        )
        .where(
            Rating.case_id.in_(case_ids),
            Rating.instrument_id.in_(instrument_ids),
            Rating.superseded_at.is_(None),
            is_shown_to(actor),
        )
        .order_by(Rating.rated_on, Rating.submitted_at, Rating.id)
    )
    return [ScoreRow(*row) for row in rows]


def list_awaited(
    session: Session, actor: Actor, case_ids: Sequence[UUID], instrument_ids: Collection[str]
) -> list[AwaitedRow]:
    """Answers on these forms that are due and, as far as this actor is to know, have not come, oldest first."""
    rows = session.execute(
        select(Administration.respondent_id, Administration.instrument_id, Administration.due_on)
        .where(
            Administration.case_id.in_(case_ids),
            Administration.instrument_id.in_(instrument_ids),
            looks_open(actor),
            Administration.due_on <= actor.today,
        )
        .order_by(Administration.due_on)
    )
    return [AwaitedRow(*row) for row in rows]


def list_steps(session: Session, case_ids: Sequence[UUID]) -> list[StepRow]:
    """The days on which next steps were taken on confirmed signals."""
    rows = session.execute(
        select(
            SignalAction.respondent_id,
            SignalAction.instrument_id,
            SignalAction.instrument_version,
            SignalAction.taken_on,
        ).where(SignalAction.case_id.in_(case_ids))
    )
    return [StepRow(*row) for row in rows]


def list_episode_days(session: Session, case_ids: Sequence[UUID]) -> list[EpisodeRow]:
    """When the episodes of these cases began and ended, oldest first."""
    rows = session.execute(
        select(Episode.case_id, Episode.started_on, Episode.ended_on)
        .where(Episode.case_id.in_(case_ids))
        .order_by(Episode.started_on, Episode.id)
    )
    return [EpisodeRow(*row) for row in rows]
