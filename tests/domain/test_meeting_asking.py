"""Who is asked before a meeting, as a decision table, and what must hold whatever the days are."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitsvc.domain.meeting_asking import (
    ActiveSeries,
    AskState,
    judge_asking,
    opens_on,
    state_of_respondent,
    status_due,
    wants_link,
)

MEETING = date(2026, 6, 20)
DAY = timedelta(days=1)
WHO = UUID(int=1)
OPENS = MEETING - 10 * DAY
TO_ASK, ASKED, NOT_YET, ANSWERED = AskState.TO_ASK, AskState.ASKED, AskState.NOT_YET, AskState.ANSWERED


# Days before the meeting: of the latest rating, of the open asking, of today; then how it stands and since which day.
@pytest.mark.parametrize(
    ("rated", "asked", "today", "state", "since"),
    [
        (None, None, 11, NOT_YET, 10),
        (None, None, 10, TO_ASK, 10),
        (None, None, 0, TO_ASK, 10),
        (11, None, 10, TO_ASK, 10),  # a day too old
        (10, None, 9, ANSWERED, 10),  # just in time
        (3, None, 1, ANSWERED, 3),
        (None, 9, 5, ASKED, 9),
        (11, 9, 5, ASKED, 9),
        (4, 9, 2, ANSWERED, 4),  # answered, though an asking is still open
        (20, 30, 5, ASKED, 20),  # an old asking left open, an answer since then: silent from the answer on
        (None, 30, 5, ASKED, 30),  # asked long ago and silent: not asked a second time
        (None, 15, 12, NOT_YET, 10),  # asked by the ordinary rhythm, before the meeting's own time
        (12, None, 12, NOT_YET, 10),
    ],
)
def test_how_a_series_stands_before_a_meeting(
    rated: int | None, asked: int | None, today: int, state: AskState, since: int
) -> None:
    def day(before: int | None) -> date | None:
        return None if before is None else MEETING - before * DAY

    series = ActiveSeries(WHO, "wellbeing-youth", day(rated), day(asked))
    found = judge_asking(series, meeting_on=MEETING, days_before=10, today=MEETING - today * DAY)
    assert (found.state, found.since) == (state, MEETING - since * DAY)


def test_who_begins_within_the_time_is_asked_from_their_first_day() -> None:
    series = ActiveSeries(WHO, "safety", starts_on=MEETING - 4 * DAY)
    states = [
        judge_asking(series, meeting_on=MEETING, days_before=10, today=MEETING - days * DAY).state
        for days in (5, 4)
    ]
    assert states == [NOT_YET, TO_ASK]


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ((), None),
        ((ANSWERED, ANSWERED), ANSWERED),
        ((ANSWERED, NOT_YET), NOT_YET),
        ((ANSWERED, ASKED), ASKED),
        ((ASKED, TO_ASK, ANSWERED), TO_ASK),
    ],
)
def test_a_respondent_stands_where_most_is_still_to_be_done(
    states: tuple[AskState, ...], together: AskState | None
) -> None:
    series = {
        TO_ASK: ActiveSeries(WHO, "a"),
        ASKED: ActiveSeries(WHO, "b", asked_on=OPENS),
        ANSWERED: ActiveSeries(WHO, "c", latest_rated_on=OPENS),
        NOT_YET: ActiveSeries(WHO, "d", starts_on=MEETING),
    }
    judged = [judge_asking(series[one], meeting_on=MEETING, days_before=10, today=OPENS) for one in states]
    assert state_of_respondent(judged) is together


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
MAYBE = st.none() | DAYS
SERIES = st.builds(
    ActiveSeries, st.just(WHO), st.just("wellbeing-youth"), MAYBE, MAYBE, st.just(date.min) | DAYS
)
BEFORE = st.integers(1, 28)


@given(SERIES, DAYS, BEFORE, DAYS, st.booleans())
def test_nobody_is_asked_before_the_time_nor_after_an_answer(
    series: ActiveSeries, meeting: date, before: int, today: date, has_link: bool
) -> None:
    found = judge_asking(series, meeting_on=meeting, days_before=before, today=today)
    if wants_link(found, has_link=has_link):
        opens = opens_on(meeting, before)
        assert today >= max(opens, series.starts_on)
        assert series.latest_rated_on is None or series.latest_rated_on < opens


@given(SERIES, DAYS, BEFORE, DAYS)
def test_who_has_been_handed_a_link_is_not_asked_again(
    series: ActiveSeries, meeting: date, before: int, today: date
) -> None:
    asked = ActiveSeries(WHO, series.instrument_id, series.latest_rated_on, today, series.starts_on)
    found = judge_asking(asked, meeting_on=meeting, days_before=before, today=today)
    assert not wants_link(found, has_link=True)


@given(st.lists(SERIES, max_size=6), DAYS, BEFORE, DAYS, st.randoms())
def test_the_order_of_forms_and_respondents_changes_nothing(
    several: list[ActiveSeries], meeting: date, before: int, today: date, chance: object
) -> None:
    def judged(series: list[ActiveSeries]) -> list[object]:
        return [judge_asking(one, meeting_on=meeting, days_before=before, today=today) for one in series]

    shuffled = list(several)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(map(repr, judged(several))) == sorted(map(repr, judged(shuffled)))
    assert state_of_respondent(judged(several)) is state_of_respondent(judged(shuffled))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before_meeting", "goals", "written", "mentioned", "over"),
    [
        (18, 2, 0, False, -8),
        (17, 2, 0, True, -7),  # a week before it is due
        (10, 2, 1, True, 0),
        (7, 2, 1, True, 3),
        (7, 2, 2, False, 3),
        (7, 0, 0, False, 3),  # no goals, nothing to write
        (7, 1, 2, False, 3),  # a goal was closed after its status
    ],
)
def test_when_the_status_of_the_goals_is_due(
    before_meeting: int, goals: int, written: int, mentioned: bool, over: int
) -> None:
    due = status_due(
        meeting_on=MEETING,
        days_before=10,
        today=MEETING - before_meeting * DAY,
        open_goals=goals,
        with_status=written,
    )
    assert (due.is_to_be_mentioned, due.days_over) == (mentioned, over)
