"""Arranging an agenda: nothing lost, nothing twice, and what is put back is back where it was."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.agenda import (
    MOST_QUESTIONS,
    AgendaItem,
    AgendaKind,
    Free,
    Gap,
    ItemKey,
    Kept,
    Missing,
    Seen,
    arrange,
    moved,
    questions,
)
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.report_lines import Rater

FROM_DATA = [kind for kind in AgendaKind if kind is not AgendaKind.FREE]
CHILD, TEACHER = Rater(RaterRole.CHILD), Rater(RaterRole.TEACHER, "7.b")
MOTHER, FATHER = (Rater(RaterRole.PARENT, place, is_only=False) for place in ("hos mor", "hos far"))

keys = st.tuples(st.sampled_from(FROM_DATA), st.sampled_from("abcde"))


def item(key: ItemKey) -> AgendaItem:
    return AgendaItem(*key, Missing(()))


items = st.lists(keys, unique=True, max_size=12).map(lambda found: [item(key) for key in found])
marks = st.lists(
    st.builds(
        lambda key, position, removed: Kept(*key, position, removed),
        keys,
        st.none() | st.integers(0, 9),
        st.booleans(),
    ),
    unique_by=lambda one: one.key,
    max_size=12,
)
free = st.lists(
    st.builds(
        lambda subject, position, removed: Kept(
            AgendaKind.FREE, subject, position, removed, f"text {subject}"
        ),
        st.sampled_from("uvwxyz"),
        st.none() | st.integers(0, 9),
        st.booleans(),
    ),
    unique_by=lambda one: one.key,
    max_size=4,
)
arrangements = st.tuples(marks, free).map(lambda pair: pair[0] + pair[1])


@given(items, arrangements)
def test_nothing_is_lost_and_nothing_is_there_twice(found: list[AgendaItem], kept: list[Kept]) -> None:
    agenda = arrange(found, kept)
    shown = [one.key for one in (*agenda.items, *agenda.removed)]
    written = [one.key for one in kept if one.text]
    assert sorted(shown) == sorted([one.key for one in found] + written)
    assert sorted(agenda.order) == sorted(shown)


@given(items)
def test_untouched_the_items_stand_by_kind_and_otherwise_as_given(found: list[AgendaItem]) -> None:
    order = list(AgendaKind)
    assert list(arrange(found, []).items) == sorted(found, key=lambda one: order.index(one.kind))


@given(items, arrangements, st.data())
def test_taking_off_and_putting_back_changes_nothing(
    found: list[AgendaItem], kept: list[Kept], data: st.DataObject
) -> None:
    before = arrange(found, kept)
    if not before.items:
        return
    off = data.draw(st.sampled_from(before.items)).key

    def with_mark(is_removed: bool) -> list[Kept]:  # in its own place: free items stand in the order kept
        marks = kept if any(one.key == off for one in kept) else [*kept, Kept(*off)]
        return [replace(one, is_removed=is_removed) if one.key == off else one for one in marks]

    without = arrange(found, with_mark(True))
    assert [one.key for one in without.items] == [one.key for one in before.items if one.key != off]
    assert arrange(found, with_mark(False)).items == before.items


@given(items, arrangements)
def test_an_arrangement_written_down_is_read_back_the_same(found: list[AgendaItem], kept: list[Kept]) -> None:
    agenda = arrange(found, kept)
    texts = {one.key: one.text for one in kept}
    off = {one.key for one in agenda.removed}
    written = [Kept(*key, place, key in off, texts.get(key, "")) for place, key in enumerate(agenda.order)]
    again = arrange(found, written)
    assert (again.items, again.removed) == (agenda.items, agenda.removed)


@given(st.lists(keys, unique=True, min_size=2), st.data())
def test_moving_twice_is_moving_once_and_moves_one_item(found: list[ItemKey], data: st.DataObject) -> None:
    one, beside = data.draw(st.permutations(found))[:2]
    after = data.draw(st.booleans())
    order = moved(found, one, beside=beside, after=after)
    assert moved(order, one, beside=beside, after=after) == order
    assert order.index(one) - order.index(beside) == (1 if after else -1)
    assert [key for key in order if key != one] == [key for key in found if key != one]


def test_a_new_item_does_not_upset_an_arrangement() -> None:
    first, second, third = (item((AgendaKind.GOAL, name)) for name in "abc")
    kept = [Kept(AgendaKind.GOAL, "c", 0), Kept(AgendaKind.GOAL, "a", 1)]
    assert arrange([first, second, third], kept).items == (third, first, second)


def test_what_was_kept_of_an_item_that_is_gone_is_passed_over() -> None:
    assert arrange([], [Kept(AgendaKind.GOAL, "a", 3, True)]).order == ()
    (written,) = arrange([], [Kept(AgendaKind.FREE, "x", text="Ferie")]).items
    assert written.content == Free("Ferie")


def test_moving_beside_something_that_is_gone_moves_nothing() -> None:
    order = ((AgendaKind.GOAL, "a"), (AgendaKind.GOAL, "b"))
    assert moved(order, order[0], beside=(AgendaKind.GOAL, "gone"), after=True) == order
    assert moved(order, order[0], beside=order[0], after=True) == order


OF_ROLE = {RaterRole.CHILD: 1, RaterRole.PARENT: 2, RaterRole.TEACHER: 1}


@pytest.mark.parametrize(
    ("gaps", "low", "high"),
    [
        (
            [("child", 3, "teacher", 8)],
            Seen((CHILD,), 3, frozenset({RaterRole.CHILD})),
            Seen((TEACHER,), 8, frozenset({RaterRole.TEACHER})),
        ),
        (
            [("mother", 3, "teacher", 8), ("father", 3, "teacher", 8)],
            Seen((FATHER, MOTHER), 3, frozenset({RaterRole.PARENT})),
            Seen((TEACHER,), 8, frozenset({RaterRole.TEACHER})),
        ),
        (
            [("mother", 3, "teacher", 8), ("father", 4, "teacher", 8)],
            Seen((MOTHER,), 3),
            Seen((TEACHER,), 8, frozenset({RaterRole.TEACHER})),
        ),
        (
            [("child", 2, "teacher", 8), ("mother", 2, "teacher", 8)],
            Seen((CHILD, MOTHER), 2, frozenset({RaterRole.CHILD})),
            Seen((TEACHER,), 8, frozenset({RaterRole.TEACHER})),
        ),
    ],
)
def test_those_who_see_an_area_alike_are_named_together(
    gaps: list[tuple[str, float, str, float]], low: Seen, high: Seen
) -> None:
    people = {"child": CHILD, "teacher": TEACHER, "mother": MOTHER, "father": FATHER}
    pairs = [Gap("school", people[one], value, people[other], more) for one, value, other, more in gaps]
    (question,) = questions(pairs, of_role=OF_ROLE)
    assert (question.low, question.high) == (low, high)


def test_an_area_is_asked_about_once_and_only_so_many_are() -> None:
    gaps = [Gap(f"area {number // 2}", CHILD, 1, TEACHER, 9 - number / 2) for number in range(14)]
    found = questions(gaps)
    assert [one.area for one in found] == [f"area {number}" for number in range(MOST_QUESTIONS)]
    assert found[0].high.value == 9
