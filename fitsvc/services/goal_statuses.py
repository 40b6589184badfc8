"""The practitioner's short status of each open goal before a meeting; it can be changed until the meeting is held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.meeting_asking import STATUS_NOTICE, StatusDue, status_due
from fitsvc.services.case_access import get_case
from fitsvc.services.errors import Refused
from fitsvc.services.goals import get_goal
from fitsvc.services.invalid import Invalid, checked_text
from fitsvc.services.meetings import get_meeting
from fitsvc.storage.caseload import CaseName
from fitsvc.storage.cases import Case
from fitsvc.storage.goal_statuses import find_status, list_awaited_statuses
from fitsvc.storage.goals import GoalStatus
from fitsvc.storage.logs import record_act
from fitsvc.storage.meetings import FollowUpMeeting, lock_meeting

STATUS_LENGTH = 400
"""Characters: a few lines, so that all goals fit on the page for the meeting."""
NOTHING_SEEN = ""


@dataclass(frozen=True, slots=True)
class WrittenStatus:
    """What somebody wrote on one goal. `seen`: the mark of the text they had before them, "" when there was none."""

    text: str
    seen: str = NOTHING_SEEN


@dataclass(frozen=True, slots=True)
class AwaitedStatus:
    """A meeting whose goals wait for a status."""

    case: CaseName
    meeting_id: UUID
    due: StatusDue


def mark_of(written_at: datetime | None) -> str:
    """What tells one version of a status from another."""
    return NOTHING_SEEN if written_at is None else f"{written_at.timestamp():.6f}"


def why_not_written(case: Case, meeting: FollowUpMeeting) -> str | None:
    """Why the statuses for a meeting stand as they are, as the code of a refusal."""
    if case.closed_on is not None:
        return "case_closed"
    if meeting.held_on is not None:
        return "meeting_held"
    return "meeting_cancelled" if meeting.cancelled_at is not None else None


def write_goal_statuses(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    meeting_id: UUID,
    written: Mapping[UUID, WrittenStatus],
) -> int:
    """Keep a status for each of these goals and say how many changed. An empty text takes a status away.

    Raises Invalid("status-<goal>", "changed_meanwhile") when somebody else has written another text since, so that
    nothing is written over in silence; sent twice, the same text changes nothing.
    """
    case = get_case(session, by=by, case_id=case_id)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id)
    lock_meeting(session, meeting)
    stands_in_the_way = why_not_written(case, meeting)
    if stands_in_the_way is not None:
        raise Refused(stands_in_the_way)
    changed = sum(_write(session, by, now, case, meeting, goal_id, one) for goal_id, one in written.items())
    if changed:
        record_act(
            session,
            Act.GOAL_STATUS_WRITTEN,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            meeting=str(meeting.id),
            goals=changed,
        )
    return changed


def list_status_due(session: Session, *, by: Actor, days_before: int) -> tuple[AwaitedStatus, ...]:
    """The meetings whose status this practitioner is to write now or soon, the longest overdue first; one query.

    A status is due so many days before its meeting.
    """
    until = by.today + timedelta(days=days_before) + STATUS_NOTICE
    found = [
        AwaitedStatus(
            row.case,
            row.meeting_id,
            status_due(
                meeting_on=row.planned_on,
                days_before=days_before,
                today=by.today,
                open_goals=row.open_goals,
                with_status=row.with_status,
            ),
        )
        for row in list_awaited_statuses(session, by, until=until)
    ]
    return tuple(one for one in found if one.due.is_to_be_mentioned)


def _write(
    session: Session,
    by: Actor,
    now: datetime,
    case: Case,
    meeting: FollowUpMeeting,
    goal_id: UUID,
    written: WrittenStatus,
) -> bool:
    field = f"status-{goal_id}"
    goal = get_goal(session, case_id=case.id, goal_id=goal_id)
    text = checked_text(written.text, field, limit=STATUS_LENGTH, required=False)
    row = find_status(session, meeting.id, goal.id)
    if text == (row.text if row else ""):
        return False
    if mark_of(row.written_at if row else None) != written.seen:
        raise Invalid(field, "changed_meanwhile")
    if row is None:
        session.add(
            GoalStatus(
                case_id=case.id,
                meeting_id=meeting.id,
                goal_id=goal.id,
                text=text,
                written_by_id=by.staff_id,
                written_at=now,
            )
        )
    elif text:
        row.text, row.written_by_id, row.written_at = text, by.staff_id, now
    else:
        session.delete(row)
    session.flush()
    return True
