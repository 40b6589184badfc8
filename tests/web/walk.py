"""Everything a case can have in an address, and the people who ask for it: what walks of every route stand on.

A new route is walked as soon as it stands in the register. A new name in a path needs one line in `IDS`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.domain.instrument import Direction
from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.permissions import Permission, may
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.roles import Role
from fitsvc.services.series import series_key
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cadences import OwnStandard
from fitsvc.storage.cases import Case, TeamMember
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.engine import writing
from fitsvc.storage.external import ExternalSeries
from fitsvc.storage.log_seals import LogControl
from fitsvc.storage.minutes import Agreement
from fitsvc.storage.notices import Notice
from fitsvc.storage.sessions import CareSession
from fitsvc.storage.special_access import SessionSharing
from fitsvc.web.access import CLOSED
from fitsvc.web.access_register import REGISTER, Gate
from tests.builders import Builder
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.conftest import NOW

PEOPLE = (
    "practitioner", "colleague", "caseworker", "provider_leader", "authority_leader", "administrator", "auditor",
    "outsider",
)  # fmt: skip

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

    def browser(self, who: str | None, kind: type[StaffClient] = StaffClient) -> StaffClient:
        """A new browser, signed in as somebody of the cast."""
        client = kind(self.app)
        if who is not None:
            client.sign_in(self.cast.staff[who])
            with Session(writing(self.engine)) as opened, client.session_transaction() as cookie:
                cookie["login_key"] = uuid4().hex  # a device locked by one walk does not stop the next
                Builder(opened, self.catalogue, NOW).sign_in(self.cast.staff[who], cookie["login_key"])
                opened.commit()
        return client

    def roles(self, who: str) -> list[Role]:
        return [Role(role.name) for role in self.cast.staff[who].roles]


class Bare(StaffClient):
    """For thousands of pages that say no: their HTML is checked elsewhere."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return FlaskClient.open(self, *args, **kwargs)


class Walker:
    """One browser and one token for each person; a new browser where an act succeeded, which may have shut the old."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._browsers: dict[str | None, tuple[StaffClient, str]] = {}

    def browser(self, who: str | None) -> StaffClient:
        return self._signed_in(who)[0]

    def token(self, who: str | None) -> str:
        return self._signed_in(who)[1]

    def ask(self, who: str | None, method: str, path: str) -> TestResponse:
        browser, token = self._signed_in(who)
        if method == "GET":
            return browser.get(path)
        response = browser.post(path, data={"csrf_token": token} | BUTTONS)
        if response.status_code < 400:
            self.forget(who)
        return response

    def forget(self, who: str | None) -> None:
        """The next act of this person comes from a new browser."""
        self._browsers.pop(who, None)

    def _signed_in(self, who: str | None) -> tuple[StaffClient, str]:
        if who not in self._browsers:
            browser = self.world.browser(who, Bare)
            found = CSRF.search(browser.get("/login" if who is None else "/account").text)
            self._browsers[who] = (browser, found.group(1) if found else "")
        return self._browsers[who]


def is_granted(world: World, rule: Rule, who: str | None) -> bool:
    gate = REGISTER[rule.endpoint]
    if who is None:
        return gate in {Gate.PUBLIC, Gate.LINK, Gate.HANDED_OVER}
    return not isinstance(gate, Permission) or may(world.roles(who), gate)


def is_refused(response: TestResponse) -> bool:
    to_login = response.status_code == 302 and response.location.startswith("/login")
    return response.status_code in {401, 403} or to_login
