"""The tick "not to the meeting" stands only where somebody would see what is kept from everybody else."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import TeamMember
from tests.builders import Builder
from tests.cast import Cast
from tests.web.respond.conftest import Phone, youth_form

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TICK = 'name="withheld"'


def leave_the_case(session: Session, cast: Cast, build: Builder) -> None:
    member = session.scalars(select(TeamMember).where(TeamMember.staff_id == cast.practitioner.id)).one()
    member.until_on = build.today


def be_deactivated(session: Session, cast: Cast, build: Builder) -> None:
    session.get_one(Staff, cast.practitioner.id).active = False


def lose_the_role(session: Session, cast: Cast, build: Builder) -> None:
    session.get_one(Staff, cast.practitioner.id).roles.clear()


def test_with_a_practitioner_on_the_case_an_answer_may_be_kept_back(phone: Phone, cast: Cast) -> None:
    link = phone.link(cast.child)
    assert TICK in phone.open(link).text
    phone.send(link, youth_form(withheld="1"))
    assert [one.withheld for one in phone.ratings] == [True]


@pytest.mark.parametrize("leaves", [leave_the_case, be_deactivated, lose_the_role])
def test_where_nobody_would_see_it_nothing_is_kept_back(
    phone: Phone,
    cast: Cast,
    build: Builder,
    session: Session,
    leaves: Callable[[Session, Cast, Builder], None],
) -> None:
    link = phone.link(cast.child)
    assert TICK in phone.open(link).text  # kept in memory for the next one who asks for the same form
    leaves(session, cast, build)
    session.commit()
    assert TICK not in phone.open(link).text
    again = phone.send(link, youth_form("7", withheld="1"))
    assert again.status_code == 422
    assert TICK not in again.text
    assert phone.ratings == []
    assert phone.send(link, youth_form("7")).status_code == 200
    assert [one.withheld for one in phone.ratings] == [False]
