from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.services.closing import close_case
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import Invalid
from fitsvc.services.opening import open_case
from fitsvc.storage.administrations import AdministrationState
from fitsvc.storage.cases import Case, TeamPart, list_team
from fitsvc.storage.logs import AuditLog
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

KEY = UUID("6b0e7dd2-7d68-4f3d-8b5e-000000000001")
GOOD: dict[str, Any] = {"reference": "SAG-2026-7", "display_name": "Ravn", "birth_month": date(2014, 2, 1)}


def opened(session: Session, cast: Cast, build: Builder, now: datetime, **given: Any) -> Case:
    by = acting(given.pop("by", cast.caseworker), build.today)
    return open_case(session, by=by, now=now, **({"key": KEY} | GOOD | given))


def test_the_caseworker_who_opens_a_case_is_on_its_team(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    case = opened(session, cast, build, now, birth_month=date(2014, 2, 17))
    assert case.birth_month == date(2014, 2, 1)
    assert [(one.staff_id, one.part) for one in list_team(session, case.id)] == [
        (cast.caseworker.id, TeamPart.CASEWORKER)
    ]
    acts = session.scalars(select(AuditLog.act).where(AuditLog.case_id == case.id)).all()
    assert acts == [Act.CASE_OPENED]


def test_a_leader_names_the_caseworker(session: Session, cast: Cast, build: Builder, now: datetime) -> None:
    case = opened(session, cast, build, now, by=cast.authority_leader, caseworker_id=cast.caseworker.id)
    assert [one.staff_id for one in list_team(session, case.id)] == [cast.caseworker.id]


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"reference": "010114-1234"}, "reference", "looks_like_cpr"),
        ({"reference": "0101141234"}, "reference", "looks_like_cpr"),
        ({"display_name": "Ravn 010114 1234"}, "display_name", "looks_like_cpr"),
        ({"reference": " \x00\t "}, "reference", "missing"),
        ({"reference": "x" * 41}, "reference", "too_long"),
        ({"display_name": "x" * 41}, "display_name", "too_long"),
        ({"birth_month": date(1, 1, 1)}, "birth_month", "too_early"),
        ({"birth_month": date(9999, 12, 1)}, "birth_month", "too_late"),
        ({"birth_month": date(2026, 4, 1)}, "birth_month", "too_late"),
        ({"reference": "SAG-1001"}, "reference", "reference_taken"),
        ({"caseworker_id": uuid4()}, "caseworker_id", "not_a_choice"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_field(
    session: Session, cast: Cast, build: Builder, now: datetime, given: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        opened(session, cast, build, now, **given)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_caseworker_opens_no_case_for_somebody_else(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    other = build.staff(*(), unit=cast.authority, name="Cora")
    other.roles = list(cast.caseworker.roles)
    session.flush()
    with pytest.raises(Invalid):
        opened(session, cast, build, now, caseworker_id=other.id)
    with pytest.raises(Invalid):
        opened(session, cast, build, now, by=cast.authority_leader)  # a leader must name one


def test_the_same_form_sent_twice_opens_one_case(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    first = opened(session, cast, build, now)
    session.commit()
    again = opened(session, cast, build, now)
    assert again.id == first.id
    found = session.scalar(select(func.count()).select_from(Case).where(Case.reference == "SAG-2026-7"))
    assert found == 1
    assert len(list_team(session, first.id)) == 1


def test_a_key_of_somebody_elses_case_finds_nothing(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    foreign = build.case()
    with pytest.raises(NotFound):
        opened(session, cast, build, now, key=foreign.id)


def test_closing_ends_everything_that_is_open(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    plan = build.plan(cast.child)
    asked = build.administration(cast.child)
    meeting = build.meeting(cast.episode, build.today)
    by = acting(cast.caseworker, build.today)
    case = close_case(session, by=by, now=now, case_id=cast.case.id, closed_on=build.today)
    assert (case.closed_on, cast.episode.ended_on, plan.ends_on) == (build.today,) * 3
    assert asked.state is AdministrationState.CANCELLED
    assert meeting.cancelled_at == now
    with pytest.raises(Refused, match="case_closed"):
        close_case(session, by=by, now=now, case_id=cast.case.id, closed_on=build.today)


@pytest.mark.parametrize(
    ("closed_on", "code"), [(date(2020, 1, 1), "too_early"), (date(2026, 3, 17), "too_late")]
)
def test_a_case_closes_between_its_measure_and_today(
    session: Session, cast: Cast, build: Builder, now: datetime, closed_on: date, code: str
) -> None:
    by = acting(cast.caseworker, build.today)
    with pytest.raises(Invalid, match=code):
        close_case(session, by=by, now=now, case_id=cast.case.id, closed_on=closed_on)
