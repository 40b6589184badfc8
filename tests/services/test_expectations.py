from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.case_facts import SeriesFacts
from fitsvc.services.expectations import agree_expectation
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
