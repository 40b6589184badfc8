"""Follow-up meetings of a demo case, held and coming, by its cadence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fitsvc.cadences import load_standards
from fitsvc.demo.plots import Plot
from fitsvc.domain.cadence import (
    ChoiceRequired,
    Interval,
    Standard,
    first_date,
    next_date,
    next_working_day,
)
from fitsvc.domain.law import MeasureType
from fitsvc.services.calendar import is_working_day

_LATE_REASON = "Flyttet, så begge forældre kunne være med"
_WHEN_NOTHING_SAYS = Interval(weeks=12)


@dataclass(frozen=True, slots=True)
class MeetingPlot:
    planned_on: date
    held_on: date | None
    reason: str = ""


def plan_meetings(
    plot: Plot, measure: MeasureType, start: date, today: date, ended_on: date | None
) -> Iterator[MeetingPlot]:
    """The meetings of one episode. Every third one was held two days late, and the next counts from there."""
    standard = load_standards()[plot.standard]
    planned = _first(plot, standard, measure, start)
    number = 0
    while planned < (ended_on or today):
        number += 1
        held, reason = planned, ""
        if number % 3 == 0:
            held, reason = next_working_day(planned + timedelta(days=2), is_working_day), _LATE_REASON
        if held >= (ended_on or today):
            held, reason = planned, ""
        yield MeetingPlot(planned, held, reason)
        planned = _next(plot, standard, measure, held, start)
    if ended_on is None:
        yield MeetingPlot(planned, None)
    else:
        yield MeetingPlot(ended_on, ended_on, "Afsluttende møde")


def _first(plot: Plot, standard: Standard, measure: MeasureType, start: date) -> date:
    found = first_date(standard, measure, start, is_working_day, chosen=plot.chosen)
    if isinstance(found, ChoiceRequired):
        return next_working_day(_WHEN_NOTHING_SAYS.after(start), is_working_day)
    return found


def _next(plot: Plot, standard: Standard, measure: MeasureType, held: date, start: date) -> date:
    found = next_date(standard, measure, held, start, is_working_day, chosen=plot.chosen)
    if isinstance(found, ChoiceRequired):
        return next_working_day(_WHEN_NOTHING_SAYS.after(held), is_working_day)
    return found
