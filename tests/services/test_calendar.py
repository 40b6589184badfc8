"""Danish working days."""

from datetime import date

import pytest

from fitsvc.services.calendar import is_working_day


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 4, 1), True),
        (date(2026, 4, 2), False),  # skærtorsdag
        (date(2026, 4, 3), False),  # langfredag
        (date(2026, 4, 6), False),  # 2. påskedag
        (date(2026, 5, 14), False),  # Kristi himmelfartsdag
        (date(2026, 5, 25), False),  # 2. pinsedag
        (date(2026, 12, 25), False),  # 1. juledag
        (date(2027, 1, 1), False),
        (date(2023, 5, 5), False),  # store bededag, for the last time
        (date(2024, 4, 26), True),  # abolished
        (date(2026, 4, 11), False),  # a Saturday
        (date(2026, 4, 12), False),  # a Sunday
        (date(2026, 12, 24), True),  # off by agreement in many places, but no public holiday
        (date(2026, 5, 1), True),
    ],
)
def test_weekends_and_public_holidays_are_no_working_days(day: date, working: bool) -> None:
    assert is_working_day(day) is working
