"""Steps between meetings held, against the standard; checked against days counted by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.cadences import load_standards
from fitsvc.domain.cadence import Interval, Standard
from fitsvc.domain.key_figures import (
    EpisodeRecord,
    HeldMeeting,
    Period,
    Rule,
    Spread,
    first_day,
    is_overdue,
    open_days,
    spread,
    steps,
)
from fitsvc.domain.law import MeasureType
from fitsvc.services.calendar import is_working_day

HVIDOVRE = Rule(load_standards()["hvidovre"], MeasureType.PREVENTIVE)
NOTHING = Standard("", "", "", {}, {})
START = date(2026, 1, 5)
"""A Monday. Hvidovre, preventive: 6 weeks, Monday 16 February; then every 3 months."""


def record(*held: HeldMeeting, rule: Rule = HVIDOVRE, **more: object) -> EpisodeRecord:
    return EpisodeRecord(START, None, rule, held, **more)  # type: ignore[arg-type]


def test_days_are_counted_from_the_start_and_from_meeting_to_meeting() -> None:
    found = steps(
        record(
            HeldMeeting(date(2026, 2, 16)), HeldMeeting(date(2026, 5, 18)), HeldMeeting(date(2026, 8, 18))
        ),
        is_working_day,
    )
    assert [step.days for step in found] == [42, 91, 92]
    # 16 May 2026 is a Saturday: Monday the 18th is in time. 18 August is.
    assert [step.is_within for step in found] == [True, True, True]


@pytest.mark.parametrize(
    ("held", "approved", "rule", "within", "allowed"),
    [
        (date(2026, 2, 16), None, HVIDOVRE, True, True),
        (date(2026, 2, 2), None, HVIDOVRE, True, True),
        (date(2026, 2, 17), None, HVIDOVRE, False, False),
        (date(2026, 2, 17), date(2026, 2, 20), HVIDOVRE, False, True),
        (date(2026, 2, 23), date(2026, 2, 20), HVIDOVRE, False, False),
        (date(2026, 3, 2), None, Rule(HVIDOVRE.standard, HVIDOVRE.measure_type, Interval(weeks=8)), False, False),
        (
            date(2026, 3, 2), None,
            Rule(HVIDOVRE.standard, HVIDOVRE.measure_type, Interval(weeks=8), fewer_approved=True), False, True,
        ),
        (date(2026, 3, 2), None, Rule(NOTHING, MeasureType.EARLY_HELP_S30), None, None),
        (date(2026, 3, 2), None, Rule(NOTHING, MeasureType.EARLY_HELP_S30, Interval(weeks=8)), True, True),
        (date(2026, 3, 3), None, Rule(NOTHING, MeasureType.EARLY_HELP_S30, Interval(weeks=8)), False, False),
    ],
)  # fmt: skip
def test_in_time_is_by_the_standard_and_apart_from_it_with_what_a_leader_approved(
    held: date, approved: date | None, rule: Rule, within: bool | None, allowed: bool | None
) -> None:
    (step,) = steps(record(HeldMeeting(held, approved), rule=rule), is_working_day)
    assert (step.is_within, step.is_within_or_approved) == (within, allowed)


@given(st.lists(st.integers(1, 200), max_size=8), st.booleans())
def test_days_add_up_and_approval_never_makes_anybody_late(gaps: list[int], fewer: bool) -> None:
    day, held = START, []
    for gap in gaps:
        day += timedelta(days=gap)
        held.append(HeldMeeting(day))
    rule = Rule(HVIDOVRE.standard, HVIDOVRE.measure_type, Interval(weeks=8), fewer)
    found = steps(record(*held, rule=rule), is_working_day)
    assert sum(step.days for step in found) == (day - START).days
    assert all(step.is_within_or_approved or not step.is_within for step in found)


@pytest.mark.parametrize(
    ("today", "more", "overdue"),
    [
        (date(2026, 2, 16), {}, False),
        (date(2026, 2, 17), {}, True),
        (date(2026, 2, 17), {"planned_on": date(2026, 3, 2)}, True),
        (date(2026, 2, 17), {"planned_on": date(2026, 3, 2), "planned_is_approved": True}, False),
        (date(2026, 2, 10), {"planned_on": date(2026, 2, 9)}, True),
    ],
)
def test_overdue_is_what_the_follow_up_clock_says(
    today: date, more: dict[str, object], overdue: bool
) -> None:
    assert is_overdue(record(**more), today, is_working_day) is overdue  # type: ignore[arg-type]


def test_an_ended_episode_is_neither_open_nor_overdue() -> None:
    ended = EpisodeRecord(START, date(2026, 2, 1), HVIDOVRE)
    assert open_days(ended, date(2026, 6, 1)) is None
    assert not is_overdue(ended, date(2026, 6, 1), is_working_day)


def test_an_open_interval_counts_from_the_last_meeting_or_the_start() -> None:
    assert open_days(record(), date(2026, 1, 15)) == 10
    assert open_days(record(HeldMeeting(date(2026, 2, 16))), date(2026, 2, 20)) == 4


def test_median_and_quartiles_of_five_and_none_of_four() -> None:
    assert spread([10, 20, 30, 40, 50]) == Spread(20, 30, 40)
    assert spread([10, 20, 30, 40, 50, 60]) == Spread(22.5, 35, 47.5)
    assert spread([10, 20, 30, 40]) is None


def test_the_periods_begin_where_their_names_say() -> None:
    today = date(2028, 2, 29)
    assert [first_day(one, today) for one in Period] == [date(2028, 1, 1), date(2027, 2, 28), date.min]
