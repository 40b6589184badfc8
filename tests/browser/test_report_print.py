"""The page for the meeting in a real browser: on the screen, on a phone, and printed on A4."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tests.browser.accessibility import accessibility_faults, sticks_out
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.pictures import take_picture
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.web.report.cases import CASES

OpenReport = Callable[..., Page]


@pytest.fixture
def open_report(
    open_page: OpenPage, service: str, app: Flask, build: Builder, cast: Cast, session: Session
) -> OpenReport:
    """The page of a case of `tests.web.report.cases`, as the caseworker sees it."""

    def opened(case: str = "ordinary", size: dict[str, int] = DESK, language: str = "da") -> Page:
        CASES[case](build, cast)
        cast.caseworker.language = language
        session.commit()
        cookie = StaffClient(app).sign_in(cast.caseworker).get_cookie("fitsvc")
        assert cookie is not None
        page = open_page("/login", size)
        page.context.add_cookies([{"name": "fitsvc", "value": cookie.value, "url": service}])
        page.goto(f"{service}/cases/{cast.case.id}/report")
        return page

    return opened


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("case", CASES)
def test_the_browser_prints_as_many_a4_as_the_foot_says(
    open_report: OpenReport, case: str, language: str
) -> None:
    page = open_report(case, language=language)
    printed = pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    assert (
        len(printed.pages) == page.locator(".sheet").count() == (1 if case in {"empty", "one score"} else 2)
    )
    width, height = (float(size) for size in printed.pages[0].mediabox[2:])
    assert (width, height) == pytest.approx((595.3, 841.9), abs=1)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("case", CASES)
def test_nothing_on_paper_covers_the_foot_or_leaves_the_sheet(
    open_report: OpenReport, case: str, language: str
) -> None:
    page = open_report(case, language=language)
    page.emulate_media(media="print")
    sheets = page.evaluate(
        """() => [...document.querySelectorAll(".sheet")].map((sheet) => {
            const box = (selector) => sheet.querySelector(selector).getBoundingClientRect();
            return {
                text: box(".columns, .parts").bottom,
                foot: box(".foot").top,
                end: box(".foot").bottom,
                sheet: sheet.getBoundingClientRect().bottom,
                wide: sheet.scrollWidth - sheet.clientWidth,
            };
        })"""
    )
    for ends in sheets:
        assert ends["text"] <= ends["foot"]
        assert ends["end"] < ends["sheet"]
        assert ends["wide"] <= 0
    assert page.evaluate("document.querySelector('.tools').offsetHeight") == 0


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_childs_page_and_the_list_of_earlier_meetings_are_accessible(
    open_report: OpenReport, size: dict[str, int]
) -> None:
    page = open_report("followed up", size)
    for link, name in (("Barnets side", "report-child"), ("Fra tidligere møder", "frozen-empty")):
        page.get_by_role("link", name=link).first.click()
        assert accessibility_faults(page) == []
        assert not sticks_out(page)
        take_picture(page, f"{name}-{size['width']}")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("case", ["ordinary", "full", "empty"])
def test_the_page_is_accessible_and_nothing_is_cut_off_sideways(
    open_report: OpenReport, case: str, size: dict[str, int]
) -> None:
    page = open_report(case, size)
    assert accessibility_faults(page) == []
    assert not sticks_out(page)
    take_picture(page, f"report-{case}-{size['width']}")


def test_the_buttons_print_and_fetch_the_pdf(open_report: OpenReport) -> None:
    page = open_report()
    page.evaluate("window.print = () => { document.title = 'printing'; }")
    page.get_by_role("button", name="Udskriv").click()
    assert page.title() == "printing"
    assert (page.get_by_role("link", name="Hent som PDF").get_attribute("href") or "").endswith("/report.pdf")
