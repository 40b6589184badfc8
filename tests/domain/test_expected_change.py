"""The assumed curve and the agreed expectation (docs/method.md)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.expected_change import Z_68, Z_80, AssumedCurve, ExpectationLine, assumed_curve
from tests.domain.yardsticks import ASSUMED, START, TOTAL, UNJUDGED, mirrored, on

SCORES = st.floats(0, 10)
WEEKS = st.floats(0, 520)


@pytest.mark.parametrize(
    ("start", "weeks", "expected", "lower"),
    [
        (2, 6, 4.23, 2.87),
        (2, 16, 5.26, 3.93),
        (5, 6, 5.74, 4.38),
        (5, 16, 6.21, 4.88),
        (8, 6, 7.40, 5.83),
        (8, 16, 7.40, 5.77),
    ],
)
def test_the_assumed_curve_has_the_published_values(
    start: float, weeks: float, expected: float, lower: float
) -> None:
    """docs/method.md has the same values."""
    curve = AssumedCurve(start, ASSUMED)
    assert curve.expected(weeks) == pytest.approx(expected, abs=0.006)
    assert curve.band(weeks, Z_80).lower == pytest.approx(lower, abs=0.006)


def test_regression_to_the_mean_is_built_in() -> None:
    assert AssumedCurve(2, ASSUMED).true_start == pytest.approx(2.6)
    assert AssumedCurve(8, ASSUMED).true_start == pytest.approx(7.4)


def test_no_assumptions_no_curve() -> None:
    assert assumed_curve(5.0, UNJUDGED) is None


def test_the_curve_does_not_reach_back_before_the_baseline() -> None:
    with pytest.raises(ValueError, match="baseline"):
        AssumedCurve(5, ASSUMED).expected(-0.1)


@given(SCORES, WEEKS, WEEKS)
def test_the_expected_course_only_rises_and_stays_between_its_start_and_the_level_assumed_reachable(
    start: float, one: float, other: float
) -> None:
    curve = AssumedCurve(start, ASSUMED)
    earlier, later = curve.expected(min(one, other)), curve.expected(max(one, other))
    assert earlier <= later + 1e-9
    assert curve.true_start - 1e-9 <= earlier
    assert later <= max(curve.true_start, ASSUMED.target) + 1e-9


@given(SCORES, WEEKS)
def test_the_bands_lie_evenly_around_the_course_and_the_80_percent_one_is_the_wider(
    start: float, weeks: float
) -> None:
    curve = AssumedCurve(start, ASSUMED)
    narrow, wide = curve.band(weeks, Z_68), curve.band(weeks, Z_80)
    assert wide.lower < narrow.lower < curve.expected(weeks) < narrow.upper < wide.upper
    assert narrow.upper + narrow.lower == pytest.approx(2 * curve.expected(weeks))
    assert wide.upper + wide.lower == pytest.approx(2 * curve.expected(weeks))


@given(SCORES, WEEKS)
def test_the_band_is_never_narrower_than_one_measurement(start: float, weeks: float) -> None:
    assert AssumedCurve(start, ASSUMED).spread(weeks) > 2 * (1 - 0.8) ** 0.5


@given(st.floats(7.5, 10), WEEKS, WEEKS)
def test_where_no_growth_is_expected_the_band_widens_with_time(
    start: float, one: float, other: float
) -> None:
    curve = AssumedCurve(start, ASSUMED)
    assert curve.spread(min(one, other)) <= curve.spread(max(one, other)) + 1e-12


@given(SCORES, WEEKS, SCORES)
def test_a_reversed_scale_has_the_mirrored_curve(start: float, weeks: float, score: float) -> None:
    curve, mirror = assumed_curve(start, TOTAL), assumed_curve(10 - start, mirrored(TOTAL))
    assert curve is not None
    assert mirror is not None
    assert mirror.expected(weeks) == pytest.approx(10 - curve.expected(weeks))
    assert mirror.shortfall(weeks, 10 - score) == pytest.approx(curve.shortfall(weeks, score), abs=1e-9)


@given(SCORES, SCORES, st.integers(1, 400))
def test_the_agreed_line_hits_both_ends(start: float, target: float, days: int) -> None:
    line = ExpectationLine(START, start, on(days), target)
    assert line.at(START) == start
    assert line.at(on(days)) == pytest.approx(target)
    assert line.at(START - timedelta(days=9)) == start
    assert line.at(on(days + 9)) == pytest.approx(target)


def test_the_agreed_line_is_straight() -> None:
    assert ExpectationLine(START, 3.0, on(42), 6.0).at(on(14)) == pytest.approx(4.0)


@pytest.mark.parametrize("days", [0, -1])
def test_an_expectation_for_the_past_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="after"):
        ExpectationLine(START, 3.0, on(days), 6.0)
