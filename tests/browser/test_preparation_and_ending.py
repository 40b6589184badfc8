"""Preparing a meeting, thinking before a next step, ending well: in a browser, by keyboard, for axe, on paper."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from fitsvc.domain.meeting import Minute, Visibility
from fitsvc.domain.rater import RaterRole
from fitsvc.services.series import series_key
from fitsvc.storage.accounts import Staff
from fitsvc.storage.agendas import AgendaWish
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind
from fitsvc.storage.minutes import Agreement, MinuteText
from tests.browser.accessibility import accessibility_faults, sticks_out
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.pictures import take_picture
from tests.builders import Builder
from tests.cast import Cast
from tests.signed_in import signed_in

DAY = timedelta(days=1)
TABLET = {"width": 768, "height": 1024}
SIZES = {"phone": PHONE, "tablet": TABLET, "desk": DESK}
OpenAs = Callable[..., Page]


@pytest.fixture
def open_as(app: Flask, open_page: OpenPage, session: Session, cast: Cast) -> OpenAs:
    def cookie_of(staff: Staff) -> str:
        login = signed_in(staff)
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return str(serializer.dumps(login))

    def open_(path: str, size: dict[str, int] = DESK, *, script: bool = True) -> Page:
        session.commit()
        page = open_page("/login", size, script=script)
        name = app.config["SESSION_COOKIE_NAME"]
        page.context.add_cookies([{"name": name, "value": cookie_of(cast.practitioner), "url": page.url}])
        page.goto(page.url.replace("/login", path))
        return page

    return open_


@pytest.fixture
def year(session: Session, build: Builder, cast: Cast) -> None:
    """Parents of two homes, a teacher, an expectation, an agreement, wishes and goals: everything an agenda holds."""
    father = build.respondent(cast.case, RaterRole.PARENT, setting="hos far i Nørresundby")
    for days, score in ((80, 3), (50, 3.5), (6, 4)):
        build.rating(cast.child, score, build.today - days * DAY)
    for parent in (cast.mother, father):
        build.rating(parent, 4, build.today - 70 * DAY, "wellbeing-adult")
        build.rating(parent, 5, build.today - 5 * DAY, "wellbeing-adult")
    build.rating(cast.teacher, 6, build.today - 60 * DAY, "wellbeing-professional")
    build.rating(cast.teacher, 8, build.today - 4 * DAY, "wellbeing-professional")
    build.plan(build.respondent(cast.case, RaterRole.PEDAGOGUE, setting="SFO"), "wellbeing-professional")
    for number, text in enumerate(("Jeg kommer i skole hver dag", "Vi spiser aftensmad sammen"), start=1):
        build.goal(cast.case, cast.episode, number=number, text=text)
    build.rating(cast.child, 5, build.today - 3 * DAY, "goal")
    last = build.meeting(cast.episode, build.today - 50 * DAY, held_on=build.today - 50 * DAY)
    session.add(
        AgreedExpectation(
            case_id=cast.case.id,
            respondent_id=cast.child.id,
            instrument_id="wellbeing-youth",
            instrument_version=build.catalogue.get("wellbeing-youth").version,
            meeting_id=last.id,
            kind=ExpectationKind.SHARED,
            start_on=build.today - 50 * DAY,
            start_score=3.5,
            due_on=build.today + 5 * DAY,
            score=5.5,
            set_by_id=cast.caseworker.id,
            created_at=build.now,
        )
    )
    session.add(
        Agreement(
            case_id=cast.case.id,
            meeting_id=last.id,
            what="Ringe til fodboldklubben om en prøvetime",
            who="Far",
            by_on=build.today - 10 * DAY,
            done_on=None,
            done_by_id=None,
            removed_at=None,
            created_by_id=cast.caseworker.id,
            created_at=build.now,
        )
    )


@pytest.fixture
def agenda_path(session: Session, build: Builder, cast: Cast, year: None) -> str:
    meeting = build.meeting(cast.episode, build.today + 5 * DAY)
    for days, text, visibility in (
        (2, "Om jeg kan skifte klasse efter sommerferien", Visibility.MEETING),
        (1, "Jeg er ked af det når far og mor skændes", Visibility.PRACTITIONER),
    ):
        rating = build.rating(cast.child, 4, build.today - days * DAY)
        session.add(
            AgendaWish(
                case_id=cast.case.id,
                respondent_id=cast.child.id,
                rating_id=rating.id,
                meeting_id=meeting.id,
                text=text,
                visibility=visibility,
                created_at=build.now,
            )
        )
    return f"/cases/{cast.case.id}/meetings/{meeting.id}/prepare"


@pytest.fixture
def ending_path(session: Session, build: Builder, cast: Cast, year: None) -> str:
    build.rating(cast.child, 7.5, build.today - 2 * DAY)
    meeting = build.meeting(cast.episode, build.today - DAY, held_on=build.today - DAY)
    cast.episode.ended_on = build.today - DAY
    for field, text in (
        (Minute.HELPED, "At vi spiste sammen uden telefoner.\nAt læreren ringede, når det gik godt."),
        (
            Minute.IF_HARDER,
            "Når han bliver på værelset flere dage: så taler vi om det søndag aften, og ringer til Paula.",
        ),
    ):
        session.add(
            MinuteText(
                case_id=cast.case.id,
                meeting_id=meeting.id,
                field=field,
                text=text,
                version=1,
                changed_by_id=cast.practitioner.id,
                changed_at=build.now,
            )
        )
    return f"/cases/{cast.case.id}/meetings/{meeting.id}/ending"


@pytest.fixture
def signal_path(session: Session, build: Builder, cast: Cast) -> str:
    ratings = [
        build.rating(cast.child, score, build.today - days * DAY)
        for days, score in ((60, 6), (30, 2), (10, 2))
    ]
    key = series_key(cast.child.id, ratings[0].instrument_id, ratings[0].instrument_version)
    return f"/cases/{cast.case.id}/signals/{key}"


PAGES = ("agenda_path", "ending_path", "signal_path")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("which", PAGES)
def test_the_page_fits_every_width_and_axe_finds_nothing(
    open_as: OpenAs, request: pytest.FixtureRequest, which: str, size: str
) -> None:
    page = open_as(request.getfixturevalue(which), SIZES[size])
    expect(page.locator("h1")).to_be_visible()
    wide = sticks_out(page)
    take_picture(page, f"{which.removesuffix('_path')}-{size}")
    assert not wide
    assert accessibility_faults(page) == []


def titles(page: Page) -> list[str]:
    return [one.strip() for one in page.locator(".agenda-title").all_inner_texts()]


def test_the_agenda_is_arranged_by_keyboard_without_script(open_as: OpenAs, agenda_path: str) -> None:
    page = open_as(agenda_path, PHONE, script=False)
    before = titles(page)
    second = page.locator(".agenda-item").nth(1)
    second.get_by_role("button", name="Flyt op").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".agenda-title").first).to_have_text(before[1])
    assert titles(page) == [before[1], before[0], *before[2:]]
    page.locator(".agenda-item").first.get_by_role("button", name="Tag af dagsordenen").press("Enter")
    expect(page.get_by_role("heading", name="Taget af dagsordenen")).to_be_visible()
    assert titles(page) == [before[0], *before[2:]]
    assert page.url.split("#")[1].startswith("item-")
    page.get_by_role("button", name="Læg tilbage").press("Enter")
    expect(page.locator(".agenda-item")).to_have_count(len(before))
    assert titles(page) == [before[1], before[0], *before[2:]]


def test_two_people_who_arrange_at_once_lose_nothing(open_as: OpenAs, agenda_path: str) -> None:
    one, other = open_as(agenda_path), open_as(agenda_path)
    before = titles(one)
    one.locator(".agenda-item").nth(2).get_by_role("button", name="Flyt op").click()
    one.get_by_label("Hvad skal der ellers tales om?").fill("Sommerferien")
    one.get_by_role("button", name="Føj til dagsordenen").click()
    other.locator(".agenda-item").nth(3).get_by_role("button", name="Flyt op").click()  # an older page
    other.wait_for_load_state()
    assert sorted(titles(other)) == sorted([*before, "Sommerferien"])


def test_each_area_is_asked_about_without_blame(open_as: OpenAs, agenda_path: str) -> None:
    page = open_as(agenda_path)
    asked = [one for one in titles(page) if "hver især" in one]
    assert asked
    assert all(one.endswith(": Den unge ser 4, læreren ser 8: hvad ser I hver især?") for one in asked)


def test_on_paper_only_what_everybody_may_read_is_left(open_as: OpenAs, agenda_path: str) -> None:
    page = open_as(agenda_path)
    page.emulate_media(media="print")
    title = page.locator(".agenda-title")
    expect(title.filter(has_text="Jeg er ked af det når far og mor skændes")).not_to_be_visible()
    expect(title.filter(has_text="Om jeg kan skifte klasse")).to_be_visible()
    expect(page.get_by_role("button", name="Flyt op").first).not_to_be_visible()


@pytest.mark.parametrize("more", [0, 3])
def test_the_closing_page_is_one_sheet(
    open_as: OpenAs, ending_path: str, build: Builder, cast: Cast, more: int
) -> None:
    for number in range(more):
        pedagogue = build.respondent(
            cast.case, RaterRole.PEDAGOGUE, setting=f"Skovbørnehaven Mosegrisen {number}"
        )
        for days, score in ((70, 4), (9, 6)):
            build.rating(pedagogue, score, build.today - days * DAY, "wellbeing-professional")
    page = open_as(ending_path)
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") == 1, "more than one sheet"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 1020})
    take_picture(page, f"ending-paper-{more}")
    expect(page.get_by_text("Besvarelser efter indsatsen")).not_to_be_visible()


def test_a_next_step_needs_a_thought_and_keeps_what_was_typed(open_as: OpenAs, signal_path: str) -> None:
    page = open_as(signal_path, PHONE)
    page.get_by_label("Næste skridt").fill("Prøve at gå en tur i stedet")
    page.get_by_role("button", name="Gem, og luk opmærksomheden").click()
    expect(page.get_by_role("alert")).to_contain_text("fire overskrifter")
    expect(page.get_by_label("Næste skridt")).to_have_value("Prøve at gå en tur i stedet")
    page.get_by_role("alert").get_by_role("link").first.click()
    page.keyboard.type("Han vil hellere være ude")
    page.get_by_label("Tag det med til næste møde").check()
    page.get_by_role("button", name="Gem, og luk opmærksomheden").click()
    expect(page.get_by_role("heading", name="Næste skridt indtil nu")).to_be_visible()
    expect(page.get_by_text("Målene: Han vil hellere være ude")).to_be_visible()
