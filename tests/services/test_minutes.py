from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.meeting import Minute
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import Invalid
from fitsvc.services.minutes import ChangedMeanwhile, write_minute
from fitsvc.storage.engine import writing
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import MinuteText, list_minutes
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

Write = Callable[..., Any]


@pytest.fixture
def meeting(cast: Cast, build: Builder) -> FollowUpMeeting:
    return build.meeting(cast.episode, build.today)


@pytest.fixture
def wrote(session: Session, cast: Cast, build: Builder, now: datetime, meeting: FollowUpMeeting) -> Write:
    """`wrote("text", seen)`: Carl writes the reason, having seen that version."""

    def write(
        text: str, seen: int = 0, field: Minute = Minute.DECISION_REASON, who: str = "caseworker"
    ) -> MinuteText | None:
        return write_minute(
            session,
            by=acting(cast.staff[who], build.today),
            now=now,
            case_id=cast.case.id,
            meeting_id=meeting.id,
            field=field,
            text=text,
            seen_version=seen,
        )

    return write


def test_each_change_raises_the_version(wrote: Write) -> None:
    versions = [wrote(text, seen).version for text, seen in (("a", 0), ("b", 1), ("", 2), ("c", 3))]
    assert versions == [1, 2, 3, 4]


def test_the_same_text_again_changes_nothing_whatever_version_was_seen(
    wrote: Write, session: Session
) -> None:
    wrote("Vi tager det roligt")
    for seen in (0, 1, 7):
        assert wrote(" Vi tager det roligt\r\n", seen).version == 1
    acts = session.scalars(select(AuditLog.act).where(AuditLog.act == Act.MINUTE_WRITTEN)).all()
    assert len(acts) == 1


def test_an_empty_field_left_empty_is_no_row(wrote: Write, session: Session, cast: Cast) -> None:
    assert wrote("  ") is None
    assert list_minutes(session, cast.case.id) == []


def test_somebody_elses_text_is_never_overwritten_unseen(wrote: Write, session: Session) -> None:
    wrote("Paulas", who="practitioner")
    with pytest.raises(ChangedMeanwhile) as found:
        wrote("Carls", 0)
    assert (found.value.theirs.text, found.value.theirs.version) == ("Paulas", 1)
    assert wrote("Paulas og Carls", 1).text == "Paulas og Carls"  # having seen it


def test_different_fields_do_not_disturb_each_other(wrote: Write) -> None:
    wrote("En grund")
    assert wrote("adjust", 0, Minute.DECISION).version == 1


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (Minute.DECISION, "perhaps", "not_a_choice"),
        (Minute.CHILD_HEARD, "Decision.END", "not_a_choice"),
        (Minute.NEXT_ON, "snart", "not_a_date"),
        (Minute.NEXT_ON, "2026-03-15", "too_early"),
        (Minute.NEXT_ON, "2999-01-01", "too_late"),
        (Minute.PARTICIPANTS, "x" * 2001, "too_long"),
        (Minute.NEXT_REASON, "Ring 010203-1234", "looks_like_cpr"),
    ],
)
def test_what_a_field_cannot_take_is_named(wrote: Write, field: Minute, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        wrote(text, 0, field)
    assert (refused.value.field, refused.value.code) == (field.value, code)


def test_a_held_meeting_rests_but_for_what_is_written_at_the_ending(
    wrote: Write, meeting: FollowUpMeeting
) -> None:
    meeting.held_on = meeting.planned_on
    with pytest.raises(Refused, match="meeting_held"):
        wrote("For sent")
    assert wrote("At I ringede", 0, Minute.HELPED).version == 1


def test_a_cancelled_meeting_takes_nothing(wrote: Write, meeting: FollowUpMeeting, now: datetime) -> None:
    meeting.cancelled_at = now
    with pytest.raises(Refused, match="meeting_cancelled"):
        wrote("Aflyst", 0, Minute.HELPED)


def test_another_cases_meeting_is_not_there(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    other = build.meeting(build.episode(build.case()), build.today)
    for meeting_id in (other.id, uuid4()):
        with pytest.raises(NotFound):
            write_minute(
                session, by=acting(cast.caseworker, build.today), now=now, case_id=cast.case.id,
                meeting_id=meeting_id, field=Minute.PARTICIPANTS, text="Mor", seen_version=0,
            )  # fmt: skip


def test_the_log_says_which_field_and_never_what(wrote: Write, session: Session) -> None:
    wrote("Hemmelig grund")
    row = session.scalars(select(AuditLog).where(AuditLog.act == Act.MINUTE_WRITTEN)).one()
    assert row.details["field"] == "decision_reason"
    assert "Hemmelig" not in str(row.details)


def test_two_who_write_at_the_same_moment_one_is_told_of_the_other(
    engine: Engine, session: Session, cast: Cast, build: Builder, now: datetime, meeting: FollowUpMeeting
) -> None:
    session.commit()
    by, case_id, meeting_id = acting(cast.caseworker, build.today), cast.case.id, meeting.id
    start = Barrier(2)

    def write(text: str) -> str:
        start.wait()
        with Session(writing(engine)) as own:
            try:
                write_minute(
                    own, by=by, now=now, case_id=case_id, meeting_id=meeting_id,
                    field=Minute.GOALS_CHANGED, text=text, seen_version=0,
                )  # fmt: skip
            except ChangedMeanwhile as changed:
                return changed.theirs.text
            own.commit()
            return "written"

    with ThreadPoolExecutor() as pool:
        told = set(pool.map(write, ("Den ene", "Den anden")))
    stored = [one.text for one in list_minutes(session, case_id)]
    assert len(stored) == 1
    assert told == {"written", stored[0]}
