"""Follow-up dates by the standards of fitsvc/cadences/standards.toml."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fitsvc.cadences import CadenceError, load_standards
from fitsvc.domain.cadence import (
    ChoiceReason,
    ChoiceRequired,
    Interval,
    add_months,
    first_date,
    interval_after_meeting,
    interval_before_first,
    is_fewer,
    next_date,
    next_working_day,
    previous_working_day,
    statutory_limit,
)
from fitsvc.domain.law import PLACEMENTS, MeasureType
from fitsvc.services.calendar import is_working_day

STANDARDS = load_standards()
SIX_WEEKS, THREE_MONTHS = Interval(weeks=6), Interval(months=3)
NO_ROW = ChoiceRequired(ChoiceReason.NO_ROW)
PER_CASE = ChoiceRequired(ChoiceReason.CHOSEN_PER_CASE)
OPEN = ChoiceRequired(ChoiceReason.NO_FIXED_INTERVAL)
T = MeasureType


def every_day(day: date) -> bool:
    return True


TABLE = [
    ("barnets-lov-95", T.PREVENTIVE, THREE_MONTHS, OPEN, OPEN),
    ("barnets-lov-95", T.INTENSIVE_PREVENTIVE, THREE_MONTHS, OPEN, OPEN),
    ("barnets-lov-95", T.YOUTH_SUPPORT, THREE_MONTHS, OPEN, OPEN),
    ("barnets-lov-95", T.PLACEMENT_FOSTER_FAMILY, THREE_MONTHS, OPEN, OPEN),
    ("barnets-lov-95", T.EARLY_HELP_S30, PER_CASE, PER_CASE, PER_CASE),
    *(("haderslev", kind, SIX_WEEKS, SIX_WEEKS, SIX_WEEKS) for kind in T if kind is not T.EARLY_HELP_S30),
    ("haderslev", T.EARLY_HELP_S30, PER_CASE, PER_CASE, PER_CASE),
    ("herning", T.PREVENTIVE, Interval(weeks=4), THREE_MONTHS, THREE_MONTHS),
    ("herning", T.PLACEMENT_INSTITUTION, Interval(weeks=2), SIX_WEEKS, SIX_WEEKS),
    ("herning", T.PLACEMENT_OWN_ROOM, Interval(weeks=2), SIX_WEEKS, SIX_WEEKS),
    ("herning", T.PLACEMENT_FOSTER_FAMILY, Interval(weeks=2), SIX_WEEKS, THREE_MONTHS),
    ("herning", T.PLACEMENT_NETWORK, NO_ROW, NO_ROW, NO_ROW),
    ("herning", T.INTENSIVE_PREVENTIVE, NO_ROW, NO_ROW, NO_ROW),
    ("herning", T.EARLY_HELP_S30, PER_CASE, PER_CASE, PER_CASE),
    ("hvidovre", T.PREVENTIVE, SIX_WEEKS, THREE_MONTHS, THREE_MONTHS),
    ("hvidovre", T.INTENSIVE_PREVENTIVE, SIX_WEEKS, SIX_WEEKS, SIX_WEEKS),
    ("hvidovre", T.PLACEMENT_NETWORK, SIX_WEEKS, THREE_MONTHS, THREE_MONTHS),
    ("hvidovre", T.PLACEMENT_FOSTER_FAMILY, SIX_WEEKS, THREE_MONTHS, THREE_MONTHS),
    ("hvidovre", T.PLACEMENT_INSTITUTION, SIX_WEEKS, SIX_WEEKS, SIX_WEEKS),
    ("hvidovre", T.PLACEMENT_OWN_ROOM, NO_ROW, NO_ROW, NO_ROW),
    ("hvidovre", T.EARLY_HELP_S30, PER_CASE, PER_CASE, PER_CASE),
]


@pytest.mark.parametrize(("standard", "kind", "first", "first_year", "then"), TABLE)
def test_every_row_of_the_standards(
    standard: str,
    kind: MeasureType,
    first: Interval | ChoiceRequired,
    first_year: Interval | ChoiceRequired,
    then: Interval | ChoiceRequired,
) -> None:
    rules, start = STANDARDS[standard], date(2026, 1, 5)
    assert interval_before_first(rules, kind) == first
    assert interval_after_meeting(rules, kind, date(2026, 3, 2), start) == first_year
    assert interval_after_meeting(rules, kind, date(2027, 3, 1), start) == then


def test_the_standards_come_in_the_order_of_the_file() -> None:
    assert list(STANDARDS) == ["barnets-lov-95", "haderslev", "herning", "hvidovre"]


@pytest.mark.parametrize(
    ("meeting", "then"),
    [(date(2027, 1, 14), SIX_WEEKS), (date(2027, 1, 15), THREE_MONTHS), (date(2027, 1, 16), THREE_MONTHS)],
)
def test_hernings_foster_interval_goes_by_the_placements_age_on_the_meeting_day(
    meeting: date, then: Interval
) -> None:
    found = interval_after_meeting(
        STANDARDS["herning"], T.PLACEMENT_FOSTER_FAMILY, meeting, date(2026, 1, 15)
    )
    assert found == then


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 10, 31), 3, date(2027, 1, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("start", "limit"),
    [
        (date(2026, 1, 2), date(2026, 4, 1)),  # 2 April is Maundy Thursday
        (date(2026, 1, 3), date(2026, 4, 1)),  # Good Friday
        (date(2026, 1, 6), date(2026, 4, 1)),  # Easter Monday
        (date(2026, 1, 5), date(2026, 4, 1)),  # Easter Sunday
        (date(2026, 1, 7), date(2026, 4, 7)),
        (date(2026, 9, 26), date(2026, 12, 24)),  # second day of Christmas, a Saturday
        (date(2026, 11, 30), date(2027, 2, 26)),  # 28 February is a Sunday
    ],
)
def test_a_statutory_limit_moves_back_never_forward(start: date, limit: date) -> None:
    assert statutory_limit(STANDARDS["haderslev"], T.PREVENTIVE, start, is_working_day) == limit


def test_early_help_has_no_statutory_limit() -> None:
    assert statutory_limit(STANDARDS["herning"], T.EARLY_HELP_S30, date(2026, 1, 2), is_working_day) is None


@pytest.mark.parametrize(
    ("standard", "kind", "start", "first"),
    [
        ("haderslev", T.PREVENTIVE, date(2026, 1, 5), date(2026, 2, 16)),
        ("haderslev", T.PREVENTIVE, date(2026, 2, 20), date(2026, 4, 7)),  # Good Friday moves past Easter
        ("herning", T.PREVENTIVE, date(2026, 1, 5), date(2026, 2, 2)),
        ("herning", T.PLACEMENT_FOSTER_FAMILY, date(2026, 1, 5), date(2026, 1, 19)),
        ("hvidovre", T.PLACEMENT_NETWORK, date(2026, 1, 4), date(2026, 2, 16)),  # Sunday
        ("barnets-lov-95", T.PREVENTIVE, date(2026, 1, 2), date(2026, 4, 1)),
        ("hvidovre", T.PLACEMENT_OWN_ROOM, date(2026, 1, 2), NO_ROW),
        ("herning", T.EARLY_HELP_S30, date(2026, 1, 2), PER_CASE),
    ],
)
def test_the_first_follow_up(
    standard: str, kind: MeasureType, start: date, first: date | ChoiceRequired
) -> None:
    assert first_date(STANDARDS[standard], kind, start, is_working_day) == first


@pytest.mark.parametrize(
    ("ends", "first"),
    [
        (date(2026, 3, 2), date(2026, 3, 2)),
        (date(2026, 3, 1), date(2026, 3, 2)),  # Sunday
        (date(2026, 6, 1), date(2026, 4, 1)),  # the limit holds
    ],
)
def test_by_the_law_the_first_follow_up_is_at_the_end_of_a_parallel_investigation(
    ends: date, first: date
) -> None:
    found = first_date(
        STANDARDS["barnets-lov-95"], T.PREVENTIVE, date(2026, 1, 2), is_working_day, investigation_ends=ends
    )
    assert found == first


def test_a_chosen_interval_goes_before_the_standard_but_not_past_the_law() -> None:
    start, herning = date(2026, 1, 2), STANDARDS["herning"]
    assert first_date(herning, T.EARLY_HELP_S30, start, every_day, chosen=Interval(days=10)) == date(
        2026, 1, 12
    )
    assert first_date(herning, T.PREVENTIVE, start, is_working_day, chosen=Interval(months=5)) == date(
        2026, 4, 1
    )
    held = date(2026, 2, 2)
    assert next_date(herning, T.PREVENTIVE, held, start, every_day, chosen=Interval(weeks=2)) == date(
        2026, 2, 16
    )


def test_the_next_date_counts_from_the_meeting_held() -> None:
    rules = STANDARDS["haderslev"]
    assert next_date(rules, T.PREVENTIVE, date(2026, 2, 18), date(2026, 1, 5), is_working_day) == date(
        2026, 4, 1
    )
    assert next_date(rules, T.PREVENTIVE, date(2026, 2, 19), date(2026, 1, 5), is_working_day) == date(
        2026, 4, 7
    )


@pytest.mark.parametrize(
    ("chosen", "fewer"),
    [(Interval(weeks=7), True), (SIX_WEEKS, False), (Interval(weeks=2), False), (Interval(months=2), True)],
)
def test_fewer_follow_ups_than_the_standard_are_recognised(chosen: Interval, fewer: bool) -> None:
    assert is_fewer(chosen, SIX_WEEKS, date(2026, 1, 5)) is fewer


@pytest.mark.parametrize("wrong", [{}, {"weeks": -1}, {"weeks": 6, "days": 1}, {"months": 0}, {"weeks": 1.5}])
def test_an_interval_is_one_positive_whole_number(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        Interval(**wrong)


def test_a_calendar_without_working_days_is_found_out() -> None:
    with pytest.raises(ValueError, match="calendar"):
        next_working_day(date(2026, 1, 5), lambda day: False)


DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
INTERVALS = st.one_of(
    st.integers(1, 520).map(lambda n: Interval(days=n)),
    st.integers(1, 52).map(lambda n: Interval(weeks=n)),
    st.integers(1, 24).map(lambda n: Interval(months=n)),
)


@given(
    st.sampled_from(list(STANDARDS.values())),
    st.sampled_from(MeasureType),
    DAYS,
    st.integers(0, 900),
    st.none() | INTERVALS,
)
def test_the_next_follow_up_is_a_working_day_and_never_before_the_meeting_held(
    standard, kind: MeasureType, start: date, age: int, chosen: Interval | None
) -> None:
    held = start + timedelta(days=age)
    found = next_date(standard, kind, held, start, is_working_day, chosen=chosen)
    assume(isinstance(found, date))
    assert found > held
    assert is_working_day(found)


@given(st.sampled_from(list(STANDARDS.values())), st.sampled_from(MeasureType), DAYS, st.none() | INTERVALS)
def test_the_first_follow_up_is_a_working_day_within_the_laws_limit(
    standard, kind: MeasureType, start: date, chosen: Interval | None
) -> None:
    found = first_date(standard, kind, start, is_working_day, chosen=chosen)
    assume(isinstance(found, date))
    assert is_working_day(found)
    assert found > start
    limit = statutory_limit(standard, kind, start, is_working_day)
    assert limit is None or found <= limit <= add_months(start, 3)


@given(DAYS)
def test_working_days_are_found_on_either_side(day: date) -> None:
    before, after = previous_working_day(day, is_working_day), next_working_day(day, is_working_day)
    assert before <= day <= after
    assert is_working_day(before)
    assert is_working_day(after)
    assert (before == after) is is_working_day(day)


def test_all_placements_have_a_statutory_limit() -> None:
    assert set(STANDARDS["herning"].limits) >= PLACEMENTS


HEAD = '[law]\nfirst_follow_up_within = { months = 3 }\nmeasure_types = ["preventive"]\n'
STANDARD = '[[standard]]\nid = "a"\nname = "A"\nsource = "s"\n'
ROW = '[[standard.row]]\nmeasure_types = ["preventive"]\nfirst = { weeks = 6 }\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("= 1", "not readable as TOML"),
        (STANDARD, r"law\.first_follow_up_within: expected an interval"),
        (HEAD.replace("preventive", "soup"), r"law\.measure_types: expected a list of .*preventive"),
        (HEAD + '[[standard]]\nid = "a"\nname = ""\n', r"standard\[1\]\.name: expected a non-empty text"),
        (HEAD + STANDARD + STANDARD, r"standard\[2\]\.id: 'a' is there twice"),
        (
            HEAD + STANDARD + ROW + ROW,
            r"standard\[1\]\.row\[2\]\.measure_types: preventive has a row already",
        ),
        (HEAD + STANDARD + ROW.replace("6", "0"), r"row\[1\]\.first: expected .* weeks"),
        (HEAD + STANDARD + ROW.replace("6", '"6"'), r"row\[1\]\.first: expected .* weeks"),
        (HEAD + STANDARD + ROW + "thn = { weeks = 6 }\n", r"row\[1\]: expected only .* got thn"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CadenceError, match=message):
        load_standards(file)
