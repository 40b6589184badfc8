"""Roles: never by one's own hand, always in the log, always told to a leader of the person's unit."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.roles import Role
from fitsvc.services.errors import NotFound
from fitsvc.services.invalid import Invalid
from fitsvc.services.role_grants import set_roles
from fitsvc.services.second_factors import remove_from
from fitsvc.services.staff import Account, change_staff, create_staff, invite_again
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.notices import Notice
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def account(cast: Cast, email: str, *roles: Role) -> Account:
    return Account("Nye Navn", email, cast.provider.id, frozenset(roles))


def test_a_role_is_in_the_log_and_told_to_the_units_leader(
    session: Session, build: Builder, cast: Cast, now: datetime
) -> None:
    by = acting(cast.administrator, build.today)
    staff_id, *_rest = create_staff(
        session, by=by, account=account(cast, "ny@example.org", Role.PRACTITIONER), now=now
    )  # type: ignore[misc]
    told = session.scalars(select(Notice).where(Notice.about_staff_id == staff_id)).one()
    assert (told.kind, told.unit_id) == (NoticeKind.ROLE_GRANTED, cast.provider.id)
    assert told.details == {"roles": ["practitioner"]}
    assert (
        session.scalars(select(AuditLog).where(AuditLog.act == Act.ROLE_GRANTED)).one().staff_id
        == by.staff_id
    )


def test_the_units_only_leader_is_told_of_by_the_authoritys(
    session: Session, cast: Cast, now: datetime
) -> None:
    set_roles(
        session,
        by=cast.administrator.id,
        staff=cast.provider_leader,
        roles=frozenset({Role.PROVIDER_LEADER, Role.PRACTITIONER}),
        now=now,
    )
    assert session.scalars(select(Notice.unit_id)).one() is None


@pytest.mark.parametrize("who", ["practitioner", "provider_leader", "authority_leader", "auditor"])
def test_nobody_but_an_administrator_gives_roles_whatever_calls(
    session: Session, build: Builder, cast: Cast, now: datetime, who: str
) -> None:
    by = acting(cast.staff[who], build.today)
    with pytest.raises(NotFound):
        create_staff(session, by=by, account=account(cast, "ny@example.org", Role.AUTHORITY_LEADER), now=now)
    wanted = account(cast, "petra@example.org", Role.AUTHORITY_LEADER)
    with pytest.raises(NotFound):
        change_staff(session, by=by, staff_id=cast.colleague.id, account=wanted, now=now)


def test_nobody_gives_themselves_a_role_directly_or_by_a_second_account(
    session: Session, build: Builder, cast: Cast, now: datetime
) -> None:
    by, roles = acting(cast.administrator, build.today), frozenset({Role.AUTHORITY_LEADER})
    with pytest.raises(Invalid) as refused:
        set_roles(session, by=by.staff_id, staff=cast.administrator, roles=roles, now=now)
    assert refused.value.code == "own_roles"
    wide = "adam@\N{FULLWIDTH LATIN SMALL LETTER E}xample.org"  # the same mailbox to every mail server
    for address, code in (("Adam+leder@example.org", "own_email"), (wide, "taken")):
        with pytest.raises(Invalid) as refused:
            create_staff(session, by=by, account=account(cast, address, Role.AUTHORITY_LEADER), now=now)
        assert refused.value.code == code


@pytest.mark.parametrize("alone", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_an_administrator_or_auditor_is_nothing_else(
    session: Session, cast: Cast, now: datetime, alone: Role
) -> None:
    for other in set(Role) - {alone}:
        with pytest.raises(Invalid) as refused:
            set_roles(session, by=None, staff=cast.colleague, roles=frozenset({alone, other}), now=now)
        assert refused.value.code == "roles_apart"


def test_whoever_opens_a_colleagues_account_is_told_of(
    session: Session, build: Builder, cast: Cast, now: datetime
) -> None:
    by = acting(cast.administrator, build.today)
    invite_again(session, by=by, staff_id=cast.practitioner.id, now=now)
    remove_from(session, by=by, staff_id=cast.practitioner.id, now=now)
    told = session.scalars(select(Notice).where(Notice.about_staff_id == cast.practitioner.id)).all()
    assert {(one.kind, one.by_staff_id, one.unit_id) for one in told} == {
        (NoticeKind.INVITED_AGAIN, by.staff_id, cast.provider.id),
        (NoticeKind.SECOND_FACTOR_REMOVED, by.staff_id, cast.provider.id),
    }
