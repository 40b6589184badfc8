"""The simulated shares of signals, and that the printed ones can be repeated (docs/method.md)."""

import re
from importlib.resources import files

import pandas as pd
import pytest

from fitsvc.cohort.simulation import FalseAlarms, report, simulate_false_alarms, simulate_signals
from fitsvc.domain.measure import Measure, measure_of_total
from fitsvc.instruments import load_catalogue

CHILDREN, SEED = 10_000, 1  # as printed in fitsvc/method
LABELS = {
    "da": {"as_expected": "Følger det forventede", "unchanged": "Uændret", "worsening": "Får det værre"},
    "en": {"as_expected": "On the expected course", "unchanged": "Unchanged", "worsening": "Getting worse"},
}


@pytest.fixture(scope="module")
def measure() -> Measure:
    return measure_of_total(load_catalogue().get("wellbeing-youth"))


@pytest.fixture(scope="module")
def shares(measure: Measure) -> pd.DataFrame:
    return simulate_signals(measure=measure, children=CHILDREN, seed=SEED)


@pytest.fixture(scope="module")
def alarms(measure: Measure) -> FalseAlarms:
    return simulate_false_alarms(measure=measure, children=CHILDREN, seed=SEED)


def page(language: str) -> str:
    return (files("fitsvc.method") / f"how_to_read_the_curve.{language}.md").read_text(encoding="utf-8")


def percent(share: float, language: str) -> str:
    return f"{share * 100:.1f} %".replace(".", "," if language == "da" else ".")


def test_confirmation_makes_false_alarms_rare(alarms: FalseAlarms) -> None:
    """14 % of truly stable children once, 2.4 % twice in a row, over ten ratings."""
    assert alarms.worse_once == pytest.approx(0.144, abs=0.01)
    assert alarms.worse_twice_in_a_row == pytest.approx(0.024, abs=0.005)


def test_the_signal_finds_those_who_get_worse_and_seldom_those_who_do_well(shares: pd.DataFrame) -> None:
    red = shares["ever_red"]
    assert red["as_expected"] < 0.15 < 0.4 < red["unchanged"] < 0.7 < 0.9 < red["worsening"]
    assert (shares["red_at_end"] <= red).all()
    assert (shares["always_green"] + shares["ever_yellow"] <= 1).all()


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_prints_what_the_simulation_gives(
    shares: pd.DataFrame, alarms: FalseAlarms, language: str
) -> None:
    text = page(language)
    for course, label in LABELS[language].items():
        row = shares.loc[course]
        cells = [percent(row[name], language) for name in ("ever_yellow", "ever_red", "red_at_end")]
        assert "| " + " | ".join([label, *cells]) + " |" in text
    assert percent(alarms.worse_once, language) in text
    assert percent(alarms.worse_twice_in_a_row, language) in text
    assert f"fitsvc simulate-signals --children {CHILDREN} --seed {SEED}" in text


def test_the_same_seed_gives_the_same_report(measure: Measure) -> None:
    once, again, other = (report(measure=measure, children=200, seed=seed) for seed in (7, 7, 8))
    assert once == again != other
    assert re.search(r"unchanged +\d", once)


def test_an_instrument_without_assumptions_cannot_be_simulated() -> None:
    with pytest.raises(ValueError, match="assumptions"):
        simulate_signals(measure=Measure(0, 10), children=10, seed=1)
