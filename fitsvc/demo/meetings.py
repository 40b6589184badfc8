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

_WHEN_NOTHING_SAYS = Interval(weeks=12)


_PUT_OFF = timedelta(weeks=3)
_SOON = timedelta(days=6)
_SHIFTS = sorted(range(-10, 11), key=abs)


@dataclass(frozen=True, slots=True)
class MeetingPlot:
    """`by_cadence` is the cadence's day where the meeting stands, or was held, on another."""

    planned_on: date
    held_on: date | None
    by_cadence: date | None = None


def plan_meetings(
    plot: Plot, measure: MeasureType, start: date, today: date, ended_on: date | None
) -> Iterator[MeetingPlot]:
    """The meetings of one episode. Every third one was held two days late, and the next counts from there."""
    standard = load_standards()[plot.standard]
    planned = _first(plot, standard, measure, start)
    number = 0
    while planned < (ended_on or today):
        number += 1
        late = next_working_day(planned + timedelta(days=2), is_working_day)
        if number % 3 == 0 and late < (ended_on or today):
            yield MeetingPlot(planned, late, planned)
        else:
            late = planned
            yield MeetingPlot(planned, planned)
        planned = _next(plot, standard, measure, late, start)
    if ended_on is not None:
        yield MeetingPlot(ended_on, ended_on, planned)
    elif plot.later_asked:
        yield MeetingPlot(next_working_day(planned + _PUT_OFF, is_working_day), None, planned)
    else:
        yield MeetingPlot(planned, None)


def start_for_meeting_soon(plot: Plot, around: date, today: date) -> date:
    """The start, some days from `around`, that brings the next meeting nearest to the middle of the days of asking."""

    def distance(days: int) -> timedelta:
        *_held, coming = plan_meetings(plot, plot.measure, around + timedelta(days=days), today, None)
        return abs(coming.planned_on - (today + _SOON))

    return around + timedelta(days=min(_SHIFTS, key=distance))


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
