"""When a session rating is worth a talk (docs/method.md)."""

from dataclasses import replace

import pytest

from fitsvc.domain.alliance import AlliancePromptCode as Code
from fitsvc.domain.alliance import alliance_prompts
from fitsvc.domain.instrument import Direction
from tests.domain.forms import answers, form

YOUTH = form("session-youth")  # low at 6, a fall of 2.5, perfect three times
CHILD = form("session-child")  # faces: one item fallen by 5 points is two steps


@pytest.mark.parametrize(
    ("scores", "codes"),
    [
        ((), ()),
        ((8.0,), ()),
        ((6.0,), (Code.LOW,)),
        ((6.1,), ()),
        ((9.0, 6.5), (Code.FALL,)),
        ((9.0, 6.6), ()),
        ((9.0, 5.0), (Code.LOW, Code.FALL)),
        ((9.0, 5.0, 8.0), ()),  # only the latest counts
        ((10.0, 10.0), ()),
        ((10.0, 10.0, 10.0), (Code.PERFECT_EVERY_TIME,)),
        ((10.0, 9.9, 10.0), ()),
    ],
)
def test_session_scores_give_prompts(scores: tuple[float, ...], codes: tuple[Code, ...]) -> None:
    assert alliance_prompts(YOUTH, scores) == codes


@pytest.mark.parametrize(
    ("before", "now", "prompted"),
    [
        (
            (10.0, 10.0, 10.0),
            (5.0, 10.0, 10.0),
            True,
        ),  # two face steps on one item, though the mean hardly falls
        ((10.0, 10.0, 10.0), (7.5, 7.5, 10.0), False),
        ((10.0, 10.0, 10.0), ("skip", 10.0, 10.0), False),
        ((5.0, 10.0, 10.0), (10.0, 10.0, 10.0), False),
    ],
)
def test_one_item_that_falls_by_two_faces_gives_a_prompt(
    before: tuple[float | str, ...], now: tuple[float | str, ...], prompted: bool
) -> None:
    found = alliance_prompts(CHILD, (), answers=[answers(CHILD, *before), answers(CHILD, *now)])
    assert found == ((Code.ITEM_FALL,) if prompted else ())


def test_only_the_last_two_ratings_are_compared() -> None:
    high, low = answers(CHILD, 10.0, 10.0, 10.0), answers(CHILD, 5.0, 5.0, 5.0)
    assert alliance_prompts(CHILD, (), answers=[high, low, low]) == ()


def test_a_form_that_is_better_when_lower_is_read_the_other_way_round() -> None:
    rule = YOUTH.alliance
    assert rule is not None
    reverse = replace(YOUTH, direction=Direction.LOWER_IS_BETTER, alliance=replace(rule, low_score=4.0))
    assert alliance_prompts(reverse, (1.0, 5.0)) == (Code.LOW, Code.FALL)
    assert alliance_prompts(reverse, (0.0, 0.0, 0.0)) == (Code.PERFECT_EVERY_TIME,)


def test_a_form_without_thresholds_gives_no_prompts() -> None:
    assert alliance_prompts(form("wellbeing-youth"), (0.0, 0.0)) == ()
