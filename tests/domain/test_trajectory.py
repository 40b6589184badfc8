"""The trajectory of one series (docs/method.md)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.signal import ScoredPoint, SignalCode
from fitsvc.domain.trajectory import episode_points, follow, gaps, is_saw_tooth
from tests.domain.yardsticks import START, TOTAL, UNJUDGED, fortnightly, mirrored, on

DAYS_AND_SCORES = st.lists(st.tuples(st.integers(0, 700), st.floats(0, 10)), max_size=20)


def test_a_series_without_scores_is_empty_and_says_nothing() -> None:
    empty = follow([], TOTAL)
    assert (empty.baseline, empty.latest, empty.change, empty.curve) == (None, None, None, None)
    assert empty.change_class is ChangeClass.CANNOT_BE_JUDGED
    assert empty.signal is not None
    assert empty.signal.code is SignalCode.NO_PROGRESSION_YET


def test_a_baseline_alone_cannot_be_judged() -> None:
    new = follow(fortnightly(3.0), TOTAL)
    assert (new.baseline, new.latest) == (ScoredPoint(START, 3.0), ScoredPoint(START, 3.0))
    assert (new.change, new.change_class) == (None, ChangeClass.CANNOT_BE_JUDGED)
    assert new.curve is not None


def test_change_is_latest_minus_baseline() -> None:
    course = follow(fortnightly(3.0, 4.0, 6.0), TOTAL)
    assert (course.change, course.change_class) == (3.0, ChangeClass.IMPROVED)
    assert course.rci is not None
    assert round(course.rci, 2) == 2.48


@pytest.mark.parametrize(("days_before", "counts"), [(15, False), (14, True), (0, True)])
def test_an_episode_has_its_own_baseline_from_fourteen_days_before_it(days_before: int, counts: bool) -> None:
    points = [ScoredPoint(on(100 - days_before), 2.0), ScoredPoint(on(110), 6.0)]
    course = follow(points, TOTAL, episode_start=on(100))
    assert course.points == tuple(points)  # the curve runs through the whole case
    assert course.baseline == points[0 if counts else 1]
    assert episode_points(points, None) == tuple(points)


@pytest.mark.parametrize(
    ("days", "missed", "broken"),
    [
        (60, [], False),
        (61, [], True),
        (28, [14], True),  # a due rating did not come in between
        (28, [0, 28, 40, -3], False),  # missed on other days
    ],
)
def test_the_line_is_broken_where_ratings_are_missing(days: int, missed: list[int], broken: bool) -> None:
    points = [ScoredPoint(on(0), 4.0), ScoredPoint(on(days), 5.0)]
    assert bool(gaps(points, [on(day) for day in missed])) is broken


def test_who_is_asked_only_before_meetings_has_a_longer_line() -> None:
    points = [ScoredPoint(on(0), 4.0), ScoredPoint(on(91), 5.0)]
    assert follow(points, TOTAL).gaps
    assert not follow(points, TOTAL, longest_step_days=120).gaps


@pytest.mark.parametrize(
    ("scores", "saw"),
    [
        ((3.0, 6.0, 3.0, 6.0), True),
        ((6.0, 3.0, 6.0, 3.0), True),
        ((3.0, 6.0, 3.0), False),  # two alternating changes
        ((3.0, 5.0, 3.0, 5.0, 3.0, 5.0), False),  # none of them reliable
        ((1.0, 4.0, 7.0, 10.0), False),  # reliable, and all the same way
        ((3.0, 4.5, 6.0, 4.5, 3.0, 4.5, 6.0), True),  # small steps add up between turning points
        ((3.0, 6.0, 3.0, 6.0, 6.0, 6.0, 6.0, 6.0), True),  # the eight last scores hold all three
        ((3.0, 6.0, 3.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0), False),  # now they hold two
        ((5.0,), False),
        ((), False),
    ],
)
def test_a_saw_tooth_has_three_alternating_reliable_changes_in_eight_scores(
    scores: tuple[float, ...], saw: bool
) -> None:
    assert is_saw_tooth(fortnightly(*scores), TOTAL) is saw
    assert is_saw_tooth(fortnightly(*(10 - score for score in scores)), mirrored(TOTAL)) is saw
    assert not is_saw_tooth(fortnightly(*scores), UNJUDGED)


def test_only_what_can_be_judged_is_said_not_to_show_improvement() -> None:
    assert not follow(fortnightly(9.0), TOTAL).improvement_can_show
    assert follow(fortnightly(9.0), UNJUDGED).improvement_can_show


def test_an_external_series_with_known_noise_gets_a_class_and_no_signal() -> None:
    course = follow(fortnightly(3.0, 8.0), replace(TOTAL, assumptions=None))
    assert (course.change_class, course.signal, course.curve) == (ChangeClass.IMPROVED, None, None)


@given(DAYS_AND_SCORES, st.lists(st.integers(0, 700)))
def test_a_gap_never_hides_a_point(found: list[tuple[int, float]], missed: list[int]) -> None:
    course = follow(
        [ScoredPoint(on(day), score) for day, score in found], TOTAL, missed=[on(m) for m in missed]
    )
    assert sorted(course.points, key=repr) == sorted(
        (ScoredPoint(on(day), score) for day, score in found), key=repr
    )
    for gap in course.gaps:
        assert gap.start < gap.end
        assert not any(gap.start < point.on < gap.end for point in course.points)


@given(DAYS_AND_SCORES.filter(lambda found: len({day for day, _ in found}) == len(found)), st.randoms())
def test_the_order_in_which_scores_arrive_changes_nothing(found: list[tuple[int, float]], random) -> None:
    points = [ScoredPoint(on(day), score) for day, score in found]
    shuffled = list(points)
    random.shuffle(shuffled)
    assert follow(shuffled, TOTAL) == follow(points, TOTAL)


def test_scores_of_one_day_keep_the_order_they_were_given_in() -> None:
    morning, evening = ScoredPoint(date(2026, 3, 2), 4.0), ScoredPoint(date(2026, 3, 2), 6.0)
    assert follow([morning, evening], TOTAL).latest == evening
