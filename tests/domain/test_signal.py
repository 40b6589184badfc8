"""The signal of one series (docs/method.md). From 5 the expected score after 2 weeks is 5.31 and S is 1.13."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.expected_change import Z_80, AssumedCurve
from fitsvc.domain.signal import (
    NOT_YET,
    RuleCode,
    ScoredPoint,
    SignalCode,
    latest_signal,
    open_confirmation,
    signals,
)
from tests.domain.yardsticks import ASSUMED, TOTAL, UNJUDGED, fortnightly, mirrored, on

GREEN, YELLOW, RED = SignalCode.AS_EXPECTED, SignalCode.WATCH, SignalCode.BELOW_EXPECTED


@pytest.mark.parametrize(
    ("scores", "codes"),
    [
        ((5.0,), ()),
        ((5.0, 5.5), (GREEN,)),
        ((5.0, 4.5), (YELLOW,)),
        ((5.0, 3.0), (YELLOW,)),  # below the band once: not confirmed
        ((5.0, 3.0, 3.0), (YELLOW, RED)),
        ((5.0, 3.0, 6.0, 3.0), (YELLOW, GREEN, YELLOW)),  # a good score in between
        ((5.0, 3.0, 3.0, 3.0), (YELLOW, RED, RED)),
        ((5.0, 3.0, 3.0, 6.5), (YELLOW, RED, GREEN)),
        ((9.0, 6.4, 6.4), (YELLOW, RED)),  # from 9 by more than 2.48: reliably worse
    ],
)
def test_a_series_gets_its_signals(scores: tuple[float, ...], codes: tuple[SignalCode, ...]) -> None:
    assert tuple(signal.code for signal in signals(fortnightly(*scores), TOTAL)) == codes


@pytest.mark.parametrize(
    ("scores", "rules"),
    [
        ((5.0, 5.5), (RuleCode.AT_OR_ABOVE_EXPECTED,)),
        ((5.0, 4.5), (RuleCode.SOMEWHAT_BELOW,)),
        ((5.0, 3.0, 3.0), (RuleCode.BELOW_BAND_ONCE, RuleCode.BELOW_BAND_TWICE)),
    ],
)
def test_a_signal_names_the_rule_that_gave_it(scores: tuple[float, ...], rules: tuple[RuleCode, ...]) -> None:
    assert tuple(signal.rule for signal in signals(fortnightly(*scores), TOTAL)) == rules


def test_reliably_worse_inside_the_band_is_named_as_such() -> None:
    """With a very wide band only the change from the baseline speaks."""
    wide = replace(TOTAL, assumptions=replace(ASSUMED, mean=0.0, spread=9.0))
    found = signals(fortnightly(9.0, 6.4, 6.4), wide)
    assert [signal.rule for signal in found] == [RuleCode.WORSE_ONCE, RuleCode.WORSE_TWICE]


@pytest.mark.parametrize(
    ("days_later", "code"),
    [(1, RED), (42, RED), (43, YELLOW), (0, YELLOW)],  # on the same day nothing is confirmed
)
def test_the_next_score_confirms_within_six_weeks(days_later: int, code: SignalCode) -> None:
    points = [ScoredPoint(on(0), 5.0), ScoredPoint(on(14), 2.0), ScoredPoint(on(14 + days_later), 2.0)]
    found = latest_signal(points, TOTAL)
    assert found is not None
    assert found.code is code
    assert found.first_seen_on == (on(14) if code is RED else None)


def test_only_the_next_score_confirms_not_the_one_after() -> None:
    points = [ScoredPoint(on(day), score) for day, score in [(0, 5.0), (7, 2.0), (14, 6.5), (21, 2.0)]]
    assert signals(points, TOTAL)[-1].code is YELLOW


@pytest.mark.parametrize("spreads", [0.5, Z_80])
def test_a_score_exactly_on_an_edge_belongs_to_the_better_side(spreads: float) -> None:
    curve = AssumedCurve(5.0, ASSUMED)
    edge = curve.expected(2) - spreads * curve.spread(2)
    (at,), (under,) = (signals(fortnightly(5.0, edge - less), TOTAL) for less in (0.0, 0.001))
    if spreads == Z_80:
        assert (at.rule, under.rule) == (RuleCode.SOMEWHAT_BELOW, RuleCode.BELOW_BAND_ONCE)
    else:
        assert (at.code, under.code) == (GREEN, YELLOW)


def test_a_signal_brings_its_numbers() -> None:
    (signal,) = signals(fortnightly(5.0, 4.5), TOTAL)
    assert (signal.on, signal.score, signal.baseline) == (on(14), 4.5, 5.0)
    assert signal.expected == pytest.approx(5.3097, abs=1e-4)
    assert signal.green_from == pytest.approx(4.746, abs=1e-3)
    assert signal.red_beyond == pytest.approx(3.867, abs=1e-3)


def test_one_score_is_no_progression_yet() -> None:
    assert latest_signal(fortnightly(5.0), TOTAL) == NOT_YET
    assert latest_signal([], TOTAL) == NOT_YET


def test_only_totals_get_a_signal() -> None:
    """An external series with known noise gets a class, but no expected course."""
    external = replace(TOTAL, assumptions=None)
    assert latest_signal(fortnightly(9.0, 1.0), external) is None
    assert signals(fortnightly(9.0, 1.0), external) == ()
    assert latest_signal(fortnightly(9.0, 1.0), UNJUDGED) is None


def test_a_red_signal_closes_only_with_a_next_step() -> None:
    found = signals(fortnightly(5.0, 2.0, 2.0, 7.0), TOTAL)
    assert found[-1].code is GREEN
    assert open_confirmation(found, []) == found[1]
    assert open_confirmation(found, [on(28)]) is None


def test_after_a_next_step_only_two_new_scores_ask_anew() -> None:
    found = signals(fortnightly(5.0, 2.0, 2.0, 2.0, 2.0), TOTAL)
    step = on(30)
    assert open_confirmation(found[:3], [step]) is None  # the score before the step cannot ask again
    again = open_confirmation(found, [step])
    assert again is not None
    assert (again.first_seen_on, again.on) == (on(42), on(56))


SERIES = st.lists(st.tuples(st.integers(1, 60), st.floats(0, 10)), min_size=1, max_size=12)


def _points(series: list[tuple[int, float]], *, mirror: bool = False) -> list[ScoredPoint]:
    day, points = 0, []
    for step, score in series:
        day += step
        points.append(ScoredPoint(on(day), 10 - score if mirror else score))
    return points


@given(SERIES)
def test_reversing_the_scale_changes_no_signal(series: list[tuple[int, float]]) -> None:
    straight = signals(_points(series), TOTAL)
    reverse = signals(_points(series, mirror=True), mirrored(TOTAL))
    assert [(one.code, one.rule, one.first_seen_on) for one in straight] == [
        (one.code, one.rule, one.first_seen_on) for one in reverse
    ]


@given(SERIES)
def test_red_never_comes_from_a_single_score(series: list[tuple[int, float]]) -> None:
    found = signals(_points(series), TOTAL)
    assert len(found) == len(series) - 1
    for before, now in zip([None, *found], found, strict=False):
        if now.code is RED:
            assert before is not None
            assert before.code in (YELLOW, RED)


@given(SERIES, st.floats(0, 10))
def test_a_better_latest_score_never_gives_a_worse_signal(
    series: list[tuple[int, float]], other: float
) -> None:
    order = [GREEN, YELLOW, RED]
    last = series[-1][1]
    found = [
        latest_signal(_points([*series[:-1], (series[-1][0], score)]), TOTAL)
        for score in (min(last, other), max(last, other))
    ]
    if len(series) > 1:
        low, high = (order.index(one.code) for one in found if one is not None)
        assert high <= low
