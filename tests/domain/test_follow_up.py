"""How late a follow-up is, and which rhythm means fewer follow-ups than the standard."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.cadences import load_standards
from fitsvc.domain.cadence import Interval
from fitsvc.domain.follow_up import (
    DeviationKind,
    DeviationState,
    FollowUpClock,
    judge_rhythm,
    state_at_first,
)
from fitsvc.domain.law import MeasureType
from fitsvc.services.calendar import is_working_day

STANDARDS = load_standards()
CADENCE, SOONER, LATER = date(2026, 4, 27), date(2026, 4, 20), date(2026, 5, 11)
LIMIT = date(2026, 6, 16)
LESS, MORE = DeviationKind.LESS_OFTEN, DeviationKind.MORE_OFTEN
T = MeasureType


@pytest.mark.parametrize(
    ("by_cadence", "planned_on", "approved", "due_on"),
    [
        (CADENCE, None, False, CADENCE),
        (CADENCE, CADENCE, False, CADENCE),
        (CADENCE, SOONER, False, SOONER),
        (CADENCE, LATER, False, CADENCE),  # nobody has said yes to later
        (CADENCE, LATER, True, LATER),
        (None, LATER, False, LATER),  # a choice was required, and this is it
        (None, None, False, None),
    ],
)
def test_when_a_follow_up_is_due(
    by_cadence: date | None, planned_on: date | None, approved: bool, due_on: date | None
) -> None:
    assert FollowUpClock(by_cadence, planned_on, LIMIT, counts_from_planned=approved).due_on == due_on


@pytest.mark.parametrize(
    ("today", "overdue", "past_limit"),
    [
        (CADENCE - timedelta(days=1), 0, 0),
        (CADENCE, 0, 0),
        (CADENCE + timedelta(days=1), 1, 0),
        (LIMIT, 50, 0),
        (LIMIT + timedelta(days=12), 62, 12),
    ],
)
def test_days_overdue_begin_the_day_after(today: date, overdue: int, past_limit: int) -> None:
    clock = FollowUpClock(CADENCE, None, LIMIT)
    assert (clock.days_overdue(today), clock.days_past_limit(today)) == (overdue, past_limit)


def test_without_a_date_nothing_is_overdue() -> None:
    clock = FollowUpClock(None, None, None)
    assert (clock.days_overdue(LATER), clock.days_past_limit(LATER)) == (0, 0)


@given(
    st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_without_leave_no_planned_day_makes_a_follow_up_less_overdue(
    by_cadence: date | None, planned_on: date | None, today: date
) -> None:
    planned = FollowUpClock(by_cadence, planned_on, None)
    if by_cadence is not None:
        assert planned.days_overdue(today) >= FollowUpClock(by_cadence, None, None).days_overdue(today)


@pytest.mark.parametrize("kind", DeviationKind)
def test_only_fewer_follow_ups_wait_for_a_leader(kind: DeviationKind) -> None:
    is_fewer = kind in {DeviationKind.LATER, DeviationKind.LESS_OFTEN}
    assert state_at_first(kind) is (DeviationState.AWAITING if is_fewer else DeviationState.NOTED)


def weeks(number: int) -> Interval:
    return Interval(weeks=number)


@pytest.mark.parametrize(
    ("standard", "measure_type", "chosen", "kind"),
    [
        ("haderslev", T.PREVENTIVE, weeks(6), None),
        ("haderslev", T.PREVENTIVE, weeks(7), LESS),
        ("haderslev", T.PREVENTIVE, weeks(5), MORE),
        # six weeks first, then three months: every six weeks is as soon at first and more often after
        ("hvidovre", T.PREVENTIVE, weeks(6), MORE),
        # the first would come later, so it takes a leader, whatever comes after
        ("hvidovre", T.PREVENTIVE, weeks(8), LESS),
        ("hvidovre", T.PREVENTIVE, Interval(months=3), LESS),
        ("hvidovre", T.PREVENTIVE, Interval(months=4), LESS),
        ("herning", T.PLACEMENT_FOSTER_FAMILY, weeks(2), MORE),
        ("herning", T.PLACEMENT_FOSTER_FAMILY, weeks(6), LESS),
        # nothing to be held against, and the law's limit stands in any case
        ("barnets-lov-95", T.PREVENTIVE, Interval(months=6), None),
        ("barnets-lov-95", T.PREVENTIVE, weeks(6), MORE),
        ("herning", T.EARLY_HELP_S30, weeks(20), None),
        ("hvidovre", T.PLACEMENT_OWN_ROOM, weeks(20), None),
    ],
)
def test_a_rhythm_chosen_for_a_case_is_held_against_its_standard(
    standard: str, measure_type: MeasureType, chosen: Interval, kind: DeviationKind | None
) -> None:
    found = judge_rhythm(STANDARDS[standard], measure_type, date(2026, 3, 16), chosen, is_working_day)
    assert (found[0] if found else None) == kind


def test_a_first_follow_up_both_have_at_an_investigations_end_is_no_deviation() -> None:
    law, start, slow = STANDARDS["barnets-lov-95"], date(2026, 3, 16), weeks(6)
    ends = date(2026, 4, 1)
    assert judge_rhythm(law, T.PREVENTIVE, start, slow, is_working_day, investigation_ends=ends) is None
