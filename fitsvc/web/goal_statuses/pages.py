"""What the page with the goals' statuses shows beside each goal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.services.case_facts import CaseTrajectories, GoalFacts
from fitsvc.storage.goal_statuses import SignedStatus
from fitsvc.web.templates import IN_SENTENCE, day, moment, points
from fitsvc.web.words import rater_name


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with its course in words, the newest rating of each voice, and the status written so far."""

    id: UUID
    number: int
    text: str
    course: str
    newest: tuple[str, ...]
    status: str
    signature: str
    written_at: datetime | None


def goal_lines(
    seen: CaseTrajectories, statuses: Mapping[UUID, SignedStatus], *, is_over: bool
) -> tuple[GoalLine, ...]:
    """The open goals; once the meeting is over those that have a status for it."""
    goals = sorted(seen.goals, key=lambda goal: (goal.set_on, goal.number))
    return tuple(
        _line(goal, statuses.get(goal.id))
        for goal in goals
        if (goal.id in statuses if is_over else goal.closed_on is None)
    )


def _line(goal: GoalFacts, status: SignedStatus | None) -> GoalLine:
    course = _(
        "From %(start)s to %(target)s on a scale from 0 to 10, set on %(day)s.",
        start=points(goal.start_value),
        target=points(goal.target_value),
        day=day(goal.set_on),
    )
    if goal.due_on is not None:
        course += " " + _("To be reached by %(day)s.", day=day(goal.due_on))
    return GoalLine(
        id=goal.id,
        number=goal.number,
        text=goal.text,
        course=course,
        newest=tuple(
            _(
                "%(rater)s: %(value)s on %(day)s",
                rater=rater_name(one.rater_role, one.setting),
                value=points(one.trajectory.points[-1].score),
                day=day(one.trajectory.points[-1].on, IN_SENTENCE),
            )
            for one in goal.series
            if one.trajectory.points
        ),
        status=status.text if status else "",
        signature=_("%(name)s, %(when)s", name=status.written_by, when=moment(status.written_at))
        if status
        else "",
        written_at=status.written_at if status else None,
    )
