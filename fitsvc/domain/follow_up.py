"""Follow-up against its clock: deviations from the cadence, who must approve them, and how late a follow-up is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fitsvc.domain.cadence import (
    MONTHS_IN_FIRST_YEAR,
    ChoiceRequired,
    Interval,
    IsWorkingDay,
    Standard,
    add_months,
    first_date,
    interval_after_meeting,
    is_fewer,
)
from fitsvc.domain.law import MeasureType


class DeviationKind(StrEnum):
    """How a decision differs from what the cadence says."""

    SOONER = "sooner"  # one meeting before the cadence's date
    LATER = "later"  # one meeting after it, which means fewer follow-ups
    FREE_DATE = "free_date"  # no rule gave a date; somebody chose one
    MORE_OFTEN = "more_often"  # a rhythm chosen for the case, shorter than the standard's
    LESS_OFTEN = "less_often"  # a rhythm chosen for the case, longer than the standard's


FEWER = frozenset({DeviationKind.LATER, DeviationKind.LESS_OFTEN})
"""Fewer follow-ups than the standard: the authority leader or coordinator approves, as an act of their own."""


class DeviationReason(StrEnum):
    """Reasons to choose from, so that they can be counted; the words of the case stand beside them."""

    FAMILY_WISH = "family_wish"
    CHILD_EVERYDAY_LIFE = "child_everyday_life"  # the child's ordinary life is to be left in peace
    WORRY = "worry"  # something calls for a follow-up now
    CHANGE_OF_MEASURE = "change_of_measure"
    ABSENCE = "absence"  # illness or holiday, of the family or of staff
    PARTICIPANTS = "participants"  # those who are needed could not come
    GOING_WELL = "going_well"
    NO_RULE = "no_rule"  # no cadence speaks of this measure
    OTHER = "other"


class DeviationState(StrEnum):
    """`noted` needs nobody's approval; `awaiting` is a leader's to answer; `withdrawn` stands no longer, because its
    meeting was moved or cancelled or its measure ended.
    """

    NOTED = "noted"
    AWAITING = "awaiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def state_at_first(kind: DeviationKind) -> DeviationState:
    return DeviationState.AWAITING if kind in FEWER else DeviationState.NOTED


def judge_rhythm(
    standard: Standard,
    measure_type: MeasureType,
    start: date,
    chosen: Interval,
    is_working_day: IsWorkingDay,
    *,
    investigation_ends: date | None = None,
) -> tuple[DeviationKind, Interval] | None:
    """How a rhythm chosen for a case deviates from the standard's, and the standard's own interval it is held against.

    One follow-up later than the standard's is enough for "less often", be it the first, those of the first year or
    those after it. None where they are the same, and where the standard has no rhythm to be held against.
    """
    found: list[tuple[DeviationKind, Interval]] = []
    row = standard.rows.get(measure_type)
    ends = investigation_ends
    first = first_date(standard, measure_type, start, is_working_day, investigation_ends=ends)
    wanted = first_date(standard, measure_type, start, is_working_day, chosen=chosen, investigation_ends=ends)
    if row is not None and row.first and not isinstance(first, ChoiceRequired) and first != wanted:
        later = not isinstance(wanted, ChoiceRequired) and wanted > first
        found.append((DeviationKind.LESS_OFTEN if later else DeviationKind.MORE_OFTEN, row.first))
    for day in (start, add_months(start, MONTHS_IN_FIRST_YEAR)):
        interval = interval_after_meeting(standard, measure_type, day, start)
        if isinstance(interval, ChoiceRequired) or interval.after(day) == chosen.after(day):
            continue
        kind = DeviationKind.LESS_OFTEN if is_fewer(chosen, interval, day) else DeviationKind.MORE_OFTEN
        found.append((kind, interval))
    fewer = [one for one in found if one[0] in FEWER]
    return next(iter(fewer or found), None)


@dataclass(frozen=True, slots=True)
class FollowUpClock:
    """What a follow-up is held against, for one running episode.

    `by_cadence` is the day the cadence gives from the start or the last meeting held (None when a choice is
    required); `planned_on` the next meeting planned; `statutory_limit` the last day the law allows, while no meeting
    of the episode has been held; `counts_from_planned`: the planned day may be later than the cadence's, because an
    approved deviation says so.
    """

    by_cadence: date | None
    planned_on: date | None
    statutory_limit: date | None
    counts_from_planned: bool = False

    @property
    def due_on(self) -> date | None:
        """The day the next follow-up is due: the planned one, but without leave never later than the cadence's."""
        if self.planned_on is None:
            return self.by_cadence
        if self.by_cadence is None or self.counts_from_planned:
            return self.planned_on
        return min(self.planned_on, self.by_cadence)

    def days_overdue(self, today: date) -> int:
        """Days since the follow-up was due; 0 while it is not."""
        return _days_after(self.due_on, today)

    def days_past_limit(self, today: date) -> int:
        """Days since the law's limit passed without a meeting; 0 while it has not, or where there is none."""
        return _days_after(self.statutory_limit, today)


def _days_after(limit: date | None, today: date) -> int:
    return max((today - limit).days, 0) if limit is not None else 0
