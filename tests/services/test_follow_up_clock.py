"""When a case's next follow-up is due, from its standard, its meetings and what a leader has said."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState, FollowUpClock
from fitsvc.services.follow_up_clock import list_late, read_clocks
from fitsvc.services.trajectories import compose
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.meetings import FollowUpMeeting
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast
from tests.services.test_trajectories import counted

START = date(2026, 1, 5)
"""Hvidovre, preventive: first 16 February, the law's limit 1 April (5 April is Easter Sunday)."""


@pytest.fixture(autouse=True)
def _starts(cast: Cast, session: Session) -> None:
    cast.episode.started_on = START
    session.commit()


def clock_of(session: Session, cast: Cast, today: date) -> FollowUpClock | None:
    session.flush()
    by = acting(cast.caseworker, today)
    return read_clocks(session, by=by, case_ids=[cast.case.id]).get(cast.case.id)


def deviation(build: Builder, meeting: FollowUpMeeting, state: DeviationState) -> None:
    build.session.add(
        Deviation(
            case_id=meeting.case_id,
            episode_id=meeting.episode_id,
            meeting_id=meeting.id,
            kind=DeviationKind.LATER,
            reason_code=DeviationReason.ABSENCE,
            reason="Ferie",
            planned_on=meeting.planned_on,
            state=state,
            asked_at=build.now,
        )
    )


def test_the_first_counts_from_the_start_and_has_the_laws_limit(session: Session, cast: Cast) -> None:
    found = clock_of(session, cast, date(2026, 2, 28))
    assert found == FollowUpClock(date(2026, 2, 16), None, date(2026, 4, 1))
    assert found.days_overdue(date(2026, 2, 28)) == 12


def test_after_a_meeting_held_the_law_sets_no_limit_any_more(
    session: Session, cast: Cast, build: Builder
) -> None:
    build.meeting(cast.episode, date(2026, 2, 16), held_on=date(2026, 2, 18))
    assert clock_of(session, cast, build.today) == FollowUpClock(date(2026, 5, 18), None, None)


@pytest.mark.parametrize(
    ("state", "due_on"),
    [
        (None, date(2026, 2, 16)),
        (DeviationState.AWAITING, date(2026, 2, 16)),
        (DeviationState.REFUSED, date(2026, 2, 16)),
        (DeviationState.WITHDRAWN, date(2026, 2, 16)),
        (DeviationState.APPROVED, date(2026, 3, 9)),
    ],
)
def test_a_later_day_counts_once_a_leader_has_said_yes(
    session: Session, cast: Cast, build: Builder, state: DeviationState | None, due_on: date
) -> None:
    meeting = build.meeting(cast.episode, date(2026, 3, 9))
    if state is not None:
        deviation(build, meeting, state)
    found = clock_of(session, cast, date(2026, 2, 1))
    assert found
    assert found.due_on == due_on


def test_a_cancelled_meeting_is_no_plan(session: Session, cast: Cast, build: Builder) -> None:
    deviation(
        build, build.meeting(cast.episode, date(2026, 3, 9), cancelled_at=build.now), DeviationState.APPROVED
    )
    found = clock_of(session, cast, build.today)
    assert found == FollowUpClock(date(2026, 2, 16), None, date(2026, 4, 1))


def test_only_a_running_measure_of_an_open_case_has_a_clock(
    session: Session, cast: Cast, build: Builder
) -> None:
    assert clock_of(session, cast, START - timedelta(days=1)) is None
    cast.episode.ended_on = build.today - timedelta(days=1)
    assert clock_of(session, cast, build.today) is None
    cast.episode.ended_on, cast.case.closed_on = None, build.today
    assert clock_of(session, cast, build.today) is None


def test_early_help_without_a_rhythm_is_never_overdue(session: Session, cast: Cast) -> None:
    cast.episode.measure_type, cast.episode.cadence_standard = "early_help_s30", None
    assert clock_of(session, cast, date(2027, 1, 1)) == FollowUpClock(None, None, None)


def test_an_episode_without_a_standard_has_the_laws_limit_all_the_same(session: Session, cast: Cast) -> None:
    cast.episode.cadence_standard = None
    found = clock_of(session, cast, date(2026, 4, 13))
    assert found
    assert (found.due_on, found.days_past_limit(date(2026, 4, 13))) == (None, 12)


def test_an_investigation_beside_the_measure_makes_the_first_follow_up_due_when_it_ends(
    session: Session, cast: Cast, build: Builder
) -> None:
    cast.episode.investigation_ends_on = date(2026, 2, 2)
    found = clock_of(session, cast, build.today)
    assert found == FollowUpClock(date(2026, 2, 2), None, date(2026, 4, 1))
    build.meeting(cast.episode, date(2026, 1, 19), held_on=date(2026, 1, 19))
    found = clock_of(session, cast, build.today)
    assert found
    assert found.by_cadence == date(2026, 4, 20)


def test_of_several_measures_the_latest_counts(session: Session, cast: Cast, build: Builder) -> None:
    build.episode(cast.case, started_on=date(2026, 3, 2), cadence_standard="haderslev")
    found = clock_of(session, cast, build.today)
    assert found
    assert found.by_cadence == date(2026, 4, 13)


def test_the_case_page_has_the_same_clock(
    session: Session, cast: Cast, build: Builder, catalogue: Catalogue, now: datetime
) -> None:
    by = acting(cast.caseworker, build.today)
    seen = compose(session, by=by, case_id=cast.case.id, catalogue=catalogue, now=now)
    assert seen.clock == clock_of(session, cast, build.today)


def test_what_is_late_stands_with_the_laws_limit_first(session: Session, cast: Cast, build: Builder) -> None:
    old = build.case(reference="OLD")
    episode = build.episode(old, started_on=date(2025, 3, 3))
    build.meeting(episode, date(2025, 4, 14), held_on=date(2025, 4, 14))
    late = list_late(session, by=acting(cast.authority_leader, date(2026, 4, 13)))
    assert [one.case.reference for one in late] == ["SAG-1001", "OLD"]
    assert [one.clock.days_past_limit(date(2026, 4, 13)) for one in late] == [12, 0]
    assert [one.case.reference for one in list_late(session, by=acting(cast.outsider, build.today))] == []


def test_many_cases_take_as_many_queries_as_one(
    session: Session, engine: Engine, cast: Cast, build: Builder
) -> None:
    by = acting(cast.authority_leader, build.today)
    cases = [cast.case.id]
    for _ in range(6):
        case = build.case()
        cases.append(case.id)
        for _twice in range(2):
            build.meeting(build.episode(case), build.today)
    session.commit()
    with counted(engine) as few:
        read_clocks(session, by=by, case_ids=cases[:1])
    with counted(engine) as many:
        assert len(read_clocks(session, by=by, case_ids=cases)) == 7
    assert len(few) == len(many) == 4
