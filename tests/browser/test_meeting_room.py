"""The meeting's page on the wall, on the table and on a phone: by keyboard, by finger, without script, for axe."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from fitsvc.domain.rater import RaterRole
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import BroughtSessions
from fitsvc.storage.ratings import Comment
from tests.browser.accessibility import accessibility_faults, sticks_out
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.pictures import take_picture
from tests.builders import Builder
from tests.cast import Cast
from tests.signed_in import signed_in

DAY = timedelta(days=1)
TABLET = {"width": 820, "height": 1180}
WALL = {"width": 1920, "height": 1080}
SIZES = [PHONE, TABLET, DESK, WALL]
NAMES = ["360", "820", "1280", "1920"]

OpenRoom = Callable[..., Page]


@pytest.fixture
def meeting(session: Session, build: Builder, cast: Cast) -> FollowUpMeeting:
    """Four voices with a long name among them, half a year of ratings, two meetings held, the next in three days."""
    father = build.respondent(cast.case, RaterRole.PARENT, setting="hjemme hos far i Nørresundby")
    scores = {
        cast.child: (3, 3.5, 4, 4, 5, 4.5, 6),
        cast.mother: (5, 4, 6, 5, 6, 6, 5),
        father: (7, 7, 6, 7, 7, 8, 7),
    }
    forms = {cast.child: "wellbeing-youth"}
    for respondent, values in scores.items():
        for place, value in enumerate(reversed(values)):
            rating = build.rating(
                respondent,
                value,
                build.today - DAY - place * 21 * DAY,
                forms.get(respondent, "wellbeing-adult"),
            )
            if respondent is cast.child and place == 1:
                session.add(
                    Comment(
                        rating_id=rating.id, text="Det gik bedre efter efterårsferien, fordi jeg fik en ven i klassen",
                        at_meeting=True, created_at=build.now,
                    )
                )  # fmt: skip
    build.rating(cast.teacher, 8, build.today - 20 * DAY, "wellbeing-professional")
    build.rating(cast.child, 4.0, build.today - 10 * DAY, "goal")
    build.goal(cast.case, cast.episode, text="Jeg kommer i skole hver dag, også når der er idræt og svømning")
    for back in (100, 40):
        build.meeting(cast.episode, build.today - back * DAY, held_on=build.today - back * DAY)
    return build.meeting(cast.episode, build.today + 3 * DAY)


@pytest.fixture
def open_room(
    app: Flask, open_page: OpenPage, session: Session, cast: Cast, meeting: FollowUpMeeting
) -> OpenRoom:
    """The page as the practitioner sees it."""

    def open_(
        size: dict[str, int] = WALL, *, script: bool = True, files: bool = True, query: str = ""
    ) -> Page:
        session.commit()
        page = open_page("/login", size, script=script)
        login = signed_in(cast.practitioner)
        value = app.session_interface.get_signing_serializer(app).dumps(login)  # type: ignore[attr-defined]
        cookie = {"name": app.config["SESSION_COOKIE_NAME"], "value": str(value), "url": page.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        if not files:
            page.context.route("**/static/**/*.js", lambda route: route.abort())
        page.goto(page.url.replace("/login", f"/cases/{cast.case.id}/meetings/{meeting.id}/room{query}"))
        return page

    return open_


def lines(page: Page) -> int:
    """Lines to be seen on the graph, once the stylesheet says which of its sizes is shown."""
    page.wait_for_load_state("load")
    return page.locator("#curve svg.chart-svg:visible .chart-line:visible").count()


def pressed(page: Page) -> list[str]:
    return [one.inner_text().strip() for one in page.locator("[data-voices] [aria-pressed=true]").all()]


def labels_apart(page: Page) -> bool:
    boxes = [one.bounding_box() for one in page.locator("#curve svg:visible .end-label:visible text").all()]
    tops = sorted(box["y"] for box in boxes if box)
    heights = [box["height"] for box in boxes if box]
    return all(below - above >= min(heights) * 0.7 for above, below in pairwise(tops))


def test_the_right_arrow_adds_a_voice_the_left_one_takes_it_away_and_nothing_is_loaded(
    open_room: OpenRoom,
) -> None:
    page = open_room()
    assert pressed(page) == ["Barn/ung"]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for count in (2, 3, 4):
        page.keyboard.press("ArrowRight")
        assert lines(page) == count
        assert labels_apart(page)
    expect(page.locator("[data-next]")).to_be_hidden()
    expect(page.get_by_role("link", name="Begynd forfra")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    assert lines(page) == 3
    page.keyboard.press("Space")
    assert lines(page) == 4
    for _more in range(6):
        page.keyboard.press("ArrowLeft")
    assert pressed(page) == ["Barn/ung"]
    assert asked == []


def test_what_script_shows_is_what_the_server_shows_at_the_same_address(open_room: OpenRoom) -> None:
    page = open_room()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    before = (
        pressed(page),
        lines(page),
        page.locator("#curve svg:visible .end-label:visible").all_inner_texts(),
    )
    page.reload()
    assert (
        pressed(page),
        lines(page),
        page.locator("#curve svg:visible .end-label:visible").all_inner_texts(),
    ) == before
    page.get_by_role("link", name="Skjul navne").click()
    assert lines(page) == 3


def test_keys_do_nothing_to_the_curve_while_somebody_writes(open_room: OpenRoom) -> None:
    page = open_room()
    field = page.locator("main textarea:visible, main input[type=text]:visible").first
    field.focus()
    field.press("ArrowRight")
    field.press("Space")
    assert pressed(page) == ["Barn/ung"]


def test_a_voice_is_added_by_tab_and_enter_too(open_room: OpenRoom) -> None:
    page = open_room(DESK)
    chip = page.locator("[data-voices] fieldset button").nth(1)
    chip.focus()
    chip.press("Enter")
    assert lines(page) == 2
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[role=status][data-told]")).to_contain_text("7 scorer")


@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_without_script_every_press_goes_by_way_of_the_server(
    open_room: OpenRoom, size: dict[str, int]
) -> None:
    page = open_room(size, script=False)
    assert lines(page) == 1
    page.locator("[data-next]").click()
    assert lines(page) == 2
    page.locator("[data-voices] fieldset button").nth(3).click()
    assert lines(page) == 3
    page.locator("[data-voices] fieldset button").first.click()
    assert lines(page) == 2
    assert labels_apart(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("size", SIZES, ids=NAMES)
def test_a_tap_on_a_point_opens_what_its_author_lets_the_meeting_read(
    open_room: OpenRoom, size: dict[str, int], script: bool
) -> None:
    page = open_room(size, script=script)
    points = page.locator("#curve svg.chart-svg:visible .chart-line:visible .open-point")
    assert points.count() == 7
    box = points.nth(5).bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = page.locator(".point-card:target")
    expect(card).to_be_visible()
    expect(card).to_contain_text("fik en ven i klassen")
    take_picture(page, f"meeting-room-point-{size['width']}", whole=False)
    card.get_by_role("link", name="Tidligere").click()
    expect(page.locator(".point-card:target")).not_to_contain_text("fik en ven")
    page.locator(".point-card:target").get_by_role("link", name="Luk").click()
    expect(page.locator(".point-card:target")).to_have_count(0)


def test_a_point_opens_by_keyboard_arrows_go_along_the_line_and_escape_closes(open_room: OpenRoom) -> None:
    page = open_room()
    points = page.locator("#curve svg.chart-svg:visible .chart-line:visible .open-point")
    points.nth(4).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".point-card:target")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".point-card:target")).to_contain_text("fik en ven i klassen")
    page.keyboard.press("Escape")
    expect(page.locator(".point-card:target")).to_have_count(0)
    expect(points.nth(5)).to_be_focused()
    assert pressed(page) == ["Barn/ung"]


def test_a_finger_beside_a_point_opens_the_nearest_one(open_room: OpenRoom) -> None:
    page = open_room(TABLET)
    box = page.locator("#curve svg.chart-svg:visible .chart-line:visible .open-point").nth(5).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2 + 12, box["y"] + box["height"] / 2 + 18)
    expect(page.locator(".point-card:target")).to_contain_text("fik en ven i klassen")


def test_hiding_names_holds_for_everything_on_the_wall(open_room: OpenRoom, cast: Cast) -> None:
    page = open_room()
    expect(page.locator("h1")).to_contain_text("Ravn")
    page.get_by_role("link", name="Skjul navne").click()
    expect(page.locator("h1")).not_to_contain_text("Ravn")
    page.keyboard.press("ArrowRight")
    page.get_by_role("link", name="Mål", exact=True).click()
    content = page.content()
    assert "Ravn" not in content.replace("Ravnen", "")
    assert "Nørresundby" not in content
    assert "SAG-1001" not in content
    take_picture(page, "meeting-room-goals-1920", whole=False)


@pytest.mark.parametrize("size", SIZES, ids=NAMES)
@pytest.mark.parametrize("files", [True, False], ids=["script", "plain"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_room: OpenRoom, session: Session, build: Builder, cast: Cast, meeting: FollowUpMeeting,
    size: dict[str, int], files: bool,
) -> None:  # fmt: skip
    build.rating(cast.child, 8.0, build.today - 2 * DAY, "session-youth")
    session.add(
        BroughtSessions(
            case_id=cast.case.id, meeting_id=meeting.id, respondent_id=cast.child.id,
            brought_by_id=cast.practitioner.id, brought_at=build.now,
        )
    )  # fmt: skip
    page = open_room(size, files=files)
    page.locator("[data-voices] fieldset button").nth(1).click()
    if files:
        take_picture(page, f"meeting-room-{size['width']}", whole=False)
        take_picture(page, f"meeting-room-{size['width']}-whole")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert accessibility_faults(page) == []
    assert not sticks_out(page)


def test_type_is_large_on_the_wall_and_every_button_takes_a_finger(open_room: OpenRoom) -> None:
    page = open_room(WALL)
    assert (
        float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")) >= 20
    )
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24
    for one in page.locator("[data-voices] button:visible, .views a, .room-bar a").all():
        box = one.bounding_box()
        assert box
        assert box["height"] >= 44
