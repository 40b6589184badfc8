from datetime import date

import pytest

from fitsvc.domain.age import age_years


@pytest.mark.parametrize(
    ("birth_month", "today", "years"),
    [
        (date(2013, 3, 1), date(2026, 2, 28), 12),
        (date(2013, 3, 1), date(2026, 3, 1), 13),
        (date(2013, 3, 1), date(2026, 12, 31), 13),
        (date(2026, 3, 1), date(2026, 3, 16), 0),
    ],
)
def test_a_child_grows_a_year_older_on_the_first_of_its_birth_month(
    birth_month: date, today: date, years: int
) -> None:
    assert age_years(birth_month, today) == years
