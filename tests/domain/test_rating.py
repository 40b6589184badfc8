"""Reading a sent form (docs/instruments.md)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.rating import (
    BLANK,
    CANNOT_SEE,
    COMMENT_LIMIT,
    SKIPPED,
    Answer,
    AnswerKind,
    Problem,
    ProblemCode,
    from_stored,
    offered_items,
    read_form,
    to_stored,
)
from tests.domain.forms import CATALOGUE, form

YOUTH = form("wellbeing-youth")
TEACHER = form("wellbeing-professional")
CHILD = form("wellbeing-child")


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ("7", Answer(AnswerKind.VALUE, 7.0)),
        ("7.0", Answer(AnswerKind.VALUE, 7.0)),
        (" 10 ", Answer(AnswerKind.VALUE, 10.0)),
        ("0", Answer(AnswerKind.VALUE, 0.0)),
        ("skip", SKIPPED),
        ("cannot_see", CANNOT_SEE),
        ("", BLANK),
        ("  ", BLANK),
    ],
)
def test_blank_skip_and_cannot_see_are_three_different_answers(sent: str, answer: Answer) -> None:
    item = next(item for item in TEACHER.items if item.cannot_see)
    read = read_form(TEACHER, TEACHER.items, {item.id: sent})
    assert (read.answers[item.id], read.problems) == (answer, ())


@pytest.mark.parametrize(
    "sent",
    ["11", "-1", "2.5", "1e1", "1_0", "nan", "inf", "٧", "７", "0x7", "seven", "7,0", "9" * 5000, "\x00"],
)
def test_what_is_not_on_the_scale_is_refused_and_the_rest_is_kept(sent: str) -> None:
    first, second = YOUTH.items[:2]
    read = read_form(YOUTH, YOUTH.items, {first.id: sent, second.id: "8"})
    assert read.problems == (Problem(ProblemCode.NOT_ON_SCALE, first.id),)
    assert read.answers[first.id] == BLANK
    assert read.answers[second.id].value == 8.0


def test_faces_take_their_own_values_only() -> None:
    first, second = CHILD.items[:2]
    read = read_form(CHILD, CHILD.items, {first.id: "2.5", second.id: "3"})
    assert read.answers[first.id].value == 2.5
    assert read.problems == (Problem(ProblemCode.NOT_ON_SCALE, second.id),)


def test_an_unknown_item_is_named() -> None:
    assert (
        Problem(ProblemCode.UNKNOWN_ITEM, "shoe-size")
        in read_form(YOUTH, YOUTH.items, {"shoe-size": "7"}).problems
    )


def test_cannot_see_is_refused_where_it_was_not_offered() -> None:
    item = YOUTH.items[0]
    read = read_form(YOUTH, YOUTH.items, {item.id: "cannot_see"})
    assert read.problems == (Problem(ProblemCode.CANNOT_SEE_NOT_OFFERED, item.id),)


def test_every_offered_item_has_an_answer_and_the_missing_ones_are_left_blank() -> None:
    read = read_form(YOUTH, YOUTH.items, {YOUTH.items[0].id: "7"})
    assert tuple(read.answers) == tuple(item.id for item in YOUTH.items)
    assert read.left_blank == tuple(item.id for item in YOUTH.items[1:])


def test_a_comment_is_tidied_and_has_a_limit() -> None:
    assert read_form(YOUTH, YOUTH.items, {}, " a\r\nb\x00\ud800\tc\r ").comment == "a\nb\tc"
    long = read_form(YOUTH, YOUTH.items, {}, "x" * (COMMENT_LIMIT + 1))
    assert long.problems == (Problem(ProblemCode.COMMENT_TOO_LONG, "comment"),)
    assert len(long.comment) == COMMENT_LIMIT
    assert not read_form(YOUTH, YOUTH.items, {}, "x" * COMMENT_LIMIT).problems


def test_a_cpr_number_is_refused_in_a_comment_and_the_words_are_kept() -> None:
    read = read_form(YOUTH, YOUTH.items, {}, "jeg er 010203-1234")
    assert read.problems == (Problem(ProblemCode.COMMENT_HAS_CPR, "comment"),)
    assert read.comment == "jeg er 010203-1234"
    assert not read_form(YOUTH, YOUTH.items, {}, "ring 12 34 56 78 kl. 14, ikke 116 111").problems


def test_a_comment_is_refused_where_the_form_has_no_field_for_it() -> None:
    without = next(one for one in CATALOGUE.current() if not one.takes_comment)
    read = read_form(without, without.items, {}, "hello")
    assert read.problems == (Problem(ProblemCode.COMMENT_NOT_OFFERED, "comment"),)


@pytest.mark.parametrize(("goals", "shown"), [(0, 0), (1, 1), (3, 3), (9, 3), (-1, 0)])
def test_the_goal_form_shows_as_many_items_as_the_plan_has_goals(goals: int, shown: int) -> None:
    assert len(offered_items(form("goal"), goals=goals)) == shown
    assert offered_items(YOUTH, goals=goals) == YOUTH.items


@pytest.mark.parametrize(
    "wrong", [(AnswerKind.VALUE, None), (AnswerKind.BLANK, 3.0), (AnswerKind.SKIPPED, 0.0)]
)
def test_an_answer_has_a_value_exactly_when_it_is_one(wrong: tuple[AnswerKind, float | None]) -> None:
    with pytest.raises(ValueError, match="value"):
        Answer(*wrong)


INSTRUMENTS = st.sampled_from(CATALOGUE.current())
SENT = st.one_of(
    st.text(), st.sampled_from(["7", "2.5", "skip", "cannot_see", "", "1e0", "10.0"]), st.floats().map(str)
)


@given(INSTRUMENTS, st.data())
def test_any_text_can_be_read_and_no_value_is_ever_off_the_scale(instrument, data) -> None:
    ids = st.one_of(st.text(max_size=9), st.sampled_from([item.id for item in instrument.items]))
    read = read_form(
        instrument, instrument.items, data.draw(st.dictionaries(ids, SENT)), data.draw(st.text())
    )
    assert set(read.answers) == {item.id for item in instrument.items}
    for answer in read.answers.values():
        assert answer.value is None or instrument.scale.contains(answer.value)


ANSWERS = st.one_of(
    st.sampled_from([BLANK, SKIPPED, CANNOT_SEE]),
    st.floats(0, 40).map(lambda value: Answer(AnswerKind.VALUE, value)),
)


@given(st.dictionaries(st.text(), ANSWERS))
def test_stored_answers_come_back_as_they_were(found: dict[str, Answer]) -> None:
    assert from_stored(to_stored(found)) == found
