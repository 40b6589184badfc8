"""Moving a meeting, and calling one from the provider's side."""

import re
from datetime import date

import pytest

from fitsvc.storage.deviations import list_deviations
from fitsvc.storage.meetings import FollowUpMeeting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import CSRF, StaffClient
from tests.web.plain_forms import ABSURD

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BECAUSE = {"reason_code": "participants", "meeting_reason": "Far er på arbejde"}
SEEN = re.compile(r'name="seen"[^>]*value="([^"]*)"')


@pytest.fixture
def meeting(cast: Cast, build: Builder) -> FollowUpMeeting:
    build.meeting(cast.episode, build.today, held_on=build.today)
    meeting = build.meeting(cast.episode, date(2026, 6, 16))
    build.session.commit()
    return meeting


def path_of(cast: Cast, meeting: FollowUpMeeting) -> str:
    return f"/cases/{cast.case.id}/meetings/{meeting.id}/move"


def seen_on(client: StaffClient, path: str) -> str:
    found = SEEN.search(client.get(path).text)
    assert found
    return found[1]


def stands(build: Builder, meeting: FollowUpMeeting) -> date:
    build.session.refresh(meeting)
    build.session.commit()
    return meeting.planned_on


def test_the_page_shows_the_day_and_moves_it(
    client: StaffClient, cast: Cast, build: Builder, meeting: FollowUpMeeting
) -> None:
    path = path_of(cast, meeting)
    page = client.sign_in(cast.caseworker).get(path).text
    assert "tirsdag 16. juni 2026" in page
    sent = {"planned_on": "12.06.2026", "planned_at": "13:30", "seen": seen_on(client, path)}
    assert client.send(path, sent).status_code == 422  # another day needs its reason
    for _twice in range(2):
        assert client.send(path, sent | BECAUSE).status_code == 303
    assert stands(build, meeting) == date(2026, 6, 12)
    assert len(list_deviations(build.session, cast.case.id)) == 1
    build.session.commit()


def test_a_later_day_says_that_the_leader_is_asked(
    client: StaffClient, cast: Cast, meeting: FollowUpMeeting
) -> None:
    path = path_of(cast, meeting)
    sent = {"planned_on": "23.06.2026", "seen": "2026-06-16"} | BECAUSE
    answer = client.sign_in(cast.practitioner).send(path, sent, follow_redirects=True)
    assert "leder" in answer.text


def test_the_last_of_two_sees_where_it_stands_now_and_can_go_on(
    client: StaffClient, cast: Cast, build: Builder, meeting: FollowUpMeeting
) -> None:
    path = path_of(cast, meeting)
    seen = seen_on(client.sign_in(cast.caseworker), path)
    assert client.send(path, {"planned_on": "12.06.2026", "seen": seen} | BECAUSE).status_code == 303
    second = client.sign_in(cast.practitioner).send(
        path, {"planned_on": "11.06.2026", "seen": seen} | BECAUSE
    )
    assert second.status_code == 422
    assert "fredag 12. juni 2026" in second.text
    assert "Far er på arbejde" in second.text
    assert stands(build, meeting) == date(2026, 6, 12)
    again = SEEN.search(second.text)
    assert again
    assert client.send(path, {"planned_on": "11.06.2026", "seen": again[1]} | BECAUSE).status_code == 303


def test_what_was_held_is_not_moved(
    client: StaffClient, cast: Cast, build: Builder, meeting: FollowUpMeeting
) -> None:
    meeting.held_on = build.today
    build.session.commit()
    answer = client.sign_in(cast.caseworker).get(path_of(cast, meeting))
    assert (answer.status_code, answer.location) == (303, f"/cases/{cast.case.id}")


def test_absurd_input_gets_a_clear_answer(client: StaffClient, cast: Cast, meeting: FollowUpMeeting) -> None:
    path = path_of(cast, meeting)
    token = CSRF.search(client.sign_in(cast.caseworker).get(path).text)
    assert token
    fields = {"planned_on": "12.06.2026", "planned_at": "13:30", "seen": "2026-06-16"} | BECAUSE
    for absurd in ABSURD:
        for field in fields:
            answer = client.post(path, data=fields | {"csrf_token": token[1], field: absurd})
            assert answer.status_code in {303, 422}, (field, absurd[:20])
            assert "<script>alert" not in answer.text


def test_a_practitioner_calls_a_meeting_and_the_caseworker_sees_who_and_why(
    client: StaffClient, cast: Cast, build: Builder, meeting: FollowUpMeeting
) -> None:
    case = f"/cases/{cast.case.id}"
    assert "Indkald til opfølgningsmøde" in client.sign_in(cast.practitioner).get(case).text
    path = f"{case}/meetings/plan"
    assert "Indkald til opfølgningsmøde" in client.get(path).text
    sent = {"planned_on": "20.03.2026", "reason_code": "worry", "meeting_reason": "Mor er flyttet"}
    assert client.send(path, sent).status_code == 303
    for page in (case, "/today"):
        seen = client.sign_in(cast.caseworker).get(page).text
        assert "Paula" in seen, page
        assert "Mor er flyttet" in seen, page
