from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.missing import Rhythm
from fitsvc.domain.rater import RaterRole
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import Invalid
from fitsvc.services.rating_plans import end_plan, form_choices, outgrown_forms, plan_ratings, plans_of
from fitsvc.storage.respondents import RatingPlan
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

KEY = UUID("6b0e7dd2-7d68-4f3d-8b5e-000000000004")
TODAY = date(2026, 3, 16)


def planned(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue, **given: Any
) -> RatingPlan:
    values = {
        "key": KEY,
        "respondent_id": cast.child.id,
        "instrument_id": "wellbeing-youth",
        "rhythm": Rhythm.WEEKLY,
        "purpose": "Se om det hjælper",
        "starts_on": build.today,
    } | given
    by = acting(cast.practitioner, build.today)
    return plan_ratings(session, by=by, now=now, catalogue=catalogue, case_id=cast.case.id, **values)


@pytest.mark.parametrize(
    ("birth_month", "first"),
    [
        (date(2012, 5, 1), "wellbeing-youth"),
        (date(2013, 3, 1), "wellbeing-youth"),
        (date(2013, 4, 1), "wellbeing-child"),
        (date(2018, 3, 1), "wellbeing-child"),
        (date(2018, 4, 1), "wellbeing-young-child"),
        (date(2020, 4, 1), None),
    ],
)
def test_the_child_is_suggested_the_form_of_its_age(
    catalogue: Catalogue, birth_month: date, first: str | None
) -> None:
    suggested = form_choices(catalogue, RaterRole.CHILD, birth_month, TODAY).suggested
    assert (suggested[0].id if suggested else None) == first


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"instrument_id": "wellbeing-child"}, "against_age", "missing"),
        ({"instrument_id": "wellbeing-professional"}, "instrument_id", "not_a_choice"),
        ({"instrument_id": "ghost"}, "instrument_id", "not_a_choice"),
        ({"instrument_id": "session-youth"}, "rhythm", "session_forms_at_sessions"),
        ({"instrument_id": "goal", "target_score": 5.0}, "target_score", "form_has_no_score"),
        ({"target_score": 10.5}, "target_score", "out_of_range"),
        ({"target_score": -1.0}, "target_score", "out_of_range"),
        ({"target_score": float("nan")}, "target_score", "out_of_range"),
        ({"purpose": ""}, "purpose", "missing"),
        ({"starts_on": date(1, 1, 1)}, "starts_on", "too_early"),
        ({"starts_on": date(9999, 1, 1)}, "starts_on", "too_late"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_field(
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    catalogue: Catalogue,
    given: dict[str, Any],
    field: str,
    code: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        planned(session, cast, build, now, catalogue, **given)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_form_against_the_age_keeps_its_reason(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    plan = planned(
        session, cast, build, now, catalogue, instrument_id="wellbeing-child", against_age="Læser ikke endnu"
    )
    assert plan.chosen_against_age == "Læser ikke endnu"


def test_a_teacher_without_basis_gets_no_form(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    with pytest.raises(Refused, match="sharing_not_recorded"):
        planned(
            session,
            cast,
            build,
            now,
            catalogue,
            respondent_id=cast.teacher.id,
            instrument_id="wellbeing-professional",
        )


def test_one_running_plan_for_a_form(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    planned(session, cast, build, now, catalogue)
    session.commit()
    planned(session, cast, build, now, catalogue)  # the same form sent again
    assert len(plans_of(session, cast.child)) == 1
    with pytest.raises(Invalid, match="plan_there_already"):
        planned(session, cast, build, now, catalogue, key=UUID(int=5))


def test_at_13_the_youth_form_is_suggested_and_starts_its_own_plan(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    cast.case.birth_month = date(2013, 3, 1)
    old = build.plan(cast.child, "wellbeing-child")
    (change,) = outgrown_forms(catalogue, cast.case, cast.child, [old], TODAY)
    assert (change.plan, change.suggested.id) == (old, "wellbeing-youth")
    assert outgrown_forms(catalogue, cast.case, cast.child, [old], date(2026, 2, 28)) == ()
    new = planned(session, cast, build, now, catalogue, replaces=old.id)
    assert (old.ends_on, new.ends_on) == (build.today, None)
    assert outgrown_forms(catalogue, cast.case, cast.child, [old, new], TODAY) == ()


def test_a_form_chosen_against_the_age_is_left_in_peace(
    cast: Cast, build: Builder, catalogue: Catalogue
) -> None:
    plan = build.plan(cast.child, "wellbeing-child", chosen_against_age="Læser ikke endnu")
    assert outgrown_forms(catalogue, cast.case, cast.child, [plan], TODAY) == ()


def test_a_plan_is_ended_through_its_own_respondent_only(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    plan = build.plan(cast.child)
    by = acting(cast.practitioner, build.today)
    with pytest.raises(NotFound):
        end_plan(
            session,
            by=by,
            now=now,
            case_id=cast.case.id,
            respondent_id=cast.mother.id,
            plan_id=plan.id,
        )
    for _twice in range(2):
        end_plan(session, by=by, now=now, case_id=cast.case.id, respondent_id=cast.child.id, plan_id=plan.id)
    assert plan.ends_on == build.today
