"""What every plain form of the staff side promises."""

import re

import pytest
from sqlalchemy import Engine, func, select

from fitsvc.storage.base import Base
from fitsvc.storage.episodes import Episode
from fitsvc.storage.events import CaseEvent
from fitsvc.storage.external import ExternalSeries
from fitsvc.storage.goals import Goal
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.respondents import RatingPlan, Respondent
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.web.plain_forms import ABSURD, UNKNOWN, addresses

FORMS = ("open", "start", "end", "close", "add", "edit", "plan", "goals", "series", "event", "meeting")
KEY = re.compile(r'name="key"[^>]*value="([^"]+)"')
ADDS: dict[str, type[Base]] = {
    "start": Episode,
    "add": Respondent,
    "plan": RatingPlan,
    "goals": Goal,
    "series": ExternalSeries,
    "event": CaseEvent,
    "meeting": FollowUpMeeting,
}


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_form_is_shown_again_with_a_summary_and_nothing_is_lost(
    client: StaffClient, cast: Cast, form: str
) -> None:
    path, fields = addresses(cast)[form]
    client.sign_in(cast.caseworker)
    name = "name" if "name" in fields else next(iter(fields))
    answer = client.send(path, dict.fromkeys(fields, "") | {"decided_by": "behold mig"})
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert f'href="#{name}' in answer.text
    if form in {"start", "meeting"}:
        assert "behold mig" in answer.text


@pytest.mark.parametrize("form", FORMS)
def test_a_well_filled_form_leads_on(client: StaffClient, cast: Cast, form: str) -> None:
    path, fields = addresses(cast)[form]
    answer = client.sign_in(cast.caseworker).send(path, fields)
    assert answer.status_code == 303, answer.text
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize("form", ADDS)
def test_the_same_form_sent_twice_adds_one(
    client: StaffClient, cast: Cast, engine: Engine, form: str
) -> None:
    path, fields = addresses(cast)[form]

    def number() -> int:
        with engine.connect() as reader:
            return reader.scalar(select(func.count()).select_from(ADDS[form])) or 0

    before = number()
    client.sign_in(cast.caseworker)
    found = KEY.search(client.get(path).text)
    assert found is not None
    for _twice in range(2):
        assert client.send(path, fields | {"key": found.group(1)}).status_code == 303
    assert number() == before + 1


@pytest.mark.parametrize("form", FORMS)
def test_absurd_input_gets_a_clear_answer(client: StaffClient, cast: Cast, form: str) -> None:
    path, fields = addresses(cast)[form]
    token = CSRF.search(client.sign_in(cast.caseworker).get(path).text)
    assert token is not None
    for absurd in ABSURD:
        for field in fields:
            answer = client.post(path, data=fields | {"csrf_token": token[1], field: absurd, "key": absurd})
            assert answer.status_code in {303, 404, 422}, (field, absurd[:20], answer.status_code)
            assert "<script>alert" not in answer.text


@pytest.mark.parametrize("form", [form for form in FORMS if form != "open"])
def test_out_of_scope_is_not_found_and_out_of_role_is_forbidden(
    client: StaffClient, cast: Cast, form: str
) -> None:
    path, _fields = addresses(cast)[form]
    unseen = client.sign_in(cast.outsider).get(path).status_code
    assert unseen == (403 if form in {"start", "end", "close"} else 404)
    assert client.sign_in(cast.administrator).get(path).status_code == 403
    client.sign_in(cast.caseworker)
    assert client.get(path.replace(str(cast.case.id), str(UNKNOWN))).status_code == 404
    for own in (cast.episode.id, cast.child.id):
        if str(own) in path:
            assert client.get(path.replace(str(own), str(UNKNOWN))).status_code == 404
