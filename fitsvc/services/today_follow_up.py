"""What Today says about the follow-up clock: what is late, what waits for a leader, and who called a meeting."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.permissions import Permission
from fitsvc.services.follow_up_clock import LateFollowUp, list_late
from fitsvc.storage.deviations import DeviationRow, list_awaiting, list_refused
from fitsvc.storage.follow_ups import CallRow, list_calls
from fitsvc.storage.today import Cut, Row

REFUSED_RHYTHM_STAYS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class FollowUpToday:
    """`late` leaves out the meetings whose day has gone by, which Today lists by their day, unless the law's limit has
    passed. `to_decide` is for those who approve fewer follow-ups, `refused` and `called` for those who plan meetings.
    """

    late: Cut[LateFollowUp]
    to_decide: Cut[DeviationRow]
    refused: Cut[DeviationRow]
    called: Cut[CallRow]

    @property
    def case_ids(self) -> list[UUID]:
        sections = (self.late.rows, self.to_decide.rows, self.refused.rows, self.called.rows)
        return [row.case.id for rows in sections for row in rows]


def read_follow_up_today(session: Session, *, by: Actor, now: datetime, limit: int) -> FollowUpToday:
    """The four lists, each cut to so many; the number of queries does not depend on the number of cases."""
    late = [
        one
        for one in list_late(session, by=by)
        if one.clock.days_past_limit(by.today) or one.planned_on is None or one.planned_on >= by.today
    ]
    plans = by.may(Permission.PLAN_MEETING)
    return FollowUpToday(
        late=_cut(late, limit),
        to_decide=_cut(list_awaiting(session, by) if by.may(Permission.APPROVE_FEWER) else [], limit),
        refused=_cut(
            list_refused(session, by, rhythms_since=now - REFUSED_RHYTHM_STAYS) if plans else [], limit
        ),
        called=_cut(list_calls(session, by) if plans else [], limit),
    )


def _cut(rows: list[Row], limit: int) -> Cut[Row]:
    return Cut(tuple(rows[:limit]), len(rows))
