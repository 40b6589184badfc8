"""Protected cases, emergencies, substitutes and notices: through the pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Access, Act
from fitsvc.domain.meeting import Minute
from fitsvc.domain.notice import NoticeKind
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.cases import Case, TeamMember, TeamPart
from fitsvc.storage.events import CaseEvent, EventKind
from fitsvc.storage.goals import Goal
from fitsvc.storage.logs import AccessLog, AuditLog
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import Agreement, MinuteText
from fitsvc.storage.notices import Notice
from fitsvc.storage.ratings import Comment
from fitsvc.storage.special_access import EmergencyAccess
from tests.builders import Builder
from tests.client import StaffClient
from tests.web.walk import World, is_granted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DAY = timedelta(days=1)
REASON = "Barnet er alene hjemme, og sagens folk har ferie."


@pytest.fixture(autouse=True)
def confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking who it is once more has its own tests."""
    monkeypatch.setattr("fitsvc.web.access.FRESH", frozenset())


def protect(build: Builder, case: Case) -> None:
    build.session.get_one(Case, case.id).protected_at = build.now
    build.session.commit()


def pages(world: World, browser: StaffClient, case: Case) -> dict[str, bool]:
    """Where the case is named to this reader."""
    found = {}
    for path in (
        "/today",
        "/cases",
        "/cases/search?q=Ravn",
        "/deviations",
        "/key-figures",
        "/admin/hand-over",
    ):
        text = browser.get(path).text
        found[path] = case.reference in text or case.display_name in text
    found["case"] = browser.get(f"/cases/{case.id}").status_code == 200
    return found


@pytest.mark.parametrize("who", ["provider_leader", "authority_leader"])
def test_a_protected_case_is_out_of_its_leaders_reach(world: World, build: Builder, who: str) -> None:
    case = world.own.case
    browser = world.browser(who)
    assert pages(world, browser, case)["case"]
    protect(build, case)
    assert not any(pages(world, world.browser(who), case).values())


@pytest.mark.parametrize("who", ["practitioner", "caseworker"])
def test_who_works_on_a_protected_case_goes_on_seeing_it(world: World, build: Builder, who: str) -> None:
    protect(build, world.own.case)
    assert pages(world, world.browser(who), world.own.case)["case"]


def test_whoever_protects_a_case_is_named_on_it_and_the_last_leader_stays(
    world: World, session: Session
) -> None:
    case_id, leader = world.own.case.id, world.cast.authority_leader
    path = f"/cases/{case_id}/protection"
    browser = world.browser("authority_leader")
    sent = browser.send(path, {"reason": "En kollegas barn er på sagen.", "wanted": "protect"})
    assert sent.status_code == 303
    named = session.scalars(select(TeamMember).where(TeamMember.part == TeamPart.NAMED)).one()
    assert (named.case_id, named.staff_id) == (case_id, leader.id)
    act = session.scalars(select(AuditLog).where(AuditLog.act == Act.CASE_PROTECTED)).one()
    assert act.why == "En kollegas barn er på sagen."
    assert session.scalars(select(Notice.kind)).all().count(NoticeKind.CASE_PROTECTED) == 1
    session.commit()
    page = browser.get(path)
    assert "Den sidste leder" in page.text
    browser.send(f"{path}/people/{named.id}/remove", page=path)
    session.expire_all()
    assert session.get_one(TeamMember, named.id).until_on is None


def test_a_leader_names_another_and_protects_no_longer(
    world: World, build: Builder, session: Session
) -> None:
    case_id = world.own.case.id
    path = f"/cases/{case_id}/protection"
    browser = world.browser("authority_leader")
    browser.send(path, {"reason": "En kollegas barn er på sagen.", "wanted": "protect"})
    other = world.browser("provider_leader")
    assert other.get(f"/cases/{case_id}").status_code == 404
    named = browser.send(
        f"{path}/people", {"staff_id": str(world.cast.provider_leader.id), "part": "named"}, page=path
    )
    assert named.status_code == 303
    assert other.get(f"/cases/{case_id}").status_code == 200
    browser.send(path, {"reason": "Kollegaen er fratrådt nu.", "wanted": "unprotect"})
    session.expire_all()
    assert session.get_one(Case, case_id).protected_at is None
    assert (
        session.scalars(
            select(TeamMember).where(TeamMember.until_on.is_(None), TeamMember.part == "named")
        ).all()
        == []
    )


def test_an_administrator_finds_no_team_of_a_protected_case(world: World, build: Builder) -> None:
    case = world.own.case
    protect(build, case)
    browser = world.browser("administrator")
    known = browser.send("/admin/teams", {"reference": case.reference}).text
    unknown = browser.send("/admin/teams", {"reference": "SAG-NONE"}).text
    assert known.replace(case.reference, "").count("error") == unknown.replace("SAG-NONE", "").count("error")
    assert browser.get(f"/admin/teams/{case.id}").status_code == 404


def test_an_emergency_opens_one_case_to_read_and_tells_the_leader(world: World, session: Session) -> None:
    case = world.other.case
    browser = world.browser("caseworker")
    assert browser.get(f"/cases/{case.id}").status_code == 404
    opened = browser.send("/emergency", {"reference": case.reference, "reason": REASON})
    assert opened.status_code == 303
    page = browser.get(f"/cases/{case.id}")
    assert page.status_code == 200
    assert "Åbnet i en nødsituation" in page.text
    assert f"/cases/{case.id}/respondents" not in page.text
    row = session.scalars(select(AccessLog).where(AccessLog.access == Access.CASE_READ)).all()[-1]
    assert row.why == REASON
    notice = session.scalars(select(Notice).where(Notice.kind == NoticeKind.EMERGENCY_ACCESS)).one()
    assert (notice.unit_id, notice.case_id, notice.details["protected"]) == (None, case.id, False)
    session.commit()
    leader = world.browser("authority_leader")
    assert "/notices" in leader.get("/today").text
    told = leader.get("/notices").text
    assert REASON in told
    assert case.reference in told


def test_what_was_opened_in_an_emergency_is_for_reading_that_case_that_day(
    world: World, build: Builder, session: Session
) -> None:
    case, browser = world.other.case, world.browser("caseworker")
    browser.send("/emergency", {"reference": case.reference, "reason": REASON})
    assert browser.get(f"/cases/{case.id}/report").status_code == 200
    for path in ("respondents", "goals", "events/new", "meetings/new", "protection", "session-ratings"):
        assert browser.get(f"/cases/{case.id}/{path}").status_code in {403, 404}, path
    assert case.reference not in browser.get("/cases").text
    access = session.scalars(select(EmergencyAccess)).one()
    access.on_day = build.today - DAY
    session.commit()
    assert browser.get(f"/cases/{case.id}").status_code == 404


def test_a_reference_nobody_has_gets_the_same_page_and_a_row(world: World, session: Session) -> None:
    browser = world.browser("caseworker")
    sent = browser.send("/emergency", {"reference": "SAG-NONE", "reason": REASON})
    assert sent.status_code == 422
    assert session.scalars(select(AuditLog).where(AuditLog.act == Act.EMERGENCY_REFUSED)).one().why == REASON
    assert session.scalars(select(Notice).where(Notice.kind == NoticeKind.EMERGENCY_ACCESS)).all() == []


def test_a_protected_case_opened_in_an_emergency_is_told_loudly_and_without_its_reference(
    world: World, build: Builder
) -> None:
    case = world.own.case
    protect(build, case)
    browser = world.browser("authority_leader")
    assert browser.get(f"/cases/{case.id}").status_code == 404
    browser.send("/emergency", {"reference": case.reference, "reason": REASON})
    assert browser.get(f"/cases/{case.id}").status_code == 200
    told = world.browser("authority_leader").get("/notices").text
    assert "BESKYTTET" in told
    assert case.reference not in told


def test_nobody_ticks_off_a_notice_about_themselves(world: World, session: Session) -> None:
    browser = world.browser("authority_leader")
    reference = "/notices"
    session.add(
        Notice(
            kind=NoticeKind.ROLE_GRANTED,
            about_staff_id=world.cast.authority_leader.id,
            by_staff_id=world.cast.administrator.id,
            details={"roles": ["authority_leader"]},
            created_at=world.cast.case.created_at,
        )
    )
    session.commit()
    notice = session.scalars(select(Notice).where(Notice.unit_id.is_(None))).one()
    session.commit()
    browser.send(f"/notices/{notice.id}/seen", page=reference)
    session.expire_all()
    assert session.get_one(Notice, notice.id).seen_at is None


def test_a_substitute_sees_the_cases_between_two_days(world: World, build: Builder, session: Session) -> None:
    case_id, colleague = world.own.case.id, world.browser("colleague")
    browser = world.browser("practitioner")
    wanted = {
        "absent_id": str(world.cast.practitioner.id),
        "substitute_id": str(world.cast.colleague.id),
        "from_on": build.today.isoformat(),
        "until_on": (build.today + 6 * DAY).isoformat(),
    }
    assert colleague.get(f"/cases/{case_id}").status_code == 404
    for _twice in range(2):
        assert browser.send("/substitutes", wanted).status_code == 303
    row = session.scalars(select(TeamMember).where(TeamMember.substitute_for_id.is_not(None))).one()
    assert (row.part, row.until_on) == (TeamPart.PRACTITIONER, build.today + 7 * DAY)
    session.commit()
    assert colleague.get(f"/cases/{case_id}").status_code == 200
    assert "Paula" in colleague.get("/substitutes").text
    session.get_one(TeamMember, row.id).until_on = build.today
    session.commit()
    assert colleague.get(f"/cases/{case_id}").status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"substitute_id": "practitioner"},
        {"substitute_id": "outsider"},
        {"absent_id": "colleague"},
        {"until_on": 61},
        {"until_on": -1},
    ],
    ids=str,
)
def test_a_substitute_is_a_colleague_for_a_time_and_of_ones_own(
    world: World, build: Builder, session: Session, changed: dict[str, object]
) -> None:
    wanted: dict[str, object] = {
        "absent_id": "practitioner",
        "substitute_id": "colleague",
        "from_on": 0,
        "until_on": 5,
    } | changed
    data = {
        name: str(world.cast.staff[value].id)
        if isinstance(value, str)
        else (build.today + value * DAY).isoformat()  # type: ignore[operator]
        for name, value in wanted.items()
    }
    assert world.browser("practitioner").send("/substitutes", data).status_code in {404, 422}
    assert session.scalars(select(TeamMember).where(TeamMember.substitute_for_id.is_not(None))).all() == []


def test_a_substitute_gets_no_protected_case(world: World, build: Builder, session: Session) -> None:
    protect(build, world.own.case)
    data = {
        "absent_id": str(world.cast.practitioner.id),
        "substitute_id": str(world.cast.colleague.id),
        "from_on": build.today.isoformat(),
        "until_on": build.today.isoformat(),
    }
    assert world.browser("practitioner").send("/substitutes", data).status_code == 422
    assert world.browser("colleague").get(f"/cases/{world.own.case.id}").status_code == 404


HIDDEN = "Fra den anden indsats"


@pytest.fixture
def outside(world: World, build: Builder) -> Case:
    """Xenia's unit works on a case from ten days ago on; another unit did and does, too. All of theirs says HIDDEN."""
    cast = world.cast
    xenia, external = build.session.merge(cast.outsider), build.session.merge(cast.external)
    case = build.case(team={xenia: TeamPart.PRACTITIONER})
    theirs = build.episode(case, build.session.merge(cast.provider), purpose=HIDDEN)
    build.episode(case, external, started_on=build.today - 10 * DAY)
    child = build.respondent(case, RaterRole.CHILD)
    early = build.rating(child, 3, build.today - 20 * DAY)
    build.rating(child, 6, build.today - 2 * DAY)
    meeting = build.meeting(theirs, build.today - 15 * DAY, held_on=build.today - 15 * DAY)
    build.goal(case, theirs, text=HIDDEN)
    left = build.respondent(case, RaterRole.PARENT, setting=HIDDEN, ended_on=build.today - 15 * DAY)
    build.session.add_all(
        [
            Comment(rating_id=early.id, text=HIDDEN, at_meeting=True, created_at=build.now),
            MinuteText(
                case_id=case.id,
                meeting_id=meeting.id,
                field=Minute.GOALS_CHANGED,
                version=1,
                text=HIDDEN,
                changed_by_id=cast.practitioner.id,
                changed_at=build.now,
            ),
            Agreement(
                case_id=case.id,
                meeting_id=meeting.id,
                what=HIDDEN,
                who="x",
                created_by_id=cast.practitioner.id,
                created_at=build.now,
            ),
            CaseEvent(
                case_id=case.id,
                happened_on=build.today - 20 * DAY,
                kind=EventKind.SCHOOL,
                text=HIDDEN,
                recorded_by_id=cast.practitioner.id,
                created_at=build.now,
            ),
        ]
    )
    build.session.flush()
    assert left
    build.session.commit()
    return case


def test_an_external_provider_reads_only_what_belongs_to_their_own_running_episode(
    world: World, outside: Case, session: Session
) -> None:
    goal = session.scalars(select(Goal.id).where(Goal.case_id == outside.id)).one()
    meeting = session.scalars(select(FollowUpMeeting.id).where(FollowUpMeeting.case_id == outside.id)).one()
    session.commit()
    whole = world.browser("provider_leader").get(f"/cases/{outside.id}").text
    assert HIDDEN in whole
    browser = world.browser("outsider")
    shown = {}
    for rule in world.rules("GET"):
        if rule.arguments == {"case_id"} and is_granted(world, rule, "outsider"):
            response = browser.get(world.path(rule, world.own, case_id=outside.id))
            shown[rule.endpoint] = response.status_code
            assert HIDDEN not in response.get_data().decode("utf-8", "replace"), rule.endpoint
            response.close()
    assert shown["cases.show"] == shown["respondents.list_all"] == shown["report.show"] == 200
    assert HIDDEN not in browser.get("/today").text + browser.get("/cases").text
    for path in (f"goals/{goal}/close", f"meetings/{meeting}/room", f"meetings/{meeting}/hold"):
        assert browser.get(f"/cases/{outside.id}/{path}").status_code in {404, 405}, path
        sent = browser.send(f"/cases/{outside.id}/{path}", {"reached": "yes"}, page="/account")
        assert sent.status_code in {404, 405}, path


def test_two_ratings_are_one_to_whom_only_the_second_belongs(world: World, outside: Case) -> None:
    everybodys = world.browser("provider_leader").get(f"/cases/{outside.id}").text
    theirs = world.browser("outsider").get(f"/cases/{outside.id}").text
    assert theirs.count("<circle") < everybodys.count("<circle")
