from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from fitsvc.cadences import load_standards
from fitsvc.domain.cadence import ChoiceReason
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_dates import CountedFrom, ProposedDate
from fitsvc.services.invalid import Invalid
from fitsvc.services.meetings import cancel_meeting, hold_meeting, plan_meeting, propose_meeting
from fitsvc.storage.cases import TeamPart
from fitsvc.storage.meetings import FollowUpMeeting, list_meetings
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast


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
    meeting = planned(session, cast, build, now, date(2026, 3, 20), meeting_reason="x", decided_by="Lena")
    assert meeting.reason == "x (Lena)"  # later than the first date, which has passed: fewer follow-ups
    for _twice in range(2):
        hold_meeting(
            session, by=by, now=now, case_id=cast.case.id, meeting_id=meeting.id, held_on=build.today
        )
    following = planned(session, cast, build, now, date(2026, 6, 16), key=UUID(int=2))
    assert following.reason == ""
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
        (date(2026, 6, 15), {}, "meeting_reason", "missing"),
        (date(2026, 6, 17), {"meeting_reason": "x"}, "decided_by", "missing"),
        (date(2026, 3, 15), {"meeting_reason": "x"}, "planned_on", "too_early"),
        (date(9999, 12, 31), {"meeting_reason": "x"}, "planned_on", "too_late"),
        (date(2026, 6, 15), {"meeting_reason": "0101141234"}, "meeting_reason", "looks_like_cpr"),
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
