"""The yardstick of a series (docs/method.md)."""

from dataclasses import replace
from pathlib import Path

import pytest

from fitsvc.domain.instrument import Direction, Instrument
from fitsvc.domain.instrument_file import parse_instrument
from fitsvc.domain.measure import Measure, measure_of_item, measure_of_total
from tests.domain.forms import CATALOGUE, form
from tests.domain.yardsticks import TOTAL

PACK = (Path(__file__).parents[1] / "packs" / "moonbeam" / "moonbeam.toml").read_text(encoding="utf-8")


@pytest.fixture
def moonbeam() -> Instrument:
    return parse_instrument(PACK, file="moonbeam.toml", local_pack=True)


@pytest.mark.parametrize(
    "one", [one for one in CATALOGUE.current() if one.is_on_curve], ids=lambda one: one.id
)
def test_the_own_totals_rest_on_the_stated_assumptions_and_no_norm(one: Instrument) -> None:
    assert measure_of_total(one) == TOTAL


@pytest.mark.parametrize("one", CATALOGUE.current(), ids=lambda one: one.id)
def test_a_single_area_is_never_judged(one: Instrument) -> None:
    measure = measure_of_item(one)
    assert (measure.is_judged, measure.assumptions, measure.cutoff) == (False, None, None)
    assert (measure.minimum, measure.maximum) == (one.scale.minimum, one.scale.maximum)


@pytest.mark.parametrize("instrument_id", ["goal", "safety", "scale-1-5"])
def test_goals_safety_and_the_ruler_are_never_judged(instrument_id: str) -> None:
    measure = measure_of_total(form(instrument_id))
    assert (measure.is_judged, measure.assumptions) == (False, None)


def test_the_ruler_is_better_when_lower() -> None:
    assert measure_of_item(form("scale-1-5")).direction is Direction.LOWER_IS_BETTER


def test_a_given_cut_off_wins_over_a_computed_one(moonbeam: Instrument) -> None:
    assert measure_of_total(moonbeam).cutoff == 24.5
    assert moonbeam.norms is not None
    without = replace(moonbeam, norms=replace(moonbeam.norms, cutoff=None))
    assert measure_of_total(without).cutoff == pytest.approx((8 * 28 + 6 * 20) / 14)


def test_a_range_needs_two_ends() -> None:
    with pytest.raises(ValueError, match="minimum"):
        Measure(10, 10)
    assert Measure(float("-inf"), float("inf")).goodness(3.0) == 3.0
