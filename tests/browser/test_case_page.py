"""The case page in a real browser: with script and without, on a phone, by keyboard, for axe, on paper."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from fitsvc.domain.rater import RaterRole
from fitsvc.storage.accounts import Staff
from fitsvc.storage.events import CaseEvent, EventKind
from tests.browser.accessibility import accessibility_faults, sticks_out
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.pictures import take_picture
from tests.builders import Builder
from tests.cast import Cast
from tests.signed_in import signed_in

DAY = timedelta(days=1)
OpenCase = Callable[..., Page]


@pytest.fixture
def open_case(app: Flask, open_page: OpenPage, session: Session, cast: Cast) -> OpenCase:
    """The cast's case, as the practitioner sees it."""

    def cookie_of(staff: Staff) -> str:
        login = signed_in(staff)
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return str(serializer.dumps(login))

    def open_(size: dict[str, int] = DESK, *, script: bool = True, files: bool = True) -> Page:
        """Without `script` the browser runs none; without `files` ours do not arrive (axe itself needs script)."""
        session.commit()
        page = open_page("/login", size, script=script)
        name = app.config["SESSION_COOKIE_NAME"]
        page.context.add_cookies([{"name": name, "value": cookie_of(cast.practitioner), "url": page.url}])
        if not files:
            page.context.route("**/static/**/*.js", lambda route: route.abort())
        page.goto(page.url.replace("/login", f"/cases/{cast.case.id}"))
        if script and files and page.locator("[data-curve]").count():
            page.wait_for_selector(".plot .main-svg")
        return page

    return open_


@pytest.fixture
def full_case(session: Session, build: Builder, cast: Cast) -> None:
    """Eight raters with long settings, a year of ratings, meetings, an event, goals, session ratings."""
    crowd = [(cast.child, "wellbeing-youth"), (cast.mother, "wellbeing-adult")]
    crowd += [
        (build.respondent(cast.case, role, setting=setting), form)
        for role, setting, form in (
            (RaterRole.PARENT, "hjemme hos far i Nørresundby", "wellbeing-adult"),
            (RaterRole.FOSTER_PARENT, "aflastningsfamilien på Humlebjergvej", "wellbeing-adult"),
            (RaterRole.TEACHER, "7.b, dansk og samfundsfag", "wellbeing-professional"),
            (RaterRole.PEDAGOGUE, "klubben Regnbueslangen", "wellbeing-professional"),
            (RaterRole.HEALTH_VISITOR, "", "wellbeing-professional"),
            (RaterRole.PRACTITIONER, "", "wellbeing-professional"),
        )
    ]
    for place, (respondent, form) in enumerate(crowd):
        build.plan(respondent, form, purpose="Vi vil se, om hverdagen bliver lettere")
        for step in range(6):
            build.rating(respondent, 5.0 + (place + step) % 3, build.today - DAY - step * 14 * DAY, form)
    build.administration(cast.mother, "wellbeing-adult", due_on=build.today - 20 * DAY)
    build.rating(cast.child, 8.0, build.today - 2 * DAY, "session-youth")
    build.rating(cast.child, 4.0, build.today - 2 * DAY, "goal")
    build.goal(cast.case, cast.episode, text="Jeg kommer i skole hver dag, også når der er idræt og svømning")
    build.meeting(cast.episode, build.today - 40 * DAY, held_on=build.today - 40 * DAY)
    build.meeting(cast.episode, build.today + 20 * DAY)
    session.add(
        CaseEvent(
            case_id=cast.case.id,
            happened_on=build.today - 30 * DAY,
            kind=EventKind.SCHOOL,
            text="Skoleskift fra Vestre Skole til specialklassen på Åløkkeskolen",
            recorded_by_id=cast.practitioner.id,
            created_at=build.now,
        )
    )
    session.commit()  # the service writes when it starts


@pytest.mark.usefixtures("full_case")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_with_script_plotly_draws_the_curve_within_the_policy(
    open_case: OpenCase, size: dict[str, int]
) -> None:
    page = open_case(size)
    assert page.locator(".plot .scatterlayer .trace").count() >= 8
    expect(page.locator("[data-curve] .drawing:visible")).to_have_count(0)
    assert not sticks_out(page)
    take_picture(page, f"case-{size['width']}")


@pytest.mark.usefixtures("full_case")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_without_script_the_same_page_has_one_drawing_and_a_form(
    open_case: OpenCase, size: dict[str, int]
) -> None:
    page = open_case(size, script=False)
    expect(page.locator("[data-curve] svg.chart-svg:visible")).to_have_count(1)
    teacher = page.get_by_role("checkbox", name="Lærer")
    teacher.uncheck()
    page.get_by_role("button", name="Vis valget").click()
    expect(teacher).not_to_be_checked()
    shown = page.locator("[data-curve] svg:visible .chart-line")
    expect(shown).to_have_count(7)
    assert "show=" in page.url


@pytest.mark.usefixtures("full_case")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("files", [True, False], ids=["script", "plain"])
def test_axe_finds_nothing(open_case: OpenCase, size: dict[str, int], files: bool) -> None:
    page = open_case(size, files=files)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert accessibility_faults(page) == []


@pytest.mark.usefixtures("full_case")
def test_names_at_line_ends_do_not_cover_one_another(open_case: OpenCase) -> None:
    for page in (open_case(PHONE), open_case(PHONE, script=False)):
        kind = (
            ".plot .annotation-text" if page.locator(".plot .annotation-text").count() else "svg:visible text"
        )
        boxes = [
            one.bounding_box()
            for one in page.locator(f"[data-curve] {kind}").all()
            if (one.get_attribute("font-weight") or "600") == "600"
            and (one.text_content() or "").endswith(("5", "6", "7"))
        ]
        assert len(boxes) >= 8
        for one, other in combinations([box for box in boxes if box], 2):
            apart = abs(one["y"] - other["y"]) >= min(one["height"], other["height"]) * 0.7
            beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            assert apart or beside


@pytest.mark.usefixtures("full_case")
def test_by_keyboard_series_go_off_and_the_course_moves(open_case: OpenCase) -> None:
    page = open_case()
    lines = page.locator(".plot .scatterlayer .trace .point")
    before = lines.count()
    page.get_by_role("checkbox", name="hjemme hos far").focus()
    page.keyboard.press("Space")
    expect(lines).not_to_have_count(before)
    expect(page).to_have_url(re.compile("chosen=1"))
    page.get_by_role("radio", name="Lærer").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"series=[0-9a-f]+\.wellbeing-professional"))
    page.get_by_role("button", name="Zoom ind").focus()
    span = "document.querySelector('.plot').layout.xaxis.range.map((day) => +new Date(day)).reduce((a, b) => b - a)"
    wide = page.evaluate(span)
    page.keyboard.press("Enter")
    page.wait_for_function(f"({span}) < {wide}")
    page.get_by_role("button", name="Vis det hele").press("Enter")
    page.wait_for_function(f"Math.abs(({span}) - {wide}) < 1000")


def test_the_menu_opens_by_keyboard_and_closes_with_escape(open_case: OpenCase) -> None:
    page = open_case()
    summary = page.locator("details.menu summary")
    summary.press("Enter")
    expect(page.locator("details.menu li").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("details.menu li").first).to_be_hidden()
    expect(summary).to_be_focused()


@pytest.mark.usefixtures("full_case")
def test_on_paper_stands_the_drawing_and_no_menu(open_case: OpenCase) -> None:
    page = open_case()
    page.emulate_media(media="print")
    expect(page.locator("[data-curve] .drawing-wide svg")).to_be_visible()
    for hidden in (".plot", ".menu", ".series-choice", ".tabs", ".plot-tools"):
        expect(page.locator(hidden).first).to_be_hidden()


@pytest.mark.usefixtures("full_case")
def test_hovering_a_point_tells_rater_day_and_value(open_case: OpenCase) -> None:
    page = open_case()
    page.locator(".plot .scatterlayer .trace .point").last.scroll_into_view_if_needed()
    box = page.locator(".plot .scatterlayer .points .point").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".plot .hovertext")).to_contain_text("2026: ")


def test_a_case_without_ratings_is_a_page_too(open_case: OpenCase) -> None:
    page = open_case(PHONE)
    expect(page.get_by_role("heading", name="Der er ingen kurve endnu")).to_be_visible()
    assert not sticks_out(page)
    assert accessibility_faults(page) == []
