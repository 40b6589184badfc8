"""Today and the caseload in a real browser: on a phone and a desk, without script, by keyboard, for axe."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from fitsvc.domain.missing import Rhythm
from fitsvc.domain.rater import RaterRole
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.ratings import Comment
from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.pictures import take_picture
from tests.builders import Builder
from tests.cast import Cast
from tests.signed_in import signed_in

DAY = timedelta(days=1)
SIZES = {"phone": PHONE, "desk": DESK}
PATHS = {"today": "/today", "caseload": "/cases"}
Open = Callable[..., Page]


@pytest.fixture
def busy_day(session: Session, build: Builder, cast: Cast) -> None:
    """Something in every section, and names and settings as long as they may be."""
    cast.case.display_name = "M" * 40
    cast.teacher.setting = "Specialklassen på Skolen ved den lange Skovbrynsvej"
    for place, score in enumerate((5, 3, 1)):
        rating = build.rating(cast.child, score, build.today - (40 - 14 * place) * DAY)
    session.add(Comment(rating_id=rating.id, text="Nobody asked me. " * 20 + "W" * 90, created_at=build.now))
    build.rating(cast.teacher, 2, build.today, "safety", notice=True)
    for days in (20, 6):
        build.administration(cast.mother, "wellbeing-adult", due_on=build.today - days * DAY)
    build.plan(cast.teacher, "wellbeing-professional", rhythm=Rhythm.WEEKLY)
    build.meeting(cast.episode, build.today - 4 * DAY)
    build.meeting(cast.episode, build.today + DAY)
    for number in range(4):
        case = build.case(team={cast.practitioner: TeamPart.PRACTITIONER})
        build.episode(case, cast.provider, measure_type="placement_foster_family")
        for role in (RaterRole.CHILD, RaterRole.FOSTER_PARENT, RaterRole.PEDAGOGUE)[: number % 4]:
            respondent = build.respondent(case, role)
            for place in range(5):
                build.rating(respondent, 4 + place * 0.5, build.today - (70 - 14 * place) * DAY)
    session.commit()


@pytest.fixture
def open_as_paula(app: Flask, open_page: OpenPage, cast: Cast, session: Session) -> Open:
    """A page as the practitioner sees it."""
    session.commit()

    def open_(path: str, size: dict[str, int] = PHONE, *, script: bool = True) -> Page:
        page = open_page("/login", size, script=script)
        login = signed_in(cast.practitioner)
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = {
            "name": app.config["SESSION_COOKIE_NAME"],
            "value": str(serializer.dumps(login)),
            "url": page.url,
        }
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(page.url.replace("/login", path))
        return page

    return open_


@pytest.mark.usefixtures("busy_day")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PATHS)
def test_axe_finds_nothing_and_nothing_sticks_out(open_as_paula: Open, name: str, size: str) -> None:
    page = open_as_paula(PATHS[name], SIZES[size])
    take_picture(page, f"{name}-{size}")
    assert accessibility_faults(page) == []
    wide = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(one => !one.closest("thead")).filter(one => {
             const box = one.getBoundingClientRect();
             return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
           }).map(one => one.outerHTML.slice(0, 120))"""
    )
    assert wide == []


@pytest.mark.usefixtures("busy_day")
def test_what_is_pressed_is_large_enough_for_a_thumb(open_as_paula: Open) -> None:
    for path in PATHS.values():
        page = open_as_paula(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll("main a, main button, main summary, main input:not([type=hidden])")]
                 .filter(one => one.checkVisibility() && !one.closest("p, li:not(.jumps li), h3, th"))
                 .filter(one => one.getBoundingClientRect().height < 24)
                 .map(one => one.outerHTML.slice(0, 120))"""
        )
        assert small == []


@pytest.mark.usefixtures("busy_day")
@pytest.mark.parametrize("script", [True, False])
def test_an_entry_is_marked_as_read_by_keyboard_with_and_without_script(
    open_as_paula: Open, script: bool
) -> None:
    page = open_as_paula("/today", DESK, script=script)
    entries = page.locator("section", has=page.locator("#unread")).locator(".todo")
    expect(entries).to_have_count(2)
    button = entries.first.get_by_role("button", name="Markér som læst")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(entries).to_have_count(1)
    page.wait_for_url("**/today")


@pytest.mark.usefixtures("busy_day")
@pytest.mark.parametrize("script", [True, False])
def test_the_caseload_is_narrowed_and_searched_with_and_without_script(
    open_as_paula: Open, script: bool
) -> None:
    page = open_as_paula("/cases", DESK, script=script)
    rows = page.get_by_role("row")
    expect(rows).to_have_count(1 + 5)
    page.get_by_text("Afgræns og sortér").click()
    page.get_by_label("Opmærksomhed").select_option("below_expected")
    page.get_by_role("button", name="Vis").click()
    expect(rows).to_have_count(1 + 1)
    page.get_by_label("Sagsreference eller navn").fill("sag-1001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/search")
    expect(rows).to_have_count(1 + 1)
    assert "1001" not in page.url


@pytest.mark.usefixtures("busy_day")
def test_on_a_phone_the_rows_still_read_as_a_table(open_as_paula: Open) -> None:
    page = open_as_paula("/cases")
    row = page.get_by_role("table").get_by_role("row").nth(1)
    expect(row.get_by_role("rowheader")).to_be_visible()
    expect(row.get_by_role("cell")).to_have_count(4)


@pytest.mark.usefixtures("busy_day")
def test_the_counts_on_top_lead_to_their_sections(open_as_paula: Open) -> None:
    page = open_as_paula("/today")
    links = page.locator(".jumps a")
    targets = [link.get_attribute("href") or "" for link in links.all()]
    assert targets == ["#unread", "#below", "#unanswered", "#to-ask", "#late", "#overdue", "#meetings"]
    links.last.click()
    expect(page.locator("#meetings")).to_be_in_viewport()
