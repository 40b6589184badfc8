"""The practitioner's pages for what a respondent has a say in: the own curve, taking back, and paper."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests.browser.accessibility import accessibility_faults, sticks_out
from tests.browser.conftest import DESK, PHONE
from tests.browser.pictures import take_picture
from tests.browser.test_case_page import OpenCase, open_case
from tests.builders import Builder
from tests.cast import Cast

__all__ = ["open_case"]  # the fixture


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_own_curve_is_switched_on_and_answers_are_taken_back(
    open_case: OpenCase, cast: Cast, build: Builder, session: Session, size: dict[str, int]
) -> None:
    build.plan(cast.mother, "wellbeing-adult")
    page = open_case(size)
    home = page.url
    page.goto(f"{home}/respondents")
    page.get_by_role("button", name=re.compile("Lad dem se den")).first.click()
    expect(page.get_by_role("button", name=re.compile("Slå fra"))).to_be_visible()
    take_picture(page, f"respondents-own-curve-{size['width']}")
    assert not accessibility_faults(page)
    page.goto(f"{home}/respondents/{cast.mother.id}/paper/wellbeing-adult")
    box = page.get_by_role("checkbox", name="De har sagt: ikke til mødet").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["width"] >= 20
    take_picture(page, f"paper-choice-{size['width']}")
    assert not accessibility_faults(page)
    page.goto(f"{home}/respondents/{cast.mother.id}/withdraw")
    take_picture(page, f"respondents-withdraw-{size['width']}")
    assert not accessibility_faults(page)
    page.get_by_role("button", name="Træk svarene tilbage").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Træk svarene tilbage").click()
    expect(page.get_by_text("har trukket svarene tilbage")).to_be_visible()
    assert not sticks_out(page)
