"""What is asked for before a follow-up meeting, counted backwards from its day: ratings, and a status of each goal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

STATUS_NOTICE = timedelta(days=7)
"""How long before it is due a status begins to be mentioned."""


class AskState(StrEnum):
    """How one series stands before a meeting; what asks most of somebody comes first."""

    TO_ASK = "to_ask"
    ASKED = "asked"
    NOT_YET = "not_yet"
    ANSWERED = "answered"


_ORDER = {state: place for place, state in enumerate(AskState)}


@dataclass(frozen=True, slots=True)
class ActiveSeries:
    """One form that one respondent is asked on: the day of the latest rating, and since when an asking is open.

    `starts_on` is the first day they are to be asked at all. A rating the reader may not know of is not in here.
    """

    respondent_id: UUID
    instrument_id: str
    latest_rated_on: date | None = None
    asked_on: date | None = None
    starts_on: date = date.min


@dataclass(frozen=True, slots=True)
class Asking:
    """`since`: the day of the answer, since when an asking waits, or on which the time for asking opens or opened."""

    series: ActiveSeries
    state: AskState
    since: date


def opens_on(meeting_on: date, days_before: int) -> date:
    """The first day ratings for this meeting are asked for; a rating from that day on is fresh enough for it."""
    return meeting_on - timedelta(days=days_before)


def judge_asking(series: ActiveSeries, *, meeting_on: date, days_before: int, today: date) -> Asking:
    """How a series stands before a meeting. An answer in time counts whoever asked for it; nobody is asked before."""
    opens = opens_on(meeting_on, days_before)
    if series.latest_rated_on is not None and series.latest_rated_on >= opens:
        return Asking(series, AskState.ANSWERED, series.latest_rated_on)
    first = max(opens, series.starts_on)
    if today < first:
        return Asking(series, AskState.NOT_YET, first)
    if series.asked_on is not None:
        # An asking from before the latest answer stands open, but nobody has been silent since then.
        return Asking(series, AskState.ASKED, max(series.asked_on, series.latest_rated_on or date.min))
    return Asking(series, AskState.TO_ASK, first)


def wants_link(asking: Asking, *, has_link: bool) -> bool:
    """Whether somebody is to be handed a link now: not answered, the time is there, and no link works yet."""
    if asking.state is AskState.TO_ASK:
        return True
    return asking.state is AskState.ASKED and not has_link


def state_of_respondent(askings: Iterable[Asking]) -> AskState | None:
    """A respondent with several forms stands where most is still to be done; None without any form."""
    return min((one.state for one in askings), key=lambda state: _ORDER[state], default=None)


@dataclass(frozen=True, slots=True)
class StatusDue:
    """The status of the open goals for one meeting. `missing` goals have none yet; overdue when the day has passed."""

    due_on: date
    missing: int
    today: date

    @property
    def days_over(self) -> int:
        """Days past the day it was due; 0 or less while there is time."""
        return (self.today - self.due_on).days

    @property
    def is_to_be_mentioned(self) -> bool:
        """Something is missing and the day is near or gone."""
        return self.missing > 0 and self.today >= self.due_on - STATUS_NOTICE


def status_due(
    *, meeting_on: date, days_before: int, today: date, open_goals: int, with_status: int
) -> StatusDue:
    """When the practitioner's status of each open goal is due, and how many goals are without."""
    due_on = meeting_on - timedelta(days=days_before)
    return StatusDue(due_on=due_on, missing=max(open_goals - with_status, 0), today=today)
