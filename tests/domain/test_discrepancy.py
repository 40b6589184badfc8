"""Different views of one area (docs/method.md)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.discrepancy import AreaRating, discrepancies
from tests.domain.yardsticks import on


def rated(rater: str, day: int, value: float, area: str = "home") -> AreaRating:
    return AreaRating(rater, area, on(day), value)


@pytest.mark.parametrize(
    ("days_apart", "gap", "found"),
    [(0, 3.0, True), (14, 3.0, True), (15, 9.0, False), (0, 2.9, False), (-14, 5.0, True), (-15, 5.0, False)],
)
def test_three_points_within_fourteen_days_are_a_discrepancy(
    days_apart: int, gap: float, found: bool
) -> None:
    ratings = [rated("child", 20, 2.0), rated("teacher", 20 + days_apart, 2.0 + gap)]
    assert bool(discrepancies(ratings)) is found


def test_a_discrepancy_names_the_low_and_the_high_view() -> None:
    (one,) = discrepancies([rated("child", 0, 8.0), rated("teacher", 3, 3.0)])
    assert (one.area, one.low.rater, one.high.rater, one.gap, one.change) == (
        "home",
        "teacher",
        "child",
        5.0,
        None,
    )


def test_the_nearest_ratings_are_compared() -> None:
    ratings = [rated("child", 0, 2.0), rated("child", 10, 6.0), rated("teacher", 12, 9.0)]
    (one,) = discrepancies(ratings)
    assert (one.low, one.high) == (ratings[1], ratings[2])


def test_the_newest_comparison_counts_and_says_how_the_gap_has_changed() -> None:
    ratings = [
        rated("child", 0, 5.0),
        rated("teacher", 1, 6.0),
        rated("child", 30, 3.0),
        rated("teacher", 31, 7.5),
    ]
    (one,) = discrepancies(ratings)
    assert (one.gap, one.change) == (4.5, 3.5)
    closed = [*ratings, rated("child", 60, 7.0), rated("teacher", 60, 7.0)]
    assert discrepancies(closed) == ()


def test_areas_and_raters_are_never_mixed() -> None:
    ratings = [rated("child", 0, 2.0), rated("teacher", 0, 9.0, "school"), rated("child", 1, 9.0)]
    assert discrepancies(ratings) == ()


def test_the_largest_come_first_and_then_those_that_grew_most() -> None:
    ratings = [
        *(rated("child", 0, 2.0, area) for area in ("a", "b", "c")),
        rated("parent", 0, 6.0, "a"),
        rated("parent", 0, 9.0, "b"),
        rated("parent", 0, 5.0, "c"),
        *(rated("child", 30, 2.0, area) for area in ("a", "b", "c")),
        *(rated("parent", 30, 8.0, area) for area in ("a", "b", "c")),
    ]
    assert [(one.area, one.change) for one in discrepancies(ratings)] == [("c", 3.0), ("a", 2.0), ("b", -1.0)]


RATINGS = st.lists(
    st.builds(
        rated,
        st.sampled_from(["child", "parent", "teacher"]),
        st.integers(0, 60),
        st.integers(0, 10).map(float),
        st.sampled_from(["home", "school"]),
    ),
    max_size=14,
)


@given(RATINGS, st.randoms())
def test_the_order_of_ratings_changes_nothing(ratings: list[AreaRating], random) -> None:
    shuffled = list(ratings)
    random.shuffle(shuffled)
    assert discrepancies(shuffled) == discrepancies(ratings)


@given(RATINGS)
def test_the_names_of_the_raters_change_nothing(ratings: list[AreaRating]) -> None:
    """One rating a day each: of two on one day there is no telling which of them was meant."""
    once = {(one.rater, one.area, one.on): one for one in ratings}.values()
    renamed = {"child": "z", "parent": "y", "teacher": "x"}
    before = discrepancies(once)
    after = discrepancies(replace(one, rater=renamed[one.rater]) for one in once)
    assert sorted((one.area, one.gap, one.change or 0.0) for one in before) == sorted(
        (one.area, one.gap, one.change or 0.0) for one in after
    )


@given(RATINGS)
def test_every_discrepancy_is_large_enough_and_near_enough(ratings: list[AreaRating]) -> None:
    for one in discrepancies(ratings):
        assert one.gap >= 3.0
        assert one.low.rater != one.high.rater
        assert one.low.area == one.high.area == one.area
        assert abs((one.low.on - one.high.on).days) <= 14
