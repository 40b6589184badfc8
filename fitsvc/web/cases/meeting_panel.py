"""The next follow-up meeting on the case page: who has answered, who has not, the goals' status, and what leads on."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from fitsvc.domain.meeting_asking import status_due
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.meeting_asking import MeetingAsking
from fitsvc.storage.goal_statuses import SignedStatus
from fitsvc.web.asking_words import StandingLine, standing_lines, status_words
from fitsvc.web.cases.links import link_if
from fitsvc.web.templates import day, moment
from fitsvc.web.words import days_until


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One open goal: its status and who wrote it when, or "" for both while there is none."""

    goal: str
    text: str
    signature: str


@dataclass(frozen=True, slots=True)
class MeetingPanel:
    """`status_due` says when the statuses are due while one is missing; `links` are (words, address)."""

    when: str
    lines: tuple[StandingLine, ...]
    statuses: tuple[StatusLine, ...]
    status_due: str
    status_is_over: bool
    status_url: str | None
    links: tuple[tuple[str, str], ...]


def meeting_panel(
    seen: CaseTrajectories, asking: MeetingAsking, signed: Iterable[SignedStatus], *, status_days: int
) -> MeetingPanel:
    """The panel of the meeting that asking was read for, which is the case's next one."""
    address = {"case_id": seen.case.id, "meeting_id": asking.meeting_id}
    written = {one.goal_id: one for one in signed}
    goals = [goal for goal in seen.goals if goal.closed_on is None]
    due = status_due(
        meeting_on=asking.planned_on,
        days_before=status_days,
        today=seen.today,
        open_goals=len(goals),
        with_status=sum(goal.id in written for goal in goals),
    )
    is_over = asking.planned_on < seen.today
    wanted = (
        ("" if is_over else "meeting_asking.show", _("Ask for ratings")),
        ("preparation.show", _("Prepare the meeting")),
        ("meeting_room.show", _("Open the meeting's page")),
        ("meetings.move", _("Move the meeting")),
        ("calendar.meeting", _("To the calendar (.ics)")),
    )
    links = tuple((words, url) for endpoint, words in wanted if (url := link_if(endpoint, **address)))
    at = seen.next_meeting.planned_at if seen.next_meeting else None
    return MeetingPanel(
        when=_(
            "%(day)s (%(when)s)",
            day=day(asking.planned_on, "EEEE d. MMMM yyyy") + (f", {at:%H.%M}" if at else ""),
            when=days_until(asking.planned_on, seen.today),
        ),
        lines=standing_lines(asking.voices),
        statuses=tuple(
            StatusLine(
                goal.text,
                one.text if (one := written.get(goal.id)) else "",
                _("%(name)s, %(when)s", name=one.written_by, when=moment(one.written_at)) if one else "",
            )
            for goal in sorted(goals, key=lambda goal: goal.number)
        ),
        status_due=status_words(due) if due.missing else "",
        status_is_over=due.missing > 0 and due.days_over > 0,
        status_url=link_if("goal_statuses.write", **address) if goals else None,
        links=links,
    )
