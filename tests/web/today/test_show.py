from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.missing import Rhythm
from fitsvc.storage.ratings import Comment
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

DAY = timedelta(days=1)


def a_busy_day(build: Builder, cast: Cast) -> None:
    """Something in every section of Paula's page."""
    for place, score in enumerate((5, 3, 1)):
        rating = build.rating(cast.child, score, build.today - (40 - 14 * place) * DAY)
    build.session.add(Comment(rating_id=rating.id, text="<b>Nobody asked me</b>", created_at=build.now))
    build.rating(cast.teacher, 2, build.today, "safety", notice=True)
    for days in (20, 6):
        build.administration(cast.mother, "wellbeing-adult", due_on=build.today - days * DAY)
    build.plan(cast.teacher, "wellbeing-professional", rhythm=Rhythm.WEEKLY)
    build.meeting(cast.episode, build.today - 4 * DAY)
    build.meeting(cast.episode, build.today + DAY)
    build.session.commit()


def test_a_busy_day_stands_in_order_of_urgency(client: StaffClient, build: Builder, cast: Cast) -> None:
    a_busy_day(build, cast)
    page = client.sign_in(cast.practitioner).get("/today").text
    words = [
        "Lav tryghed: 2 ",
        "&lt;b&gt;Nobody asked me&lt;/b&gt;",
        "1 den 4. marts, forventet omkring 5,6",
        "intet svar siden 24. februar, spurgt 2 gange",
        "Skal spørges nu",
        "for 4 dage siden",
        "i morgen",
    ]
    places = [page.find(one) for one in words]
    assert -1 not in places, dict(zip(words, places, strict=True))
    assert places == sorted(places)


def test_a_quiet_day_says_so_and_each_section_says_what_will_turn_up(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    build.meeting(cast.episode, build.today, held_on=build.today)  # else the first follow-up is overdue
    build.session.commit()
    page = client.sign_in(cast.practitioner).get("/today").text
    for words in ("Der venter ikke noget på dig lige nu.", "Intet ulæst.", "Ingen kurve ligger under"):
        assert words in page


def test_somebody_without_cases_is_told_how_cases_come(client: StaffClient, cast: Cast) -> None:
    page = client.sign_in(cast.colleague).get("/today").text
    assert "Du har ingen åbne sager endnu" in page
    assert "Ravn" not in page


def test_english_is_complete(client: StaffClient, build: Builder, cast: Cast) -> None:
    a_busy_day(build, cast)
    cast.practitioner.language = "en"
    build.session.commit()
    page = client.sign_in(cast.practitioner).get("/today").text
    assert "no answer since 24 February, asked 2 times" in page


@pytest.mark.parametrize(("who", "may_mark"), [("caseworker", True), ("authority_leader", False)])
def test_marking_as_read_takes_the_entry_away(
    client: StaffClient, session: Session, build: Builder, cast: Cast, who: str, may_mark: bool
) -> None:
    rating = build.rating(cast.teacher, 2, build.today, "safety", notice=True)
    session.commit()
    path = f"/cases/{cast.case.id}/ratings/{rating.id}/read"
    page = client.sign_in(cast.staff[who]).get("/today").text
    assert "Lav tryghed" in page
    assert (path in page) is may_mark
    if may_mark:
        assert client.send(path, page="/today").location.endswith("/today")
        assert "Lav tryghed" not in client.get("/today").text


def test_every_link_on_a_busy_day_leads_somewhere(client: StaffClient, build: Builder, cast: Cast) -> None:
    a_busy_day(build, cast)
    page = client.sign_in(cast.practitioner).get("/today").text
    links = {part.split('"')[0] for part in page.split('href="')[1:] if part.startswith("/cases")}
    assert len(links) >= 5
    assert {link: client.get(link.replace("&amp;", "&")).status_code for link in links} == dict.fromkeys(
        links, 200
    )


def test_a_follow_up_that_is_late_is_listed_with_its_days_though_nothing_is_planned(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    """Hvidovre, preventive: six weeks after 22 December is 2 February; the law's limit is 20 March."""
    today = client.sign_in(cast.caseworker).get("/today").text
    assert "Opfølgningen er 42 dage over tiden" in today
    assert f"/cases/{cast.case.id}/meetings/plan" in today
    for page in ("/cases", f"/cases/{cast.case.id}"):
        assert "Opfølgningen er 42 dage over tiden" in client.get(page).text, page
    cast.episode.started_on = date(
        2025, 12, 1
    )  # the limit falls on a Sunday, 1 March, and moves back to 27 February
    build.session.commit()
    for page in ("/today", "/cases", f"/cases/{cast.case.id}"):
        assert "Lovens frist for første opfølgning er overskredet med 17 dage" in client.get(page).text, page


def test_a_meeting_that_is_late_says_so_on_its_own_pages(
    client: StaffClient, cast: Cast, build: Builder
) -> None:
    meeting = build.meeting(cast.episode, build.today + timedelta(days=2))
    build.session.commit()
    pages = [f"/cases/{cast.case.id}/meetings/{meeting.id}/{page}" for page in ("prepare", "room")]
    client.sign_in(cast.caseworker)
    for page in pages:
        assert "Opfølgningen er 42 dage over tiden" in client.get(page).text, page
    meeting.held_on = build.today
    build.session.commit()
    for page in pages:
        assert "over tiden" not in client.get(page).text, page
