"""From answers to a score (docs/instruments.md)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.instrument import Instrument, ScoringMethod
from fitsvc.domain.rating import BLANK, CANNOT_SEE, SKIPPED, Answer, AnswerKind
from fitsvc.domain.scoring import score, unseen_items
from tests.domain.forms import CATALOGUE, answers, form

TEACHER = form("wellbeing-professional")
SUM = replace(
    TEACHER, scoring=replace(TEACHER.scoring, method=ScoringMethod.SUM, maximum=50.0), assumptions=None
)


@pytest.mark.parametrize(
    ("given_answers", "expected"),
    [
        ((8, 3, 8, 8, 8), 7.0),
        ((0, 0, 0, 0, 0), 0.0),
        ((10, 10, 10, 10, 10), 10.0),
        ((8, "skip", 8, 8, 8), 8.0),
        ((8, "blank", 8, 8, 8), 8.0),
        ((8, "skip", 8, 8, "blank"), None),  # three of five are too few
        (("skip", "blank", "cannot see", "skip", "blank"), None),
    ],
)
def test_the_score_is_the_mean_of_at_least_four_of_five_answers(
    given_answers: tuple[float | str, ...], expected: float | None
) -> None:
    assert score(TEACHER, answers(TEACHER, *given_answers)) == expected


def test_what_a_rater_cannot_see_is_fixed_by_the_first_rating() -> None:
    first = answers(TEACHER, 8, "cannot see", 8, 8, 8)
    unseen = unseen_items(first)
    assert unseen == {TEACHER.items[1].id}
    assert score(TEACHER, first, unseen=unseen) == 8.0
    seen_later = answers(TEACHER, 8, 3, 8, 8, 8)
    assert score(TEACHER, seen_later, unseen=unseen) == 8.0  # the low answer is kept, but is no fall
    one_more_gone = answers(TEACHER, 3, "cannot see", "cannot see", 8, 8)
    assert score(TEACHER, one_more_gone, unseen=unseen) is None  # and an item dropping out is no progress


def test_a_later_cannot_see_counts_as_skipped() -> None:
    gone = answers(TEACHER, 8, "cannot see", 8, 8, 6)
    skipped = answers(TEACHER, 8, "skip", 8, 8, 6)
    assert score(TEACHER, gone) == score(TEACHER, skipped) == 7.5


def test_a_sum_with_an_item_missing_is_brought_up_to_the_full_number_of_items() -> None:
    assert score(SUM, answers(SUM, 8, 3, 8, 8, 8)) == 35.0
    assert score(SUM, answers(SUM, 8, "skip", 8, 8, 8)) == 40.0


@pytest.mark.parametrize("instrument_id", ["wellbeing-young-child"])
def test_what_is_for_talking_is_not_scored(instrument_id: str) -> None:
    young = form(instrument_id)
    assert score(young, answers(young, *[10.0] * len(young.items))) is None


def test_answers_of_items_the_form_does_not_have_never_count() -> None:
    odd = answers(TEACHER, 8, 8, 8, 8, 8) | {"shoe-size": Answer(AnswerKind.VALUE, 0.0)}
    assert score(TEACHER, odd) == 8.0


@given(st.sampled_from([*CATALOGUE.current(), SUM]), st.data())
def test_a_score_never_leaves_its_scale(instrument: Instrument, data: st.DataObject) -> None:
    one = st.one_of(
        st.sampled_from(instrument.scale.values).map(lambda value: Answer(AnswerKind.VALUE, value)),
        st.sampled_from([BLANK, SKIPPED, CANNOT_SEE]),
    )
    found = {item.id: data.draw(one) for item in instrument.items}
    unseen = data.draw(st.sets(st.sampled_from(list(found))))
    result = score(instrument, found, unseen=unseen)
    assert result is None or instrument.scoring.minimum <= result <= instrument.scoring.maximum


@given(st.lists(st.integers(0, 10), min_size=5, max_size=5), st.integers(0, 4), st.integers(0, 10))
def test_a_better_answer_never_lowers_the_score(given_answers: list[int], place: int, other: int) -> None:
    changed = [*given_answers[:place], max(other, given_answers[place]), *given_answers[place + 1 :]]
    before, after = (
        score(TEACHER, answers(TEACHER, *given_answers)),
        score(TEACHER, answers(TEACHER, *changed)),
    )
    assert before is not None
    assert after is not None
    assert after >= before
