"""Agreed expectations: a score on a named series by a date, drawn as a line from that series' latest score."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Act
from fitsvc.domain.expectation import ExpectedAndActual, hold_against
from fitsvc.services.case_access import get_case
from fitsvc.services.case_facts import CaseTrajectories, ExpectationFacts, GoalFacts, SeriesFacts
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import LONGEST_LOOK_AHEAD, Invalid, checked_day, checked_number
from fitsvc.services.meeting_facts import last_held
from fitsvc.services.meetings import get_meeting
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind, list_expectations
from fitsvc.storage.logs import record_act
from fitsvc.storage.once import add_once


def agree_expectation(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    case_id: UUID,
    series: SeriesFacts,
    key: UUID,
    kind: ExpectationKind,
    score: float,
    due_on: date,
    meeting_id: UUID | None = None,
    goal_id: UUID | None = None,
) -> AgreedExpectation:
    """Set what the meeting expects of a series (`shared`), or what its own actor expects of it (`own`).

    The series is a total, one area of it, or (with `goal_id`) one rater's series of a goal. A case has one shared
    expectation, and each series, area and goal one own: at the same meeting a new one takes the place of the one
    before, which is kept as withdrawn; what an earlier meeting expected stays to be held against what came.
    Invalid: a series without a score, a date not after its latest score, a score off its scale.
    """
    case = get_case(session, by=by, case_id=case_id)
    there = session.get(AgreedExpectation, key)
    if there is not None:
        if there.case_id != case.id:
            raise NotFound(key)
        return there
    if case.closed_on is not None:
        raise Refused("case_closed")
    latest = series.trajectory.latest
    if latest is None:
        raise Invalid("series", "series_without_score")
    if due_on <= max(latest.on, by.today):
        raise Invalid("due_on", "not_after_latest_score")
    checked_day(due_on, "due_on", latest=by.today + LONGEST_LOOK_AHEAD)
    measure = series.trajectory.measure
    checked_number(score, "score", measure.minimum, measure.maximum)
    meeting = get_meeting(session, case_id=case.id, meeting_id=meeting_id) if meeting_id else None
    expectation = AgreedExpectation(
        id=key,
        case_id=case.id,
        respondent_id=series.respondent_id,
        instrument_id=series.instrument_id,
        instrument_version=series.instrument_version,
        area=series.area,
        goal_id=goal_id,
        meeting_id=meeting.id if meeting else None,
        kind=kind,
        start_on=latest.on,
        start_score=latest.score,
        due_on=due_on,
        score=score,
        set_by_id=by.staff_id,
        created_at=now,
        withdrawn_at=None,
    )
    replaced = [one for one in list_expectations(session, case.id) if _takes_its_place(expectation, one)]
    if add_once(session, expectation):
        for one in replaced:
            one.withdrawn_at = now
        record_act(
            session,
            Act.EXPECTATION_AGREED,
            at=now,
            staff_id=by.staff_id,
            case_id=case.id,
            expectation=str(key),
            kind=kind.value,
            replaces=[str(one.id) for one in replaced],
        )
    return expectation


def _takes_its_place(new: AgreedExpectation, old: AgreedExpectation) -> bool:
    if old.kind is not new.kind or old.meeting_id != new.meeting_id:
        return False
    return new.kind is ExpectationKind.SHARED or _place(old) == _place(new)


def _place(one: AgreedExpectation) -> tuple[object, ...]:
    return one.respondent_id, one.instrument_id, one.instrument_version, one.area, one.goal_id


@dataclass(frozen=True, slots=True)
class LookedBack:
    """An expectation agreed before, held against what has come. `goal` when it is one of a goal."""

    series: SeriesFacts
    expectation: ExpectationFacts
    held: ExpectedAndActual
    goal: GoalFacts | None = None


def look_back(seen: CaseTrajectories, meeting_id: UUID | None = None) -> tuple[LookedBack, ...]:
    """What was expected until now, for the meeting with this id (or for today): the shared one first, then in the order
    of voices, totals before areas before goals.

    Of each place the newest one not set at this very meeting or later; and none whose day had come by the last meeting
    held before, which looked at it.
    """
    this = next((one for one in seen.meetings if one.id == meeting_id), None)
    not_before = {one.id for one in seen.meetings if this is not None and (one == this or one.on > this.on)}
    last = last_held(seen.meetings, this)
    found: dict[tuple[object, ...], LookedBack] = {}
    for series, goal in _with_goals(seen):
        for one in series.expectations:
            if one.meeting_id in not_before or (last is not None and one.line.due <= last.on):
                continue
            place = (
                (one.kind,)
                if one.kind is ExpectationKind.SHARED
                else (one.kind, series.key, one.area, one.goal_id)
            )
            before = found.get(place)
            if before is None or _is_newer(one, before.expectation):
                trajectory = series.trajectory
                found[place] = LookedBack(
                    series, one, hold_against(one.line, trajectory.latest, trajectory.measure), goal
                )
    return tuple(sorted(found.values(), key=lambda one: one.expectation.kind is not ExpectationKind.SHARED))


def _with_goals(seen: CaseTrajectories) -> list[tuple[SeriesFacts, GoalFacts | None]]:
    found: list[tuple[SeriesFacts, GoalFacts | None]] = [(one, None) for one in (*seen.totals, *seen.areas)]
    return found + [(series, goal) for goal in seen.goals for series in goal.series]


def _is_newer(one: ExpectationFacts, other: ExpectationFacts) -> bool:
    return (one.line.start, one.line.due) >= (other.line.start, other.line.due)
