import re

import pytest
from sqlalchemy.orm import Session

from fitsvc.services.cadences import all_standards
from fitsvc.storage.cadences import list_own_standards
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.web.plain_forms import ABSURD

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PATH = "/admin/follow-up"
ADD = f"{PATH}/standards/add"
OWN = {
    "name": "Ravnkøbing 2026",
    "source": "Børneudvalget 4. marts 2026",
    "preventive-first": "4",
    "preventive-first-unit": "weeks",
    "preventive-then": "2",
    "preventive-then-unit": "months",
}


def test_every_standard_is_listed_with_its_source(client: StaffClient, cast: Cast) -> None:
    page = client.sign_in(cast.administrator).get(PATH).text
    for words in ("Haderslev Kommune, 2017", "Barnets lov § 95, i kraft 2024", "Herning", "Hvidovre"):
        assert words in page
    assert "/admin/follow-up" in client.get("/admin/").text


def test_an_own_standard_is_added_chosen_and_retired(
    client: StaffClient, cast: Cast, session: Session
) -> None:
    client.sign_in(cast.administrator)
    assert client.send(ADD, OWN).status_code == 303
    page = client.get(PATH).text
    assert "Ravnkøbing 2026" in page
    assert "Børneudvalget 4. marts 2026" in page
    start = f"/cases/{cast.case.id}/episodes/start"
    assert "own-ravnkoebing-2026" in client.sign_in(cast.caseworker).get(start).text
    (standard,) = list_own_standards(session)
    retire = f"{PATH}/standards/{standard.id}/retire"
    session.commit()
    client.sign_in(cast.administrator)
    for _twice in range(2):
        assert client.send(retire, page=PATH).status_code == 303
    assert "own-ravnkoebing-2026" not in client.sign_in(cast.caseworker).get(start).text
    assert "own-ravnkoebing-2026" in all_standards(session)


def test_sent_twice_it_is_one_standard(client: StaffClient, cast: Cast, session: Session) -> None:
    page = client.sign_in(cast.administrator).get(ADD).text
    key = re.search(r'name="key"[^>]*value="([^"]+)"', page)
    assert key
    for _twice in range(2):
        assert client.send(ADD, OWN | {"key": key[1]}).status_code == 303
    assert len(list_own_standards(session)) == 1


@pytest.mark.parametrize(
    ("changes", "anchor"),
    [
        ({"name": ""}, "#name"),
        ({"name": "Herning"}, "#name"),
        ({"source": ""}, "#source"),
        ({"preventive-first": "0"}, "#preventive-first"),
        ({"preventive-first": "halv"}, "#preventive-first"),
        ({"preventive-first": "60"}, "#preventive-first"),
        ({"preventive-first_year": "6", "preventive-then": ""}, "#preventive-then"),
        ({"preventive-first": "", "preventive-then": "", "youth_support-then": ""}, ""),
    ],
)
def test_bad_input_gets_a_clear_answer_and_nothing_is_lost(
    client: StaffClient, cast: Cast, session: Session, changes: dict[str, str], anchor: str
) -> None:
    answer = client.sign_in(cast.administrator).send(ADD, OWN | {"youth_support-then": "9"} | changes)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert anchor == "" or f'href="{anchor}"' in answer.text
    kept = OWN | {"youth_support-then": "9"} | changes
    assert all(f'value="{one}"' in answer.text for one in kept.values() if one and len(one) < 3)
    assert list_own_standards(session) == []


def test_absurd_input_gets_a_clear_answer(client: StaffClient, cast: Cast) -> None:
    token = CSRF.search(client.sign_in(cast.administrator).get(ADD).text)
    assert token
    for absurd in ABSURD:
        for field in OWN:
            answer = client.post(ADD, data=OWN | {"csrf_token": token[1], field: absurd})
            assert answer.status_code in {303, 422}, (field, absurd[:20])
            assert "<script>alert" not in answer.text
        for field in ("ask_days_before", "status_days_before"):
            answer = client.post(
                PATH,
                data={"ask_days_before": "10", "status_days_before": "10"}
                | {"csrf_token": token[1], field: absurd},
            )
            assert answer.status_code in {303, 422}, (field, absurd[:20])


def test_the_days_are_saved_and_refused_outside_their_range(client: StaffClient, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    assert client.send(PATH, {"ask_days_before": "14", "status_days_before": "7"}).status_code == 303
    assert 'value="14"' in client.get(PATH).text
    answer = client.send(PATH, {"ask_days_before": "29", "status_days_before": "7"})
    assert answer.status_code == 422
    assert 'value="29"' in answer.text
