from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.expectation import Outcome
from fitsvc.services.case_facts import SeriesFacts
from fitsvc.services.expectations import agree_expectation, look_back
from fitsvc.services.invalid import Invalid
from fitsvc.services.trajectories import compose
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind, list_expectations
from fitsvc.storage.respondents import Respondent
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

DUE = date(2026, 4, 27)


@pytest.fixture
def rated(session: Session, cast: Cast, build: Builder) -> Cast:
    """The child's latest score is 4 (a week ago), the mother's 6; the teacher has a form and no score."""
    build.rating(cast.child, 3, build.today - timedelta(days=30))
    build.rating(cast.child, 4, build.today - timedelta(days=7))
    build.rating(cast.mother, 6, build.today - timedelta(days=7), "wellbeing-adult")
    build.plan(cast.teacher, "wellbeing-professional")
    return cast


def series_of(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue, who: Respondent
) -> SeriesFacts:
    by = acting(cast.caseworker, build.today)
    facts = compose(session, by=by, case_id=cast.case.id, catalogue=catalogue, now=now)
    return next(one for one in facts.totals if one.respondent_id == who.id)


def agreed(
    session: Session, cast: Cast, build: Builder, now: datetime, series: SeriesFacts, **given: Any
) -> AgreedExpectation:
    values = {"key": UUID(int=1), "kind": ExpectationKind.SHARED, "score": 6.0, "due_on": DUE} | given
    by = acting(cast.caseworker, build.today)
    return agree_expectation(session, by=by, now=now, case_id=cast.case.id, series=series, **values)


def test_the_line_starts_at_the_latest_score(
    session: Session, rated: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    series = series_of(session, rated, build, now, catalogue, rated.child)
    line = agreed(session, rated, build, now, series)
    assert (line.start_on, line.start_score) == (build.today - timedelta(days=7), 4.0)
    assert (line.due_on, line.score) == (DUE, 6.0)


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"score": 10.1}, "score", "out_of_range"),
        ({"score": float("nan")}, "score", "out_of_range"),
        ({"due_on": date(2026, 3, 16)}, "due_on", "not_after_latest_score"),
        ({"due_on": date(1, 1, 1)}, "due_on", "not_after_latest_score"),
        ({"due_on": date(9999, 1, 1)}, "due_on", "too_late"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_field(
    session: Session,
    rated: Cast,
    build: Builder,
    now: datetime,
    catalogue: Catalogue,
    given: dict[str, Any],
    field: str,
    code: str,
) -> None:
    series = series_of(session, rated, build, now, catalogue, rated.child)
    with pytest.raises(Invalid) as refused:
        agreed(session, rated, build, now, series, **given)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_series_without_a_score_gets_no_line(
    session: Session, rated: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    series = series_of(session, rated, build, now, catalogue, rated.teacher)
    with pytest.raises(Invalid, match="series_without_score"):
        agreed(session, rated, build, now, series)


def test_one_shared_expectation_for_the_case_and_one_own_for_each_series(
    session: Session, rated: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    child = series_of(session, rated, build, now, catalogue, rated.child)
    mother = series_of(session, rated, build, now, catalogue, rated.mother)
    own = ExpectationKind.OWN
    agreed(session, rated, build, now, child)
    agreed(session, rated, build, now, child, key=UUID(int=2), kind=own)
    agreed(session, rated, build, now, mother, key=UUID(int=3), kind=own, score=8.0)
    agreed(session, rated, build, now, mother, key=UUID(int=4), score=7.0)  # the shared one moves
    agreed(session, rated, build, now, child, key=UUID(int=5), kind=own, score=5.0)
    agreed(session, rated, build, now, child, key=UUID(int=5), kind=own, score=5.0)  # sent again
    standing = {one.id.int for one in list_expectations(session, rated.case.id)}
    assert standing == {3, 4, 5}


def test_an_area_has_a_place_of_its_own_beside_the_total(
    session: Session, rated: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    by = acting(rated.caseworker, build.today)
    facts = compose(session, by=by, case_id=rated.case.id, catalogue=catalogue, now=now)
    areas = [one for one in facts.areas if one.respondent_id == rated.child.id]
    own = ExpectationKind.OWN
    agreed(
        session, rated, build, now, series_of(session, rated, build, now, catalogue, rated.child), kind=own
    )
    for number, area in ((2, areas[0]), (3, areas[1]), (4, areas[0])):
        agreed(session, rated, build, now, area, key=UUID(int=number), kind=own)
    assert {one.id.int: one.area for one in list_expectations(session, rated.case.id)} == {
        1: None,
        3: areas[1].area,
        4: areas[0].area,
    }


def test_the_next_meeting_looks_back_once_and_never_at_its_own(
    session: Session, rated: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    first = build.meeting(rated.episode, build.today)
    agreed(
        session, rated, build, now, series_of(session, rated, build, now, catalogue, rated.child),
        meeting_id=first.id,
    )  # fmt: skip

    def looked_back(meeting_id: UUID | None, at: datetime) -> list[tuple[float, float | None, Outcome]]:
        by = acting(rated.caseworker, at.date())
        facts = compose(session, by=by, case_id=rated.case.id, catalogue=catalogue, now=at)
        return [
            (one.held.expected, one.held.actual, one.held.outcome) for one in look_back(facts, meeting_id)
        ]

    assert looked_back(first.id, now) == []
    first.held_on = build.today
    second = build.meeting(rated.episode, DUE)
    assert looked_back(second.id, now) == [(6.0, None, Outcome.NO_NEW_SCORE)]
    build.rating(rated.child, 5, DUE)
    later = now + timedelta(days=42)
    assert looked_back(second.id, later) == [(6.0, 5.0, Outcome.MAY_BE_CHANCE)]
    second.held_on = DUE
    third = build.meeting(rated.episode, DUE + timedelta(days=42))
    assert looked_back(third.id, later) == []  # the second meeting looked at it
    third.held_on = third.planned_on
    much_later = later + timedelta(days=42)
    assert looked_back(second.id, much_later) == [
        (6.0, 5.0, Outcome.MAY_BE_CHANCE)
    ]  # a look at an earlier meeting
