"""Due ratings that did not come (docs/method.md)."""

from datetime import date

import pytest

from fitsvc.domain.missing import DueRating, DueState, Rhythm, due_state, next_due
from tests.domain.yardsticks import START, on


@pytest.mark.parametrize(
    ("today", "answered", "state"),
    [
        (9, None, DueState.NOT_YET_DUE),
        (10, None, DueState.DUE),
        (13, None, DueState.DUE),  # a weekend's delay
        (14, None, DueState.MISSED),
        (99, 20, DueState.ANSWERED),  # late, and yet it came
        (9, 8, DueState.ANSWERED),
    ],
)
def test_a_due_rating_is_missed_from_the_fourth_day(
    today: int, answered: int | None, state: DueState
) -> None:
    rating = DueRating(on(10), None if answered is None else on(answered))
    assert due_state(rating, on(today)) is state


MEETING = on(60)


@pytest.mark.parametrize(
    ("rhythm", "last", "meeting", "due"),
    [
        (Rhythm.WEEKLY, None, None, START),
        (Rhythm.WEEKLY, on(3), None, on(10)),
        (Rhythm.EVERY_TWO_WEEKS, on(3), MEETING, on(17)),
        (Rhythm.MONTHLY, on(3), None, on(31)),
        (Rhythm.EVERY_SESSION, on(3), MEETING, None),
        (Rhythm.BEFORE_MEETING, on(3), MEETING, on(50)),
        (Rhythm.BEFORE_MEETING, on(50), MEETING, None),  # asked once for each meeting
        (Rhythm.BEFORE_MEETING, None, on(5), START),  # never before the start
        (Rhythm.BEFORE_MEETING, None, None, None),
    ],
)
def test_a_rhythm_gives_the_next_due_day(
    rhythm: Rhythm, last: date | None, meeting: date | None, due: date | None
) -> None:
    assert next_due(rhythm, last, start=START, next_meeting=meeting) == due
