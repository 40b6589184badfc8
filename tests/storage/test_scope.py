from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.roles import Role, Scope
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import find_case
from fitsvc.storage.organisation import UnitKind
from tests.builders import Builder
from tests.cast import Cast


def as_actor(staff: Staff, build: Builder) -> Actor:
    return Actor(
        staff_id=staff.id,
        unit_id=staff.unit.id,
        roles=frozenset(Role(role.name) for role in staff.roles),
        today=build.today,
        external=staff.unit.kind is UnitKind.EXTERNAL_PROVIDER,
    )


SEES = {
    "practitioner": True,
    "colleague": False,
    "caseworker": True,
    "provider_leader": True,
    "authority_leader": True,
    "administrator": False,
    "auditor": False,
    "outsider": False,
}


@pytest.mark.parametrize(("who", "sees"), SEES.items())
def test_a_case_is_found_only_within_scope(
    session: Session, build: Builder, cast: Cast, who: str, sees: bool
) -> None:
    found = find_case(session, as_actor(cast.staff[who], build), cast.case.id)
    assert (found is not None) is sees


def test_an_external_provider_loses_the_case_when_its_episode_ends(
    session: Session, build: Builder, cast: Cast
) -> None:
    case = build.case(team={cast.outsider: "practitioner"})
    episode = build.episode(case, cast.external)
    actor = as_actor(cast.outsider, build)
    assert find_case(session, actor, case.id) is not None
    episode.ended_on = build.today - timedelta(days=1)
    session.flush()
    assert find_case(session, actor, case.id) is None


def test_no_role_lets_an_external_provider_reach_the_whole_kommune(
    session: Session, build: Builder, cast: Cast
) -> None:
    """An administrator's slip, or a kommune's mapping: they still see their own team's cases and no others."""
    leader = build.staff(Role.AUTHORITY_LEADER, unit=build.unit(kind=UnitKind.EXTERNAL_PROVIDER))
    assert Scope.KOMMUNE not in as_actor(leader, build).scopes
    assert find_case(session, as_actor(leader, build), cast.case.id) is None
