"""Follow-up meetings on Today: those gone by, those soon, and those whose time for asking has come."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.storage.caseload import CaseName, is_open
from fitsvc.storage.cases import Case, in_scope
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.today import CASE_NAME, Cut, cut_rows


@dataclass(frozen=True, slots=True)
class MeetingRow:
    case: CaseName
    id: UUID
    planned_on: date


def list_overdue_meetings(session: Session, actor: Actor, *, limit: int) -> Cut[MeetingRow]:
    """Meetings whose day has gone by without being noted as held, oldest first."""
    return _meetings(session, actor, FollowUpMeeting.planned_on < actor.today, limit)


def list_coming_meetings(session: Session, actor: Actor, *, until: date, limit: int) -> Cut[MeetingRow]:
    """Meetings from today to `until`, both included, the nearest first."""
    return _meetings(session, actor, FollowUpMeeting.planned_on.between(actor.today, until), limit)


def _meetings(session: Session, actor: Actor, when: ColumnElement[bool], limit: int) -> Cut[MeetingRow]:
    query = (
        select(*CASE_NAME, FollowUpMeeting.id, FollowUpMeeting.planned_on)
        .join(Case, Case.id == FollowUpMeeting.case_id)
        .where(
            in_scope(actor),
            is_open(actor.today),
            FollowUpMeeting.held_on.is_(None),
            FollowUpMeeting.cancelled_at.is_(None),
            when,
        )
        .order_by(FollowUpMeeting.planned_on, Case.reference)
    )
    return cut_rows(session, query, MeetingRow, limit)
