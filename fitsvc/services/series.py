"""From a case's rows to its series: one respondent on one version of one form, never joined with another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.expected_change import ExpectationLine
from fitsvc.domain.instrument import Instrument, Item, Kind
from fitsvc.domain.measure import measure_of_item, measure_of_total
from fitsvc.domain.missing import DueRating, DueState, Rhythm, due_state
from fitsvc.domain.rating import from_stored
from fitsvc.domain.signal import ScoredPoint, open_confirmation
from fitsvc.domain.trajectory import LONGEST_STEP_DAYS, Trajectory, follow
from fitsvc.services.case_facts import (
    ExpectationFacts,
    PointNoteFacts,
    RatedPoint,
    RespondentFacts,
    SeriesFacts,
)
from fitsvc.services.case_records import CaseRecords
from fitsvc.storage.administrations import AdministrationState, KnownAsking
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind
from fitsvc.storage.point_notes import PointNote
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import RatingPlan

SeriesId = tuple[UUID, str, str]
"""Respondent, instrument, version."""

LONGEST_STEP_BEFORE_MEETINGS = 120
"""Days. Who is asked before meetings only is asked every three months or so."""


@dataclass(frozen=True, slots=True)
class SeriesSource:
    """Everything that belongs to one series, before anything is decided about it."""

    key: str
    respondent: RespondentFacts
    instrument: Instrument
    points: tuple[RatedPoint, ...]
    missed: tuple[date, ...]
    due: tuple[date, ...]
    expectations: tuple[ExpectationFacts, ...]
    next_steps: tuple[date, ...]
    plan: RatingPlan | None
    is_current: bool
    follows_key: str | None


def series_key(respondent_id: UUID, instrument_id: str, version: str) -> str:
    """Names a series within its case, short enough for an address."""
    return f"{respondent_id.hex[:12]}.{instrument_id}.{version}"


def gather_sources(
    records: CaseRecords, catalogue: Catalogue, today: date, *, with_sessions: bool
) -> tuple[SeriesSource, ...]:
    """The case's series in the order of voices, each respondent's in the order they began.

    Scored wellbeing forms that are planned and not answered yet are there too, without points. Session ratings are
    left out altogether unless asked for.
    """
    instruments = {
        (one.id, one.version): one for one in catalogue if with_sessions or one.kind is not Kind.SESSION
    }
    ratings = _by_series(records.ratings)
    awaited = _by_series(records.askings)
    for plan in records.plans:
        latest = catalogue.find(plan.instrument_id)
        answered = any(key[:2] == (plan.respondent_id, plan.instrument_id) for key in ratings)
        if latest is not None and latest.is_on_curve and is_running(plan, today) and not answered:
            ratings[plan.respondent_id, plan.instrument_id, latest.version] = []
    keys = [key for key in ratings if key[1:] in instruments and key[0] in records.respondents]
    current = _current(records, {key: instruments[key[1:]] for key in keys}, ratings, today)
    before = _predecessors(keys, instruments, ratings)
    places = {respondent_id: place for place, respondent_id in enumerate(records.respondents)}
    keys.sort(key=lambda key: (places[key[0]], _first_day(ratings[key]), key[1:]))
    expectations = _expectations(records)
    return tuple(
        SeriesSource(
            key=series_key(*key),
            respondent=records.respondents[key[0]],
            instrument=instruments[key[1:]],
            points=_points(ratings[key], records.comments, records.notes),
            missed=_awaited_days(awaited[key], today, DueState.MISSED),
            due=_awaited_days(awaited[key], today, DueState.DUE),
            expectations=expectations.get(key, ()),
            next_steps=tuple(
                step.taken_on
                for step in records.signal_actions
                if (step.respondent_id, step.instrument_id, step.instrument_version) == key
            ),
            plan=_latest_plan(records.plans, key[0], key[1]),
            is_current=key in current,
            follows_key=series_key(*before[key]) if key in before else None,
        )
        for key in keys
    )


def total_of(source: SeriesSource, episode_start: date | None) -> SeriesFacts:
    """The series of the form's total score, with its verdicts where the form has a known noise."""
    points = [ScoredPoint(point.on, point.score) for point in source.points if point.score is not None]
    trajectory = follow(
        points,
        measure_of_total(source.instrument),
        episode_start=episode_start,
        missed=source.missed,
        longest_step_days=_longest_step(source.plan),
    )
    return _series(source, trajectory, source.points, None)


def area_of(
    source: SeriesSource, item: Item, episode_start: date | None, *, goal_id: UUID | None = None
) -> SeriesFacts:
    """The series of one item: its line, and no verdict (a single area has no known reliability).

    `goal_id` when the item stands for one goal of the case.
    """
    answers = [(point, point.answers.get(item.id)) for point in source.points]
    points = [
        ScoredPoint(point.on, answer.value)
        for point, answer in answers
        if answer is not None and answer.value is not None
    ]
    trajectory = follow(
        points,
        measure_of_item(source.instrument),
        episode_start=episode_start,
        missed=source.missed,
        longest_step_days=_longest_step(source.plan),
    )
    return _series(source, trajectory, source.points, None if goal_id else item.area, goal_id)


def is_running(plan: RatingPlan, today: date) -> bool:
    """Whether a rating plan applies on this day."""
    return plan.starts_on <= today and (plan.ends_on is None or plan.ends_on >= today)


def _series(
    source: SeriesSource,
    trajectory: Trajectory,
    points: tuple[RatedPoint, ...],
    area: str | None,
    goal_id: UUID | None = None,
) -> SeriesFacts:
    return SeriesFacts(
        key=source.key,
        respondent_id=source.respondent.id,
        rater_role=source.respondent.rater_role,
        setting=source.respondent.setting,
        instrument_id=source.instrument.id,
        instrument_version=source.instrument.version,
        kind=source.instrument.kind,
        area=area,
        trajectory=trajectory,
        points=points,
        missed=source.missed,
        due=source.due,
        expectations=tuple(one for one in source.expectations if one.area == area and one.goal_id == goal_id),
        open_confirmation=open_confirmation(trajectory.signals, source.next_steps)
        if source.is_current
        else None,
        target_score=source.plan.target_score if source.plan and area is None else None,
        is_current=source.is_current,
        follows_key=source.follows_key,
    )


def _by_series(rows: Iterable[Rating] | Iterable[KnownAsking]) -> dict[SeriesId, list[Any]]:
    found: dict[SeriesId, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.respondent_id, row.instrument_id, row.instrument_version].append(row)
    return found


def _points(
    ratings: list[Rating], comments: Mapping[UUID, Comment], notes: Mapping[UUID, PointNote]
) -> tuple[RatedPoint, ...]:
    return tuple(
        RatedPoint(
            rating_id=rating.id,
            on=rating.rated_on,
            score=rating.score,
            mode=rating.mode,
            language=rating.language,
            answers=from_stored(rating.answers),
            comment=comment.text if (comment := comments.get(rating.id)) else None,
            comment_at_meeting=comment is not None and comment.at_meeting,
            withheld=rating.withheld,
            note=PointNoteFacts(note.picture, note.text, note.visibility)
            if (note := notes.get(rating.id))
            else None,
        )
        for rating in ratings
    )


def _awaited_days(rows: list[KnownAsking], today: date, state: DueState) -> tuple[date, ...]:
    """Days on which an answer was asked for; a cancelled asking is none."""
    return tuple(
        row.due_on
        for row in rows
        if row.state is AdministrationState.OPEN
        and due_state(DueRating(row.due_on, row.answered_on), today) is state
    )


def _first_day(ratings: list[Rating]) -> date:
    return ratings[0].rated_on if ratings else date.max


def _current(
    records: CaseRecords,
    instruments: Mapping[SeriesId, Instrument],
    ratings: Mapping[SeriesId, list[Rating]],
    today: date,
) -> set[SeriesId]:
    """Of every respondent's forms of one kind and range, the one in use: the planned one, else the latest rated."""
    lanes: dict[tuple[object, ...], list[SeriesId]] = defaultdict(list)
    for key, instrument in instruments.items():
        if records.respondents[key[0]].is_active:
            lanes[_lane(key, instrument)].append(key)
    planned: dict[tuple[UUID, str], tuple[date, datetime]] = {}
    for plan in records.plans:
        if is_running(plan, today):
            planned[plan.respondent_id, plan.instrument_id] = (plan.starts_on, plan.created_at)

    def rank(key: SeriesId) -> tuple[bool, date, date, str]:
        plan = planned.get(key[:2])
        last = ratings[key][-1].rated_on if ratings[key] else date.min
        return plan is not None, plan[0] if plan else date.min, last, key[2]

    return {max(keys, key=rank) for keys in lanes.values()}


def _predecessors(
    keys: list[SeriesId],
    instruments: Mapping[tuple[str, str], Instrument],
    ratings: Mapping[SeriesId, list[Rating]],
) -> dict[SeriesId, SeriesId]:
    """Which series a respondent answered before this one: where the form changed."""
    lanes: dict[tuple[object, ...], list[SeriesId]] = defaultdict(list)
    for key in keys:
        lanes[_lane(key, instruments[key[1:]])].append(key)
    found = {}
    for lane in lanes.values():
        lane.sort(key=lambda key: (_first_day(ratings[key]), key[1:]))
        found.update({later: earlier for earlier, later in pairwise(lane)})
    return found


def _lane(key: SeriesId, instrument: Instrument) -> tuple[object, ...]:
    return key[0], instrument.kind, instrument.scoring.minimum, instrument.scoring.maximum


def _latest_plan(plans: list[RatingPlan], respondent_id: UUID, instrument_id: str) -> RatingPlan | None:
    found = [
        plan for plan in plans if plan.respondent_id == respondent_id and plan.instrument_id == instrument_id
    ]
    return found[-1] if found else None


def _longest_step(plan: RatingPlan | None) -> int:
    only_before_meetings = plan is not None and plan.rhythm is Rhythm.BEFORE_MEETING
    return LONGEST_STEP_BEFORE_MEETINGS if only_before_meetings else LONGEST_STEP_DAYS


def _expectations(records: CaseRecords) -> dict[SeriesId, tuple[ExpectationFacts, ...]]:
    meeting_days = {meeting.id: meeting.held_on or meeting.planned_on for meeting in records.meetings}
    by_series: dict[SeriesId, list[AgreedExpectation]] = defaultdict(list)
    for one in records.expectations:
        by_series[one.respondent_id, one.instrument_id, one.instrument_version].append(one)
    latest = {_place(row): row.id for row in records.expectations}
    return {
        key: tuple(
            ExpectationFacts(
                id=row.id,
                kind=row.kind,
                line=ExpectationLine(row.start_on, row.start_score, row.due_on, row.score),
                area=row.area,
                goal_id=row.goal_id,
                meeting_id=row.meeting_id,
                meeting_on=meeting_days.get(row.meeting_id) if row.meeting_id else None,
                is_latest=latest[_place(row)] == row.id,
            )
            for row in rows
        )
        for key, rows in by_series.items()
    }


def _place(row: AgreedExpectation) -> tuple[object, ...]:
    """A case has one shared expectation at a time, each series, area and goal one own."""
    if row.kind is ExpectationKind.SHARED:
        return (row.kind,)
    return row.kind, row.respondent_id, row.instrument_id, row.instrument_version, row.area, row.goal_id
