"""When what is kept goes: decision tables, and what holds for every day and rule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.retention import (
    CONTACT_DAYS,
    Hindrance,
    Rule,
    answers_go_on,
    contacts_go_on,
    goes_on,
    hindrance,
    latest_planned_for_going,
    months_for,
    with_rule,
)

SPRING = Rule(date(2026, 3, 1), 3)
AUTUMN = Rule(date(2026, 9, 1), 12)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
RULES = st.lists(st.builds(Rule, DAYS, st.integers(1, 120)), unique_by=lambda rule: rule.from_on)


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "rules", "months"),
    [
        (date(2025, 1, 1), date(2026, 2, 28), (), 6),
        (date(2025, 1, 1), date(2026, 2, 28), (SPRING, AUTUMN), 6),  # closed before any rule
        (date(2025, 1, 1), date(2026, 3, 1), (SPRING, AUTUMN), 3),  # shorter since: it holds
        (date(2025, 1, 1), date(2026, 8, 31), (AUTUMN,), 6),
        (date(2025, 1, 1), date(2026, 9, 1), (AUTUMN,), 6),  # longer since: those who were told 6 keep 6
        (date(2026, 4, 1), date(2030, 1, 1), (AUTUMN, SPRING), 3),
        (date(2026, 9, 1), date(2030, 1, 1), (SPRING, AUTUMN), 12),  # opened under the longer rule
    ],
)
def test_nothing_is_kept_longer_than_those_who_answered_were_told(
    opened_on: date, closed_on: date, rules: tuple[Rule, ...], months: int
) -> None:
    assert months_for(opened_on, closed_on, rules, default=6) == months


@pytest.mark.parametrize(
    ("closed_on", "months", "expected"),
    [
        (date(2026, 3, 16), 6, date(2026, 9, 16)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),  # the month's last day
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_months_are_counted_by_the_calendar(closed_on: date, months: int, expected: date) -> None:
    assert goes_on(closed_on, closed_on, (), default=months) == expected


@pytest.mark.parametrize(
    ("days_to_go", "confirmed", "expected"),
    [
        (10, False, Hindrance.NOT_CONFIRMED),
        (10, True, Hindrance.NOT_YET),
        (1, True, Hindrance.NOT_YET),
        (0, True, None),
        (-400, True, None),
        (0, False, Hindrance.NOT_CONFIRMED),
        (-400, False, Hindrance.NOT_CONFIRMED),
    ],
)
def test_a_case_goes_when_its_day_has_come_and_the_journal_has_its_copy(
    days_to_go: int, confirmed: bool, expected: Hindrance | None
) -> None:
    today = date(2026, 3, 16)
    assert hindrance(today + timedelta(days=days_to_go), today, confirmed=confirmed) is expected


@given(DAYS, DAYS, DAYS, RULES, st.integers(1, 120))
def test_a_new_rule_changes_nothing_for_cases_closed_before_it(
    opened_on: date, closed_on: date, from_on: date, rules: list[Rule], months: int
) -> None:
    opened_on, closed_on = sorted((opened_on, closed_on))
    before = goes_on(opened_on, closed_on, rules, default=6)
    after = goes_on(opened_on, closed_on, with_rule(rules, Rule(from_on, months)), default=6)
    assert after == before or closed_on >= from_on


@given(DAYS, DAYS, DAYS, RULES)
def test_what_somebody_is_told_on_any_day_is_the_longest_it_can_be(
    opened_on: date, told_on: date, closed_on: date, rules: list[Rule]
) -> None:
    opened_on, told_on, closed_on = sorted((opened_on, told_on, closed_on))
    told = months_for(opened_on, told_on, rules, default=6)
    assert months_for(opened_on, closed_on, rules, default=6) <= told


@given(RULES, DAYS, st.integers(1, 120))
def test_rules_stand_in_order_and_one_a_day(rules: list[Rule], from_on: date, months: int) -> None:
    found = with_rule(rules, Rule(from_on, months))
    days = [rule.from_on for rule in found]
    assert days == sorted(set(days))
    assert months_for(from_on, from_on, found, default=6) == months


@given(DAYS, RULES)
def test_nothing_goes_before_a_month_has_passed(closed_on: date, rules: list[Rule]) -> None:
    assert goes_on(closed_on, closed_on, rules, default=1) >= closed_on + timedelta(days=28)


@given(DAYS)
def test_contacts_go_thirty_days_after_the_last_planned_rating(last: date) -> None:
    assert contacts_go_on(last) == last + timedelta(days=30)
    assert latest_planned_for_going(contacts_go_on(last)) == last
    assert CONTACT_DAYS == 30
    assert answers_go_on(last) == last + timedelta(days=14)
