"""Meetings in calendars: read back by a library that did not write them, telling nothing of the case."""

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
import vobject
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.roles import Role
from fitsvc.services.calendar_feeds import meeting_uid
from fitsvc.storage.accounts import Staff
from fitsvc.storage.calendar_feeds import CalendarFeed
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.logs import AccessLog, AuditLog, record_act
from fitsvc.storage.meetings import FollowUpMeeting
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient

PAGE = "/account/calendar-link"
ADDRESS = re.compile(r"http://localhost(/calendar/([\w-]+)\.ics)")


def make_link(client: StaffClient, staff: Staff) -> str:
    answer = client.sign_in(staff).send(PAGE)
    found = ADDRESS.search(answer.text)
    assert found
    return found.group(1)


def events(text: str) -> list[vobject.base.Component]:
    calendar = vobject.readOne(text)
    return calendar.contents.get("vevent", [])


def stranger(app: Flask) -> StaffClient:
    """A calendar program: no cookies."""
    return StaffClient(app)


@pytest.fixture
def meeting(build: Builder, cast: Cast, session: Session) -> FollowUpMeeting:
    found = build.meeting(cast.episode, build.today + timedelta(days=10), planned_at=time(9, 30))
    session.commit()
    return found


def test_a_meeting_is_a_file_another_library_reads(
    client: StaffClient, cast: Cast, meeting: FollowUpMeeting
) -> None:
    answer = client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}/meetings/{meeting.id}/meeting.ics")
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "no-store"
    (event,) = events(answer.text)
    assert event.summary.value == "Opfølgningsmøde"
    assert event.dtstart.value == datetime(2026, 3, 26, 8, 30, tzinfo=UTC), "9.30 in Danish winter time"
    assert event.status.value == "CONFIRMED"
    assert event.sequence.value == "0"
    assert event.url.value == "http://localhost/"


def test_summer_time_and_a_day_without_a_time(
    client: StaffClient, app: Flask, build: Builder, cast: Cast, session: Session
) -> None:
    build.meeting(cast.episode, date(2026, 3, 30), planned_at=time(9, 30))
    build.meeting(cast.episode, date(2026, 4, 7))
    session.commit()
    summer, whole_day = events(stranger(app).get(make_link(client, cast.practitioner)).text)
    assert summer.dtstart.value == datetime(2026, 3, 30, 7, 30, tzinfo=UTC)
    assert whole_day.dtstart.value == date(2026, 4, 7)


def test_a_calendar_tells_nothing_of_the_case(
    client: StaffClient, app: Flask, build: Builder, cast: Cast, meeting: FollowUpMeeting
) -> None:
    file = (
        client.sign_in(cast.caseworker).get(f"/cases/{cast.case.id}/meetings/{meeting.id}/meeting.ics").text
    )
    feed = stranger(app).get(make_link(client, cast.practitioner)).text
    for text in (file, feed):
        for secret in (
            cast.case.reference, cast.case.display_name, str(cast.case.id), str(meeting.id), meeting.id.hex,
            cast.practitioner.name, cast.caseworker.name, cast.provider.name, cast.episode.purpose,
        ):  # fmt: skip
            assert secret not in text


def test_file_and_feed_name_the_meeting_alike(
    client: StaffClient, app: Flask, cast: Cast, meeting: FollowUpMeeting
) -> None:
    file = client.sign_in(cast.practitioner).get(f"/cases/{cast.case.id}/meetings/{meeting.id}/meeting.ics")
    feed = stranger(app).get(make_link(client, cast.practitioner))
    assert events(file.text)[0].uid.value == events(feed.text)[0].uid.value == meeting_uid(meeting.id)


def test_a_feed_has_the_meetings_of_the_cases_one_is_on(
    client: StaffClient, app: Flask, build: Builder, cast: Cast, session: Session, meeting: FollowUpMeeting
) -> None:
    own_too = build.case(
        team={cast.practitioner: TeamPart.PRACTITIONER, cast.colleague: TeamPart.PRACTITIONER}
    )
    recent = build.meeting(build.episode(own_too, cast.provider), build.today - timedelta(days=30))
    build.meeting(build.episode(own_too, cast.provider), build.today - timedelta(days=31))
    session.commit()
    for staff, expected in (
        (cast.practitioner, [recent, meeting]),
        (cast.caseworker, [meeting]),
        (cast.colleague, [recent]),
        (cast.provider_leader, []),
        (cast.authority_leader, []),
        (cast.outsider, []),
    ):
        found = events(stranger(app).get(make_link(StaffClient(app), staff)).text)
        assert [one.uid.value for one in found] == [meeting_uid(one.id) for one in expected], staff.name


def test_one_who_left_the_team_and_an_outside_provider_after_its_episode_see_nothing(
    app: Flask, build: Builder, cast: Cast, session: Session
) -> None:
    case = build.case(team={cast.outsider: TeamPart.PRACTITIONER})
    episode = build.episode(case, cast.external)
    build.meeting(episode, build.today + timedelta(days=3))
    session.commit()
    address = make_link(StaffClient(app), cast.outsider)
    assert len(events(stranger(app).get(address).text)) == 1
    episode.ended_on = build.today - timedelta(days=1)
    session.commit()
    assert events(stranger(app).get(address).text) == []


def test_a_cancelled_meeting_is_told_as_cancelled_for_a_month(
    app: Flask, build: Builder, cast: Cast, session: Session
) -> None:
    later = build.today + timedelta(days=60)
    build.meeting(cast.episode, later, cancelled_at=build.now - timedelta(days=29))
    build.meeting(cast.episode, later, cancelled_at=build.now - timedelta(days=31))
    session.commit()
    (event,) = events(stranger(app).get(make_link(StaffClient(app), cast.practitioner)).text)
    assert event.status.value == "CANCELLED"


def test_every_change_raises_the_sequence(
    app: Flask, build: Builder, cast: Cast, session: Session, meeting: FollowUpMeeting
) -> None:
    moved_at = build.now - timedelta(hours=2)
    for moved in (meeting.id, uuid4()):
        days = {"moved_from": "2026-03-01", "moved_to": "2026-03-02"}
        record_act(session, Act.MEETING_MOVED, at=moved_at, case_id=cast.case.id, meeting=str(moved), **days)
    meeting.created_at = build.now - timedelta(days=2)
    session.commit()
    (event,) = events(stranger(app).get(make_link(StaffClient(app), cast.practitioner)).text)
    assert event.sequence.value == "1"
    assert event.last_modified.value == moved_at


def test_only_the_hash_is_kept_and_the_address_is_shown_once(
    client: StaffClient, cast: Cast, session: Session
) -> None:
    token = make_link(client, cast.practitioner).removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 32, "192 random bits"
    assert token not in client.get(PAGE).text
    feed = session.scalars(select(CalendarFeed)).one()
    assert token not in str(vars(feed))


def test_a_new_link_and_stopping_it_end_the_old_one(
    client: StaffClient, app: Flask, cast: Cast, session: Session
) -> None:
    first = make_link(client, cast.practitioner)
    second = make_link(client, cast.practitioner)
    assert [stranger(app).get(one).status_code for one in (first, second)] == [404, 200]
    client.send(f"{PAGE}/revoke", page=PAGE)
    client.send(f"{PAGE}/revoke", page=PAGE)
    assert stranger(app).get(second).status_code == 404
    acts = session.scalars(
        select(AuditLog.act).where(AuditLog.act.in_([Act.CALENDAR_FEED_MADE, Act.CALENDAR_FEED_REVOKED]))
    ).all()
    assert sorted(acts) == sorted([Act.CALENDAR_FEED_MADE] * 2 + [Act.CALENDAR_FEED_REVOKED] * 2)


def test_an_account_that_was_closed_or_lost_its_role_has_no_calendar_and_looks_like_none(
    client: StaffClient, app: Flask, build: Builder, cast: Cast, session: Session
) -> None:
    address = make_link(client, cast.practitioner)
    unknown = stranger(app).get("/calendar/no-such-link.ics")
    assert unknown.status_code == 404
    for change, undo in (
        (
            lambda: setattr(cast.practitioner, "active", False),
            lambda: setattr(cast.practitioner, "active", True),
        ),
        (
            lambda: setattr(cast.practitioner, "roles", [build.role(Role.AUDITOR)]),
            lambda: setattr(cast.practitioner, "roles", [build.role(Role.PRACTITIONER)]),
        ),
    ):
        change()
        session.commit()
        refused = stranger(app).get(address)
        assert (refused.status_code, refused.text) == (404, unknown.text)
        undo()
        session.commit()
        assert stranger(app).get(address).status_code == 200


def test_the_feed_comes_without_cookie_and_is_not_kept_by_anybody(
    client: StaffClient, app: Flask, cast: Cast, session: Session, meeting: FollowUpMeeting
) -> None:
    address = make_link(client, cast.practitioner)
    answer = stranger(app).get(address)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    again = stranger(app).get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert stranger(app).head(address).status_code == 200
    assert session.scalars(select(AccessLog)).all() == [], "no case contents: see docs/decisions.md"


def test_the_language_is_the_owners(
    app: Flask, cast: Cast, session: Session, meeting: FollowUpMeeting
) -> None:
    cast.practitioner.language = "en"
    session.commit()
    (event,) = events(stranger(app).get(make_link(StaffClient(app), cast.practitioner)).text)
    assert event.summary.value == "Follow-up meeting"


def test_the_number_of_queries_does_not_grow_with_the_meetings(
    app: Flask, build: Builder, cast: Cast, session: Session
) -> None:
    address = make_link(StaffClient(app), cast.practitioner)
    counts = []
    for _more in range(2):
        for day in range(5):
            case = build.case(team={cast.practitioner: TeamPart.PRACTITIONER})
            build.meeting(build.episode(case, cast.provider), build.today + timedelta(days=day))
        session.commit()
        counts.append(count_queries(app, address))
    assert counts[0] == counts[1]


def count_queries(app: Flask, address: str) -> int:
    from sqlalchemy import event

    from fitsvc.web.database import db

    said: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    stranger(app).get(address)
    event.remove(engine, "before_cursor_execute", note)
    return len(said)
