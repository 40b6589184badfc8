"""Statuses of goals with who wrote them, and which meetings still wait for one."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.storage.accounts import Staff
from fitsvc.storage.caseload import CaseName, is_open
from fitsvc.storage.cases import Case, in_scope, is_practitioner
from fitsvc.storage.goals import Goal, GoalStatus
from fitsvc.storage.meetings import FollowUpMeeting


class SignedStatus(NamedTuple):
    """A status of one goal, and who wrote it when."""

    goal_id: UUID
    text: str
    written_by: str
    written_at: datetime


class StatusRow(NamedTuple):
    """A meeting to come in a case with open goals, and how many of those have a status for it."""

    case: CaseName
    meeting_id: UUID
    planned_on: date
    open_goals: int
    with_status: int


def list_signed_statuses(session: Session, meeting_id: UUID) -> list[SignedStatus]:
    """What is written for one meeting."""
    rows = session.execute(
        select(GoalStatus.goal_id, GoalStatus.text, Staff.name, GoalStatus.written_at)
        .join(Staff, Staff.id == GoalStatus.written_by_id)
        .where(GoalStatus.meeting_id == meeting_id)
    )
    return [SignedStatus(*row) for row in rows]


def find_status(session: Session, meeting_id: UUID, goal_id: UUID) -> GoalStatus | None:
    return session.scalars(
        select(GoalStatus).where(GoalStatus.meeting_id == meeting_id, GoalStatus.goal_id == goal_id)
    ).one_or_none()


def list_awaited_statuses(session: Session, actor: Actor, *, until: date) -> list[StatusRow]:
    """Of the open cases this actor is practitioner on: the meetings still to be held, those gone by too, to `until`."""
    rows = session.execute(
        select(
            Case.id,
            Case.reference,
            Case.display_name,
            FollowUpMeeting.id,
            FollowUpMeeting.planned_on,
            func.count(Goal.id),
            func.count(GoalStatus.id),
        )
        .join(Case, Case.id == FollowUpMeeting.case_id)
        .join(Goal, (Goal.case_id == Case.id) & Goal.closed_on.is_(None))
        .outerjoin(
            GoalStatus, (GoalStatus.goal_id == Goal.id) & (GoalStatus.meeting_id == FollowUpMeeting.id)
        )
        .where(
            in_scope(actor),
            is_practitioner(actor, Case.id),
            is_open(actor.today),
            FollowUpMeeting.held_on.is_(None),
            FollowUpMeeting.cancelled_at.is_(None),
            FollowUpMeeting.planned_on <= until,
        )
        .group_by(Case.id, Case.reference, Case.display_name, FollowUpMeeting.id, FollowUpMeeting.planned_on)
        .order_by(FollowUpMeeting.planned_on, Case.reference)
    )
    return [StatusRow(CaseName(*row[:3]), *row[3:]) for row in rows]
