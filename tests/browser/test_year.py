"""A family's year, walked through the pages: a measure opened under Hvidovre's preventive cadence, ratings before every
meeting, four meetings with expectations and agreements, one signal answered, one deviation approved, and a good end.

The dates, counted by hand in a calendar of 2026 (start Monday 5 January):

    meeting  counts from             by the cadence         falls on             so it is
    1        start, 6 weeks          Mon 16 February        a working day        Mon 16 February
    2        16 February, 3 months   Sat 16 May             a Saturday           Mon 18 May
    3        18 May, 3 months        Tue 18 August          the family is away   Tue 1 September, approved by Lena
    4        1 September, 3 months   Tue 1 December         a working day        Tue 1 December

Each is asked for ten days before: 6 February, 8 May, 22 August, 21 November. By law the first is held before
Sunday 5 April, which is Easter Sunday: the limit goes back over Easter to Wednesday 1 April.
"""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fitsvc.domain.rater import RaterRole
from fitsvc.storage.accounts import Staff
from fitsvc.storage.cases import Case
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
from fitsvc.storage.respondents import Respondent, SharingBasis
from tests.browser.conftest import OpenPage
from tests.browser.pictures import take_picture
from tests.browser.walking import Clock, Meeting, Walk, danish, hold_in_room, note_as_held
from tests.builders import Builder
from tests.cast import Cast

START = date(2026, 1, 5)
MEETINGS = (date(2026, 2, 16), date(2026, 5, 18), date(2026, 9, 1), date(2026, 12, 1))
ASKED_ON = (date(2026, 2, 6), date(2026, 5, 8), date(2026, 8, 22), date(2026, 11, 21))
BY_CADENCE = date(2026, 8, 18)
LIMIT = date(2026, 4, 1)
# What child, mother and teacher say before each meeting, from 0 to 10.
SAID = ((8, 4, 5), (4, 5, 5), (7, 6, 6), (9, 8, 8))


@pytest.fixture
def clock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(START)
    monkeypatch.setattr("fitsvc.web.current.moment_now", clock)
    return clock


@pytest.fixture
def walk(app: Flask, service: str, open_page: OpenPage, clock: Clock, cast: Cast, session: Session) -> Walk:
    session.commit()
    return Walk(app, service, open_page, clock)


def planned(engine: Engine, case_id: str) -> list[FollowUpMeeting]:
    """The case's meetings as they stand in the database now."""
    with Session(engine) as fresh:
        return list_meetings(fresh, UUID(case_id))


def invite(
    session: Session, build: Builder, case_id: str, on: date, recorded_by: Staff
) -> dict[str, Respondent]:
    """The child, the mother and the teacher, asked before each meeting, and one goal of the family's."""
    case = session.get_one(Case, UUID(case_id))
    columns = {"started_on": on}
    people = {
        "child": build.respondent(case, RaterRole.CHILD, **columns),
        "mother": build.respondent(case, RaterRole.PARENT, setting="hjemme", label="Bo", **columns),
        "teacher": build.respondent(case, RaterRole.TEACHER, setting="6.a", label="Bo", **columns),
    }
    forms = {"child": "wellbeing-youth", "mother": "wellbeing-adult", "teacher": "wellbeing-professional"}
    for who, form in forms.items():
        build.plan(people[who], form, starts_on=on, purpose="Vi følger hverdagen")
    session.add(
        SharingBasis(
            respondent_id=people["teacher"].id,
            basis="Samtykke fra mor",
            sharing_scope="Trivsel i skolen",
            decided_on=on,
            family_told_on=on,
            recorded_by_id=recorded_by.id,
            created_at=build.now,
        )
    )
    session.commit()
    return people


def set_goal(walk: Walk, cast: Cast) -> None:
    page = walk.desk(cast.practitioner, "goals")
    page.fill("#text", "Jeg kommer i skole hver dag")
    page.fill("#start_value", "2")
    page.fill("#target_value", "7")
    walk.press(page, "Sæt målet")


def write_status(walk: Walk, cast: Cast, meeting_id: str) -> None:
    page = walk.desk(cast.practitioner, f"meetings/{meeting_id}/status")
    page.locator("textarea").first.fill("Bo er kommet i skole fire dage om ugen.")
    walk.press(page, "Gem status")


def not_asked_too_early(walk: Walk, cast: Cast, meeting_id: str, opens: date) -> None:
    """The day before the window opens nobody is to be asked; the caseworker's Today says nothing of it either."""
    walk.clock.day = opens - timedelta(days=1)
    page = walk.desk(cast.caseworker, f"meetings/{meeting_id}/ask")
    expect(page.get_by_role("button", name="Lav links til alle, der ikke har svaret")).to_have_count(0)


def answer_signal(walk: Walk, cast: Cast) -> None:
    """The child's curve lies below the expected twice within six weeks; it asks for a next step."""
    page = walk.desk(cast.practitioner)
    page.locator("a[href*='/signals/']").first.click()
    page.fill("#about_goals", "Målet er for stort. Vi tager én time ad gangen.")
    page.fill("#next_step", "Vi taler med skolen om frikvartererne")
    page.check("#on_agenda", force=True)
    page.get_by_role("main").locator("form button.button-primary").click()
    expect(page.locator("main")).to_contain_text("Vi taler med skolen om frikvartererne")


def approve(walk: Walk, cast: Cast) -> None:
    """The later date waits for the leader, who approves it as an act of her own."""
    page = walk.desk(cast.caseworker)
    expect(page.locator("main")).to_contain_text("Venter på lederens svar")
    page = walk.desk(cast.authority_leader, "/deviations")
    expect(page.locator("main")).to_contain_text("ferie")
    take_picture(page, "deviations", whole=False)
    page.get_by_role("main").get_by_role("link", name=re.compile("^Svar")).click()
    page.locator("button[name=wanted][value=approve]").click()
    expect(walk.desk(cast.authority_leader, "/deviations").locator("main")).not_to_contain_text("ferie")


def end_well(walk: Walk, cast: Cast, meeting_id: str) -> None:
    """The closing page says how it went, and goes home with the family."""
    page = walk.desk(cast.caseworker, f"meetings/{meeting_id}/ending")
    for words in ("At nogen spurgte hver gang", "Ring til Paula", "Jeg kommer i skole hver dag"):
        expect(page.locator(".farewell")).to_contain_text(words)
    take_picture(page, "ending")
    expect(walk.desk(cast.caseworker).locator("main")).to_contain_text(re.compile(r"1\. dec(\.|ember) 2026"))


WHAT_WAS_SAID = (
    Meeting(
        "continue", 7, "Mor følger til skole om morgenen", MEETINGS[1], "Så har vi set, om det går bedre i skolen",
    ),
    Meeting(
        "adjust", 7, "Læreren finder en fast makker", MEETINGS[2], "Vi venter, til I er hjemme fra ferie",
        other_day=("absence", "Familien er på ferie i uge 33 og 34"),
    ),
    Meeting("continue", 9, "Klubben hver onsdag", MEETINGS[3], "Så ser vi, om det holder"),
    Meeting(
        "end", helped="At nogen spurgte hver gang", if_harder="Ring til Paula, eller tal med læreren først",
    ),
)  # fmt: skip


def test_a_familys_year_pictures(
    walk: Walk, clock: Clock, cast: Cast, session: Session, engine: Engine, build: Builder
) -> None:
    walk.open_case(cast.caseworker, "SAG-2026-17", "Bo", "05.2012")
    walk.start_measure(
        cast.caseworker,
        standard="hvidovre",
        measure="preventive",
        basis="barnets lov § 32",
        start=START,
        unit="Familiehuset",
        practitioner="Paula",
    )
    assert [one.planned_on for one in planned(engine, walk.case_id)] == [MEETINGS[0]]
    people = invite(session, build, walk.case_id, START, cast.caseworker)
    set_goal(walk, cast)

    papers: dict[str, dict[str, str]] = {}
    for number in range(4):
        meeting = next(one for one in planned(engine, walk.case_id) if one.held_on is None)
        assert meeting.planned_on == MEETINGS[number]
        not_asked_too_early(walk, cast, str(meeting.id), ASKED_ON[number])
        if number == 1:
            build.rating(people["child"], 4, date(2026, 4, 20))
            session.commit()
        clock.day = ASKED_ON[number]
        links = walk.ask_everybody(cast.caseworker, str(meeting.id))
        assert len(links) >= 3
        for address in links[:3]:
            walk.rate(address, SAID[number][links.index(address)], wish="Skolen")
        write_status(walk, cast, str(meeting.id))
        if number == 1:
            answer_signal(walk, cast)
        clock.day = MEETINGS[number]
        after = hold_in_room(walk, cast.caseworker, str(meeting.id), WHAT_WAS_SAID[number])
        expect(after).to_have_url(re.compile("/ending$" if number == 3 else f"/cases/{walk.case_id}$"))
        papers[str(meeting.id)] = walk.frozen(cast.caseworker, str(meeting.id))
        if number == 1:
            approve(walk, cast)

    assert [one.held_on for one in planned(engine, walk.case_id)] == list(MEETINGS)
    end_well(walk, cast, list(papers)[-1])
    for meeting_id, fingerprints in papers.items():
        assert walk.frozen(cast.caseworker, meeting_id) == fingerprints


# Under every other standard: the first meeting, and the one after it, counted by hand. `None`: nobody guesses a date.
OTHERS = {
    # 2 January + 3 months = 2 April, Maundy Thursday: the law's limit goes back to 1 April. Then the kommune decides.
    "the law": ("barnets-lov-95", "preventive", date(2026, 1, 2), date(2026, 4, 1), None, date(2026, 7, 1)),
    # 6 weeks, and 6 weeks after that: Monday before Easter.
    "Haderslev": ("haderslev", "placement_institution", START, date(2026, 2, 16), date(2026, 3, 30), None),
    # 4 weeks; 2 February + 3 months = 2 May, a Saturday.
    "Herning, preventive": ("herning", "preventive", START, date(2026, 2, 2), date(2026, 5, 4), None),
    # 2 weeks, then 6 weeks in the first year.
    "Herning, foster family": (
        "herning", "placement_foster_family", START, date(2026, 1, 19), date(2026, 3, 2), None,
    ),
    "Hvidovre, intensive": (
        "hvidovre", "intensive_preventive", START, date(2026, 2, 16), date(2026, 3, 30), None,
    ),
    # Hvidovre's table says nothing of an own room.
    "Hvidovre, own room": ("hvidovre", "placement_own_room", START, None, None, date(2026, 3, 3)),
}  # fmt: skip


@pytest.mark.parametrize("standard", OTHERS)
def test_the_first_two_meetings_under_another_standard(
    walk: Walk, clock: Clock, cast: Cast, engine: Engine, standard: str
) -> None:
    standard_id, measure, start, first, then, chosen = OTHERS[standard]
    clock.day = start
    walk.open_case(cast.caseworker, "SAG-2026-18", "Vera", "03.2014")

    def choose_first(page: Page) -> None:
        if first is None and chosen is not None:
            page.fill("#first_meeting_on", danish(chosen - timedelta(days=14)))
            page.select_option("#reason_code", "no_rule")
            page.fill("#meeting_reason", "Standarden nævner ikke eget værelse")

    walk.start_measure(
        cast.caseworker, standard=standard_id, measure=measure, basis="barnets lov § 32", start=start,
        unit="Familiehuset", practitioner="Paula", then=choose_first,
    )  # fmt: skip
    (meeting,) = planned(engine, walk.case_id)
    assert meeting.planned_on == (first or (chosen and chosen - timedelta(days=14)))
    clock.day = meeting.planned_on
    after = then or chosen
    assert after is not None
    other_day = None if then else ("no_rule", "Loven og standarden siger ikke hvornår")
    note_as_held(walk, cast.caseworker, str(meeting.id), after, other_day=other_day)
    assert [one.planned_on for one in planned(engine, walk.case_id)] == [meeting.planned_on, after]
    assert walk.frozen(cast.caseworker, str(meeting.id))


def test_early_help_is_followed_up_in_a_rhythm_of_its_own_or_not_at_all(
    walk: Walk, clock: Clock, cast: Cast, engine: Engine
) -> None:
    """§ 30: 8 weeks from 5 January is 2 March, and 8 weeks more 27 April."""
    walk.open_case(cast.caseworker, "SAG-2026-19", "Ali", "03.2014")

    def every_eight_weeks(page: Page) -> None:
        page.fill("#interval_number", "8")
        page.select_option("#interval_unit", "weeks")

    walk.start_measure(
        cast.caseworker, standard="hvidovre", measure="early_help_s30", basis="barnets lov § 30", start=START,
        unit="Familiehuset", practitioner="Paula", then=every_eight_weeks,
    )  # fmt: skip
    (meeting,) = planned(engine, walk.case_id)
    assert meeting.planned_on == date(2026, 3, 2)
    clock.day = meeting.planned_on
    note_as_held(walk, cast.caseworker, str(meeting.id), date(2026, 4, 27))
    assert planned(engine, walk.case_id)[-1].planned_on == date(2026, 4, 27)
