"""The read side of the follow-up clock: every running measure with its last meeting held and the next one planned."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Function, ScalarSelect, exists, func, select
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.storage.accounts import Staff
from fitsvc.storage.caseload import CaseName, is_open
from fitsvc.storage.cases import Case, TeamMember, TeamPart, in_scope
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.episodes import Episode
from fitsvc.storage.meetings import FollowUpMeeting


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A running measure of an open case. `planned_on` is the next meeting still to be held."""

    case: CaseName
    episode_id: UUID
    measure_type: str
    started_on: date
    cadence_standard: str | None
    chosen_interval: int | None
    chosen_interval_unit: str | None
    investigation_ends_on: date | None
    last_held_on: date | None
    planned_on: date | None


def list_follow_ups(
    session: Session, actor: Actor, *, case_ids: Collection[UUID] | None = None
) -> list[FollowUpRow]:
    """Every measure running today in the actor's open cases, oldest first; of these cases only when they are given."""
    rows = session.execute(
        select(
            Case.id,
            Case.reference,
            Case.display_name,
            Episode.id,
            Episode.measure_type,
            Episode.started_on,
            Episode.cadence_standard,
            Episode.chosen_interval,
            Episode.chosen_interval_unit,
            Episode.investigation_ends_on,
            _of_episode(func.max(FollowUpMeeting.held_on)),
            _of_episode(func.min(FollowUpMeeting.planned_on), FollowUpMeeting.held_on.is_(None)),
        )
        .join(Case, Case.id == Episode.case_id)
        .where(
            in_scope(actor),
            is_open(actor.today),
            *([Case.id.in_(case_ids)] if case_ids is not None else []),
            Episode.started_on <= actor.today,
            Episode.ended_on.is_(None) | (Episode.ended_on >= actor.today),
        )
        .order_by(Episode.started_on, Episode.id)
    )
    return [FollowUpRow(CaseName(*row[:3]), *row[3:]) for row in map(tuple, rows)]


def list_approved_days(session: Session, episode_ids: Collection[UUID] | None) -> set[tuple[UUID, date]]:
    """Episode and day of the meetings still to be held that a leader lets come later than the cadence says.

    Of these episodes, or of all: thousands of them would be too many to name in a query.
    """
    rows = session.execute(
        select(Deviation.episode_id, FollowUpMeeting.planned_on)
        .join(FollowUpMeeting, FollowUpMeeting.id == Deviation.meeting_id)
        .where(
            Deviation.kind == DeviationKind.LATER,
            Deviation.state == DeviationState.APPROVED,
            Deviation.planned_on == FollowUpMeeting.planned_on,
            FollowUpMeeting.held_on.is_(None),
            FollowUpMeeting.cancelled_at.is_(None),
            *([Deviation.episode_id.in_(episode_ids)] if episode_ids is not None else []),
        )
    )
    return {(episode_id, day) for episode_id, day in rows}


@dataclass(frozen=True, slots=True)
class CallRow:
    """A meeting still to be held that a practitioner on the case has called; why, when its day is not the cadence's."""

    case: CaseName
    meeting_id: UUID
    planned_on: date
    called_by: str
    reason_code: DeviationReason | None
    reason: str | None


def list_calls_in_case(session: Session, case_id: UUID) -> list[CallRow]:
    """The meetings called in one case, the nearest first. The caller has found the case within the scope."""
    return _list_calls(session, Case.id == case_id)


def list_calls(session: Session, actor: Actor) -> list[CallRow]:
    """The meetings others have called in the actor's open cases, the nearest first."""
    return _list_calls(
        session,
        in_scope(actor),
        is_open(actor.today),
        FollowUpMeeting.planned_on >= actor.today,
        FollowUpMeeting.created_by_id != actor.staff_id,
    )


def _list_calls(session: Session, *conditions: ColumnElement[bool]) -> list[CallRow]:
    is_practitioner = exists().where(
        TeamMember.case_id == FollowUpMeeting.case_id,
        TeamMember.staff_id == FollowUpMeeting.created_by_id,
        TeamMember.part == TeamPart.PRACTITIONER,
    )
    stands = (Deviation.meeting_id == FollowUpMeeting.id) & (Deviation.state != DeviationState.WITHDRAWN)
    rows = session.execute(
        select(
            Case.id,
            Case.reference,
            Case.display_name,
            FollowUpMeeting.id,
            FollowUpMeeting.planned_on,
            Staff.name,
            Deviation.reason_code,
            Deviation.reason,
        )
        .join(Case, Case.id == FollowUpMeeting.case_id)
        .join(Staff, Staff.id == FollowUpMeeting.created_by_id)
        .outerjoin(Deviation, stands)
        .where(
            *conditions,
            FollowUpMeeting.held_on.is_(None),
            FollowUpMeeting.cancelled_at.is_(None),
            is_practitioner,
        )
        .order_by(FollowUpMeeting.planned_on, FollowUpMeeting.id)
    )
    return [CallRow(CaseName(*row[:3]), *row[3:]) for row in rows]


def _of_episode(what: Function[Any], *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    return (
        select(what)
        .where(
            FollowUpMeeting.case_id == Episode.case_id,  # the index stands on the case
            FollowUpMeeting.episode_id == Episode.id,
            FollowUpMeeting.cancelled_at.is_(None),
            *conditions,
        )
        .correlate(Episode)
        .scalar_subquery()
    )
