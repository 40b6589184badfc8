"""Session ratings: the practitioner's alone, and the leader's whom they name, for as long as they name."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.roles import Role
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import Case
from fitsvc.storage.ratings import Comment
from fitsvc.storage.respondents import Respondent
from fitsvc.storage.special_access import SessionSharing
from tests.builders import Builder
from tests.client import StaffClient
from tests.web.test_withheld import differing, shown
from tests.web.walk import World, is_granted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DAY = timedelta(days=1)
SHOWN = 'id="session-ratings-title"'


def share(world: World, build: Builder, days: int = 10) -> None:
    answer = world.browser("practitioner").send(
        f"/cases/{world.own.case.id}/session-ratings",
        {
            "leader_id": str(world.cast.provider_leader.id),
            "until_on": (build.today + days * DAY).isoformat(),
            "purpose": "Råd før en svær samtale",
        },
    )
    assert answer.status_code == 303


def test_session_ratings_are_shared_with_the_leader_named_and_nobody_else(
    world: World, build: Builder
) -> None:
    build.rating(build.session.merge(world.cast.child), 3, build.today - DAY, "session-youth")
    second = build.staff(Role.PROVIDER_LEADER, unit=build.session.merge(world.cast.provider), name="Per")
    build.session.commit()
    path = f"/cases/{world.own.case.id}"
    browser = world.browser("provider_leader")
    assert SHOWN not in browser.get(path).text
    share(world, build)
    assert SHOWN in browser.get(path).text
    assert SHOWN not in StaffClient(world.app).sign_in(second).get(path).text
    assert SHOWN not in world.browser("authority_leader").get(path).text


def test_the_practitioner_ends_a_sharing_at_once(world: World, build: Builder, session: Session) -> None:
    from_page, path = f"/cases/{world.own.case.id}/session-ratings", f"/cases/{world.own.case.id}"
    share(world, build)
    sharing = session.scalars(
        select(SessionSharing.id).where(SessionSharing.shared_with_id == world.cast.provider_leader.id)
    ).one()
    session.commit()
    leader = world.browser("provider_leader")
    assert SHOWN in leader.get(path).text
    world.browser("practitioner").send(f"{from_page}/{sharing}/end", page=from_page)
    assert SHOWN not in leader.get(path).text


def sharing_with(world: World, build: Builder, leader: Staff, **columns: Any) -> SessionSharing:
    """One that runs today, unless the columns say otherwise."""
    usual = {
        "from_on": build.today - 9 * DAY,
        "until_on": build.today,
        "purpose": "x",
        "created_at": build.now,
    }
    row = SessionSharing(
        case_id=world.own.case.id,
        shared_by_id=world.cast.practitioner.id,
        shared_with_id=leader.id,
        **usual | columns,
    )
    build.session.add(row)
    build.session.commit()
    return row


def test_a_sharing_is_seen_from_its_first_day_to_its_last(
    world: World, build: Builder, session: Session
) -> None:
    row = sharing_with(world, build, world.cast.provider_leader)
    leader, path = world.browser("provider_leader"), f"/cases/{world.own.case.id}"
    for first, last, is_seen in ((-9, 0, True), (0, 9, True), (-9, -1, False), (1, 9, False)):
        row.from_on, row.until_on = build.today + first * DAY, build.today + last * DAY
        session.commit()
        assert (SHOWN in leader.get(path).text) is is_seen, (first, last)


def test_a_sharing_reaches_nobody_who_leads_no_unit_of_the_case_or_may_not_see_it(
    world: World, build: Builder, session: Session
) -> None:
    """Rows no form would make, or whose ground is gone: a leader of elsewhere, another role, a protected case."""
    elsewhere = build.staff(Role.PROVIDER_LEADER, unit=build.unit("Langt Herfra"), name="Eva")
    session.commit()
    path = f"/cases/{world.own.case.id}"
    sharing_with(world, build, elsewhere)
    assert StaffClient(world.app).sign_in(elsewhere).get(path).status_code == 404
    for who in ("caseworker", "authority_leader"):
        sharing_with(world, build, world.cast.staff[who])
        assert SHOWN not in world.browser(who).get(path).text, who
    sharing_with(world, build, world.cast.provider_leader)
    assert SHOWN in world.browser("provider_leader").get(path).text
    session.get_one(Case, world.own.case.id).protected_at = build.now
    session.commit()
    assert world.browser("provider_leader").get(path).status_code == 404


@pytest.mark.parametrize("who", ["provider_leader", "caseworker", "authority_leader"])
def test_no_page_tells_of_a_session_rating_to_whom_it_is_not_shared_or_no_longer(
    world: World, build: Builder, session: Session, who: str
) -> None:
    """Every page about the case, before and after the child rated the session: a sharing ended yesterday."""
    sharing_with(world, build, world.cast.staff[who], until_on=build.today - DAY)
    before = look(world, who)
    assert "200" in before["cases.show"]
    child = session.get_one(Respondent, world.cast.child.id)
    rating = build.rating(child, 2, build.today - 2 * DAY, "session-youth")
    session.add(Comment(rating_id=rating.id, text="Hemmelighed", at_meeting=False, created_at=build.now))
    session.commit()
    assert differing(before, look(world, who)) == []


def look(world: World, who: str) -> dict[str, str]:
    browser = world.browser(who)
    found = {
        rule.endpoint: shown(browser, world.path(rule, world.own, respondent_id=world.cast.child.id))
        for rule in world.rules("GET")
        if "case_id" in rule.arguments and is_granted(world, rule, who)
    }
    return found | {path: shown(browser, path) for path in ("/today", "/cases", "/key-figures")}
