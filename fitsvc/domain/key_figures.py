"""Follow-up in figures, per unit and never per worker: days between meetings held, and how that stands to the standard.

A step leads from an episode's start to its first meeting held, or from one meeting held to the next. Quartiles are
Hyndman and Fan's type 7 (1996, The American Statistician 50(4), 361–365), as most spreadsheets reckon them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import quantiles

from fitsvc.domain.cadence import (
    ChoiceRequired,
    Interval,
    IsWorkingDay,
    Standard,
    add_months,
    first_date,
    next_date,
    statutory_limit,
)
from fitsvc.domain.follow_up import FollowUpClock
from fitsvc.domain.law import MeasureType
from fitsvc.domain.suppression import SMALLEST_SHOWN


class Period(StrEnum):
    """The fixed periods figures are made for: free ones could be laid side by side until a child shows."""

    THIS_YEAR = "this_year"
    LAST_12_MONTHS = "last_12_months"
    ALL = "all"


class Voice(StrEnum):
    """What a meeting had before it: ratings of three kinds, and an expectation set at it."""

    CHILD = "child"
    PARENT = "parent"
    PARALLEL = "parallel"
    EXPECTATION = "expectation"


def first_day(period: Period, today: date) -> date:
    """The first day the period covers; it ends today."""
    if period is Period.THIS_YEAR:
        return today.replace(month=1, day=1)
    return add_months(today, -12) if period is Period.LAST_12_MONTHS else date.min


@dataclass(frozen=True, slots=True)
class Rule:
    """What an episode is followed up by: its standard, and the rhythm chosen for the case instead, if any.

    `fewer_approved`: a leader approved that the chosen rhythm is longer than the standard's.
    """

    standard: Standard
    measure_type: MeasureType
    chosen: Interval | None = None
    fewer_approved: bool = False
    investigation_ends: date | None = None


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """`approved_on` is the later day a leader approved for this meeting."""

    held_on: date
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class EpisodeRecord:
    """One episode with its meetings held, oldest first, and the next one planned.

    `planned_is_approved`: a leader approved that the planned day is later than the cadence's.
    """

    started_on: date
    ended_on: date | None
    rule: Rule
    held: tuple[HeldMeeting, ...] = ()
    planned_on: date | None = None
    planned_is_approved: bool = False

    def runs_on(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or self.ended_on >= day)


@dataclass(frozen=True, slots=True)
class Step:
    """`days` are calendar days. The two answers are None where no rule gave a date.

    `is_within`: held on or before the standard's day; `is_within_or_approved`: or on or before one a leader approved.
    """

    held_on: date
    days: int
    is_within: bool | None
    is_within_or_approved: bool | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Calendar days of the middle and of the quartiles around it."""

    lower: float
    median: float
    upper: float


def steps(episode: EpisodeRecord, is_working_day: IsWorkingDay) -> tuple[Step, ...]:
    """Every step of the episode, oldest first."""
    found = []
    before: date | None = None
    for meeting in episode.held:
        day = meeting.held_on
        by_standard = _due_by_standard(episode, before, is_working_day)
        allowed = [one for one in (by_standard, meeting.approved_on) if one is not None]
        if episode.rule.fewer_approved:
            by_rhythm = _due(episode, before, episode.rule.chosen, is_working_day)
            allowed += [by_rhythm] if by_rhythm is not None else []
        found.append(
            Step(
                held_on=day,
                days=(day - (before or episode.started_on)).days,
                is_within=day <= by_standard if by_standard is not None else None,
                is_within_or_approved=day <= max(allowed) if by_standard is not None else None,
            )
        )
        before = day
    return tuple(found)


def open_days(episode: EpisodeRecord, today: date) -> int | None:
    """Calendar days since the last meeting held, or since the start; None when the episode does not run."""
    if not episode.runs_on(today):
        return None
    return (today - (episode.held[-1].held_on if episode.held else episode.started_on)).days


def is_overdue(episode: EpisodeRecord, today: date, is_working_day: IsWorkingDay) -> bool:
    """Whether a running episode's next follow-up, or the law's limit for the first, has passed."""
    last = episode.held[-1].held_on if episode.held else None
    rule = episode.rule
    clock = FollowUpClock(
        by_cadence=_due(episode, last, rule.chosen, is_working_day),
        planned_on=episode.planned_on,
        statutory_limit=None
        if episode.held
        else statutory_limit(rule.standard, rule.measure_type, episode.started_on, is_working_day),
        counts_from_planned=episode.planned_is_approved,
    )
    return episode.runs_on(today) and (clock.days_overdue(today) > 0 or clock.days_past_limit(today) > 0)


def spread(days: Sequence[int]) -> Spread | None:
    """Median and quartiles of at least five; None of fewer."""
    if len(days) < SMALLEST_SHOWN:
        return None
    return Spread(*quantiles(days, n=4, method="inclusive"))


def _due_by_standard(
    episode: EpisodeRecord, last_held: date | None, is_working_day: IsWorkingDay
) -> date | None:
    """The standard's own day; where it has none, the rhythm chosen for the case is the standard."""
    by_standard = _due(episode, last_held, None, is_working_day)
    return by_standard or _due(episode, last_held, episode.rule.chosen, is_working_day)


def _due(
    episode: EpisodeRecord, last_held: date | None, chosen: Interval | None, is_working_day: IsWorkingDay
) -> date | None:
    rule = episode.rule
    start = episode.started_on
    found = (
        first_date(
            rule.standard,
            rule.measure_type,
            start,
            is_working_day,
            chosen=chosen,
            investigation_ends=rule.investigation_ends,
        )
        if last_held is None
        else next_date(rule.standard, rule.measure_type, last_held, start, is_working_day, chosen=chosen)
    )
    return None if isinstance(found, ChoiceRequired) else found
