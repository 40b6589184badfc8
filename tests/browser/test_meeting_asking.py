"""Asking before a meeting and the goals' status in a real browser: on a phone and a desk, for axe, without script."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.respondents import SharingBasis
from tests.browser.accessibility import accessibility_faults, sticks_out
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.pictures import take_picture
from tests.builders import Builder
from tests.cast import Cast
from tests.signed_in import signed_in

DAY = timedelta(days=1)
SIZES = {"phone": PHONE, "desk": DESK}
Open = Callable[..., Page]


@pytest.fixture
def meeting(build: Builder, cast: Cast) -> FollowUpMeeting:
    """In a week: the child has answered, the mother is asked, the teacher is to be asked, the father has no label."""
    cast.teacher.setting = "Specialklassen på Skolen ved den lange Skovbrynsvej"
    cast.mother.label = cast.teacher.label = "R"
    build.session.add(
        SharingBasis(
            respondent_id=cast.teacher.id,
            basis="Samtykke",
            sharing_scope="Trivsel",
            decided_on=build.today,
            family_told_on=build.today,
            recorded_by_id=cast.caseworker.id,
            created_at=build.now,
        )
    )
    father = build.respondent(cast.case, cast.mother.rater_role, setting="hos far")
    build.plan(cast.child)
    build.plan(cast.child, "goal")
    build.plan(cast.mother, "wellbeing-adult")
    build.plan(father, "wellbeing-adult")
    build.plan(cast.teacher, "wellbeing-professional")
    build.plan(cast.teacher, "safety")
    build.goal(cast.case, cast.episode, text="Jeg kommer i skole hver dag og bliver der til klokken to")
    build.rating(cast.child, 6, build.today - DAY)
    build.rating(cast.child, {"goal-1": 4.0}, build.today - DAY, "goal")
    build.rating(cast.teacher, 5, build.today - 30 * DAY, "wellbeing-professional")
    build.administration(cast.mother, "wellbeing-adult", due_on=build.today - 2 * DAY)
    return build.meeting(cast.episode, build.today + 7 * DAY)


@pytest.fixture
def open_as_paula(app: Flask, open_page: OpenPage, cast: Cast) -> Open:
    def open_(path: str, size: dict[str, int] = PHONE, *, script: bool = True) -> Page:
        page = open_page("/login", size, script=script)
        login = signed_in(cast.practitioner)
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        name = app.config["SESSION_COOKIE_NAME"]
        page.context.add_cookies([{"name": name, "value": str(serializer.dumps(login)), "url": page.url}])
        page.goto(page.url.replace("/login", path))
        return page

    return open_


@pytest.fixture
def paths(session: Session, cast: Cast, meeting: FollowUpMeeting) -> dict[str, str]:
    session.commit()
    at = f"/cases/{cast.case.id}/meetings/{meeting.id}"
    return {"ask": f"{at}/ask", "status": f"{at}/status", "case": f"/cases/{cast.case.id}"}


def check(page: Page) -> None:
    assert accessibility_faults(page) == []
    assert not sticks_out(page)


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    paths: dict[str, str], open_as_paula: Open, size: str
) -> None:
    page = open_as_paula(paths["ask"], SIZES[size])
    take_picture(page, f"ask-{size}")
    check(page)
    page.get_by_role("button", name="Lav links til alle, der ikke har svaret").click()
    page.get_by_role("heading", name="Linkene er klar").wait_for()
    take_picture(page, f"ask-links-{size}")
    check(page)
    page.goto(page.url.replace("/ask", "/status"))
    take_picture(page, f"status-{size}")
    check(page)


def test_links_are_made_by_keyboard_without_script(paths: dict[str, str], open_as_paula: Open) -> None:
    page = open_as_paula(paths["ask"], DESK, script=False)
    page.get_by_role("button", name=re.compile("Lav et link ?: Lærer")).press("Enter")
    page.wait_for_load_state()
    expect(page.locator(".codes img")).to_have_count(2)  # wellbeing and safety
    expect(page.get_by_role("textbox")).to_have_count(1)
    page.reload()
    expect(page.locator(".codes img")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES)
def test_the_panel_on_the_case_page(paths: dict[str, str], open_as_paula: Open, size: str) -> None:
    page = open_as_paula(paths["case"], SIZES[size])
    panel = page.locator(".next-meeting")
    expect(panel).to_contain_text("Har svaret")
    panel.scroll_into_view_if_needed()
    take_picture(page, f"case-meeting-{size}")
    assert not sticks_out(page)
