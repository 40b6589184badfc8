"""The register of who may open what, walked: every route, as everybody, from the register itself."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from fitsvc.domain.audit import Access
from fitsvc.domain.permissions import Permission
from fitsvc.storage.accounts import SignIn
from fitsvc.storage.base import Base
from fitsvc.storage.limits import LimitCounter
from fitsvc.storage.logs import AccessLog, CaseReading
from fitsvc.web.access_register import REGISTER
from tests.client import CSRF
from tests.web.walk import IDS, PEOPLE, Bare, Walker, World, is_granted, is_refused

# Who may do what does not depend on the kind of database; the scope of the queries has its own tests on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WITHOUT_TOKEN = {"kommune_sign_in.back_channel", "respond.link"}
"""Posts that need no token of ours: the secret link is one."""
UNTELLING = {one.__table__ for one in (AccessLog, CaseReading, SignIn, LimitCounter)}
SEES_THE_OTHER_CASE = {"authority_leader"}
WORKS_WITHOUT_CASE_CONTENTS = {Permission.MANAGE_PEOPLE, Permission.READ_LOG, Permission.CONTROL_LOG}


def case_rules(world: World, method: str) -> list[Rule]:
    """Routes with a case in the address, for those who see what stands in it."""
    return [rule for rule in world.rules(method) if is_about_a_case(rule)]


def is_about_a_case(rule: Rule) -> bool:
    return "case_id" in rule.arguments and REGISTER[rule.endpoint] not in WORKS_WITHOUT_CASE_CONTENTS


def test_every_route_stands_in_the_register(world: World) -> None:
    assert {rule.endpoint for rule in world.app.url_map.iter_rules()} == set(REGISTER)


def test_every_post_route_takes_no_other_way_of_changing(world: World) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        assert {rule.endpoint for rule in world.rules(method)} <= WITHOUT_TOKEN


@pytest.mark.parametrize("who", [*PEOPLE, None])
def test_each_page_opens_for_those_the_register_names_is_in_the_log_and_changes_nothing(
    world: World, session: Session, who: str | None
) -> None:
    browser, wrong = world.browser(who), []
    before, rows = contents(session), newest_rows(session)
    for rule in world.rules("GET"):
        response = browser.get(world.path(rule, world.own))
        at = f"{rule.rule}: {response.status_code} {response.location or ''}"
        if response.status_code >= 500:
            wrong.append(at)
        if is_refused(response) is is_granted(world, rule, who) and rule.endpoint != "security.login":
            wrong.append(at)
        seen, rows = rows, newest_rows(session)
        if is_about_a_case(rule) and response.status_code == 200:
            if rows[0] != seen[0] + 1 or rows[1] != [str(world.own.case.id)]:
                wrong.append(f"{at}: {rows[0] - seen[0]} rows in the log")
            if title_names_the_case(world, response):
                wrong.append(f"{at}: the case in the title")
        response.close()
    assert not wrong, "\n".join(wrong)
    assert contents(session) == before


def newest_rows(session: Session) -> tuple[int, list[str]]:
    """How many rows the access log has, and the cases of its last."""
    last = session.execute(
        select(AccessLog.seq, AccessLog.case_ids).order_by(AccessLog.seq.desc()).limit(1)
    ).first()
    session.rollback()
    return (last.seq, last.case_ids) if last else (0, [])


def title_names_the_case(world: World, response: TestResponse) -> bool:
    title = (
        re.search(r"<title>(.*?)</title>", response.text, re.S) if response.mimetype == "text/html" else None
    )
    return title is not None and world.own.case.display_name in title.group(1)


@pytest.mark.parametrize("who", [*PEOPLE, None])
def test_each_act_is_open_to_those_the_register_names_and_to_nobody_else(
    world: World, who: str | None
) -> None:
    walker, wrong = Walker(world), []
    for rule in world.rules("POST"):
        if rule.endpoint in {"security.logout", *WITHOUT_TOKEN}:
            continue
        response = walker.ask(who, "POST", world.path(rule, world.own))
        response.close()
        if who is None and is_granted(world, rule, who):
            continue  # public acts: nobody is refused for who they are
        if is_refused(response) is is_granted(world, rule, who):
            wrong.append(f"{rule.rule}: {response.status_code} {response.location or ''}")
        if response.status_code >= 500:
            wrong.append(f"{rule.rule}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in SEES_THE_OTHER_CASE])
def test_a_case_out_of_reach_looks_like_no_case_at_all(world: World, who: str, method: str) -> None:
    walker, wrong = Walker(world), []
    for rule in case_rules(world, method):
        if not is_granted(world, rule, who):
            continue
        seen = []
        for case_id in (world.other.case.id, uuid4()):
            response = walker.ask(who, method, world.path(rule, world.other, case_id=case_id))
            page = CSRF.sub("", response.text.replace(str(case_id), "—"))
            seen.append((response.status_code, page))
        if seen[0][0] != 404 or seen[0] != seen[1]:
            wrong.append(f"{rule.rule}: {seen[0][0]}, {seen[1][0]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_belongs_to_another_case_is_not_reached_through_ones_own(world: World, method: str) -> None:
    """Ids changed one at a time: own case, somebody else's respondent, goal, meeting …"""
    walker, wrong = Walker(world), []
    for rule in case_rules(world, method):
        for name in rule.arguments - {"case_id", "instrument_id"}:
            for who in ("practitioner", "caseworker"):
                if not is_granted(world, rule, who):
                    continue
                path = world.path(rule, world.own, **{name: IDS[name](world.other)})
                response = walker.ask(who, method, path)
                if response.status_code != 404:
                    wrong.append(f"{rule.rule} with another case's {name}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def contents(session: Session) -> dict[str, list[str]]:
    """Every row of every table but the access log and its index, and what counts sign-ins and requests."""
    session.rollback()
    found = {
        table.name: sorted(map(str, session.execute(select(table))))
        for table in Base.metadata.sorted_tables
        if table not in UNTELLING
    }
    session.rollback()
    return found


def test_every_post_wants_this_browsers_own_token(world: World, session: Session) -> None:
    before = contents(session)
    wrong = []
    browsers = {who: world.browser(who, Bare) for who in ("practitioner", "caseworker", "administrator")}
    for rule in world.rules("POST"):
        if rule.endpoint in WITHOUT_TOKEN:
            continue
        for who, browser in browsers.items():
            if not is_granted(world, rule, who):
                continue
            for sent in ({}, {"csrf_token": "made up"}):
                response = browser.post(world.path(rule, world.own), data=sent)
                if response.status_code != 400:
                    wrong.append(f"{rule.rule} as {who}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert contents(session) == before


def test_a_list_leaves_one_row_with_every_case_it_showed(world: World, session: Session) -> None:
    world.browser("practitioner").get("/cases")
    rows = session.scalars(select(AccessLog).where(AccessLog.access == Access.CASELOAD_LISTED)).all()
    assert [row.case_ids for row in rows] == [[str(world.own.case.id)]]
