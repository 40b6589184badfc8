"""A held meeting's PDFs are made while nobody waits for the database."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.storage.frozen import FrozenReport
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
from fitsvc.storage.minutes import MinuteText
from fitsvc.web.database import db
from fitsvc.web.documents import freezing, pdf
from tests.builders import Builder
from tests.cast import Cast
from tests.client import StaffClient
from tests.web.meetings.test_hold import GOING_ON

Made = list[tuple[str, bool]]
"""Each page made into a PDF, and whether a transaction was open meanwhile."""


@pytest.fixture
def meeting(cast: Cast, build: Builder) -> FollowUpMeeting:
    found = build.meeting(cast.episode, build.today)
    build.session.commit()
    return found


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    found: Made = []

    def note(html: str, **rest: object) -> bytes:
        found.append((html, db.session.in_transaction()))
        return pdf.make_pdf(html, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(freezing, "make_pdf", note)
    return found


def test_both_papers_are_made_once_and_outside_the_transaction(
    client: StaffClient, cast: Cast, meeting: FollowUpMeeting, made: Made, session: Session
) -> None:
    client.sign_in(cast.caseworker).send(f"/cases/{cast.case.id}/meetings/{meeting.id}/hold", GOING_ON)
    assert [is_open for _html, is_open in made] == [False, False]
    session.rollback()
    assert len(session.scalars(select(FrozenReport)).all()) == 2
    assert len(list_meetings(session, cast.case.id)) == 2
    acts = [one.act for one in session.scalars(select(AuditLog))]
    assert len([act for act in acts if act == "meeting_held"]) == 1


def test_a_paper_that_changed_meanwhile_is_made_again(
    client: StaffClient,
    cast: Cast,
    meeting: FollowUpMeeting,
    made: Made,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make = freezing.NotMadeYet.make

    def make_and_change(pages: freezing.NotMadeYet) -> freezing.Made:
        papers = make(pages)
        monkeypatch.setattr(freezing, "FINGERPRINT", 8)  # stands in for an answer that came meanwhile
        return papers

    monkeypatch.setattr(freezing.NotMadeYet, "make", make_and_change)
    client.sign_in(cast.caseworker).send(f"/cases/{cast.case.id}/meetings/{meeting.id}/hold", GOING_ON)
    assert [is_open for _html, is_open in made] == [False, False, True, True]


def test_where_making_them_fails_only_the_minutes_are_kept(
    client: StaffClient,
    cast: Cast,
    meeting: FollowUpMeeting,
    monkeypatch: pytest.MonkeyPatch,
    session: Session,
) -> None:
    def fail(_pages: freezing.NotMadeYet) -> freezing.Made:
        raise OSError("no room")

    monkeypatch.setattr(freezing.NotMadeYet, "make", fail)
    answer = client.sign_in(cast.caseworker).send(
        f"/cases/{cast.case.id}/meetings/{meeting.id}/hold", GOING_ON
    )
    assert answer.status_code == 500
    session.rollback()
    assert [one.held_on for one in list_meetings(session, cast.case.id)] == [None]
    assert not session.scalars(select(FrozenReport)).all()
    assert session.scalars(select(MinuteText)).all()
