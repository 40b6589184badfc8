from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fitsvc.domain.asking import Hindrance
from fitsvc.domain.rater import RaterRole
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import Invalid
from fitsvc.services.respondents import (
    Basis,
    Contact,
    add_respondent,
    edit_respondent,
    find_known_persons,
    why_not_asked,
)
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.respondents import Person, Respondent, list_sharing_bases
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

KEY = UUID("6b0e7dd2-7d68-4f3d-8b5e-000000000003")
BASIS = Basis("Barnets lov § 32", "Lærerens svar ses af teamet", date(2026, 3, 1), date(2026, 3, 2))


def added(session: Session, cast: Cast, build: Builder, now: datetime, **given: Any) -> Respondent:
    values = {"key": KEY, "role": RaterRole.PEDAGOGUE, "contact": Contact("Pia P.")} | given
    by = acting(cast.caseworker, build.today)
    return add_respondent(session, by=by, now=now, case_id=cast.case.id, **values)


def test_contacts_are_kept_in_one_form(session: Session, cast: Cast, build: Builder, now: datetime) -> None:
    contact = Contact("  Pia P. ", "Pia@Example.DK", "(45) 12 34 56-78".replace("(45) ", ""), "en")
    person = added(session, cast, build, now, contact=contact).person
    assert (person.name, person.email, person.phone, person.language) == (
        "Pia P.",
        "Pia@example.dk",
        "+4512345678",
        "en",
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12345678", "+4512345678"),
        ("+45 12 34 56 78", "+4512345678"),
        ("0046 70 123 45 67", "+46701234567"),
        ("１２３４５６７８", "+4512345678"),
    ],
)
def test_telephone_numbers(
    session: Session, cast: Cast, build: Builder, now: datetime, typed: str, kept: str
) -> None:
    assert added(session, cast, build, now, contact=Contact("P", phone=typed)).person.phone == kept


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"contact": Contact("")}, "name", "missing"),
        ({"contact": Contact("P 010114-1234")}, "name", "looks_like_cpr"),
        ({"contact": Contact("P", email="pia@")}, "email", "not_an_email"),
        ({"contact": Contact("P", email="<script>@x.dk")}, "email", "not_an_email"),
        ({"contact": Contact("P", phone="1234")}, "phone", "not_a_phone"),
        ({"contact": Contact("P", phone="ring til mig")}, "phone", "not_a_phone"),
        ({"setting": "x" * 81}, "setting", "too_long"),
        ({"label": "0101141234"}, "label", "looks_like_cpr"),
        ({"role": RaterRole.PARENT}, "has_custody", "missing"),
        ({"role": RaterRole.CHILD}, "role", "child_there_already"),
        ({"role": RaterRole.CHILD, "label": "R"}, "label", "no_label_for_the_child"),
        ({"basis": Basis("", "x", date(2026, 1, 1), date(2026, 1, 1))}, "basis", "missing"),
        ({"basis": Basis("x", " ", date(2026, 1, 1), date(2026, 1, 1))}, "sharing_scope", "missing"),
        ({"basis": Basis("x", "y", date(2027, 1, 1), date(2026, 1, 1))}, "decided_on", "too_late"),
        ({"basis": Basis("x", "y", date(1, 1, 1), date(2026, 1, 1))}, "decided_on", "too_early"),
        ({"basis": Basis("x", "y", date(2026, 1, 1), date(2027, 1, 1))}, "family_told_on", "too_late"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_field(
    session: Session, cast: Cast, build: Builder, now: datetime, given: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        added(session, cast, build, now, **given)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_the_same_form_sent_twice_adds_one_person(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    before = session.scalar(select(func.count()).select_from(Person))
    added(session, cast, build, now)
    session.commit()
    added(session, cast, build, now)
    assert session.scalar(select(func.count()).select_from(Person)) == (before or 0) + 1


def test_custody_is_kept_for_parents_only(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    assert added(session, cast, build, now, has_custody=True).has_custody is None


def hindered(session: Session, cast: Cast, respondent: Respondent, build: Builder) -> Hindrance | None:
    return why_not_asked(session, case=cast.case, respondent=respondent, today=build.today)


def test_a_parent_without_custody_is_asked_only_for_a_recorded_reason(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    father = added(session, cast, build, now, role=RaterRole.PARENT, has_custody=False)
    assert hindered(session, cast, father, build) is Hindrance.NO_CUSTODY
    edit_respondent(
        session,
        by=acting(cast.caseworker, build.today),
        now=now,
        case_id=cast.case.id,
        respondent_id=father.id,
        contact=Contact("Far"),
        setting="",
        label="",
        has_custody=False,
        ended_on=None,
        basis=BASIS,
    )
    assert hindered(session, cast, father, build) is None
    assert len(list_sharing_bases(session, cast.case.id)) == 1


def test_a_teacher_is_asked_once_the_basis_is_recorded(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    assert hindered(session, cast, cast.teacher, build) is Hindrance.SHARING_NOT_RECORDED
    teacher = added(session, cast, build, now, role=RaterRole.TEACHER, basis=BASIS)
    assert hindered(session, cast, teacher, build) is None


def test_somebody_who_left_is_asked_no_more(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    plan = build.plan(cast.child)
    edit_respondent(
        session,
        by=acting(cast.caseworker, build.today),
        now=now,
        case_id=cast.case.id,
        respondent_id=cast.child.id,
        contact=Contact("Ravn"),
        setting="",
        label="",
        has_custody=None,
        ended_on=build.today,
    )
    assert plan.ends_on == build.today
    assert hindered(session, cast, cast.child, build) is Hindrance.RESPONDENT_ENDED


def test_a_mother_of_siblings_is_found_in_ones_own_cases_and_nowhere_else(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    cast.mother.person.name = "Mette 50%_"
    sibling = build.case(team={cast.caseworker: TeamPart.CASEWORKER})
    foreign = build.case(team={cast.outsider: TeamPart.PRACTITIONER})
    build.episode(foreign, cast.external)
    session.flush()
    carl, xenia = acting(cast.caseworker, build.today), acting(cast.outsider, build.today)

    def found(by: Any, case_id: UUID, part: str) -> list[str]:
        return [one.name for one in find_known_persons(session, by=by, case_id=case_id, name_part=part)]

    assert found(carl, sibling.id, "mett") == ["Mette 50%_"]
    assert found(carl, sibling.id, "%_") == ["Mette 50%_"]
    assert found(carl, sibling.id, "m") == []  # one letter would list everybody
    assert found(xenia, foreign.id, "mett") == []
    shared = add_respondent(
        session,
        by=carl,
        now=now,
        case_id=sibling.id,
        key=KEY,
        role=RaterRole.PARENT,
        person_id=cast.mother.person_id,
        has_custody=True,
    )
    assert shared.person_id == cast.mother.person_id
    with pytest.raises(NotFound):
        add_respondent(
            session,
            by=xenia,
            now=now,
            case_id=foreign.id,
            key=UUID(int=4),
            role=RaterRole.PARENT,
            person_id=cast.mother.person_id,
            has_custody=True,
        )


def test_one_person_is_a_respondent_once_in_a_case(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    with pytest.raises(Invalid, match="person_there_already"):
        added(session, cast, build, now, contact=None, person_id=cast.mother.person_id)
