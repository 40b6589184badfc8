"""A leader's answer to fewer follow-ups."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.cadences import load_standards
from fitsvc.domain.audit import Access, Act
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.services.closing import close_case
from fitsvc.services.deviations import answer_deviation, list_open
from fitsvc.services.episodes import end_episode
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_dates import propose_next
from fitsvc.services.invalid import Invalid
from fitsvc.storage.deviations import Deviation, list_refused
from fitsvc.storage.follow_ups import list_calls
from fitsvc.storage.logs import AccessLog, AuditLog
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast


@pytest.fixture
def slower(cast: Cast, build: Builder) -> Deviation:
    """Every 8 weeks is asked for instead of every 6 weeks."""
    deviation = Deviation(
        case_id=cast.case.id,
        episode_id=cast.episode.id,
        kind=DeviationKind.LESS_OFTEN,
        reason_code=DeviationReason.GOING_WELL,
        reason="Ro til eksamen",
        by_cadence_interval="6 weeks",
        chosen_interval="8 weeks",
        state=DeviationState.AWAITING,
        asked_by_id=cast.caseworker.id,
        asked_at=build.now,
    )
    build.session.add(deviation)
    build.session.commit()
    return deviation


def answered(
    session: Session, cast: Cast, build: Builder, one: Deviation, *, approve: bool, words: str = ""
) -> None:
    answer_deviation(
        session,
        by=acting(cast.authority_leader, build.today),
        now=build.now,
        case_id=one.case_id,
        deviation_id=one.id,
        approve=approve,
        answer=words,
    )
    session.flush()


def test_an_approved_rhythm_is_the_episodes_from_then_on(
    session: Session, cast: Cast, build: Builder, slower: Deviation
) -> None:
    for _twice in range(2):
        answered(session, cast, build, slower, approve=True)
    assert (slower.state, slower.answered_by_id) == (DeviationState.APPROVED, cast.authority_leader.id)
    assert (cast.episode.chosen_interval, cast.episode.chosen_interval_unit) == (8, "weeks")
    assert propose_next(load_standards(), cast.episode, build.today).day == date(2026, 5, 11)
    acts = session.scalars(select(AuditLog).where(AuditLog.act == Act.DEVIATION_ANSWERED)).all()
    assert len(acts) == 1


def test_a_refused_rhythm_leaves_the_standards(
    session: Session, cast: Cast, build: Builder, slower: Deviation
) -> None:
    answered(session, cast, build, slower, approve=False, words="Hold kadencen")
    assert (slower.state, slower.answer) == (DeviationState.REFUSED, "Hold kadencen")
    assert cast.episode.chosen_interval is None
    caseworker = acting(cast.caseworker, build.today)
    assert [one.id for one in list_refused(session, caseworker, rhythms_since=build.now)] == [slower.id]
    later = build.now + timedelta(days=1)
    assert list_refused(session, caseworker, rhythms_since=later) == []


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (DeviationState.REFUSED, "deviation_answered"),
        (DeviationState.WITHDRAWN, "deviation_withdrawn"),
        (DeviationState.NOTED, "deviation_answered"),
    ],
)
def test_what_is_not_waiting_is_not_answered(
    session: Session, cast: Cast, build: Builder, slower: Deviation, state: DeviationState, code: str
) -> None:
    slower.state = state
    session.flush()
    with pytest.raises(Refused, match=code):
        answered(session, cast, build, slower, approve=True)


def test_refusing_needs_words(session: Session, cast: Cast, build: Builder, slower: Deviation) -> None:
    with pytest.raises(Invalid, match="missing"):
        answered(session, cast, build, slower, approve=False, words="  ")
    assert slower.state is DeviationState.AWAITING


def test_nobody_answers_for_themselves(
    session: Session, cast: Cast, build: Builder, slower: Deviation
) -> None:
    slower.asked_by_id = cast.authority_leader.id
    session.flush()
    with pytest.raises(Refused, match="own_deviation"):
        answered(session, cast, build, slower, approve=True)


def test_without_the_permission_it_is_not_there(
    session: Session, cast: Cast, build: Builder, slower: Deviation
) -> None:
    for who in (cast.caseworker, cast.practitioner, cast.provider_leader, cast.outsider):
        with pytest.raises(NotFound):
            answer_deviation(
                session,
                by=acting(who, build.today),
                now=build.now,
                case_id=slower.case_id,
                deviation_id=slower.id,
                approve=True,
            )


def test_the_list_leaves_one_row_in_the_access_log(
    session: Session, cast: Cast, build: Builder, slower: Deviation
) -> None:
    found = list_open(session, by=acting(cast.authority_leader, build.today), now=build.now)
    assert [(one.id, one.asked_by) for one in found] == [(slower.id, "Carl")]
    rows = session.scalars(select(AccessLog).where(AccessLog.access == Access.DEVIATIONS_LISTED)).all()
    assert [row.case_ids for row in rows] == [[str(cast.case.id)]]


def test_with_its_measure_a_question_ends(
    session: Session, cast: Cast, build: Builder, slower: Deviation
) -> None:
    end_episode(
        session,
        by=acting(cast.caseworker, build.today),
        now=build.now,
        case_id=cast.case.id,
        episode_id=cast.episode.id,
        ended_on=build.today,
    )
    assert slower.state is DeviationState.WITHDRAWN
    assert list_open(session, by=acting(cast.authority_leader, build.today), now=build.now) == []


def test_with_its_case_a_question_ends(
    session: Session, cast: Cast, build: Builder, slower: Deviation
) -> None:
    close_case(
        session,
        by=acting(cast.caseworker, build.today),
        now=build.now,
        case_id=cast.case.id,
        closed_on=build.today,
    )
    assert slower.state is DeviationState.WITHDRAWN


@pytest.mark.parametrize(("planner", "called"), [("practitioner", ["Paula"]), ("caseworker", [])])
def test_a_practitioners_meeting_is_announced_on_the_cadences_own_day_too(
    session: Session, cast: Cast, build: Builder, planner: str, called: list[str]
) -> None:
    build.meeting(cast.episode, build.today + timedelta(days=42), created_by_id=cast.staff[planner].id)
    session.flush()
    found = list_calls(session, acting(cast.authority_leader, build.today))
    assert [one.called_by for one in found] == called
