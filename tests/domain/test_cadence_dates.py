"""Every standard and every type of measure against dates computed by hand, for a measure started 5 January 2026.

First: 2 weeks 19 January, 4 weeks 2 February, 6 weeks 16 February; 3 months is 5 April, Easter Sunday, and the law's
limit moves back past Maundy Thursday to Wednesday 1 April. After a meeting held on Monday 2 March 2026: 6 weeks is
13 April, 3 months is 2 June. After one held on Monday 1 March 2027, when the measure is more than a year old: 6 weeks
is 12 April 2027, 3 months is 1 June 2027.
"""

from datetime import date

import pytest

from fitsvc.cadences import load_standards
from fitsvc.domain.cadence import ChoiceReason, ChoiceRequired, first_date, next_date, statutory_limit
from fitsvc.domain.law import MeasureType
from fitsvc.services.calendar import is_working_day

STANDARDS = load_standards()
START = date(2026, 1, 5)
W2, W4, W6 = date(2026, 1, 19), date(2026, 2, 2), date(2026, 2, 16)
LIMIT = date(2026, 4, 1)
SOON, LATER = date(2026, 4, 13), date(2026, 6, 2)
YEAR_SOON, YEAR_LATER = date(2027, 4, 12), date(2027, 6, 1)
NO_ROW = ChoiceRequired(ChoiceReason.NO_ROW)
PER_CASE = ChoiceRequired(ChoiceReason.CHOSEN_PER_CASE)
OPEN = ChoiceRequired(ChoiceReason.NO_FIXED_INTERVAL)
T = MeasureType

TABLE = {
    "barnets-lov-95": {
        T.EARLY_HELP_S30: (PER_CASE, PER_CASE, PER_CASE),
        T.PREVENTIVE: (LIMIT, OPEN, OPEN),
        T.INTENSIVE_PREVENTIVE: (LIMIT, OPEN, OPEN),
        T.YOUTH_SUPPORT: (LIMIT, OPEN, OPEN),
        T.PLACEMENT_OWN_ROOM: (LIMIT, OPEN, OPEN),
        T.PLACEMENT_NETWORK: (LIMIT, OPEN, OPEN),
        T.PLACEMENT_FOSTER_FAMILY: (LIMIT, OPEN, OPEN),
        T.PLACEMENT_INSTITUTION: (LIMIT, OPEN, OPEN),
    },
    "haderslev": {
        T.EARLY_HELP_S30: (PER_CASE, PER_CASE, PER_CASE),
        T.PREVENTIVE: (W6, SOON, YEAR_SOON),
        T.INTENSIVE_PREVENTIVE: (W6, SOON, YEAR_SOON),
        T.YOUTH_SUPPORT: (W6, SOON, YEAR_SOON),
        T.PLACEMENT_OWN_ROOM: (W6, SOON, YEAR_SOON),
        T.PLACEMENT_NETWORK: (W6, SOON, YEAR_SOON),
        T.PLACEMENT_FOSTER_FAMILY: (W6, SOON, YEAR_SOON),
        T.PLACEMENT_INSTITUTION: (W6, SOON, YEAR_SOON),
    },
    "herning": {
        T.EARLY_HELP_S30: (PER_CASE, PER_CASE, PER_CASE),
        T.PREVENTIVE: (W4, LATER, YEAR_LATER),
        T.INTENSIVE_PREVENTIVE: (NO_ROW, NO_ROW, NO_ROW),
        T.YOUTH_SUPPORT: (NO_ROW, NO_ROW, NO_ROW),
        T.PLACEMENT_OWN_ROOM: (W2, SOON, YEAR_SOON),
        T.PLACEMENT_NETWORK: (NO_ROW, NO_ROW, NO_ROW),
        T.PLACEMENT_FOSTER_FAMILY: (W2, SOON, YEAR_LATER),
        T.PLACEMENT_INSTITUTION: (W2, SOON, YEAR_SOON),
    },
    "hvidovre": {
        T.EARLY_HELP_S30: (PER_CASE, PER_CASE, PER_CASE),
        T.PREVENTIVE: (W6, LATER, YEAR_LATER),
        T.INTENSIVE_PREVENTIVE: (W6, SOON, YEAR_SOON),
        T.YOUTH_SUPPORT: (NO_ROW, NO_ROW, NO_ROW),
        T.PLACEMENT_OWN_ROOM: (NO_ROW, NO_ROW, NO_ROW),
        T.PLACEMENT_NETWORK: (W6, LATER, YEAR_LATER),
        T.PLACEMENT_FOSTER_FAMILY: (W6, LATER, YEAR_LATER),
        T.PLACEMENT_INSTITUTION: (W6, SOON, YEAR_SOON),
    },
}


def test_the_table_leaves_nothing_out() -> None:
    assert list(TABLE) == list(STANDARDS)
    assert all(set(rows) == set(T) for rows in TABLE.values())


@pytest.mark.parametrize(
    ("standard", "kind", "dates"),
    [(standard, kind, dates) for standard, rows in TABLE.items() for kind, dates in rows.items()],
)
def test_every_standard_gives_the_dates_of_the_table(
    standard: str, kind: MeasureType, dates: tuple[date | ChoiceRequired, ...]
) -> None:
    rules = STANDARDS[standard]
    assert (
        first_date(rules, kind, START, is_working_day),
        next_date(rules, kind, date(2026, 3, 2), START, is_working_day),
        next_date(rules, kind, date(2027, 3, 1), START, is_working_day),
    ) == dates


@pytest.mark.parametrize("kind", T)
@pytest.mark.parametrize("standard", STANDARDS)
def test_the_laws_limit_is_the_same_whatever_the_standard(standard: str, kind: MeasureType) -> None:
    limit = statutory_limit(STANDARDS[standard], kind, START, is_working_day)
    assert limit == (None if kind is T.EARLY_HELP_S30 else LIMIT)
