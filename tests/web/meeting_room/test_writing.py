"""Writing in the meeting's room, as the script does it and as the buttons do."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from fitsvc.domain.meeting import Minute
from fitsvc.services.meeting_facts import MinuteFacts, read_meeting_book
from fitsvc.services.series import series_key
from fitsvc.storage.expectations import list_expectations
from fitsvc.storage.meetings import FollowUpMeeting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import CSRF, StaffClient

JSON = {"Accept": "application/json"}


@pytest.fixture
def meeting(cast: Cast, build: Builder) -> FollowUpMeeting:
    """Today's, and one held six weeks ago."""
    build.meeting(cast.episode, build.today - timedelta(days=42), held_on=build.today - timedelta(days=42))
    found = build.meeting(cast.episode, build.today)
    build.session.commit()
    return found


@pytest.fixture
def room(cast: Cast, meeting: FollowUpMeeting) -> str:
    return f"/cases/{cast.case.id}/meetings/{meeting.id}/room"


def path_of(room: str, what: str) -> str:
    return room.removesuffix("room") + what


def written(session: Session, cast: Cast, meeting: FollowUpMeeting, field: Minute) -> MinuteFacts:
    session.rollback()
    found = read_meeting_book(session, case_id=cast.case.id).minute(meeting.id, field)
    session.rollback()
    return found


def send(client: StaffClient, room: str, fields: dict[str, Any], **kw: Any) -> Any:
    return client.send(path_of(room, "minutes"), fields, page=room, **kw)


def test_the_script_is_told_the_new_version_and_when(client: StaffClient, cast: Cast, room: str) -> None:
    client.sign_in(cast.caseworker)
    answer = send(client, room, {"participants": "Ravn og mor", "participants-version": "0"}, headers=JSON)
    assert answer.json["saved"] == {"participants": {"version": 1, "note": "Gemt kl. 10.00"}}
    assert "Ravn og mor" in client.get(room).text


def test_somebody_elses_text_is_answered_with_409_and_both_texts(
    client: StaffClient, cast: Cast, room: str, meeting: FollowUpMeeting, session: Session
) -> None:
    client.sign_in(cast.practitioner)
    send(client, room, {"participants": "Paulas", "participants-version": "0"}, headers=JSON)
    client.sign_in(cast.caseworker)
    fields = {
        "participants": "Carls",
        "participants-version": "0",
        "goals_changed": "Nej",
        "goals_changed-version": "0",
    }
    told = send(client, room, fields, headers=JSON)
    assert told.status_code == 409
    assert told.json["conflicts"] == {"participants": {"theirs": "Paulas", "version": 1}}
    assert told.json["saved"]["goals_changed"]["version"] == 1  # the other field is not held back
    page = send(client, room, fields)
    assert page.status_code == 409
    assert "Paulas" in page.text
    assert re.search(r"<textarea[^>]*name=\"participants\"[^>]*>\s*Carls</textarea>", page.text)
    assert written(session, cast, meeting, Minute.PARTICIPANTS).text == "Paulas"
    version = re.search(r'name="participants-version" value="(\d+)"', page.text)
    assert version
    again = {"participants": "Paulas og Carls", "participants-version": version.group(1)}
    assert send(client, room, again).status_code == 303
    assert written(session, cast, meeting, Minute.PARTICIPANTS).text == "Paulas og Carls"


def test_a_text_that_cannot_be_taken_comes_back_to_its_writer(
    client: StaffClient, cast: Cast, room: str
) -> None:
    client.sign_in(cast.caseworker)
    page = send(client, room, {"decision_reason": "Fars nummer er 010203-1234", "decision": "adjust"})
    assert page.status_code == 422
    assert "Fars nummer er 010203-1234" in page.text
    assert "CPR" in page.text


def test_a_day_is_written_as_people_write_it(
    client: StaffClient, cast: Cast, room: str, meeting: FollowUpMeeting, session: Session
) -> None:
    client.sign_in(cast.caseworker)
    send(client, room, {"next_on": "16/6-2026", "next_on-version": "0"})
    assert written(session, cast, meeting, Minute.NEXT_ON).text == "2026-06-16"
    assert 'value="16.06.2026"' in client.get(room).text


def test_the_cadences_day_is_proposed_and_nobody_has_written_it_yet(
    client: StaffClient, cast: Cast, room: str, meeting: FollowUpMeeting, session: Session
) -> None:
    page = client.sign_in(cast.caseworker).get(room).text
    assert 'value="16.06.2026"' in page
    assert written(session, cast, meeting, Minute.NEXT_ON).version == 0


def test_a_held_meeting_is_read_and_not_written(
    client: StaffClient, cast: Cast, room: str, meeting: FollowUpMeeting, session: Session
) -> None:
    client.sign_in(cast.caseworker)
    send(client, room, {"participants": "Ravn", "participants-version": "0"})
    session.get_one(FollowUpMeeting, meeting.id).held_on = meeting.planned_on
    session.commit()
    page = client.get(room).text
    assert "<textarea" not in page
    assert "Ravn" in page
    told = client.send(path_of(room, "minutes"), {"participants": "Sent"}, page="/account", headers=JSON)
    assert (told.status_code, told.json["refused"]) == (409, "Mødet er holdt.")


def test_what_was_typed_while_somebody_closed_the_meeting_comes_back(
    client: StaffClient, cast: Cast, room: str, meeting: FollowUpMeeting, session: Session
) -> None:
    client.sign_in(cast.caseworker)
    send(client, room, {"participants": "Ravn og mor\r\nPaula", "participants-version": "0"})
    session.get_one(FollowUpMeeting, meeting.id).held_on = meeting.planned_on
    session.commit()
    fields = {"participants": "Ravn og mor\r\nPaula", "next_reason": "Fordi skolen begynder"}
    for what in ("minutes", "hold"):
        page = client.send(path_of(room, what), fields | {"held_on": "16.03.2026"}, page="/account")
        assert page.status_code == 422
        assert "Mødet er holdt." in page.text
        assert "Fordi skolen begynder" in page.text
        assert 'name="participants"' not in page.text  # that one is kept already
    assert written(session, cast, meeting, Minute.NEXT_REASON).text == ""


def test_words_about_how_it_went_that_cannot_be_taken_come_back(
    client: StaffClient, cast: Cast, room: str, meeting: FollowUpMeeting, session: Session
) -> None:
    client.sign_in(cast.caseworker)
    client.send(path_of(room, "agreements"), {"what": "Følges ad", "who": "Far"}, page=room)
    path = re.search(r'action="(/cases/[^"]+/agreements/[^"]+)"', client.get(room).text)
    assert path
    words = "Far (010203-1234) gik med hver dag"
    page = client.send(path.group(1), {"do": "done", "how_it_went": words}, page=room)
    assert page.status_code == 422
    assert words in page.text
    assert "Følges ad" in page.text
    assert "CPR" in page.text
    assert (
        client.send(path.group(1), {"do": "done", "how_it_went": "Far gik med"}, page=room).status_code == 303
    )
    assert "Far gik med" in client.get(room).text


def test_an_address_with_something_of_its_own_in_it_leads_back_all_the_same(
    client: StaffClient, cast: Cast, room: str
) -> None:
    client.sign_in(cast.practitioner)
    for what in ("bring", "take-back"):
        path = path_of(room, f"{what}/{cast.child.id}?case_id=x&_external=1&names=hidden")
        answer = client.send(path, {"family_chose": "yes"}, page=room)
        assert (answer.status_code, "names=hidden" in answer.location) == (303, True)


def test_agreements_are_made_changed_and_checked_off(client: StaffClient, cast: Cast, room: str) -> None:
    client.sign_in(cast.caseworker)
    fields = {"key": str(uuid4()), "what": "Følges ad i skole", "who": "Far", "by_on": "20.03.2026"}
    for _twice in range(2):
        assert client.send(path_of(room, "agreements"), fields, page=room).location.endswith("#agreements")
    page = client.get(room).text
    assert page.count("<strong>Følges ad i skole</strong>") == 1
    change = re.search(r'action="(/cases/[^"]+/agreements/[^"]+)"', page)
    assert change
    act = change.group(1).replace("&amp;", "&")
    rewritten = {"do": "save", "version": "1", "what": "Cykler i skole", "who": "Far"}
    assert client.send(act, rewritten, page=room).status_code == 303
    other = client.send(act, rewritten | {"what": "Går i skole"}, page=room)
    assert other.status_code == 409
    assert "Cykler i skole" in other.text
    assert "Går i skole" in other.text
    client.send(act, {"do": "done", "how_it_went": "Fint"}, page=room)
    page = client.get(room).text
    assert "gjort 16. mar. 2026" in page
    assert "Fint" in page
    client.send(act, {"do": "reopen"}, page=room)
    assert "gjort 16. mar. 2026" not in client.get(room).text


def test_an_agreement_without_words_keeps_what_was_written(
    client: StaffClient, cast: Cast, room: str
) -> None:
    answer = client.sign_in(cast.caseworker).send(
        path_of(room, "agreements"), {"what": "", "who": "Mor", "by_on": "i morgen"}, page=room
    )
    assert answer.status_code == 422
    assert 'value="Mor"' in answer.text
    assert 'value="i morgen"' in answer.text


def test_open_agreements_of_earlier_meetings_come_first(
    client: StaffClient, cast: Cast, room: str, session: Session, build: Builder
) -> None:
    client.sign_in(cast.caseworker)
    client.send(path_of(room, "agreements"), {"what": "Fra i dag", "who": "Far"}, page=room)
    later = build.meeting(cast.episode, build.today + timedelta(days=42))
    session.commit()
    page = client.get(f"/cases/{cast.case.id}/meetings/{later.id}/room").text
    assert page.index("Fra sidst") < page.rindex("<strong>Fra i dag") < page.index("En ny aftale")


@pytest.fixture
def curve(cast: Cast, build: Builder) -> str:
    rating = build.rating(cast.child, 4, build.today - timedelta(days=7))
    build.session.commit()
    return series_key(cast.child.id, rating.instrument_id, rating.instrument_version)


def test_an_expectation_is_tapped_and_drawn(
    client: StaffClient, cast: Cast, room: str, curve: str, session: Session, meeting: FollowUpMeeting
) -> None:
    client.sign_in(cast.caseworker)
    page = client.get(f"{room}?expect=own.{curve}").text
    assert page.count('type="radio" name="score"') == 11
    assert "checked" not in "".join(re.findall(r'<input type="radio" name="score"[^>]*>', page))
    fields = {
        "key": str(uuid4()),
        "expect": f"own.{curve}",
        "about": "whole",
        "score": "6",
        "due_on": "16.06.2026",
    }
    for _twice in range(2):
        assert client.send(path_of(room, "expectations"), fields, page=room).status_code == 303
    session.rollback()
    (line,) = list_expectations(session, cast.case.id)
    assert (line.score, line.area, line.meeting_id) == (6.0, None, meeting.id)
    session.rollback()
    assert "Fra 4 til 6" in client.get(room).text


def test_an_area_and_a_goal_can_be_expected_too(
    client: StaffClient, cast: Cast, room: str, curve: str, session: Session, build: Builder
) -> None:
    goal = build.goal(cast.case, cast.episode)
    rating = build.rating(cast.child, {"goal-1": 3}, build.today - timedelta(days=7), "goal")
    session.commit()
    goals = series_key(cast.child.id, "goal", rating.instrument_version)
    client.sign_in(cast.caseworker)
    for expect, about in ((f"own.{curve}", "school-or-job"), (f"own.{goals}~1", "")):
        fields = {"expect": expect, "about": about, "score": "7", "due_on": "16.06.2026"}
        assert client.send(path_of(room, "expectations"), fields, page=room).status_code == 303
    session.rollback()
    session.refresh(goal)
    assert {(one.area, one.goal_id) for one in list_expectations(session, cast.case.id)} == {
        ("school-or-job", None),
        (None, goal.id),
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"score": ""}, "Tryk først på et punkt på linjen."),
        ({"score": "11"}, "uden for skalaen"),
        ({"due_on": "16.03.2026"}, "efter i dag"),
        ({"due_on": "snart"}, "dag.måned.år"),
    ],
)
def test_a_mistake_at_the_line_is_said_beside_it(
    client: StaffClient, cast: Cast, room: str, curve: str, changes: dict[str, str], words: str
) -> None:
    fields = {"expect": f"shared.{curve}", "about": "whole", "score": "6", "due_on": "16.06.2026"} | changes
    answer = client.sign_in(cast.caseworker).send(path_of(room, "expectations"), fields, page=room)
    assert answer.status_code == 422
    assert words in answer.text


def test_hidden_names_are_not_on_the_page_and_such_a_text_rests(
    client: StaffClient, cast: Cast, room: str
) -> None:
    client.sign_in(cast.caseworker)
    send(client, room, {"participants": "Ravn og Paula", "participants-version": "0"})
    page = client.get(f"{room}?names=hidden").text
    body = CSRF.sub("", page)
    assert "Ravn" not in body
    assert "Paula" not in body
    assert 'name="participants"' not in page


def test_texts_of_another_case_are_out_of_reach(
    client: StaffClient, cast: Cast, room: str, build: Builder, session: Session
) -> None:
    other = build.meeting(build.episode(build.case()), build.today)
    session.commit()
    client.sign_in(cast.caseworker)
    for meeting_id in (other.id, UUID(int=7)):
        path = f"/cases/{cast.case.id}/meetings/{meeting_id}"
        for what in ("minutes", "agreements", "expectations"):
            assert client.send(f"{path}/{what}", {"participants": "x"}, page=room).status_code == 404


def test_with_names_hidden_no_question_that_comes_back_shows_one(
    client: StaffClient, cast: Cast, room: str
) -> None:
    """Two texts for one field, an agreement that cannot be taken, and one that was changed meanwhile."""
    client.sign_in(cast.practitioner)
    send(client, room, {"participants": "Ravn og Paula", "participants-version": "0"}, headers=JSON)
    client.sign_in(cast.caseworker)
    hidden = f"{path_of(room, 'minutes')}?names=hidden"
    mine = {"participants": "Alle", "participants-version": "0"}
    told = client.send(hidden, mine, page=room, headers=JSON)
    page = client.send(hidden, mine, page=room)
    empty = client.send(f"{path_of(room, 'agreements')}?names=hidden", {"what": ""}, page=room)
    assert [one.status_code for one in (told, page, empty)] == [409, 409, 422]
    for one in (told, page, empty):
        body = CSRF.sub("", one.text)
        assert "Ravn" not in body
        assert "Paula" not in body
        assert cast.case.reference not in body
    assert "room?names=hidden#" in page.text
    assert "minutes?names=hidden" in page.text


def test_a_meeting_that_cannot_be_closed_yet_keeps_names_hidden(
    client: StaffClient, cast: Cast, room: str
) -> None:
    client.sign_in(cast.caseworker)
    send(client, room, {"participants": "Ravn og Paula", "participants-version": "0"}, headers=JSON)
    page = client.send(path_of(room, "hold"), {"names_hidden": "y", "held_on": "16.03.2026"}, page=room)
    assert page.status_code == 422
    body = CSRF.sub("", page.text)
    assert "Ravn" not in body
    assert "Paula" not in body
    assert cast.case.reference not in body
