import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fitsvc.domain.audit import Access
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.logs import AccessLog
from fitsvc.storage.meetings import FollowUpMeeting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

DAY = timedelta(days=1)
ADDRESS = re.compile(r"http://localhost/r/[\w-]+")
Press = Callable[..., TestResponse]


@pytest.fixture
def meeting(build: Builder, cast: Cast) -> FollowUpMeeting:
    build.plan(cast.child)
    build.plan(cast.mother, "wellbeing-adult")
    build.plan(cast.teacher, "wellbeing-professional")
    cast.mother.label = "R"
    found = build.meeting(cast.episode, build.today + 7 * DAY)
    build.session.commit()
    return found


@pytest.fixture
def path(cast: Cast, meeting: FollowUpMeeting) -> str:
    return f"/cases/{cast.case.id}/meetings/{meeting.id}/ask"


@pytest.fixture
def press(client: StaffClient, cast: Cast, path: str) -> Press:
    def pressed(data: dict[str, Any] | None = None, who: str = "practitioner") -> TestResponse:
        client.sign_in(cast.staff[who])
        return client.send(path, {"asks_wish": "y"} | (data or {}), follow_redirects=True)

    return pressed


def open_askings(session: Session) -> int:
    session.commit()
    waiting = Administration.state == AdministrationState.OPEN
    found = session.scalar(select(func.count()).select_from(Administration).where(waiting)) or 0
    session.commit()
    return found


def test_it_says_who_has_answered_and_who_has_not_and_since_when(
    client: StaffClient, build: Builder, cast: Cast, path: str
) -> None:
    build.rating(cast.child, 6, build.today - DAY)
    build.administration(cast.mother, "wellbeing-adult", due_on=build.today - 2 * DAY)
    build.session.commit()
    page = client.sign_in(cast.caseworker).get(path).text
    for words in (
        "Svaret 15. marts",
        "Intet svar siden 14. marts",
        "Ikke spurgt endnu, tiden er inde siden 13. marts",
    ):
        assert words in page
    assert "Skriv først, på hvilket grundlag" in page  # the teacher


def test_one_press_shows_every_link_once(
    client: StaffClient, session: Session, press: Press, path: str
) -> None:
    page = press().text
    urls = set(ADDRESS.findall(page))
    assert len(urls) == 2  # the teacher's basis is not recorded
    assert page.count("data:image/svg+xml") == 2
    assert not ADDRESS.search(client.get(path).text)
    anyone = StaffClient(client.application)
    assert {anyone.get(url.removeprefix("http://localhost")).status_code for url in urls} == {200}
    rows = session.scalars(select(AccessLog.access).order_by(AccessLog.at)).all()
    assert Access.LINK_SHOWN in rows


def test_the_text_to_send_says_neither_who_nor_why(press: Press) -> None:
    page = press().text
    texts = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert len(texts) == 2
    for text in texts:
        assert "/r/" in text
        for told in ("Ravn", "Person", "møde", "sag", "opfølgning"):
            assert told not in text


def test_a_double_send_asks_once(session: Session, press: Press) -> None:
    first, second = press().text, press().text
    assert open_askings(session) == 2
    assert len(set(ADDRESS.findall(second))) == len(set(ADDRESS.findall(first))) == 2


def test_a_row_has_its_own_button(session: Session, cast: Cast, press: Press) -> None:
    page = press({"respondent": str(cast.child.id)}).text
    assert len(set(ADDRESS.findall(page))) == 1
    assert open_askings(session) == 1


@pytest.mark.parametrize(("sent", "asks"), [({}, True), ({"asks_wish": ""}, False)])
def test_the_tick_decides_whether_a_wish_is_asked_for(
    client: StaffClient,
    session: Session,
    cast: Cast,
    path: str,
    press: Press,
    sent: dict[str, str],
    asks: bool,
) -> None:
    assert 'name="asks_wish"' in client.sign_in(cast.practitioner).get(path).text
    assert re.search(r'<input[^>]*checked[^>]*name="asks_wish"', client.get(path).text)
    press(sent)
    assert set(session.scalars(select(Administration.asks_wish))) == {asks}


def test_who_may_not_be_asked_is_told_when_their_button_is_sent_all_the_same(
    session: Session, cast: Cast, press: Press
) -> None:
    answer = press({"respondent": str(cast.teacher.id)})
    assert answer.status_code == 422
    assert "grundlag" in answer.text
    assert open_askings(session) == 0


@pytest.mark.parametrize("sent", ["x", "00000000-0000-0000-0000-000000000009"])
def test_a_made_up_respondent_is_not_there(press: Press, sent: str) -> None:
    assert press({"respondent": sent}).status_code == 404


@pytest.mark.parametrize("change", ["held", "cancelled", "closed", "gone"])
def test_once_it_is_over_the_page_can_be_read_and_nothing_asked(
    client: StaffClient,
    session: Session,
    build: Builder,
    cast: Cast,
    meeting: FollowUpMeeting,
    path: str,
    press: Press,
    change: str,
) -> None:
    if change == "held":
        meeting.held_on = build.today
    elif change == "cancelled":
        meeting.cancelled_at = build.now
    elif change == "closed":
        cast.case.closed_on = build.today
    else:
        meeting.planned_on = build.today - DAY
    session.commit()
    page = client.sign_in(cast.practitioner).get(path)
    assert page.status_code == 200
    assert 'id="ask"' not in page.text
    assert client.send(path, page="/account").status_code == 422
    assert open_askings(session) == 0


def test_without_anybody_who_rates_it_says_what_to_do(
    client: StaffClient, build: Builder, cast: Cast
) -> None:
    meeting = build.meeting(cast.episode, build.today + DAY)
    build.session.commit()
    page = client.sign_in(cast.practitioner).get(f"/cases/{cast.case.id}/meetings/{meeting.id}/ask").text
    assert "Der er ingen, der svarer i denne sag endnu" in page
    assert f"/cases/{cast.case.id}/respondents" in page


@pytest.mark.parametrize(("who", "told"), [("practitioner", True), ("caseworker", False)])
def test_a_withheld_answer_is_named_to_the_practitioner_alone(
    client: StaffClient, build: Builder, cast: Cast, path: str, who: str, told: bool
) -> None:
    build.rating(cast.child, 6, build.today - DAY, withheld=True)
    build.session.commit()
    page = client.sign_in(cast.staff[who]).get(path).text
    assert ("ikke til mødet" in page) is told
    assert ("15. marts" in page) is told
