from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.asking import AskedState, list_asked, make_link, resend_link, stop_asking
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import Invalid
from fitsvc.services.links import open_link
from fitsvc.storage.administrations import AdministrationState
from fitsvc.storage.respondents import Respondent, SharingBasis
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast


def made(
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    catalogue: Catalogue,
    respondent: Respondent,
    label: str = "",
) -> str:
    return make_link(
        session,
        by=acting(cast.practitioner, build.today),
        now=now,
        catalogue=catalogue,
        case_id=cast.case.id,
        respondent_id=respondent.id,
        instrument_id="wellbeing-youth" if respondent is cast.child else "wellbeing-adult",
        label=label,
        link_days=21,
    )


def test_the_button_pressed_twice_asks_once_and_only_the_newest_link_works(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    build.plan(cast.child)
    first = made(session, cast, build, now, catalogue, cast.child)
    second = made(session, cast, build, now, catalogue, cast.child)
    (asked,) = list_asked(
        session,
        by=acting(cast.caseworker, build.today),
        respondent=cast.child,
        now=now,
        catalogue=build.catalogue,
    )
    assert asked.link_expires_at == now + timedelta(days=21)
    assert open_link(session, token=first, now=now, catalogue=catalogue).gone is not None
    assert open_link(session, token=second, now=now, catalogue=catalogue).gone is None


def test_who_rates_another_person_needs_a_label(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    build.plan(cast.mother, "wellbeing-adult")
    with pytest.raises(Invalid, match="missing"):
        made(session, cast, build, now, catalogue, cast.mother)
    token = made(session, cast, build, now, catalogue, cast.mother, label="R")
    assert open_link(session, token=token, now=now, catalogue=catalogue).label == "R"


def test_no_link_to_a_form_that_was_not_chosen(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    with pytest.raises(Invalid, match="not_a_choice"):
        made(session, cast, build, now, catalogue, cast.child)


def test_a_teacher_gets_a_link_only_with_a_recorded_basis(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    build.plan(cast.teacher, "wellbeing-professional")

    def ask() -> str:
        return make_link(
            session,
            by=acting(cast.practitioner, build.today),
            now=now,
            catalogue=catalogue,
            case_id=cast.case.id,
            respondent_id=cast.teacher.id,
            instrument_id="wellbeing-professional",
            label="R",
            link_days=21,
        )

    with pytest.raises(Refused, match="sharing_not_recorded"):
        ask()
    basis = SharingBasis(
        respondent_id=cast.teacher.id,
        basis="§ 32",
        sharing_scope="svar",
        decided_on=build.today,
        recorded_by_id=cast.caseworker.id,
        created_at=now,
    )
    session.add(basis)
    session.flush()
    with pytest.raises(Refused, match="sharing_not_recorded"):
        ask()  # nobody rates a child behind its parents' backs
    basis.family_told_on = build.today
    session.flush()
    assert ask()


def test_resending_kills_the_old_link_and_keeps_the_label(
    session: Session, cast: Cast, build: Builder, now: datetime, catalogue: Catalogue
) -> None:
    build.plan(cast.mother, "wellbeing-adult")
    old = made(session, cast, build, now, catalogue, cast.mother, label="R")
    (asked,) = list_asked(
        session,
        by=acting(cast.caseworker, build.today),
        respondent=cast.mother,
        now=now,
        catalogue=build.catalogue,
    )
    new = resend_link(
        session,
        by=acting(cast.practitioner, build.today),
        now=now,
        case_id=cast.case.id,
        respondent_id=cast.mother.id,
        administration_id=asked.administration_id,
        link_days=21,
    )
    assert open_link(session, token=old, now=now, catalogue=catalogue).gone is not None
    form = open_link(session, token=new, now=now, catalogue=catalogue)
    assert (form.gone, form.label) == (None, "R")


def test_states_are_told_apart_and_a_cancelled_asking_stays_cancelled(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    day = timedelta(days=1)
    build.administration(cast.child, due_on=build.today + day)
    build.administration(cast.child, due_on=build.today - day)
    build.administration(cast.child, due_on=build.today - 9 * day)
    stopped = build.administration(cast.child, due_on=build.today - 20 * day)
    build.rating(cast.child, 5, build.today - 30 * day)
    by = acting(cast.practitioner, build.today)
    for _twice in range(2):
        stop_asking(
            session,
            by=by,
            now=now,
            case_id=cast.case.id,
            respondent_id=cast.child.id,
            administration_id=stopped.id,
        )
    states = [
        one.state
        for one in list_asked(
            session,
            by=acting(cast.caseworker, build.today),
            respondent=cast.child,
            now=now,
            catalogue=build.catalogue,
        )
    ]
    assert states == [
        AskedState.NOT_YET_DUE,
        AskedState.DUE,
        AskedState.MISSED,
        AskedState.CANCELLED,
        AskedState.ANSWERED,
    ]


def test_an_asking_is_reached_through_its_own_respondent_only(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    asked = build.administration(cast.child)
    by = acting(cast.practitioner, build.today)
    with pytest.raises(NotFound):
        stop_asking(
            session,
            by=by,
            now=now,
            case_id=cast.case.id,
            respondent_id=cast.mother.id,
            administration_id=asked.id,
        )
    assert asked.state is AdministrationState.OPEN


def test_an_answered_asking_cannot_be_cancelled(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    rating = build.rating(cast.child, 5, build.today)
    with pytest.raises(Refused, match="answered"):
        stop_asking(
            session,
            by=acting(cast.practitioner, build.today),
            now=now,
            case_id=cast.case.id,
            respondent_id=cast.child.id,
            administration_id=rating.administration_id,
        )
