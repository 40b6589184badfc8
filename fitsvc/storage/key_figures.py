"""The narrow rows key figures are made of: days and codes of whole units, no words, nobody's answers."""

from collections.abc import Collection, Hashable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Date, String, and_, case, exists, func, select, true, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from fitsvc.domain.actor import Actor
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.domain.key_figures import Voice
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.roles import Scope
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.episodes import Episode
from fitsvc.storage.expectations import AgreedExpectation
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.organisation import Unit
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import Respondent

EpisodeKey = Hashable
"""An episode's id as the driver gives it: making UUIDs of many thousands takes as long as reading the rows."""


class EpisodeRow(NamedTuple):
    id: EpisodeKey
    unit_id: UUID
    measure_type: str
    cadence_standard: str | None
    chosen_interval: int | None
    chosen_interval_unit: str | None
    investigation_ends_on: date | None
    started_on: date
    ended_on: date | None


class MeetingRow(NamedTuple):
    """`approved_on`: the later day a leader approved for it."""

    episode_id: EpisodeKey
    planned_on: date
    held_on: date | None
    approved_on: date | None


class DeviationRow(NamedTuple):
    episode_id: EpisodeKey
    unit_id: UUID
    kind: DeviationKind
    reason_code: DeviationReason
    state: DeviationState
    asked_at: datetime


def list_figure_units(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    """The units this leader may see figures of, those with an episode, by name."""
    rows = session.execute(
        select(Unit.id, Unit.name)
        .where(_in_reach(actor, Unit.id), exists().where(Episode.unit_id == Unit.id))
        .order_by(Unit.name)
    )
    return [(unit_id, name) for unit_id, name in rows]


def list_figure_episodes(session: Session, actor: Actor) -> list[EpisodeRow]:
    rows = session.execute(
        select(
            type_coerce(Episode.id, String),
            Episode.unit_id,
            Episode.measure_type,
            Episode.cadence_standard,
            Episode.chosen_interval,
            Episode.chosen_interval_unit,
            Episode.investigation_ends_on,
            Episode.started_on,
            Episode.ended_on,
        ).where(_in_reach(actor, Episode.unit_id))
    )
    return [EpisodeRow(*row) for row in rows]


def list_figure_meetings(session: Session, actor: Actor) -> list[MeetingRow]:
    """Meetings held and to be held, oldest first; the cancelled are none."""
    approved_on = (
        select(func.max(Deviation.planned_on))
        .where(
            Deviation.meeting_id == FollowUpMeeting.id,
            Deviation.kind == DeviationKind.LATER,
            Deviation.state == DeviationState.APPROVED,
        )
        .scalar_subquery()
    )
    columns = (
        type_coerce(FollowUpMeeting.episode_id, String),
        FollowUpMeeting.planned_on,
        FollowUpMeeting.held_on,
        approved_on,
    )
    rows = session.execute(
        _of_reach(select(*columns), actor, FollowUpMeeting.episode_id)
        .where(FollowUpMeeting.cancelled_at.is_(None))
        .order_by(FollowUpMeeting.held_on, FollowUpMeeting.planned_on)
    )
    return [MeetingRow(*row) for row in rows]


def list_figure_deviations(session: Session, actor: Actor) -> list[DeviationRow]:
    """Deviations that were not refused: what was decided in the end."""
    columns = (
        type_coerce(Deviation.episode_id, String), Episode.unit_id, Deviation.kind, Deviation.reason_code,
        Deviation.state, Deviation.asked_at,
    )  # fmt: skip
    rows = session.execute(
        _of_reach(select(*columns), actor, Deviation.episode_id).where(
            Deviation.state != DeviationState.REFUSED
        )
    )
    return [DeviationRow(*row) for row in rows]


def count_rated_meetings(
    session: Session,
    actor: Actor,
    *,
    roles: Mapping[Voice, Collection[RaterRole]],
    since: date,
    days_before: int,
    shared_forms: Collection[str],
) -> dict[tuple[UUID, Voice], int]:
    """By unit and voice, the meetings held since then with a rating from the days before them, or their own day.

    Only what everybody at a meeting may know: session forms do not count, nor what was withheld or taken back.
    The outer joins make SQLite begin with the meetings and look up their ratings; else it begins with all ratings.
    """
    voice = case(*((Respondent.rater_role.in_(of_voice), one.value) for one, of_voice in roles.items()))
    counts = and_(
        Rating.case_id == FollowUpMeeting.case_id,
        Rating.rated_on.between(_DaysBefore(FollowUpMeeting.held_on, days_before), FollowUpMeeting.held_on),
        Rating.superseded_at.is_(None),
        Rating.withheld.is_(False),
        Rating.instrument_id.in_(shared_forms),
    )
    rows = session.execute(
        _of_reach(
            select(Episode.unit_id, voice, func.count(FollowUpMeeting.id.distinct()))
            .select_from(FollowUpMeeting)
            .outerjoin(Rating, counts)
            .outerjoin(
                Respondent, and_(Respondent.id == Rating.respondent_id, Respondent.withdrawn_at.is_(None))
            ),
            actor,
            FollowUpMeeting.episode_id,
        )
        .where(FollowUpMeeting.held_on >= since, FollowUpMeeting.cancelled_at.is_(None))
        .group_by(Episode.unit_id, voice)
    )
    return {(unit_id, Voice(one)): count for unit_id, one, count in rows if one is not None}


def count_meetings_with_expectation(session: Session, actor: Actor, *, since: date) -> dict[UUID, int]:
    """By unit, the meetings held since then at which an expectation was set that still stands."""
    query = select(Episode.unit_id, func.count()).select_from(FollowUpMeeting)
    rows = session.execute(
        _of_reach(query, actor, FollowUpMeeting.episode_id)
        .where(
            FollowUpMeeting.held_on >= since,
            FollowUpMeeting.cancelled_at.is_(None),
            exists().where(
                AgreedExpectation.meeting_id == FollowUpMeeting.id, AgreedExpectation.withdrawn_at.is_(None)
            ),
        )
        .group_by(Episode.unit_id)
    )
    return dict(rows.all())


def _in_reach(actor: Actor, unit_id: Any) -> ColumnElement[bool]:
    """The whole kommune for the authority's leader; a provider's leader sees the own unit's episodes and no others."""
    return true() if Scope.KOMMUNE in actor.scopes else unit_id == actor.unit_id


def _of_reach(query: Any, actor: Actor, episode_id: Any) -> Any:
    return query.join(Episode, Episode.id == episode_id).where(_in_reach(actor, Episode.unit_id))


class _DaysBefore(FunctionElement[date]):
    """A column's day minus a number of days, which every database writes in its own way."""

    type = Date()
    inherit_cache = True
    name = "days_before"


@compiles(_DaysBefore, "sqlite")
def _days_before_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    day, days = element.clauses
    return f"date({compiler.process(day, **kw)}, '-' || {compiler.process(days, **kw)} || ' days')"


@compiles(_DaysBefore)
def _days_before(element: Any, compiler: Any, **kw: Any) -> str:
    day, days = element.clauses
    return f"({compiler.process(day, **kw)} - CAST({compiler.process(days, **kw)} AS INTEGER))"
