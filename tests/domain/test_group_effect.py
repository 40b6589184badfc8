"""The change of a group (docs/method.md)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.group_effect import group_effect, hedges_correction, share
from fitsvc.domain.instrument import Direction

FIRST = [2.0, 3.0, 4.0, 5.0, 6.0]
LATEST = [4.0, 4.0, 6.0, 6.0, 8.0]


def test_three_of_five_is_very_uncertain() -> None:
    """23–88 %."""
    found = share(3, 5)
    assert found is not None
    assert (round(found.interval.lower, 2), round(found.interval.upper, 2)) == (0.23, 0.88)
    assert (found.share, found.is_uncertain) == (0.6, True)


@pytest.mark.parametrize(("df", "correction"), [(4, 0.8), (19, 0.96), (99, 0.99240506)])
def test_the_correction_for_small_groups_is_the_published_one(df: int, correction: float) -> None:
    assert hedges_correction(df) == pytest.approx(correction)


def test_the_effect_is_the_change_in_spreads_of_the_start() -> None:
    """By hand: mean change 1.6, SD0 = √2.5, J = .8, ρ = .9449, V = .64·(2·.0551/5 + 1.0119²/10)."""
    found = group_effect(list(zip(FIRST, LATEST, strict=True)))
    assert found is not None
    assert (found.n, found.mean_change) == (5, pytest.approx(1.6))
    assert found.d == pytest.approx(1.0119, abs=1e-4)
    assert found.g == pytest.approx(0.8095, abs=1e-4)
    assert found.interval.lower == pytest.approx(0.2564, abs=2e-4)
    assert found.interval.upper == pytest.approx(1.3626, abs=2e-4)


@pytest.mark.parametrize(
    ("n", "shown", "uncertain"), [(4, False, None), (5, True, True), (19, True, True), (20, True, False)]
)
def test_small_groups_are_warned_about_and_the_smallest_not_shown(
    n: int, shown: bool, uncertain: bool | None
) -> None:
    pairs = [(float(place), place + 1.0) for place in range(n)]
    effect, part = group_effect(pairs), share(1, n)
    assert (effect is not None, part is not None) == (shown, shown)
    if effect is not None and part is not None:
        assert effect.is_uncertain is part.is_uncertain is uncertain


def test_a_group_that_all_starts_alike_has_no_spread_to_count_in() -> None:
    assert group_effect([(5.0, float(place)) for place in range(9)]) is None


@pytest.mark.parametrize(("count", "n"), [(-1, 9), (10, 9)])
def test_a_share_is_a_part_of_the_whole(count: int, n: int) -> None:
    with pytest.raises(ValueError, match="part"):
        share(count, n)


@given(st.integers(5, 500), st.data())
def test_a_share_lies_within_its_interval_and_that_between_nothing_and_all(
    n: int, data: st.DataObject
) -> None:
    found = share(data.draw(st.integers(0, n)), n)
    assert found is not None
    assert 0 <= found.interval.lower <= found.share + 1e-12
    assert found.share - 1e-12 <= found.interval.upper <= 1


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=5, max_size=40))
def test_a_reversed_scale_has_the_same_effect(pairs: list[tuple[int, int]]) -> None:
    straight = group_effect([(float(one), float(other)) for one, other in pairs])
    reverse = group_effect([(10.0 - one, 10.0 - other) for one, other in pairs], Direction.LOWER_IS_BETTER)
    assert (straight is None) is (reverse is None)
    if straight is not None and reverse is not None:
        assert reverse.g == pytest.approx(straight.g, abs=1e-9)
        assert straight.interval.lower <= straight.g <= straight.interval.upper
