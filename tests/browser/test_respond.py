"""A respondent's phone: the walk with and without script, by keyboard and by screen reader; sizes and directions."""

import re
from dataclasses import replace
from types import MappingProxyType

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from fitsvc.domain.catalogue import Catalogue
from fitsvc.storage.ratings import Rating
from fitsvc.storage.respondents import Person, Respondent
from tests.browser.accessibility import accessibility_faults, sticks_out
from tests.browser.conftest import DESK, GiveLink, OpenPage
from tests.browser.pictures import take_picture
from tests.builders import Builder
from tests.cast import Cast

LABEL = "Pigen i 3.b på Dronningegårdsskolen"


def somebody_for(instrument_id: str, cast: Cast, build: Builder) -> Respondent:
    role = build.catalogue.get(instrument_id).rater_roles[0]
    if instrument_id == "goal":
        build.goal(cast.case, cast.episode, number=1, text="Vi spiser aftensmad sammen uden at skændes")
    return build.respondent(cast.case, role)


def ratings(session: Session) -> list[Rating]:
    found = session.query(Rating).all()
    session.expunge_all()
    session.rollback()
    return found


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_child_rates_on_a_phone(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, session: Session, script: bool
) -> None:
    page = open_page(give_link(cast.child, "wellbeing-child"), script=script)
    take_picture(page, "respond-child-first-time")
    for question, answer in (
        ("krop og dit humør", "Godt"),
        ("hvor du bor", "Rigtig godt"),
        ("i skolen", "Ikke så godt"),
        ("venner", "Spring over"),
    ):
        group = page.get_by_role("group", name=re.compile(question))
        group.get_by_role("radio", name=answer, exact=True).locator("xpath=..").click()
    if script:
        expect(page.get_by_role("status")).to_have_text("4 af 5 besvaret")
    take_picture(page, "respond-child")
    page.get_by_role("button", name="Send mine svar").click()
    expect(page.get_by_role("heading", name="Du mangler at svare på ét spørgsmål.")).to_be_visible()
    expect(page.get_by_role("radio", name="Rigtig godt").nth(1)).to_be_checked()
    take_picture(page, "respond-blank-pointed-out")
    page.get_by_role("button", name="Send mine svar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tak! Dine svar er modtaget.")
    take_picture(page, "respond-receipt")
    page.get_by_role("button", name="Ret mit svar").click()
    last = page.get_by_role("group", name=re.compile("en voksen"))
    last.get_by_role("radio", name="Midt imellem").locator("xpath=..").click()
    page.get_by_role("button", name="Send mine svar").click()
    expect(page.get_by_text("Midt imellem")).to_be_visible()
    page.goto(page.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Modtaget. Tak!")
    assert page.get_by_text("Midt imellem").count() == 0
    take_picture(page, "respond-answered-already")
    current = [one for one in ratings(session) if one.superseded_at is None]
    assert [one.score for one in current] == [6.25]
    assert (current[0].seconds_used is not None) is script


def test_two_quick_taps_store_one_rating(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, session: Session
) -> None:
    page = open_page(give_link(cast.mother, "safety"))
    page.get_by_role("radio", name="7", exact=True).locator("xpath=..").click()
    page.get_by_role("button", name="Send mine svar").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("modtaget")
    assert len(ratings(session)) == 1


def test_back_from_the_receipt_the_same_form_can_be_sent_again(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, session: Session
) -> None:
    page = open_page(give_link(cast.mother, "safety"))
    page.get_by_role("radio", name="7", exact=True).locator("xpath=..").click()
    page.get_by_role("button", name="Send mine svar").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("modtaget")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("modtaget", re.IGNORECASE))
    assert len(ratings(session)) == 1


def test_the_form_can_be_filled_in_by_keyboard_alone(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, session: Session
) -> None:
    session.execute(update(Person).values(informed_at=Person.created_at))
    page = open_page(give_link(cast.child), script=False)
    for place, steps in enumerate((1, 4, 11, 6, 8)):
        _tab_to(page, f"q-{('body', 'home', 'school', 'friends', 'adult')[place]}")
        page.keyboard.press("Space")
        for _ in range(steps):
            page.keyboard.press("ArrowRight")
    _tab_to(page, "")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("modtaget")
    [rating] = ratings(session)
    values = [answer.get("value", answer["kind"]) for answer in rating.answers.values()]
    assert values == [1, 4, "skipped", 6, 8]


def _tab_to(page: Page, name: str) -> None:
    """Tab on until the focus is on a field of this name ("" for the button), and see that it is visible there."""
    for _ in range(20):
        page.keyboard.press("Tab")
        tag, found = page.evaluate("[document.activeElement.tagName, document.activeElement.name || '']")
        if (tag == "BUTTON") if not name else (found == name):
            ring = page.evaluate(
                "(() => { const on = document.activeElement;"
                " return getComputedStyle(on.tagName === 'INPUT' ? on.nextElementSibling : on).outlineStyle })()"
            )
            assert ring == "solid"
            return
    raise AssertionError(f"the keyboard does not reach {name or 'the button'}")


def test_a_screen_reader_reaches_every_item_with_its_name_and_values(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, build: Builder, catalogue: Catalogue
) -> None:
    for form in catalogue.current():
        page = open_page(give_link(somebody_for(form.id, cast, build), form.id, LABEL))
        _before, *groups = re.split(
            r'^\s*- group ".+":$', page.locator("form").aria_snapshot(), flags=re.MULTILINE
        )
        assert len(groups) == (1 if form.id == "goal" else len(form.items)), form.id
        for group in groups:
            names = re.findall(r"^\s*- radio(.*)$", group, flags=re.MULTILINE)
            assert len(names) == len(set(names)) == len(form.scale.values) + 1 + form.items[0].cannot_see
            assert all(re.fullmatch(r' "[^"]+"', name) for name in names), names
        assert accessibility_faults(page) == [], form.id


def test_targets_are_large_and_nothing_scrolls_sideways(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, build: Builder, catalogue: Catalogue
) -> None:
    label = "Kommunikationsunderstøttelsesundervisningsassistentens dreng"
    for form in catalogue.current():
        page = open_page(give_link(somebody_for(form.id, cast, build), form.id, label))
        for width, narrowest in ((360, 52), (320, 44)):
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, form.id
            boxes = page.evaluate(
                "[...document.querySelectorAll('input[type=radio], button, summary')]"
                ".map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
            )
            assert min(width for width, _ in boxes) >= narrowest, form.id
            assert min(height for _, height in boxes) >= 44, form.id
            assert min(height for _, height in boxes[1:-1]) >= 56, form.id


def test_the_points_of_a_line_stand_in_order_and_the_end_words_at_their_ends(
    open_page: OpenPage, give_link: GiveLink, cast: Cast
) -> None:
    link = give_link(cast.mother, "safety", LABEL)
    phone, desk = open_page(link), open_page(link, DESK)
    assert _rows(phone) == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]
    assert _rows(desk) == [list(range(11))]
    take_picture(phone, "respond-adult-first-time")
    take_picture(desk, "respond-adult-wide")


def _rows(page: Page, *, backwards: bool = False) -> list[list[int]]:
    """The values of the first scale as they stand on the screen, row by row, from the left."""
    boxes = (
        page.locator("fieldset")
        .first.locator(".rating-scale input")
        .evaluate_all(
            "all => all.map(one => [Number(one.value), one.getBoundingClientRect().x, one.getBoundingClientRect().y])"
        )
    )
    rows: dict[float, list[tuple[float, int]]] = {}
    for value, x, y in boxes:
        rows.setdefault(round(y), []).append((x, int(value)))
    return [[value for _, value in sorted(rows[y], reverse=backwards)] for y in sorted(rows)]


def test_in_a_right_to_left_language_the_scale_begins_at_the_right(
    app: Flask, open_page: OpenPage, give_link: GiveLink, cast: Cast, session: Session
) -> None:
    _speak_backwards(app)
    session.execute(update(Person).values(language="ar", informed_at=Person.created_at))
    page = open_page(give_link(cast.child))
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert _rows(page, backwards=True) == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]
    take_picture(page, "respond-right-to-left")
    for place in range(5):
        group = page.locator("fieldset").nth(place)
        group.get_by_role("radio", name=re.compile(r"^3$")).locator("xpath=..").click()
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("modtaget")
    assert {answer["value"] for answer in ratings(session)[0].answers.values()} == {3}
    assert not sticks_out(page)


def _speak_backwards(app: Flask) -> None:
    """Give the youth form an invented translation that is written from the right."""
    catalogue: Catalogue = app.extensions["fitsvc_catalogue"]
    one = catalogue.get("wellbeing-youth")
    words = {"prompt": "كيف حالك؟", "low": "سيئ جدا", "high": "جيد جدا"}
    spoken = replace(
        one,
        languages=(*one.languages, "ar"),
        validated={**one.validated, "ar": False},
        texts={
            **one.texts,
            "ar": replace(one.texts["da"], title="كيف الحال؟", intro="فكر في الأسبوع الماضي.", comment=None),
        },
        items=tuple(
            replace(item, texts={**item.texts, "ar": replace(item.texts["da"], **words)})
            for item in one.items
        ),
    )
    app.extensions["fitsvc_catalogue"] = Catalogue(
        MappingProxyType({**catalogue.instruments, (one.id, one.version): spoken})
    )


def test_every_kind_of_page_is_accessible(
    open_page: OpenPage, give_link: GiveLink, cast: Cast, session: Session
) -> None:
    page = open_page(give_link(cast.teacher, "wellbeing-professional", LABEL))
    take_picture(page, "respond-teacher")
    page.get_by_role("button").click()
    assert accessibility_faults(page) == []
    assert page.evaluate("document.activeElement.id") == "summary-heading"
    page.get_by_role("link", name=re.compile("krop og humør")).click()
    assert page.evaluate("document.activeElement.id") == "item-body"
    page.get_by_role("button").click()
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Ret mit svar").click()
    assert accessibility_faults(page) == []
    for path in (page.url.split("127.0.0.1")[1].split("/", 1)[1], "r/nothing"):
        assert accessibility_faults(open_page("/" + path)) == []


def test_the_page_reflows_at_four_times_its_size(
    open_page: OpenPage, give_link: GiveLink, cast: Cast
) -> None:
    page = open_page(
        give_link(cast.child, "session-child"), {"width": 320, "height": 256}
    )  # 1280 px at 400 %
    assert not sticks_out(page)
