from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.expectation import ExpectedAndActual, Outcome, hold_against
from fitsvc.domain.expected_change import ExpectationLine
from fitsvc.domain.instrument import Direction
from fitsvc.domain.measure import Measure
from fitsvc.domain.reliable_change import rci_points
from fitsvc.domain.signal import ScoredPoint

SET_ON = date(2026, 3, 16)
DUE = date(2026, 4, 27)
TOTAL = Measure(0, 10, sd=2.0, reliability=0.80)  # RCI 2.48
AREA = Measure(0, 10)
BURDEN = Measure(0, 40, Direction.LOWER_IS_BETTER, sd=8.0, reliability=0.80)  # RCI 9.92


def held(expected: float, actual: float, measure: Measure) -> ExpectedAndActual:
    line = ExpectationLine(SET_ON, 5.0, DUE, expected)
    return hold_against(line, ScoredPoint(DUE, actual), measure)


@pytest.mark.parametrize(
    ("measure", "expected", "actual", "outcome"),
    [
        (TOTAL, 6.0, 6.0, Outcome.MAY_BE_CHANCE),
        (TOTAL, 6.0, 4.0, Outcome.MAY_BE_CHANCE),  # two points short is noise, not failure
        (TOTAL, 6.0, 3.53, Outcome.MAY_BE_CHANCE),  # 2.47 short
        (TOTAL, 6.0, 3.51, Outcome.LOWER),  # 2.49 short
        (TOTAL, 6.0, 8.47, Outcome.MAY_BE_CHANCE),
        (TOTAL, 6.0, 8.6, Outcome.BETTER),
        (BURDEN, 20.0, 30.0, Outcome.LOWER),  # ten more is worse where lower is better
        (BURDEN, 20.0, 10.0, Outcome.BETTER),
        (BURDEN, 20.0, 29.9, Outcome.MAY_BE_CHANCE),
        (AREA, 8.0, 0.0, Outcome.NO_VERDICT),
        (AREA, 0.0, 10.0, Outcome.NO_VERDICT),
    ],
)
def test_totals_are_judged_against_noise_and_areas_not_at_all(
    measure: Measure, expected: float, actual: float, outcome: Outcome
) -> None:
    found = held(expected, actual, measure)
    assert found.outcome is outcome
    assert found.difference == pytest.approx(actual - expected)
    assert (found.actual, found.actual_on, found.due_on) == (actual, DUE, DUE)


def test_a_difference_of_exactly_the_reliable_change_value_may_be_chance() -> None:
    noise = rci_points(TOTAL)
    assert noise is not None
    assert held(5.0, 5.0 - noise, TOTAL).outcome is Outcome.MAY_BE_CHANCE


@pytest.mark.parametrize(
    "latest", [None, ScoredPoint(SET_ON, 9.0), ScoredPoint(SET_ON - timedelta(days=1), 9.0)]
)
def test_what_was_known_when_it_was_agreed_is_no_answer_to_it(latest: ScoredPoint | None) -> None:
    found = hold_against(ExpectationLine(SET_ON, 5.0, DUE, 7.0), latest, TOTAL)
    assert (found.outcome, found.actual, found.difference) == (Outcome.NO_NEW_SCORE, None, None)


@pytest.mark.parametrize("days", [-20, 0, 30])
def test_an_early_or_a_late_score_is_held_against_the_number_agreed_for_the_day(days: int) -> None:
    point = ScoredPoint(DUE + timedelta(days=days), 6.0)
    found = hold_against(ExpectationLine(SET_ON, 5.0, DUE, 7.0), point, TOTAL)
    assert (found.expected, found.actual_on, found.difference) == (7.0, point.on, -1.0)


SCORES = st.floats(0, 10, allow_nan=False)


@given(SCORES, SCORES)
def test_turning_the_scale_round_mirrors_the_verdict(expected: float, actual: float) -> None:
    turned = Measure(0, 10, Direction.LOWER_IS_BETTER, sd=2.0, reliability=0.80)
    mirror = {Outcome.BETTER: Outcome.LOWER, Outcome.LOWER: Outcome.BETTER}
    outcome = held(expected, actual, TOTAL).outcome
    assert held(expected, actual, turned).outcome is mirror.get(outcome, outcome)
