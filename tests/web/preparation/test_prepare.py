"""The page that prepares a meeting, pressed like a browser without script presses it."""

import re
from datetime import timedelta

import pytest

from fitsvc.domain.meeting import Visibility
from fitsvc.storage.agendas import AgendaWish
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

DAY = timedelta(days=1)


@pytest.fixture
def path(cast: Cast, build: Builder) -> str:
    for number, text in enumerate(("Skole hver dag", "Sove om natten", "En ven"), start=1):
        build.goal(cast.case, cast.episode, number=number, text=text)
    meeting = build.meeting(cast.episode, build.today + 10 * DAY)
    rating = build.rating(cast.child, 5, build.today)
    build.session.add(
        AgendaWish(
            case_id=cast.case.id,
            respondent_id=cast.child.id,
            rating_id=rating.id,
            meeting_id=meeting.id,
            text="Jeg vil gerne tale om min far",
            visibility=Visibility.PRACTITIONER,
            created_at=build.now,
        )
    )
    build.session.commit()
    return f"/cases/{cast.case.id}/meetings/{meeting.id}/prepare"


def titles(page: str) -> list[str]:
    return [re.sub(r"[“”]", "", one).strip() for one in re.findall(r'class="agenda-title">(.*?)</h2>', page)]


def keys(page: str) -> list[str]:
    return re.findall(r'name="item" value="([^"]+)"', page)


def test_items_move_by_buttons_and_a_press_sent_twice_moves_once(
    client: StaffClient, path: str, cast: Cast
) -> None:
    client.sign_in(cast.caseworker)
    page = client.get(path).text
    assert titles(page) == ["Skole hver dag", "Sove om natten", "En ven"]
    first, second, third = keys(page)
    press = {"item": third, "change": "up", "up": second, "down": ""}
    for _press in range(2):
        answer = client.send(f"{path}/item", press, page=path)
        assert answer.status_code == 303
        assert "#item-goal-" in answer.location
        assert titles(client.get(path).text) == ["Skole hver dag", "En ven", "Sove om natten"]
    client.send(f"{path}/item", {"item": first, "change": "down", "down": third}, page=path)
    assert titles(client.get(path).text) == ["En ven", "Skole hver dag", "Sove om natten"]


def test_an_item_is_taken_off_and_put_back(client: StaffClient, path: str, cast: Cast) -> None:
    client.sign_in(cast.practitioner)
    item = keys(client.get(path).text)[1]
    client.send(f"{path}/item", {"item": item, "change": "remove"}, page=path)
    page = client.get(path).text
    assert len(titles(page)) == 3
    assert 'value="restore"' in page
    client.send(f"{path}/item", {"item": item, "change": "restore"}, page=path)
    assert len(titles(client.get(path).text)) == 4


def test_an_item_of_ones_own_is_added_once_and_bad_ones_lose_nothing(
    client: StaffClient, path: str, cast: Cast
) -> None:
    client.sign_in(cast.caseworker)
    refused = client.send(path, {"text": "Mads 010114-1234"})
    assert refused.status_code == 422
    assert 'value="Mads 010114-1234"' in refused.text
    key = "6f0bd9f2-8b4c-4c53-9d0e-0b7d2a3f5a11"
    for _send in range(2):
        assert client.send(path, {"key": key, "text": "<b>Sommerferie</b>"}).status_code == 303
    assert titles(client.get(path).text).count("&lt;b&gt;Sommerferie&lt;/b&gt;") == 1


@pytest.mark.parametrize("sent", [{}, {"item": "x", "change": "up"}, {"item": "goal:x", "change": "burn"}])
def test_a_press_that_no_page_offers_is_refused(
    client: StaffClient, path: str, cast: Cast, sent: dict[str, str]
) -> None:
    assert client.sign_in(cast.caseworker).send(f"{path}/item", sent, page=path).status_code == 400


@pytest.mark.parametrize(("who", "is_there"), [("practitioner", True), ("caseworker", False)])
def test_a_wish_for_the_practitioner_alone_is_on_nobody_elses_page(
    client: StaffClient, path: str, cast: Cast, who: str, is_there: bool
) -> None:
    page = client.sign_in(cast.staff[who]).get(path).text
    assert ("min far" in page) is is_there
    assert ("agenda-private" in page) is is_there
