from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from fitsvc.cadences import load_standards
from fitsvc.domain.cadence import ChoiceReason
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.services.deviations import Grounds
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_dates import CountedFrom, ProposedDate
from fitsvc.services.invalid import Invalid
from fitsvc.services.meetings import (
    cancel_meeting,
    hold_meeting,
    move_meeting,
    plan_meeting,
    propose_meeting,
)
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.deviations import list_deviations
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

BECAUSE = Grounds(DeviationReason.PARTICIPANTS, "Mor kan her", "Lena")


def noted(session: Session, cast: Cast) -> list[tuple[DeviationKind, DeviationState]]:
    session.flush()
    return [(one.kind, one.state) for one in list_deviations(session, cast.case.id)]


def moved(
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    meeting: FollowUpMeeting,
    day: date,
    **given: Any,
) -> FollowUpMeeting:
    return move_meeting(
        session,
        by=acting(cast.caseworker, build.today),
        now=now,
        standards=load_standards(),
        case_id=cast.case.id,
        meeting_id=meeting.id,
        planned_on=day,
        **({"seen": (meeting.planned_on, meeting.planned_at)} | given),
    )


def proposed(session: Session, cast: Cast, build: Builder) -> ProposedDate:
    by = acting(cast.caseworker, build.today)
    return propose_meeting(session, by=by, standards=load_standards(), case_id=cast.case.id)[1]


def planned(
    session: Session, cast: Cast, build: Builder, now: datetime, day: date, **given: Any
) -> FollowUpMeeting:
    return plan_meeting(
        session,
        by=acting(cast.caseworker, build.today),
        now=now,
        standards=load_standards(),
        case_id=cast.case.id,
        planned_on=day,
        **({"key": UUID(int=1)} | given),
    )


@pytest.mark.parametrize(
    ("standard", "measure_type", "held_on", "day", "choice"),
    [
        # Hvidovre, preventive: three months after the meeting held, moved past a weekend
        ("hvidovre", "preventive", date(2026, 3, 16), date(2026, 6, 16), None),
        ("hvidovre", "preventive", date(2026, 3, 13), date(2026, 6, 15), None),
        ("haderslev", "preventive", date(2026, 3, 16), date(2026, 4, 27), None),
        ("herning", "placement_foster_family", date(2026, 3, 16), date(2026, 4, 27), None),
        ("barnets-lov-95", "preventive", date(2026, 3, 16), None, ChoiceReason.NO_FIXED_INTERVAL),
        ("hvidovre", "early_help_s30", date(2026, 3, 16), None, ChoiceReason.CHOSEN_PER_CASE),
        ("hvidovre", "placement_own_room", date(2026, 3, 16), None, ChoiceReason.NO_ROW),
        (None, "preventive", date(2026, 3, 16), None, ChoiceReason.NO_ROW),
    ],
)
def test_the_next_date_counts_from_the_meeting_held(
    session: Session,
    cast: Cast,
    build: Builder,
    standard: str | None,
    measure_type: str,
    held_on: date,
    day: date | None,
    choice: ChoiceReason | None,
) -> None:
    cast.episode.cadence_standard, cast.episode.measure_type = standard, measure_type
    build.meeting(cast.episode, held_on - timedelta(days=3), held_on=held_on)
    found = proposed(session, cast, build)
    assert (found.day, found.choice, found.counted_from) == (day, choice, CountedFrom.MEETING_HELD)


def test_a_rhythm_chosen_for_the_case_goes_before_the_standard(
    session: Session, cast: Cast, build: Builder
) -> None:
    cast.episode.chosen_interval, cast.episode.chosen_interval_unit = 2, "weeks"
    build.meeting(cast.episode, build.today, held_on=build.today)
    found = proposed(session, cast, build)
    assert (found.day, found.is_chosen_for_case) == (date(2026, 3, 30), True)


def test_planning_holding_and_planning_again(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    by = acting(cast.caseworker, build.today)
    meeting = planned(session, cast, build, now, date(2026, 3, 20), grounds=BECAUSE)
    # later than the first date, which has passed: fewer follow-ups
    assert noted(session, cast) == [(DeviationKind.LATER, DeviationState.AWAITING)]
    for _twice in range(2):
        hold_meeting(
            session, by=by, now=now, case_id=cast.case.id, meeting_id=meeting.id, held_on=build.today
        )
    following = planned(session, cast, build, now, date(2026, 6, 16), key=UUID(int=2))
    assert following.planned_on == date(2026, 6, 16)
    assert len(noted(session, cast)) == 1
    with pytest.raises(Refused, match="meeting_held"):
        cancel_meeting(session, by=by, now=now, case_id=cast.case.id, meeting_id=meeting.id)
    with pytest.raises(Refused, match="meeting_held"):
        hold_meeting(
            session,
            by=by,
            now=now,
            case_id=cast.case.id,
            meeting_id=meeting.id,
            held_on=build.today - timedelta(days=1),
        )


@pytest.mark.parametrize(
    ("day", "given", "field", "code"),
    [
        (date(2026, 6, 15), {}, "reason_code", "missing"),
        (
            date(2026, 6, 15),
            {"grounds": Grounds(DeviationReason.WORRY, " ")},
            "meeting_reason",
            "missing",
        ),
        (
            date(2026, 6, 17),
            {"grounds": Grounds(None, "Ferie", "Lena")},
            "reason_code",
            "missing",
        ),
        (date(2026, 3, 15), {"grounds": BECAUSE}, "planned_on", "too_early"),
        (date(9999, 12, 31), {"grounds": BECAUSE}, "planned_on", "too_late"),
        (
            date(2026, 6, 15),
            {"grounds": Grounds(DeviationReason.OTHER, "0101141234")},
            "meeting_reason",
            "looks_like_cpr",
        ),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_field(
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    day: date,
    given: dict[str, Any],
    field: str,
    code: str,
) -> None:
    build.meeting(cast.episode, build.today, held_on=build.today)  # proposes 16 June
    with pytest.raises(Invalid) as refused:
        planned(session, cast, build, now, day, **given)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_sent_twice_it_is_one_meeting_and_a_day_has_one(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    build.meeting(cast.episode, build.today, held_on=build.today)
    planned(session, cast, build, now, date(2026, 6, 16))
    session.commit()
    planned(session, cast, build, now, date(2026, 6, 16))
    assert len(list_meetings(session, cast.case.id)) == 2
    with pytest.raises(Invalid, match="meeting_there_already"):
        planned(session, cast, build, now, date(2026, 6, 16), key=UUID(int=7))


def test_a_cancelled_meeting_is_not_held_and_the_future_was_not_held_either(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    by = acting(cast.caseworker, build.today)
    meeting = build.meeting(cast.episode, build.today)
    with pytest.raises(Invalid, match="too_late"):
        hold_meeting(
            session,
            by=by,
            now=now,
            case_id=cast.case.id,
            meeting_id=meeting.id,
            held_on=build.today + timedelta(days=1),
        )
    for _twice in range(2):
        cancel_meeting(session, by=by, now=now, case_id=cast.case.id, meeting_id=meeting.id)
    with pytest.raises(Refused, match="meeting_cancelled"):
        hold_meeting(
            session, by=by, now=now, case_id=cast.case.id, meeting_id=meeting.id, held_on=build.today
        )


def test_a_meeting_is_reached_through_its_own_case_only(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    meeting = build.meeting(cast.episode, build.today)
    other = build.case(team={cast.caseworker: TeamPart.CASEWORKER})
    with pytest.raises(NotFound):
        cancel_meeting(
            session,
            by=acting(cast.caseworker, build.today),
            now=now,
            case_id=other.id,
            meeting_id=meeting.id,
        )


@pytest.mark.parametrize(
    ("day", "kind", "state"),
    [
        (date(2026, 6, 12), DeviationKind.SOONER, DeviationState.NOTED),
        (date(2026, 6, 17), DeviationKind.LATER, DeviationState.AWAITING),
    ],
)
def test_a_deviation_keeps_reason_who_decided_and_with_whom(
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    day: date,
    kind: DeviationKind,
    state: DeviationState,
) -> None:
    build.meeting(cast.episode, build.today, held_on=build.today)  # proposes 16 June
    meeting = planned(session, cast, build, now, day, grounds=BECAUSE)
    (found,) = list_deviations(session, cast.case.id)
    assert (found.kind, found.state, found.meeting_id) == (kind, state, meeting.id)
    assert (found.by_cadence_on, found.planned_on) == (date(2026, 6, 16), day)
    assert (found.reason_code, found.reason, found.decided_by) == (
        DeviationReason.PARTICIPANTS,
        "Mor kan her",
        "Lena",
    )
    assert (found.asked_by_id, found.answered_by_id) == (cast.caseworker.id, None)


def test_one_meeting_more_is_not_fewer(session: Session, cast: Cast, build: Builder, now: datetime) -> None:
    build.meeting(cast.episode, build.today, held_on=build.today)
    planned(session, cast, build, now, date(2026, 6, 16))
    planned(session, cast, build, now, date(2026, 8, 3), key=UUID(int=2))
    assert noted(session, cast) == []


class TestMoving:
    @pytest.fixture
    def meeting(self, session: Session, cast: Cast, build: Builder, now: datetime) -> FollowUpMeeting:
        build.meeting(cast.episode, build.today, held_on=build.today)
        return planned(session, cast, build, now, date(2026, 6, 16))

    def test_a_new_day_is_judged_as_a_planned_one_and_replaces_what_was_noted(
        self, session: Session, cast: Cast, build: Builder, now: datetime, meeting: FollowUpMeeting
    ) -> None:
        moved(session, cast, build, now, meeting, date(2026, 6, 23), grounds=BECAUSE)
        assert noted(session, cast) == [(DeviationKind.LATER, DeviationState.AWAITING)]
        later = now + timedelta(minutes=1)
        moved(session, cast, build, later, meeting, date(2026, 6, 9), grounds=BECAUSE)
        assert noted(session, cast) == [
            (DeviationKind.LATER, DeviationState.WITHDRAWN),
            (DeviationKind.SOONER, DeviationState.NOTED),
        ]
        moved(session, cast, build, later, meeting, date(2026, 6, 16))
        assert {state for _kind, state in noted(session, cast)} == {DeviationState.WITHDRAWN}
        assert len(list_meetings(session, cast.case.id)) == 2

    def test_another_day_needs_its_grounds(
        self, session: Session, cast: Cast, build: Builder, now: datetime, meeting: FollowUpMeeting
    ) -> None:
        with pytest.raises(Invalid) as refused:
            moved(session, cast, build, now, meeting, date(2026, 6, 23))
        assert (refused.value.field, refused.value.code) == ("reason_code", "missing")
        assert meeting.planned_on == date(2026, 6, 16)

    def test_another_hour_needs_none(
        self, session: Session, cast: Cast, build: Builder, now: datetime, meeting: FollowUpMeeting
    ) -> None:
        moved(session, cast, build, now, meeting, date(2026, 6, 16), planned_at=time(13, 30))
        assert (meeting.planned_on, meeting.planned_at) == (date(2026, 6, 16), time(13, 30))
        assert noted(session, cast) == []

    def test_sent_twice_it_is_moved_once(
        self, session: Session, cast: Cast, build: Builder, now: datetime, meeting: FollowUpMeeting
    ) -> None:
        seen = (date(2026, 6, 16), None)
        for _twice in range(2):
            moved(session, cast, build, now, meeting, date(2026, 6, 9), grounds=BECAUSE, seen=seen)
        assert len(noted(session, cast)) == 1

    def test_of_two_who_move_it_at_once_the_last_is_told(
        self, session: Session, cast: Cast, build: Builder, now: datetime, meeting: FollowUpMeeting
    ) -> None:
        seen = (date(2026, 6, 16), None)
        moved(session, cast, build, now, meeting, date(2026, 6, 9), grounds=BECAUSE, seen=seen)
        with pytest.raises(Refused, match="meeting_moved_meanwhile"):
            moved(session, cast, build, now, meeting, date(2026, 6, 10), grounds=BECAUSE, seen=seen)
        assert meeting.planned_on == date(2026, 6, 9)

    def test_what_was_held_or_cancelled_is_not_moved(
        self, session: Session, cast: Cast, build: Builder, now: datetime, meeting: FollowUpMeeting
    ) -> None:
        meeting.held_on = build.today
        with pytest.raises(Refused, match="meeting_held"):
            moved(session, cast, build, now, meeting, date(2026, 6, 9), grounds=BECAUSE)
        meeting.held_on, meeting.cancelled_at = None, now
        with pytest.raises(Refused, match="meeting_cancelled"):
            moved(session, cast, build, now, meeting, date(2026, 6, 9), grounds=BECAUSE)

    def test_a_cancelled_meeting_asks_for_nothing_any_more(
        self, session: Session, cast: Cast, build: Builder, now: datetime, meeting: FollowUpMeeting
    ) -> None:
        moved(session, cast, build, now, meeting, date(2026, 6, 23), grounds=BECAUSE)
        cancel_meeting(
            session,
            by=acting(cast.caseworker, build.today),
            now=now,
            case_id=cast.case.id,
            meeting_id=meeting.id,
        )
        assert noted(session, cast) == [(DeviationKind.LATER, DeviationState.WITHDRAWN)]
