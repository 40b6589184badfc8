from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.follow_up import DeviationKind, DeviationReason
from fitsvc.domain.meeting import Lacking, Minute
from fitsvc.services.cadences import all_standards
from fitsvc.services.deviations import Grounds
from fitsvc.services.errors import Refused
from fitsvc.services.holding import Concluded, Conclusion, NotReady, conclude_meeting, propose_after
from fitsvc.services.invalid import Invalid
from fitsvc.storage.deviations import list_deviations
from fitsvc.storage.engine import writing
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
from fitsvc.storage.minutes import MinuteText
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

BY_CADENCE = date(2026, 6, 16)  # Hvidovre, preventive: three months after 16 March
Hold = Callable[..., Concluded]


@pytest.fixture
def meeting(cast: Cast, build: Builder) -> FollowUpMeeting:
    return build.meeting(cast.episode, build.today)


@pytest.fixture
def say(session: Session, cast: Cast, build: Builder, meeting: FollowUpMeeting) -> Callable[..., None]:
    """`say(decision="end")`: what stands in the minutes."""

    def write(**fields: str) -> None:
        session.add_all(
            MinuteText(
                case_id=cast.case.id, meeting_id=meeting.id, field=Minute(name), text=text, version=1,
                changed_by_id=cast.caseworker.id, changed_at=build.now,
            )
            for name, text in fields.items()
        )  # fmt: skip
        session.flush()

    return write


@pytest.fixture
def hold(session: Session, cast: Cast, build: Builder, now: datetime, meeting: FollowUpMeeting) -> Hold:
    def conclude(who: str = "caseworker", **said: Any) -> Concluded:
        return conclude_meeting(
            session,
            by=acting(cast.staff[who], build.today),
            now=now,
            standards=all_standards(session),
            case_id=cast.case.id,
            meeting_id=meeting.id,
            conclusion=Conclusion(**({"held_on": build.today} | said)),
        )

    return conclude


def planned(session: Session, cast: Cast) -> list[date]:
    return [one.planned_on for one in list_meetings(session, cast.case.id) if one.held_on is None]


def test_what_is_missing_is_named_and_nothing_is_held(hold: Hold, meeting: FollowUpMeeting) -> None:
    with pytest.raises(NotReady) as found:
        hold()
    assert found.value.lacking == (Lacking.DECISION, Lacking.CHILD_HEARD)
    assert meeting.held_on is None


def test_going_on_plans_the_next_meeting(
    hold: Hold, say: Callable[..., None], session: Session, cast: Cast, build: Builder
) -> None:
    say(decision="continue", child_heard="present", next_on=BY_CADENCE.isoformat())
    assert hold().again is False
    assert planned(session, cast) == [BY_CADENCE]
    assert list_deviations(session, cast.case.id) == []


def test_another_day_wants_its_grounds_and_keeps_them(
    hold: Hold, say: Callable[..., None], session: Session, cast: Cast
) -> None:
    say(decision="adjust", child_heard="before", next_on="2026-05-04")
    with pytest.raises(Invalid, match="missing"), session.begin_nested():
        hold()
    grounds = Grounds(DeviationReason.WORRY, "Skolen er bekymret", "Lena")
    session.expire_all()
    hold(grounds=grounds)
    (deviation,) = list_deviations(session, cast.case.id)
    assert (deviation.kind, deviation.reason_code) == (DeviationKind.SOONER, DeviationReason.WORRY)
    assert planned(session, cast) == [date(2026, 5, 4)]


def test_a_meeting_planned_on_that_day_already_is_the_next_one(
    hold: Hold, say: Callable[..., None], session: Session, cast: Cast, build: Builder
) -> None:
    build.meeting(cast.episode, BY_CADENCE)
    say(decision="continue", child_heard="present", next_on=BY_CADENCE.isoformat())
    hold()
    assert planned(session, cast) == [BY_CADENCE]


@pytest.mark.parametrize(("who", "ends"), [("caseworker", True), ("practitioner", False)])
def test_ending_ends_the_measure_when_the_person_may(
    hold: Hold, say: Callable[..., None], session: Session, cast: Cast, build: Builder, who: str, ends: bool
) -> None:
    build.meeting(cast.episode, BY_CADENCE)
    say(decision="end", child_heard="present")
    hold(who)
    assert cast.episode.ended_on == (build.today if ends else None)
    assert planned(session, cast) == ([] if ends else [BY_CADENCE])


def test_a_new_measure_leaves_this_one_to_the_page_that_opens_it(
    hold: Hold, say: Callable[..., None], session: Session, cast: Cast
) -> None:
    say(decision="new_measure", child_heard="by_rating")
    hold()
    assert cast.episode.ended_on is None
    assert planned(session, cast) == []


def test_held_twice_is_held_once(
    hold: Hold, say: Callable[..., None], session: Session, cast: Cast, build: Builder
) -> None:
    say(decision="continue", child_heard="present", next_on=BY_CADENCE.isoformat())
    hold()
    assert hold().again is True
    with pytest.raises(Refused, match="meeting_held"):
        hold(held_on=build.today - timedelta(days=1))
    assert planned(session, cast) == [BY_CADENCE]


def test_a_cancelled_meeting_is_refused(
    hold: Hold, say: Callable[..., None], meeting: FollowUpMeeting, now: datetime
) -> None:
    say(decision="end", child_heard="present")
    meeting.cancelled_at = now
    with pytest.raises(Refused, match="meeting_cancelled"):
        hold()


def test_noted_afterwards_the_next_date_counts_from_the_day_it_was_held(
    session: Session, meeting: FollowUpMeeting, build: Builder
) -> None:
    found = propose_after(
        session, standards=all_standards(session), meeting=meeting, held_on=date(2026, 3, 13)
    )
    assert found.day == date(2026, 6, 15)  # 13 June is a Saturday


def test_two_who_close_it_at_once_close_it_once(
    engine: Engine,
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    say: Callable[..., None],
    meeting: FollowUpMeeting,
) -> None:
    say(decision="continue", child_heard="present", next_on=BY_CADENCE.isoformat())
    session.commit()
    people = [acting(cast.staff[who], build.today) for who in ("caseworker", "practitioner")]
    case_id, meeting_id, start = cast.case.id, meeting.id, Barrier(2)

    def close(by: Any) -> bool:
        start.wait()
        with Session(writing(engine)) as own:
            done = conclude_meeting(
                own, by=by, now=now, standards=all_standards(own), case_id=case_id,
                meeting_id=meeting_id, conclusion=Conclusion(build.today),
            )  # fmt: skip
            own.commit()
            return done.again

    with ThreadPoolExecutor() as pool:
        assert sorted(pool.map(close, people)) == [False, True]
    session.expire_all()
    assert planned(session, cast) == [BY_CADENCE]
    acts = session.scalars(select(AuditLog.act).where(AuditLog.act == Act.MEETING_HELD)).all()
    assert len(acts) == 1
