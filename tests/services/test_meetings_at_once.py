"""Two people who do something about the same meeting at the same moment: one effect, and a clear word to the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fitsvc.cadences import load_standards
from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.domain.roles import Role
from fitsvc.services.agreements import check_off
from fitsvc.services.deviations import Grounds, answer_deviation
from fitsvc.services.episodes import end_episode
from fitsvc.services.errors import Refused
from fitsvc.services.meetings import cancel_meeting, hold_meeting, move_meeting, plan_meeting
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.engine import writing
from fitsvc.storage.episodes import Episode
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
from fitsvc.storage.minutes import Agreement
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

BECAUSE = Grounds(DeviationReason.FAMILY_WISH, "Mor er på ferie", "Lena")
TODAY = date(2026, 3, 16)
Does = Callable[[Session, Actor], object]
Row = TypeVar("Row")


@pytest.fixture
def meeting(cast: Cast, build: Builder) -> FollowUpMeeting:
    found: FollowUpMeeting = build.meeting(cast.episode, TODAY)
    build.session.commit()
    return found


@pytest.fixture
def at_once(engine: Engine, cast: Cast) -> Callable[..., list[str]]:
    """Each act in a transaction of its own, all past their first reading before any goes on; "done" or the refusal."""

    def run(*acts: tuple[str | Actor, Does]) -> list[str]:
        start = Barrier(len(acts))
        people = {who: acting(cast.staff[who], TODAY) for who, _act in acts if isinstance(who, str)}

        def one(asked: tuple[str | Actor, Does]) -> str:
            who, act = asked
            with Session(writing(engine)) as own:
                seen: list[object] = []
                if (
                    engine.dialect.name == "postgresql"
                ):  # SQLite lets one in at a time, from its first statement
                    for kind in (FollowUpMeeting, Episode, Agreement, Deviation):
                        seen += own.scalars(select(kind))
                start.wait()
                try:
                    act(own, people[who] if isinstance(who, str) else who)
                    own.commit()
                except Refused as refused:
                    own.rollback()
                    return refused.code
            return "done"

        with ThreadPoolExecutor() as pool:
            return list(pool.map(one, acts))

    return run


def fresh(session: Session, kind: type[Row], key: UUID) -> Row:
    session.rollback()
    session.expire_all()
    return session.get_one(kind, key)


def hold(meeting: FollowUpMeeting, now: datetime) -> Does:
    ids: dict[str, Any] = {"now": now, "case_id": meeting.case_id, "meeting_id": meeting.id}
    return lambda own, by: hold_meeting(own, by=by, held_on=TODAY, **ids)


def cancel(meeting: FollowUpMeeting, now: datetime) -> Does:
    ids: dict[str, Any] = {"now": now, "case_id": meeting.case_id, "meeting_id": meeting.id}
    return lambda own, by: cancel_meeting(own, by=by, **ids)


def move(meeting: FollowUpMeeting, now: datetime, day: date) -> Does:
    ids: dict[str, Any] = {"now": now, "case_id": meeting.case_id, "meeting_id": meeting.id}
    seen = (meeting.planned_on, meeting.planned_at)
    return lambda own, by: move_meeting(
        own, by=by, standards=load_standards(), seen=seen, planned_on=day, grounds=BECAUSE, **ids
    )


def test_held_or_cancelled_but_never_both(
    at_once: Callable[..., list[str]], session: Session, meeting: FollowUpMeeting, now: datetime
) -> None:
    said = at_once(("caseworker", hold(meeting, now)), ("practitioner", cancel(meeting, now)))
    found = fresh(session, FollowUpMeeting, meeting.id)
    assert (found.held_on is None) is not (found.cancelled_at is None)
    assert said == (["done", "meeting_held"] if found.held_on else ["meeting_cancelled", "done"])


def test_a_meeting_held_meanwhile_is_not_moved(
    at_once: Callable[..., list[str]], session: Session, meeting: FollowUpMeeting, now: datetime
) -> None:
    said = at_once(
        ("caseworker", hold(meeting, now)), ("practitioner", move(meeting, now, date(2026, 3, 20)))
    )
    found = fresh(session, FollowUpMeeting, meeting.id)
    assert said[0] == "done"
    assert said[1] == ("meeting_held" if found.planned_on == TODAY else "done")


def test_of_two_moves_one_counts_and_the_other_is_told(
    at_once: Callable[..., list[str]], session: Session, meeting: FollowUpMeeting, now: datetime
) -> None:
    days = [date(2026, 3, 18), date(2026, 3, 20)]
    said = at_once(("caseworker", move(meeting, now, days[0])), ("practitioner", move(meeting, now, days[1])))
    assert sorted(said) == ["done", "meeting_moved_meanwhile"]
    assert fresh(session, FollowUpMeeting, meeting.id).planned_on == days[said.index("done")]
    standing = session.scalars(
        select(Deviation.planned_on).where(Deviation.state != DeviationState.WITHDRAWN)
    )
    assert standing.all() == [days[said.index("done")]]


def test_two_who_plan_the_same_day_plan_one_meeting(
    at_once: Callable[..., list[str]], session: Session, cast: Cast, meeting: FollowUpMeeting, now: datetime
) -> None:
    case_id, day = cast.case.id, date(2026, 3, 20)

    def plan(own: Session, by: Actor) -> object:
        return plan_meeting(
            own, by=by, now=now, standards=load_standards(), case_id=case_id, key=uuid4(), planned_on=day,
            grounds=BECAUSE,
        )  # fmt: skip

    assert sorted(at_once(("caseworker", plan), ("practitioner", plan))) == ["done", "meeting_there_already"]
    session.rollback()
    assert [one.planned_on for one in list_meetings(session, case_id)] == [TODAY, day]


def test_a_measure_ends_once(
    at_once: Callable[..., list[str]], session: Session, cast: Cast, now: datetime
) -> None:
    ids: dict[str, Any] = {"now": now, "case_id": cast.case.id, "episode_id": cast.episode.id}
    days = [TODAY, date(2026, 3, 9)]
    acts = [(who, day) for who, day in zip(("caseworker", "authority_leader"), days, strict=True)]

    def end(day: date) -> Does:
        return lambda own, by: end_episode(own, by=by, ended_on=day, **ids)

    said = at_once(*((who, end(day)) for who, day in acts))
    assert sorted(said) == ["done", "episode_ended"]
    assert fresh(session, Episode, cast.episode.id).ended_on == days[said.index("done")]


def test_an_agreement_is_checked_off_once(
    at_once: Callable[..., list[str]], session: Session, cast: Cast, meeting: FollowUpMeeting, now: datetime
) -> None:
    agreement = Agreement(
        case_id=cast.case.id, meeting_id=meeting.id, what="Ring", who="Mor",
        created_by_id=cast.caseworker.id, created_at=now,
    )  # fmt: skip
    session.add(agreement)
    session.commit()
    ids: dict[str, Any] = {"now": now, "case_id": cast.case.id, "agreement_id": agreement.id}

    def tick(own: Session, by: Actor) -> object:
        return check_off(own, by=by, **ids)

    assert at_once(("caseworker", tick), ("practitioner", tick)) == ["done", "done"]
    assert fresh(session, Agreement, agreement.id).version == 2
    acts = session.scalars(select(AuditLog.act).where(AuditLog.act == Act.AGREEMENT_CHANGED)).all()
    assert len(acts) == 1


def test_of_two_leaders_one_answers(
    at_once: Callable[..., list[str]], session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    second = acting(build.staff(Role.AUTHORITY_LEADER, unit=cast.authority, name="Lise"), TODAY)
    deviation = Deviation(
        case_id=cast.case.id, episode_id=cast.episode.id, kind=DeviationKind.LESS_OFTEN,
        reason_code=DeviationReason.OTHER, reason="x", by_cadence_interval="6 weeks", chosen_interval="8 weeks",
        state=DeviationState.AWAITING, asked_by_id=cast.caseworker.id, asked_at=now,
    )  # fmt: skip
    session.add(deviation)
    session.commit()
    ids: dict[str, Any] = {"now": now, "case_id": cast.case.id, "deviation_id": deviation.id}

    def answer(own: Session, by: Actor) -> object:
        yes = by.staff_id == cast.authority_leader.id
        return answer_deviation(own, by=by, approve=yes, answer="Vi venter", **ids)

    said = at_once(("authority_leader", answer), (second, answer))
    assert sorted(said) == ["deviation_answered", "done"]
    approved = fresh(session, Deviation, deviation.id).state is DeviationState.APPROVED
    assert approved is (said[0] == "done")
    assert (fresh(session, Episode, cast.episode.id).chosen_interval == 8) is approved
