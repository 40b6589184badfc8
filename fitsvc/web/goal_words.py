"""A goal in sentences, as the case page and the meeting's page say it beside its lines; no verdict."""

from flask_babel import gettext as _

from fitsvc.charts.model import ChartLevel
from fitsvc.services.case_facts import GoalFacts
from fitsvc.web.templates import day, points


def goal_key(goal: GoalFacts) -> str:
    """What the goal's drawing is called on the page."""
    return f"goal-{goal.id.hex[:8]}"


def goal_level(goal: GoalFacts) -> ChartLevel:
    """The target as a level of the drawing."""
    return ChartLevel(goal.target_value, _("target %(target)s", target=points(goal.target_value)))


def goal_sentences(goal: GoalFacts) -> tuple[str, ...]:
    numbers = {"start": points(goal.start_value), "target": points(goal.target_value)}
    told = [_("From %(start)s to %(target)s on a line from 0 to 10.", **numbers)]
    if goal.closed_on is not None:
        closed = day(goal.closed_on)
        told.append(
            _("Reached on %(day)s.", day=closed) if goal.reached else _("Closed on %(day)s.", day=closed)
        )
    elif goal.due_on is not None:
        told.append(_("To be reached by %(day)s.", day=day(goal.due_on)))
    if not goal.series:
        told.append(_("Nobody has rated this goal yet."))
    return tuple(told)
