"""The page "How to read the curve" prints the numbers the rules really use."""

import re
from math import sqrt

import pytest

from fitsvc.domain.cutoff import cutoff_c
from fitsvc.domain.discrepancy import SMALLEST_GAP, WITHIN
from fitsvc.domain.expected_change import Z_80, AssumedCurve
from fitsvc.domain.group_effect import SMALL_GROUP, SMALLEST_GROUP
from fitsvc.domain.key_figures import spread
from fitsvc.domain.measure import measure_of_total
from fitsvc.domain.reliable_change import rci_points
from fitsvc.domain.signal import CONFIRM_WITHIN_DAYS, GREEN_SPREADS
from fitsvc.domain.suppression import SMALLEST_SHOWN
from fitsvc.domain.trajectory import BASELINE_LEAD, LONGEST_STEP_DAYS
from fitsvc.instruments import load_catalogue
from fitsvc.method import method_page
from fitsvc.services.follow_up_settings import DEFAULT_DAYS_BEFORE

LANGUAGES = ["da", "en"]
MEASURE = measure_of_total(load_catalogue().get("wellbeing-youth"))


def number(value: float, language: str, decimals: int = 2) -> str:
    shown = f"{value:.{decimals}f}"
    return shown.replace(".", ",") if language == "da" else shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_check_values_of_the_assumed_curve_are_printed(language: str) -> None:
    assert MEASURE.assumptions is not None
    for start in (2, 5, 8):
        curve = AssumedCurve(start, MEASURE.assumptions)
        cells = [curve.expected(6), curve.expected(16), curve.band(6, Z_80).lower, curve.band(16, Z_80).lower]
        row = [str(start), *(number(cell + 1e-9, language) for cell in cells)]
        assert "| " + " | ".join(row) + " |" in method_page(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_assumptions_are_the_instruments(language: str) -> None:
    assumed = MEASURE.assumptions
    assert assumed is not None
    rows = {
        "μ": number(assumed.mean, language, 0),
        "SD": number(assumed.sd, language, 1),
        "A": number(assumed.target, language, 0),
        "r": number(assumed.reliability, language),
        "g": number(assumed.growth, language, 1),
        "k": number(assumed.rate, language, 3),
        "s": number(assumed.spread, language, 1),
    }
    for sign, value in rows.items():
        assert f"| `{sign}` | {value} |" in method_page(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_limit_named_is_the_one_in_force(language: str) -> None:
    text, points = method_page(language), rci_points(MEASURE)
    assert points is not None
    for limit in (
        f" {number(points, language)} point",
        f" {number(MEASURE.maximum - points, language)})",
        f" {number(cutoff_c(5, 2, 7, 1.5), language)}.",
        f"({CONFIRM_WITHIN_DAYS} ",
        f"E − {number(GREEN_SPREADS, language, 1)} · S",
        f"E − {number(Z_80, language)} · S",
        f" {WITHIN.days} da",
        f" {SMALLEST_GAP:.0f} point",
        f" {BASELINE_LEAD.days} da",
        f" {LONGEST_STEP_DAYS} da",
        f" {SMALLEST_GROUP} ",
        f" {SMALL_GROUP} ",
    ):
        assert limit in text, limit


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_met_expectation_is_told_by_the_limit_in_force(language: str) -> None:
    """And the smaller limit the page says we do not use: 1.96 errors of measurement, without the √2 of two of them."""
    text, points = method_page(language), rci_points(MEASURE)
    assert points is not None
    assert text.count(f" {number(points, language)} point") >= 2
    assert f"`{number(1.96, language)} · SEM` = {number(points / sqrt(2), language)} point" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_figures_are_counted_as_the_page_says(language: str) -> None:
    found, text = spread([35, 42, 42, 49, 60, 90]), method_page(language)
    assert found is not None
    shown = [
        number(value, language).rstrip("0").rstrip(".,") for value in (found.lower, found.median, found.upper)
    ]
    last, hidden = {"da": ("og", "Antal under"), "en": ("and", "Counts below")}[language]
    assert f" {shown[0]}, {shown[1]} {last} {shown[2]}." in text
    assert f"- {hidden} {SMALLEST_SHOWN} " in text
    assert f" ({DEFAULT_DAYS_BEFORE}, " in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_plain_markdown(language: str) -> None:
    text = method_page(language)
    assert text.startswith("# ")
    assert text.count("\n# ") == 0
    assert not re.search(r"<\w|```|!\[|\]\(", text)


def shape(text: str) -> list[str]:
    """What kind of line each is: a heading of some depth, a row, a point, a paragraph or nothing."""
    found = (re.match(r"#+|\||-|.?", line) for line in text.splitlines())
    marks = [one.group() if one else "" for one in found]
    return ["text" if mark.isalnum() else mark for mark in marks]


def test_both_languages_have_the_same_parts() -> None:
    assert shape(method_page("da")) == shape(method_page("en"))


def test_a_language_without_a_translation_gets_the_danish_page() -> None:
    assert method_page("fo") == method_page("da")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_owned_name_is_used(language: str) -> None:
    assert not re.search(r"\b(ORS|SRS|CORS|CSRS|FIT)\b", method_page(language))
