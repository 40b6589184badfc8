"""Reliable change, cut-offs and classes (docs/method.md)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.cutoff import cutoff_a, cutoff_b, cutoff_c
from fitsvc.domain.instrument import Direction
from fitsvc.domain.measure import Measure
from fitsvc.domain.reliable_change import (
    ChangeClass,
    can_show_improvement,
    classify,
    rci_points,
    reliable_change_index,
    reliable_change_points,
)
from tests.domain.yardsticks import TOTAL, UNJUDGED, WITH_CUTOFF, mirrored

SCORES = st.floats(0, 10)


@pytest.mark.parametrize(("reliability", "points"), [(0.80, 2.48), (0.93, 1.47)])
def test_the_reliable_change_value_is_the_published_one(reliability: float, points: float) -> None:
    """docs/method.md has the same values."""
    assert round(reliable_change_points(2.0, reliability), 2) == points


def test_the_index_counts_in_standard_errors_of_the_difference() -> None:
    """5 points on BDI with SD 10 and r .75: Sdiff = √2·10·√.25 = 7.07."""
    bdi = Measure(0, 63, Direction.LOWER_IS_BETTER, sd=10.0, reliability=0.75)
    assert reliable_change_index(30, 25, bdi) == pytest.approx(0.7071, abs=1e-4)
    assert reliable_change_index(25, 30, bdi) == pytest.approx(-0.7071, abs=1e-4)


def test_the_cut_offs_are_the_published_ones() -> None:
    """Jacobson & Truax 1991."""
    assert round(cutoff_c(5, 2, 7, 1.5), 2) == 6.14
    assert cutoff_b(7, 1.5) == 4.0
    assert cutoff_a(5, 2) == 9.0
    assert (cutoff_b(7, 1.5, sign=-1), cutoff_a(5, 2, sign=-1)) == (10.0, 1.0)


RCI = reliable_change_points(2.0, 0.8)


@pytest.mark.parametrize(
    ("first", "latest", "verdict"),
    [
        (2.0, None, ChangeClass.CANNOT_BE_JUDGED),
        (None, None, ChangeClass.CANNOT_BE_JUDGED),
        (4.0, 4.0, ChangeClass.UNCHANGED),
        (4.0, 6.4, ChangeClass.UNCHANGED),
        (4.0, 4.0 + RCI, ChangeClass.UNCHANGED),  # exactly the value is not above it
        (4.0, 4.0 - RCI, ChangeClass.UNCHANGED),
        (3.0, 5.9, ChangeClass.IMPROVED),  # reliable, and still below the cut-off
        (3.5, 6.0, ChangeClass.RECOVERED),  # reliable, and onto the cut-off
        (4.0, 6.6, ChangeClass.RECOVERED),
        (5.9, 6.1, ChangeClass.UNCHANGED),  # crosses, but may be noise
        (6.0, 9.0, ChangeClass.IMPROVED),  # a start at the cut-off can improve but not recover
        (7.0, 4.4, ChangeClass.DETERIORATED),
    ],
)
def test_a_change_gets_its_class(first: float | None, latest: float | None, verdict: ChangeClass) -> None:
    """With the cut-off at 6."""
    assert classify(first, latest, WITH_CUTOFF) is verdict


def test_nobody_recovers_without_a_cut_off() -> None:
    assert classify(1.0, 10.0, TOTAL) is ChangeClass.IMPROVED


def test_without_known_noise_there_is_no_verdict() -> None:
    """Areas, goals and safety."""
    assert classify(0.0, 10.0, UNJUDGED) is ChangeClass.CANNOT_BE_JUDGED
    assert rci_points(UNJUDGED) is None
    with pytest.raises(ValueError, match="reliability"):
        reliable_change_index(0.0, 10.0, UNJUDGED)


@pytest.mark.parametrize(("first", "can"), [(7.5, True), (7.6, False), (10 - RCI, False), (0.0, True)])
def test_too_high_a_start_cannot_show_improvement(first: float, can: bool) -> None:
    """When x0 + RCI is above the scale, it is said."""
    assert can_show_improvement(first, TOTAL) is can
    assert can_show_improvement(10 - first, mirrored(TOTAL)) is can


@pytest.mark.parametrize("wrong", [{"sd": 0.0}, {"sd": -1.0}, {"reliability": 1.0}, {"reliability": 0.0}])
def test_impossible_noise_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        replace(TOTAL, **wrong)


def test_spread_without_reliability_is_refused() -> None:
    with pytest.raises(ValueError, match="belong together"):
        Measure(0, 10, sd=2.0)


OPPOSITE = {
    ChangeClass.IMPROVED: ChangeClass.DETERIORATED,
    ChangeClass.DETERIORATED: ChangeClass.IMPROVED,
    ChangeClass.UNCHANGED: ChangeClass.UNCHANGED,
}


@given(SCORES, SCORES)
def test_going_back_gives_the_opposite_class(first: float, latest: float) -> None:
    assert classify(latest, first, TOTAL) is OPPOSITE[classify(first, latest, TOTAL)]


@given(SCORES, SCORES)
def test_the_same_course_on_a_reversed_scale_gets_the_same_class(first: float, latest: float) -> None:
    assert classify(10 - first, 10 - latest, mirrored(WITH_CUTOFF)) is classify(first, latest, WITH_CUTOFF)
