from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from fitsvc.cadences import load_standards
from fitsvc.domain.cadence import Interval
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.domain.law import LadderStep, MeasureType
from fitsvc.services.deviations import Grounds
from fitsvc.services.episode_plan import EpisodePlan
from fitsvc.services.episodes import end_episode, start_episode
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_dates import propose_next
from fitsvc.services.invalid import Invalid
from fitsvc.storage.cases import TeamPart, list_team
from fitsvc.storage.deviations import list_deviations
from fitsvc.storage.episodes import Episode, list_episodes
from fitsvc.storage.meetings import list_meetings
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

KEY = UUID("6b0e7dd2-7d68-4f3d-8b5e-000000000002")
START = date(2026, 3, 16)
BECAUSE = Grounds(DeviationReason.ABSENCE, "Ferie", "Lena")


@pytest.fixture
def plan(cast: Cast) -> EpisodePlan:
    return EpisodePlan(
        measure_type=MeasureType.PREVENTIVE,
        legal_basis="barnets lov § 32",
        ladder_step=LadderStep.HOME_BASED,
        purpose="En roligere hverdag",
        expected_weeks=26,
        started_on=START,
        unit_id=cast.provider.id,
        practitioner_ids=(cast.colleague.id,),
        cadence_standard="hvidovre",
    )


def started(
    session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan, **given: Any
) -> Episode:
    return start_episode(
        session,
        by=acting(cast.caseworker, build.today),
        now=now,
        standards=load_standards(),
        case_id=cast.case.id,
        plan=plan,
        **({"key": KEY} | given),
    )


def planned_days(session: Session, cast: Cast) -> list[date]:
    return [one.planned_on for one in list_meetings(session, cast.case.id)]


def noted(session: Session, cast: Cast) -> list[tuple[DeviationKind, DeviationState]]:
    return [(one.kind, one.state) for one in list_deviations(session, cast.case.id)]


def test_a_measure_brings_its_team_and_its_first_meeting(
    session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
) -> None:
    episode = started(session, cast, build, now, plan)
    assert planned_days(session, cast) == [date(2026, 4, 27)]  # six weeks later, a Monday
    team = {one.staff_id for one in list_team(session, cast.case.id) if one.part is TeamPart.PRACTITIONER}
    assert team == {cast.practitioner.id, cast.colleague.id}
    assert episode.unit_id == cast.provider.id


def test_a_date_on_easter_monday_moves_to_the_next_working_day(
    session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
) -> None:
    started(session, cast, build, now, replace(plan, started_on=date(2026, 2, 23)))
    assert planned_days(session, cast) == [date(2026, 4, 7)]


def test_sent_twice_it_is_one_measure_with_one_meeting(
    session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
) -> None:
    first = started(session, cast, build, now, plan)
    session.commit()
    assert started(session, cast, build, now, plan).id == first.id
    assert len(planned_days(session, cast)) == 1
    assert len(list_team(session, cast.case.id)) == 3


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"measure_type": MeasureType.EARLY_HELP_S30}, "first_meeting_on", "choice_required"),
        ({"measure_type": MeasureType.PLACEMENT_OWN_ROOM}, "first_meeting_on", "choice_required"),
        ({"first_meeting_on": date(2026, 4, 20)}, "reason_code", "missing"),
        (
            {"first_meeting_on": date(2026, 5, 4), "grounds": Grounds(DeviationReason.ABSENCE)},
            "meeting_reason",
            "missing",
        ),
        (
            {"first_meeting_on": date(2026, 7, 1), "grounds": BECAUSE},
            "first_meeting_on",
            "after_legal_limit",
        ),
        ({"first_meeting_on": date(2026, 3, 1), "grounds": BECAUSE}, "first_meeting_on", "too_early"),
        ({"first_meeting_on": date(9999, 1, 1), "grounds": BECAUSE}, "first_meeting_on", "too_late"),
        ({"chosen_interval": Interval(weeks=8)}, "reason_code", "missing"),
        ({"chosen_interval": Interval(weeks=4)}, "reason_code", "missing"),
        ({"cadence_standard": None}, "cadence_standard", "only_early_help_without"),
        ({"started_on": date(1, 1, 1)}, "started_on", "too_early"),
        ({"started_on": date(9999, 12, 31)}, "started_on", "too_late"),
        ({"expected_weeks": 0}, "expected_weeks", "out_of_range"),
        ({"expected_weeks": 10**9}, "expected_weeks", "out_of_range"),
        ({"legal_basis": ""}, "legal_basis", "missing"),
        ({"purpose": "x" * 2001}, "purpose", "too_long"),
        ({"purpose": "om 010114-1234"}, "purpose", "looks_like_cpr"),
        ({"cadence_standard": "nowhere"}, "cadence_standard", "not_a_choice"),
        ({"practitioner_ids": ()}, "practitioner_ids", "missing"),
        ({"unit_id": uuid4()}, "unit_id", "not_a_choice"),
        ({"chosen_interval": Interval(weeks=99)}, "interval_number", "out_of_range"),
        ({"investigation_ends_on": date(2026, 3, 15)}, "investigation_ends_on", "before_start"),
        ({"investigation_ends_on": date(9999, 12, 31)}, "investigation_ends_on", "too_late"),
        (
            {"measure_type": MeasureType.EARLY_HELP_S30, "investigation_ends_on": date(2026, 4, 1)},
            "investigation_ends_on",
            "no_legal_limit",
        ),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_field(
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    plan: EpisodePlan,
    changes: dict[str, Any],
    field: str,
    code: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        started(session, cast, build, now, replace(plan, **changes))
    assert (refused.value.field, refused.value.code) == (field, code)


def test_practitioners_must_work_in_the_chosen_unit(
    session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
) -> None:
    with pytest.raises(Invalid, match="not_of_the_unit"):
        started(session, cast, build, now, replace(plan, practitioner_ids=(cast.outsider.id,)))
    with pytest.raises(Invalid, match="not_a_choice"):
        started(session, cast, build, now, replace(plan, unit_id=cast.authority.id))


S30 = MeasureType.EARLY_HELP_S30
NOTED, AWAITING = DeviationState.NOTED, DeviationState.AWAITING


@pytest.mark.parametrize(
    ("changes", "days", "deviations"),
    [
        ({"measure_type": S30, "chosen_interval": Interval(weeks=8)}, [date(2026, 5, 11)], []),
        (
            {"measure_type": S30, "cadence_standard": None, "chosen_interval": Interval(weeks=8)},
            [date(2026, 5, 11)],
            [],
        ),
        ({"measure_type": S30, "cadence_standard": None}, [], []),
        (
            {"measure_type": S30, "first_meeting_on": date(2026, 5, 5), "grounds": BECAUSE},
            [date(2026, 5, 5)],
            [(DeviationKind.FREE_DATE, NOTED)],
        ),
        (
            {"first_meeting_on": date(2026, 4, 20), "grounds": BECAUSE},
            [date(2026, 4, 20)],
            [(DeviationKind.SOONER, NOTED)],
        ),
        (
            {"first_meeting_on": date(2026, 5, 4), "grounds": BECAUSE},
            [date(2026, 5, 4)],
            [(DeviationKind.LATER, AWAITING)],
        ),
        (
            {"chosen_interval": Interval(weeks=4), "grounds": BECAUSE},
            [date(2026, 4, 13)],
            [(DeviationKind.MORE_OFTEN, NOTED)],
        ),
        # until a leader has said yes, the standard's own first date stands
        (
            {"chosen_interval": Interval(weeks=8), "grounds": BECAUSE},
            [date(2026, 4, 27)],
            [(DeviationKind.LESS_OFTEN, AWAITING)],
        ),
        # the law has no rhythm to be held against, and its limit stands
        (
            {"cadence_standard": "barnets-lov-95", "chosen_interval": Interval(months=5)},
            [date(2026, 6, 16)],
            [],
        ),
    ],
)
def test_another_date_or_rhythm_is_kept_with_its_reason(
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    plan: EpisodePlan,
    changes: dict[str, Any],
    days: list[date],
    deviations: list[tuple[DeviationKind, DeviationState]],
) -> None:
    episode = started(session, cast, build, now, replace(plan, **changes))
    assert planned_days(session, cast) == days
    assert noted(session, cast) == deviations
    stands = [kind for kind, _state in deviations] != [DeviationKind.LESS_OFTEN]
    assert (episode.chosen_interval is not None) is ("chosen_interval" in changes and stands)


LAW, FOSTER = "barnets-lov-95", MeasureType.PLACEMENT_FOSTER_FAMILY


@pytest.mark.parametrize(
    ("changes", "ends", "first"),
    [
        # the law alone: three months from 16 March are 16 June
        ({"cadence_standard": LAW}, date(2026, 4, 15), date(2026, 4, 15)),
        ({"cadence_standard": LAW}, START, START),
        ({"cadence_standard": LAW}, date(2026, 4, 2), date(2026, 4, 7)),  # Maundy Thursday, past Easter
        ({"cadence_standard": LAW}, date(2026, 6, 16), date(2026, 6, 16)),
        ({"cadence_standard": LAW}, date(2026, 6, 17), date(2026, 6, 16)),
        ({"cadence_standard": LAW}, date(2027, 1, 4), date(2026, 6, 16)),
        # a kommune's own cadence, under the same law: the earlier of the two
        ({}, date(2026, 4, 24), date(2026, 4, 24)),
        ({}, date(2026, 4, 25), date(2026, 4, 27)),  # a Saturday: the Monday is the cadence's own day
        ({}, date(2026, 5, 6), date(2026, 4, 27)),
        ({"cadence_standard": "herning", "measure_type": FOSTER}, date(2026, 3, 26), date(2026, 3, 26)),
        ({"cadence_standard": "herning", "measure_type": FOSTER}, date(2026, 4, 8), date(2026, 3, 30)),
        # a rhythm chosen for the case, sooner than the standard's
        ({"chosen_interval": Interval(weeks=4), "grounds": BECAUSE}, date(2026, 4, 8), date(2026, 4, 8)),
        ({"chosen_interval": Interval(weeks=4), "grounds": BECAUSE}, date(2026, 4, 20), date(2026, 4, 13)),
    ],
)
def test_the_first_follow_up_is_when_an_investigation_beside_it_ends(
    session: Session,
    cast: Cast,
    build: Builder,
    now: datetime,
    plan: EpisodePlan,
    changes: dict[str, Any],
    ends: date,
    first: date,
) -> None:
    episode = started(session, cast, build, now, replace(plan, investigation_ends_on=ends, **changes))
    assert (episode.investigation_ends_on, planned_days(session, cast)) == (ends, [first])
    proposed = propose_next(load_standards(), episode, None)
    assert proposed.day == first
    assert proposed.investigation_ends in {None, ends}


def test_later_than_the_investigations_end_waits_for_a_leader(
    session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
) -> None:
    ends = {"investigation_ends_on": date(2026, 4, 15), "cadence_standard": LAW}
    later = {"first_meeting_on": date(2026, 5, 4), "grounds": BECAUSE}
    started(session, cast, build, now, replace(plan, **ends, **later))  # type: ignore[arg-type]
    assert noted(session, cast) == [(DeviationKind.LATER, AWAITING)]


def test_once_a_meeting_was_held_the_investigation_counts_no_more(
    session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
) -> None:
    episode = started(session, cast, build, now, replace(plan, investigation_ends_on=date(2026, 4, 15)))
    assert propose_next(load_standards(), episode, date(2026, 4, 13)).day == date(2026, 7, 13)


class TestReplacingAMeasure:
    def test_the_new_one_ends_the_old_in_the_same_act(
        self, session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
    ) -> None:
        gone = build.meeting(cast.episode, date(2026, 4, 20))
        todays = build.meeting(cast.episode, build.today)
        build.meeting(cast.episode, build.today - timedelta(days=42), held_on=build.today)
        new = started(session, cast, build, now, plan, closes=cast.episode.id)
        assert (cast.episode.ended_on, new.started_on) == (date(2026, 3, 15), START)
        assert (gone.cancelled_at, todays.cancelled_at) == (
            now,
            None,
        )  # today's may be the one that decided it
        team = {one.staff_id for one in list_team(session, cast.case.id) if one.part is TeamPart.PRACTITIONER}
        assert team == {cast.practitioner.id, cast.colleague.id}

    def test_the_former_unit_may_leave_with_it(
        self, session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
    ) -> None:
        elsewhere = replace(plan, unit_id=cast.external.id, practitioner_ids=(cast.outsider.id,))
        started(session, cast, build, now, elsewhere, closes=cast.episode.id, leave_team=True)
        team = {one.staff_id for one in list_team(session, cast.case.id) if one.part is TeamPart.PRACTITIONER}
        assert team == {cast.outsider.id}

    def test_sent_twice_it_replaces_once(
        self, session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
    ) -> None:
        for _twice in range(2):
            started(session, cast, build, now, plan, closes=cast.episode.id)
            session.commit()
        assert len(list_episodes(session, cast.case.id)) == 2

    def test_a_measure_starting_later_lets_the_old_one_run_until_then(
        self, session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
    ) -> None:
        before, after = (build.meeting(cast.episode, date(2026, month, 20)) for month in (3, 4))
        later = replace(plan, started_on=date(2026, 4, 1))
        started(session, cast, build, now, later, closes=cast.episode.id)
        assert cast.episode.ended_on == date(2026, 3, 31)
        assert (before.cancelled_at, after.cancelled_at) == (None, now)

    def test_another_cases_measure_is_not_ended(
        self, session: Session, cast: Cast, build: Builder, now: datetime, plan: EpisodePlan
    ) -> None:
        foreign = build.episode(build.case(), cast.provider)
        with pytest.raises(NotFound):
            started(session, cast, build, now, plan, closes=foreign.id)
        assert foreign.ended_on is None


def test_ending_cancels_what_was_planned_and_lets_the_unit_leave(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    meeting = build.meeting(cast.episode, date(2026, 4, 20))
    by = acting(cast.caseworker, build.today)
    end_episode(
        session,
        by=by,
        now=now,
        case_id=cast.case.id,
        episode_id=cast.episode.id,
        ended_on=build.today,
        leave_team=True,
    )
    assert meeting.cancelled_at == now
    assert {one.part for one in list_team(session, cast.case.id)} == {TeamPart.CASEWORKER}
    with pytest.raises(Refused, match="episode_ended"):
        end_episode(
            session,
            by=by,
            now=now,
            case_id=cast.case.id,
            episode_id=cast.episode.id,
            ended_on=build.today,
        )


def test_a_measure_is_ended_from_its_own_case_only(
    session: Session, cast: Cast, build: Builder, now: datetime
) -> None:
    other = build.case(team={cast.caseworker: TeamPart.CASEWORKER})
    with pytest.raises(NotFound):
        end_episode(
            session,
            by=acting(cast.caseworker, build.today),
            now=now,
            case_id=other.id,
            episode_id=cast.episode.id,
            ended_on=build.today,
        )
