"""The follow-up date a case's cadence proposes, and why that one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from fitsvc.domain.cadence import (
    ChoiceReason,
    ChoiceRequired,
    Interval,
    Standard,
    first_date,
    interval_after_meeting,
    interval_before_first,
    next_date,
    statutory_limit,
)
from fitsvc.domain.law import MeasureType
from fitsvc.services.calendar import is_working_day

Standards = Mapping[str, Standard]


class Followed(Protocol):
    """An episode as far as its follow-up goes."""

    @property
    def measure_type(self) -> str: ...

    @property
    def started_on(self) -> date: ...

    @property
    def cadence_standard(self) -> str | None: ...

    @property
    def chosen_interval(self) -> int | None: ...

    @property
    def chosen_interval_unit(self) -> str | None: ...

    @property
    def investigation_ends_on(self) -> date | None: ...


class CountedFrom(StrEnum):
    """Where the interval starts."""

    EPISODE_START = "episode_start"
    MEETING_HELD = "meeting_held"


@dataclass(frozen=True, slots=True)
class ProposedDate:
    """`day` is None when somebody must choose, and `choice` says why.

    `is_moved`: the interval ends on a weekend or a public holiday, or the law's limit comes first.
    `limit` is the last day the law allows for a first follow-up. `investigation_ends` is set where the end of a
    parallel investigation, and no interval, gives the day.
    """

    counted_from: CountedFrom
    counted_from_day: date
    standard_name: str
    interval: Interval | None = None
    is_chosen_for_case: bool = False
    day: date | None = None
    choice: ChoiceReason | None = None
    is_moved: bool = False
    limit: date | None = None
    investigation_ends: date | None = None


def propose_first(
    standards: Standards,
    *,
    standard_id: str | None,
    measure_type: MeasureType,
    start: date,
    chosen: Interval | None = None,
    investigation_ends: date | None = None,
) -> ProposedDate:
    """The first follow-up of a measure that starts on `start`: where the law sets a limit, when an investigation beside
    it ends, if that is earlier.
    """
    standard = standard_of(standards, standard_id)
    by_interval = _proposal(
        CountedFrom.EPISODE_START,
        start,
        standard,
        chosen,
        chosen or interval_before_first(standard, measure_type),
        first_date(standard, measure_type, start, is_working_day, chosen=chosen),
        statutory_limit(standard, measure_type, start, is_working_day),
    )
    day = first_date(
        standard, measure_type, start, is_working_day, chosen=chosen, investigation_ends=investigation_ends
    )
    if isinstance(day, ChoiceRequired) or day == by_interval.day:
        return by_interval
    return replace(
        by_interval, day=day, investigation_ends=investigation_ends, is_moved=day != investigation_ends
    )


def propose_next(standards: Standards, episode: Followed, last_held: date | None) -> ProposedDate:
    """The follow-up after the latest meeting held; the first one when none was held yet."""
    chosen = chosen_interval(episode)
    measure_type = MeasureType(episode.measure_type)
    if last_held is None:
        return propose_first(
            standards,
            standard_id=episode.cadence_standard,
            measure_type=measure_type,
            start=episode.started_on,
            chosen=chosen,
            investigation_ends=episode.investigation_ends_on,
        )
    standard = standard_of(standards, episode.cadence_standard)
    start = episode.started_on
    return _proposal(
        CountedFrom.MEETING_HELD,
        last_held,
        standard,
        chosen,
        chosen or interval_after_meeting(standard, measure_type, last_held, start),
        next_date(standard, measure_type, last_held, start, is_working_day, chosen=chosen),
        None,
    )


def standard_of(standards: Standards, standard_id: str | None) -> Standard:
    """The standard; without one there are no rows, but the law's limits hold."""
    limits = next(iter(standards.values())).limits
    return standards.get(standard_id or "") or Standard(id="", name="", source="", rows={}, limits=limits)


def chosen_interval(episode: Followed) -> Interval | None:
    """The interval chosen for this case, when one was."""
    if episode.chosen_interval is None or episode.chosen_interval_unit is None:
        return None
    return Interval(**{episode.chosen_interval_unit: episode.chosen_interval})


def _proposal(
    counted_from: CountedFrom,
    counted_from_day: date,
    standard: Standard,
    chosen: Interval | None,
    interval: Interval | ChoiceRequired,
    day: date | ChoiceRequired,
    limit: date | None,
) -> ProposedDate:
    if isinstance(interval, ChoiceRequired) or isinstance(day, ChoiceRequired):
        required = interval if isinstance(interval, ChoiceRequired) else day
        reason = required.reason if isinstance(required, ChoiceRequired) else None
        return ProposedDate(counted_from, counted_from_day, standard.name, choice=reason, limit=limit)
    return ProposedDate(
        counted_from=counted_from,
        counted_from_day=counted_from_day,
        standard_name=standard.name,
        interval=interval,
        is_chosen_for_case=chosen is not None,
        day=day,
        is_moved=day != interval.after(counted_from_day),
        limit=limit,
    )
