"""Closing a meeting: in the room and afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.meeting import Minute
from fitsvc.services.meeting_facts import read_meeting_book
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

GOING_ON = {
    "held_on": "16.03.2026",
    "child_heard": "present",
    "decision": "continue",
    "next_on": "16.06.2026",
    "next_reason": "Så er sommerferien lige begyndt",
}


@pytest.fixture
def meeting(cast: Cast, build: Builder) -> FollowUpMeeting:
    found = build.meeting(cast.episode, build.today)
    build.session.commit()
    return found


@pytest.fixture
def path(cast: Cast, meeting: FollowUpMeeting) -> str:
    return f"/cases/{cast.case.id}/meetings/{meeting.id}/hold"


def test_going_on_leads_to_the_case_with_the_next_meeting_planned(
    client: StaffClient, cast: Cast, path: str, session: Session
) -> None:
    answer = client.sign_in(cast.caseworker).send(path, GOING_ON)
    assert answer.location == f"/cases/{cast.case.id}"
    session.rollback()
    held, following = list_meetings(session, cast.case.id)
    assert (str(held.held_on), str(following.planned_on)) == ("2026-03-16", "2026-06-16")
    minutes = read_meeting_book(session, case_id=cast.case.id).minutes[held.id]
    assert minutes[Minute.NEXT_REASON].text == GOING_ON["next_reason"]
    session.rollback()
    again = client.send(path, GOING_ON, page="/account", follow_redirects=True)
    assert "allerede" in again.text
    session.rollback()
    assert len(list_meetings(session, cast.case.id)) == 2


def test_what_is_missing_is_said_kindly_and_nothing_written_is_lost(
    client: StaffClient, cast: Cast, path: str, session: Session, meeting: FollowUpMeeting
) -> None:
    fields = {"held_on": "16.03.2026", "decision": "adjust", "goals_changed": "Et nyt mål", "next_on": ""}
    answer = client.sign_in(cast.caseworker).send(path, fields)
    assert answer.status_code == 422
    assert 'href="#child_heard"' in answer.text
    assert 'href="#next_on"' in answer.text
    assert "Et nyt mål" in answer.text
    session.rollback()
    stored = read_meeting_book(session, case_id=cast.case.id).minute(meeting.id, Minute.GOALS_CHANGED)
    assert stored.text == "Et nyt mål"
    assert session.get_one(FollowUpMeeting, meeting.id).held_on is None
    session.rollback()


def test_another_day_without_grounds_holds_nothing(
    client: StaffClient, cast: Cast, path: str, session: Session, meeting: FollowUpMeeting
) -> None:
    client.sign_in(cast.caseworker)
    early = GOING_ON | {"next_on": "04.05.2026"}
    answer = client.send(path, early)
    assert answer.status_code == 422
    assert 'href="#reason_code"' in answer.text
    session.rollback()
    assert session.get_one(FollowUpMeeting, meeting.id).held_on is None
    session.rollback()
    grounds = {"reason_code": "worry", "meeting_reason": "Skolen er bekymret"}
    assert client.send(path, early | grounds).status_code == 303


def test_when_its_paper_cannot_be_made_a_meeting_is_not_held_and_its_minutes_are_kept(
    client: StaffClient,
    cast: Cast,
    path: str,
    session: Session,
    meeting: FollowUpMeeting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.sign_in(cast.caseworker)

    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("no paper")

    with monkeypatch.context() as broken:
        broken.setattr("fitsvc.web.meetings.hold_views.freeze_meeting", fail)
        client.application.testing = False  # answers as it would to people
        assert client.send(path, GOING_ON).status_code == 500
    session.rollback()
    assert session.get_one(FollowUpMeeting, meeting.id).held_on is None
    assert [one.id for one in list_meetings(session, cast.case.id)] == [meeting.id]
    assert session.scalars(select(AuditLog.seq).where(AuditLog.act == Act.MEETING_HELD)).all() == []
    minutes = read_meeting_book(session, case_id=cast.case.id).minutes[meeting.id]
    assert minutes[Minute.NEXT_REASON].text == GOING_ON["next_reason"]
    session.rollback()
    assert client.send(path, GOING_ON).status_code == 303  # and then once more
    session.rollback()
    assert len(list_meetings(session, cast.case.id)) == 2
    session.rollback()


def test_ending_ends_the_measure(client: StaffClient, cast: Cast, path: str, session: Session) -> None:
    answer = client.sign_in(cast.caseworker).send(path, GOING_ON | {"decision": "end"})
    assert answer.status_code == 303
    session.refresh(cast.episode)
    assert str(cast.episode.ended_on) == "2026-03-16"
    session.rollback()


def test_a_new_measure_leads_to_the_page_that_opens_it(client: StaffClient, cast: Cast, path: str) -> None:
    answer = client.sign_in(cast.caseworker).send(path, GOING_ON | {"decision": "new_measure"})
    assert answer.location == f"/cases/{cast.case.id}/episodes/start?closes={cast.episode.id}"


def test_a_practitioner_leaves_ending_and_opening_to_the_caseworker(
    client: StaffClient, cast: Cast, path: str, session: Session
) -> None:
    answer = client.sign_in(cast.practitioner).send(
        path, GOING_ON | {"decision": "new_measure"}, follow_redirects=True
    )
    assert "Socialrådgiveren opretter den nye indsats." in answer.text
    session.refresh(cast.episode)
    assert cast.episode.ended_on is None
    session.rollback()


def test_noted_afterwards_on_a_day_that_has_been(
    client: StaffClient, cast: Cast, build: Builder, session: Session
) -> None:
    past = build.meeting(cast.episode, build.today - timedelta(days=3))
    session.commit()
    path = f"/cases/{cast.case.id}/meetings/{past.id}/hold"
    page = client.sign_in(cast.practitioner).get(path).text
    assert 'value="13.03.2026"' in page
    assert 'value="15.06.2026"' in page  # three months later is a Saturday
    fields = GOING_ON | {"held_on": "13.03.2026", "next_on": "15.06.2026"}
    assert client.send(path, fields).location == f"/cases/{cast.case.id}"
    tomorrow = client.send(path, fields | {"held_on": "17.03.2026"}, page="/account")
    assert tomorrow.status_code == 422


def test_a_cancelled_meeting_is_refused_in_words(
    client: StaffClient, cast: Cast, path: str, session: Session, meeting: FollowUpMeeting, build: Builder
) -> None:
    session.get_one(FollowUpMeeting, meeting.id).cancelled_at = build.now
    session.commit()
    answer = client.sign_in(cast.caseworker).send(path, GOING_ON, page="/account")
    assert answer.status_code == 422
    assert "Mødet er aflyst." in answer.text or "Mødet blev aflyst." in answer.text


def test_a_text_changed_meanwhile_stops_the_closing_and_shows_both(
    client: StaffClient, cast: Cast, path: str, session: Session, meeting: FollowUpMeeting
) -> None:
    client.sign_in(cast.practitioner)
    room = path.removesuffix("hold") + "minutes"
    client.send(room, {"decision_reason": "Paulas grund", "decision_reason-version": "0"}, page=path)
    client.sign_in(cast.caseworker)
    answer = client.send(path, GOING_ON | {"decision_reason": "Carls grund", "decision_reason-version": "0"})
    assert answer.status_code == 409
    assert "Paulas grund" in answer.text
    assert "Carls grund" in answer.text
    session.rollback()
    assert session.get_one(FollowUpMeeting, meeting.id).held_on is None
    session.rollback()
