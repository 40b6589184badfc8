"""What is unusual in a log, and how a sample is drawn: decision tables."""

from datetime import date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.log_control import (
    MOST_OF_A_KIND,
    ChosenFor,
    ReadingFacts,
    Special,
    draw,
    find_unusual,
    is_late,
    is_out_of_hours,
    last_month,
    many_cases_limit,
    missing_months,
)

ASCENSION = date(2026, 5, 14)
PAULA, CARL = uuid4(), uuid4()
CASE = uuid4()
MONDAY = datetime(2026, 3, 16, 9, 0)
NOTHING = Special({}, set())


def reading(
    seq: int, at: datetime = MONDAY, who: UUID = PAULA, *cases: UUID, opens: bool = True
) -> ReadingFacts:
    return ReadingFacts(seq, at, who, frozenset(cases or {CASE}), opens)


@pytest.mark.parametrize(
    ("at", "out"),
    [
        (datetime(2026, 3, 16, 6, 59), True),
        (datetime(2026, 3, 16, 7, 0), False),
        (datetime(2026, 3, 16, 17, 59), False),
        (datetime(2026, 3, 16, 18, 0), True),
        (datetime(2026, 3, 20, 12, 0), False),  # Friday
        (datetime(2026, 3, 21, 12, 0), True),  # Saturday
        (datetime(2026, 3, 22, 12, 0), True),  # Sunday
        (datetime(2026, 5, 14, 12, 0), True),  # Ascension Day, a Thursday
    ],
)
def test_working_hours_are_weekdays_from_seven_to_six(at: datetime, out: bool) -> None:
    assert is_out_of_hours(at, {ASCENSION}) is out


@pytest.mark.parametrize(
    ("days", "limit"),
    [
        ([], 10),
        ([1, 1, 2], 10),  # never fewer than ten
        ([4, 4, 4], 12),  # three times the usual
        ([5, 5, 40], 15),  # one who reads much does not move the limit
    ],
)
def test_many_is_three_times_the_usual_and_never_under_ten(days: list[int], limit: int) -> None:
    assert many_cases_limit(days) == limit


def test_the_last_row_of_a_day_with_many_cases_stands_for_it() -> None:
    rows = [reading(number, MONDAY, PAULA, uuid4()) for number in range(1, 12)] + [reading(20, MONDAY, CARL)]
    assert find_unusual(rows, NOTHING, set())[ChosenFor.MANY_CASES] == [11]


def test_lists_of_many_cases_are_not_many_cases_opened() -> None:
    listed = [reading(1, MONDAY, PAULA, *(uuid4() for _ in range(40)), opens=False)]
    assert not any(find_unusual(listed, NOTHING, set()).values())


@pytest.mark.parametrize(
    ("at", "opens", "special", "kind"),
    [
        (MONDAY, True, NOTHING, None),
        (MONDAY, True, Special({CASE: MONDAY}, set()), ChosenFor.PROTECTED_CASE),
        (MONDAY, True, Special({CASE: datetime(2026, 3, 17)}, set()), None),  # protected since later
        (MONDAY, False, Special({CASE: MONDAY}, set()), None),  # a list
        (MONDAY, True, Special({}, {(CASE, PAULA, MONDAY.date())}), ChosenFor.EMERGENCY_ACCESS),
        (MONDAY, True, Special({}, {(CASE, CARL, MONDAY.date())}), None),  # somebody else's
        (
            datetime(2026, 3, 16, 22, 0),
            True,
            Special({CASE: MONDAY}, {(CASE, PAULA, MONDAY.date())}),
            ChosenFor.EMERGENCY_ACCESS,  # the first of all it is
        ),
        (datetime(2026, 3, 16, 22, 0), True, NOTHING, ChosenFor.OUT_OF_HOURS),
    ],
)
def test_a_reading_is_unusual_for_the_first_reason_that_holds(
    at: datetime, opens: bool, special: Special, kind: ChosenFor | None
) -> None:
    found = find_unusual([reading(1, at, opens=opens)], special, set())
    assert [one for one, rows in found.items() if rows] == ([kind] if kind else [])


@given(st.integers(0, 2**31), st.integers(0, 60), st.integers(1, 30))
def test_the_same_seed_draws_the_same_rows_each_once(seed: int, ordinary: int, size: int) -> None:
    rows = [reading(number) for number in range(ordinary)]
    rows += [reading(1000 + number, datetime(2026, 3, 21, 12, 0)) for number in range(70)]
    first = draw(rows, NOTHING, set(), sample_size=size, seed=seed)
    assert first == draw(list(reversed(rows)), NOTHING, set(), sample_size=size, seed=seed)
    assert len({one.seq for one in first}) == len(first)
    by_lot = [one for one in first if one.chosen_for is ChosenFor.LOT]
    assert len(by_lot) == min(size, ordinary)
    assert all(one.seq < 1000 for one in by_lot)
    assert len(first) - len(by_lot) == MOST_OF_A_KIND


def test_another_seed_draws_other_rows() -> None:
    rows = [reading(number) for number in range(500)]
    drawn = {tuple(draw(rows, NOTHING, set(), sample_size=20, seed=seed)) for seed in range(5)}
    assert len(drawn) == 5


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 3, 16), date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_last_month_is_whole(today: date, first: date, last: date) -> None:
    assert last_month(today) == (first, last)


def test_a_month_nobody_controlled_is_missed() -> None:
    done = [(date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 3, 1), date(2026, 4, 30))]
    assert missing_months(done, date(2025, 12, 10), date(2026, 5, 20)) == [
        date(2025, 12, 1),
        date(2026, 2, 1),
    ]
    assert (
        missing_months([(date(2025, 12, 10), date(2026, 4, 30))], date(2025, 12, 10), date(2026, 5, 1)) == []
    )


@pytest.mark.parametrize(
    ("last", "late"), [(date(2026, 2, 9), False), (date(2026, 2, 8), True), (None, True)]
)
def test_after_35_days_a_control_is_late(last: date | None, late: bool) -> None:
    assert is_late(last, date(2025, 1, 1), date(2026, 3, 16)) is late
