"""Ready to talk about ending (docs/method.md)."""

import pytest

from fitsvc.domain.ending import ReadyToEnd, Voice, ready_to_end
from fitsvc.domain.signal import SignalCode

CONTENT = Voice(scores=[3.0, 7.0, 7.5], target=7.0, signal=SignalCode.AS_EXPECTED)
OTHER = Voice(scores=[5.0, 5.0], signal=SignalCode.WATCH)


@pytest.mark.parametrize(
    ("scores", "target", "ready"),
    [
        ((3.0, 7.0, 7.0), 7.0, True),  # at the target is enough
        ((3.0, 6.9, 7.5), 7.0, False),
        ((7.5, 6.9), 7.0, False),
        ((7.5,), 7.0, False),  # one score
        ((), 7.0, False),
        ((9.0, 9.0), None, False),  # nothing was agreed
        ((8.0, 8.0), 7.0, True),  # above from the start: also worth a talk
    ],
)
def test_two_scores_in_a_row_must_reach_the_agreed_target(
    scores: tuple[float, ...], target: float | None, ready: bool
) -> None:
    assert (ready_to_end({"child": Voice(scores, target)}) is not None) is ready


def test_nobody_may_be_below_expected() -> None:
    below = Voice(scores=[5.0, 2.0, 2.0], signal=SignalCode.BELOW_EXPECTED)
    assert ready_to_end({"child": CONTENT, "teacher": OTHER}) == ReadyToEnd(("child",), ())
    assert ready_to_end({"child": CONTENT, "teacher": below}) is None


def test_missing_voices_are_named() -> None:
    missing = Voice(scores=[5.0, 5.0], is_missing=True)
    never = Voice(scores=[])
    found = ready_to_end({"parent": never, "child": CONTENT, "teacher": missing})
    assert found == ReadyToEnd(reached=("child",), missing=("parent", "teacher"))


def test_a_case_without_voices_is_not_ready() -> None:
    assert ready_to_end({}) is None
