"""The register of who may open what, walked: every route, as everybody, from the register itself.

A new route is walked as soon as it stands in the register. A new name in a path needs one line in `IDS`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.domain.instrument import Direction
from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.permissions import Permission, may
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.roles import Role
from fitsvc.services.series import series_key
from fitsvc.storage.accounts import SignIn, Staff
from fitsvc.storage.base import Base
from fitsvc.storage.cadences import OwnStandard
from fitsvc.storage.cases import Case, TeamMember, TeamPart
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.engine import writing
from fitsvc.storage.external import ExternalSeries
from fitsvc.storage.log_seals import LogControl
from fitsvc.storage.logs import AccessLog, CaseReading
from fitsvc.storage.minutes import Agreement
from fitsvc.storage.notices import Notice
from fitsvc.storage.sessions import CareSession
from fitsvc.storage.special_access import SessionSharing
from fitsvc.web.access import CLOSED, REGISTER, Gate
from tests.builders import Builder
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.conftest import NOW

# Who may do what does not depend on the kind of database; the scope of the queries has its own tests on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PEOPLE = (
    "practitioner", "colleague", "caseworker", "provider_leader", "authority_leader", "administrator", "auditor",
    "outsider",
)  # fmt: skip
WITHOUT_TOKEN = {"kommune_sign_in.back_channel", "respond.link"}
"""Posts that need no token of ours: the secret link is one."""

BUTTONS = {"reached": "yes"}
"""What the buttons of pages without fields send."""

# What fills each name in a path. `case` is the record built for a case by `furnish`.
IDS: dict[str, Callable[["Furnished"], object]] = {
    "case_id": lambda f: f.case.id,
    "episode_id": lambda f: f.episode_id,
    "respondent_id": lambda f: f.respondent_id,
    "plan_id": lambda f: f.plan_id,
    "administration_id": lambda f: f.administration_id,
    "rating_id": lambda f: f.rating_id,
    "goal_id": lambda f: f.goal_id,
    "meeting_id": lambda f: f.meeting_id,
    "agreement_id": lambda f: f.agreement_id,
    "series_id": lambda f: f.series_id,
    "standard_id": lambda f: f.standard_id,
    "deviation_id": lambda f: f.deviation_id,
    "session_id": lambda f: f.session_id,
    "member_id": lambda f: f.member_id,
    "sharing_id": lambda f: f.sharing_id,
    "passkey_id": lambda f: f.session_id,  # of another kind: found by nobody
    "sign_in_id": lambda f: f.session_id,  # of another kind: found by nobody
    "notice_id": lambda f: f.notice_id,
    "series": lambda f: f.series,
    "unit_id": lambda f: f.unit_id,
    "staff_id": lambda f: f.staff_id,
    "instrument_id": lambda f: "wellbeing-youth",
    "token": lambda f: "no-such-link",
    "kind": lambda f: "report",
    "control_id": lambda f: f.control_id,
    "as_": lambda f: "json",
    "filename": lambda f: "css/tokens.css",
}


@dataclass(frozen=True)
class Furnished:
    """A case with one of everything that can stand in an address."""

    case: Case
    episode_id: object
    respondent_id: object
    plan_id: object
    administration_id: object
    rating_id: object
    goal_id: object
    meeting_id: object
    agreement_id: object
    series_id: object
    standard_id: object
    deviation_id: object
    session_id: object
    member_id: object
    sharing_id: object
    notice_id: object
    control_id: object
    unit_id: object
    staff_id: object
    series: str


def furnish(build: Builder, case: Case, unit: Any, worker: Staff) -> Furnished:
    episode = build.episode(case, unit)
    respondent = build.respondent(case, RaterRole.CHILD)
    session = build.session
    meeting = build.meeting(episode, build.today)
    agreement = Agreement(
        case_id=case.id,
        meeting_id=meeting.id,
        what="x",
        who="x",
        created_by_id=worker.id,
        created_at=build.now,
    )
    series = ExternalSeries(
        case_id=case.id, series_key="absence", name="Absence", minimum=0, maximum=100,
        direction=Direction.LOWER_IS_BETTER, created_at=build.now,
    )  # fmt: skip
    care_session = CareSession(
        case_id=case.id,
        episode_id=episode.id,
        practitioner_id=worker.id,
        held_on=build.today,
        started_at=build.now,
    )
    standard = OwnStandard(
        slug=f"own-{case.id}", name=f"Own {case.id}", source="x", added_by_id=worker.id, added_at=build.now
    )
    deviation = Deviation(
        case_id=case.id,
        episode_id=episode.id,
        kind=DeviationKind.LESS_OFTEN,
        reason_code=DeviationReason.OTHER,
        reason="x",
        by_cadence_interval="6 weeks",
        chosen_interval="8 weeks",
        state=DeviationState.AWAITING,
        asked_at=build.now,
    )
    leader = build.staff(Role.PROVIDER_LEADER, unit=unit)
    sharing = SessionSharing(
        case_id=case.id,
        shared_by_id=worker.id,
        shared_with_id=leader.id,
        from_on=build.today,
        until_on=build.today,
        purpose="x",
        created_at=build.now,
    )
    notice = Notice(
        kind=NoticeKind.ROLE_GRANTED,
        unit_id=unit.id,
        about_staff_id=worker.id,
        details={"roles": ["practitioner"]},
        created_at=build.now,
    )
    session.add_all([agreement, deviation, standard, series, care_session, sharing, notice])
    control = LogControl(
        from_on=build.today,
        until_on=build.today,
        sample_size=1,
        seed=1,
        begun_by_id=worker.id,
        begun_at=build.now,
    )
    session.add(control)
    session.flush()
    member = session.scalars(select(TeamMember).where(TeamMember.case_id == case.id)).first()
    assert member
    return Furnished(
        case=case,
        episode_id=episode.id,
        respondent_id=respondent.id,
        plan_id=build.plan(respondent).id,
        administration_id=build.administration(respondent).id,
        rating_id=build.rating(respondent, 5, build.today).id,
        goal_id=build.goal(case, episode).id,
        meeting_id=meeting.id,
        agreement_id=agreement.id,
        series_id=series.id,
        standard_id=standard.id,
        deviation_id=deviation.id,
        session_id=care_session.id,
        member_id=member.id,
        sharing_id=sharing.id,
        notice_id=notice.id,
        control_id=control.id,
        unit_id=unit.id,
        staff_id=worker.id,
        series=series_key(respondent.id, "wellbeing-youth", build.catalogue.get("wellbeing-youth").version),
    )


@dataclass(frozen=True)
class World:
    app: Flask
    engine: Engine
    catalogue: Catalogue
    cast: Cast
    own: Furnished
    other: Furnished

    def rules(self, method: str) -> Iterator[Rule]:
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            # What this installation does without is not there for anybody (tests/web/kommune_sign_in/test_ways_in.py).
            if method in (rule.methods or ()) and rule.endpoint not in self.app.extensions[CLOSED]:
                yield rule

    def path(self, rule: Rule, furnished: Furnished, **replaced: object) -> str:
        unknown = rule.arguments - IDS.keys()
        assert not unknown, (
            f"{rule.rule}: add {sorted(unknown)} to IDS in {__file__}, so that the route is walked"
        )
        values = {name: IDS[name](furnished) for name in rule.arguments} | replaced
        return str(self.app.url_map.bind("localhost").build(rule.endpoint, values))

    def browser(self, who: str | None) -> StaffClient:
        """A new browser, signed in as somebody of the cast."""
        client = StaffClient(self.app)
        if who is not None:
            client.sign_in(self.cast.staff[who])
            with Session(writing(self.engine)) as opened, client.session_transaction() as cookie:
                cookie["login_key"] = uuid4().hex  # a device locked by one walk does not stop the next
                Builder(opened, self.catalogue, NOW).sign_in(self.cast.staff[who], cookie["login_key"])
                opened.commit()
        return client

    def roles(self, who: str) -> list[Role]:
        return [Role(role.name) for role in self.cast.staff[who].roles]


@pytest.fixture
def world(app: Flask, engine: Engine, cast: Cast, build: Builder, session: Session) -> World:
    """Paula's case, and a case of a stranger in a unit nobody of the cast works in."""
    own = furnish(build, cast.case, cast.provider, cast.practitioner)
    elsewhere = build.unit("Langt Væk")
    stranger = build.staff(Role.PRACTITIONER, unit=elsewhere, name="Sten")
    other = furnish(build, build.case(team={stranger: TeamPart.PRACTITIONER}), elsewhere, stranger)
    session.commit()
    session.expunge_all()
    return World(app, engine, build.catalogue, cast, own, other)


def is_granted(world: World, rule: Rule, who: str | None) -> bool:
    gate = REGISTER[rule.endpoint]
    if who is None:
        return gate in {Gate.PUBLIC, Gate.LINK, Gate.HANDED_OVER}
    return not isinstance(gate, Permission) or may(world.roles(who), gate)


def is_refused(response: TestResponse) -> bool:
    to_login = response.status_code == 302 and response.location.startswith("/login")
    return response.status_code in {401, 403} or to_login


def token_of(client: StaffClient) -> str:
    found = CSRF.search(client.get("/account").text)
    return found.group(1) if found else ""


def post(client: StaffClient, path: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client)} | BUTTONS)


def test_every_route_stands_in_the_register(world: World) -> None:
    assert {rule.endpoint for rule in world.app.url_map.iter_rules()} == set(REGISTER)


def test_every_post_route_takes_no_other_way_of_changing(world: World) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        assert {rule.endpoint for rule in world.rules(method)} <= WITHOUT_TOKEN


@pytest.mark.parametrize("who", [*PEOPLE, None])
def test_each_page_opens_for_those_the_register_names_and_for_nobody_else(
    world: World, who: str | None
) -> None:
    wrong = []
    for rule in world.rules("GET"):
        response = world.browser(who).get(world.path(rule, world.own))
        response.close()
        if is_refused(response) is is_granted(world, rule, who) and rule.endpoint != "security.login":
            wrong.append(f"{rule.rule}: {response.status_code} {response.location or ''}")
        if response.status_code >= 500:
            wrong.append(f"{rule.rule}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", [*PEOPLE, None])
def test_each_act_is_open_to_those_the_register_names_and_to_nobody_else(
    world: World, who: str | None
) -> None:
    wrong = []
    for rule in world.rules("POST"):
        if rule.endpoint in {"security.logout", *WITHOUT_TOKEN}:
            continue
        response = post(world.browser(who), world.path(rule, world.own))
        response.close()
        if who is None and is_granted(world, rule, who):
            continue  # public acts: nobody is refused for who they are
        if is_refused(response) is is_granted(world, rule, who):
            wrong.append(f"{rule.rule}: {response.status_code} {response.location or ''}")
        if response.status_code >= 500:
            wrong.append(f"{rule.rule}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


SEES_THE_OTHER_CASE = {"authority_leader"}
WORKS_WITHOUT_CASE_CONTENTS = {Permission.MANAGE_PEOPLE, Permission.READ_LOG, Permission.CONTROL_LOG}


def case_rules(world: World, method: str) -> list[Rule]:
    """Routes with a case in the address, for those who see what stands in it."""
    return [
        rule
        for rule in world.rules(method)
        if "case_id" in rule.arguments and REGISTER[rule.endpoint] not in WORKS_WITHOUT_CASE_CONTENTS
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in SEES_THE_OTHER_CASE])
def test_a_case_out_of_reach_looks_like_no_case_at_all(world: World, who: str, method: str) -> None:
    wrong = []
    for rule in case_rules(world, method):
        if not is_granted(world, rule, who):
            continue
        client = world.browser(who)
        seen = []
        for case_id in (world.other.case.id, uuid4()):
            path = world.path(rule, world.other, case_id=case_id)
            response = client.get(path) if method == "GET" else post(client, path)
            page = CSRF.sub("", response.text.replace(str(case_id), "—"))
            seen.append((response.status_code, page))
        if seen[0][0] != 404 or seen[0] != seen[1]:
            wrong.append(f"{rule.rule}: {seen[0][0]}, {seen[1][0]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_belongs_to_another_case_is_not_reached_through_ones_own(world: World, method: str) -> None:
    """Ids changed one at a time: own case, somebody else's respondent, goal, meeting …"""
    wrong = []
    for rule in case_rules(world, method):
        for name in rule.arguments - {"case_id", "instrument_id"}:
            for who in ("practitioner", "caseworker"):
                if not is_granted(world, rule, who):
                    continue
                client = world.browser(who)
                path = world.path(rule, world.own, **{name: IDS[name](world.other)})
                response = client.get(path) if method == "GET" else post(client, path)
                if response.status_code != 404:
                    wrong.append(f"{rule.rule} with another case's {name}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def contents(session: Session) -> dict[str, list[str]]:
    """Every row of every table but the access log and its index."""
    session.rollback()
    found = {
        table.name: sorted(map(str, session.execute(select(table))))
        for table in Base.metadata.sorted_tables
        if table not in {AccessLog.__table__, CaseReading.__table__, SignIn.__table__}
    }
    session.rollback()
    return found


@pytest.mark.parametrize("who", ["practitioner", "caseworker", "administrator", "auditor"])
def test_looking_changes_nothing(world: World, session: Session, who: str) -> None:
    before = contents(session)
    for rule in world.rules("GET"):
        world.browser(who).get(world.path(rule, world.own)).close()
    assert contents(session) == before


def test_every_post_wants_this_browsers_own_token(world: World, session: Session) -> None:
    before = contents(session)
    wrong = []
    for rule in world.rules("POST"):
        if rule.endpoint in WITHOUT_TOKEN:
            continue
        for who in ("practitioner", "caseworker", "administrator"):
            if not is_granted(world, rule, who):
                continue
            for sent in ({}, {"csrf_token": "made up"}):
                response = world.browser(who).post(world.path(rule, world.own), data=sent)
                if response.status_code != 400:
                    wrong.append(f"{rule.rule} as {who}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert contents(session) == before


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_about_a_case_leaves_a_row_in_the_access_log(
    world: World, session: Session, who: str
) -> None:
    wrong = []
    for rule in case_rules(world, "GET"):
        if not is_granted(world, rule, who):
            continue
        before = session.scalar(select(func.count(AccessLog.seq))) or 0
        session.rollback()
        response = world.browser(who).get(world.path(rule, world.own))
        if response.status_code != 200:
            continue
        rows = session.scalars(select(AccessLog).order_by(AccessLog.at)).all()
        session.rollback()
        of_this_page = [row for row in rows if row.case_ids == [str(world.own.case.id)]]
        if len(rows) != before + 1 or not of_this_page:
            wrong.append(f"{rule.rule} as {who}: {len(rows) - before} rows")
    assert not wrong, "\n".join(wrong)


def test_a_list_leaves_one_row_with_every_case_it_showed(world: World, session: Session) -> None:
    world.browser("practitioner").get("/cases")
    rows = session.scalars(select(AccessLog).where(AccessLog.access == Access.CASELOAD_LISTED)).all()
    assert [row.case_ids for row in rows] == [[str(world.own.case.id)]]


def test_a_page_says_nothing_about_the_case_in_its_title_or_address(world: World) -> None:
    for rule in case_rules(world, "GET"):
        page = world.browser("practitioner").get(world.path(rule, world.own))
        if page.mimetype != "text/html":
            continue
        title = re.search(r"<title>(.*?)</title>", page.text, re.S)
        assert world.own.case.display_name not in (title.group(1) if title else ""), rule.rule
