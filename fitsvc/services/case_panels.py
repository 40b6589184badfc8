"""What stands around the curves: goals, external series, discrepancies, and whether to talk about ending."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from fitsvc.domain.discrepancy import AreaRating, discrepancies
from fitsvc.domain.ending import ReadyToEnd, Voice, ready_to_end
from fitsvc.domain.instrument import Direction, Instrument, Kind
from fitsvc.domain.measure import Measure
from fitsvc.domain.signal import ScoredPoint
from fitsvc.domain.trajectory import BASELINE_LEAD, follow
from fitsvc.services.case_facts import (
    DiscrepancyFacts,
    ExternalFacts,
    GoalFacts,
    RespondentFacts,
    SeriesFacts,
    Side,
)
from fitsvc.services.case_records import CaseRecords
from fitsvc.services.series import SeriesSource, area_of
from fitsvc.storage.goals import Goal

LONGEST_STEP_OF_EXTERNALS = 190
"""Days. Numbers from elsewhere may come twice a year."""


def follow_externals(records: CaseRecords, episode_start: date | None) -> tuple[ExternalFacts, ...]:
    """The external series with reliable change and class where their import gave spread and reliability."""
    return tuple(
        ExternalFacts(
            id=one.id,
            series_key=one.series_key,
            name=one.name,
            unit=one.value_unit,
            direction=one.direction,
            rater_role=one.rater_role,
            purpose=one.purpose,
            trajectory=follow(
                [
                    ScoredPoint(value.measured_on, value.value)
                    for value in records.external_values.get(one.id, [])
                ],
                Measure(
                    minimum=one.minimum,
                    maximum=one.maximum,
                    direction=one.direction,
                    sd=one.sd,
                    reliability=one.reliability,
                ),
                episode_start=episode_start,
                longest_step_days=LONGEST_STEP_OF_EXTERNALS,
            ),
        )
        for one in records.external_series
    )


def follow_goals(
    records: CaseRecords, sources: Iterable[SeriesSource], episode_start: date | None
) -> tuple[GoalFacts, ...]:
    """Each goal with what every rater said about it while it stood."""
    forms = [source for source in sources if source.instrument.kind is Kind.GOAL]
    return tuple(
        GoalFacts(
            id=goal.id,
            number=goal.number,
            text=goal.text,
            start_value=goal.start_value,
            target_value=goal.target_value,
            set_on=goal.set_on,
            due_on=goal.due_on,
            closed_on=goal.closed_on,
            reached=goal.reached,
            series=tuple(
                series
                for source in forms
                if (series := _goal_series(source, goal, episode_start)) is not None
            ),
        )
        for goal in records.goals
    )


def find_discrepancies(
    sources: Iterable[SeriesSource], episode_start: date | None
) -> tuple[DiscrepancyFacts, ...]:
    """Where those who rate now see an area differently, within the current episode; largest gap first."""
    since = episode_start - BASELINE_LEAD if episode_start else date.min
    people: dict[str, RespondentFacts] = {}
    views: list[AreaRating] = []
    for source in sources:
        if not source.respondent.is_active:
            continue
        people[str(source.respondent.id)] = source.respondent
        views += [
            AreaRating(
                str(source.respondent.id), item.area, point.on, _out_of_ten(answer.value, source.instrument)
            )
            for point in source.points
            if point.on >= since
            for item in source.instrument.items
            if (answer := point.answers.get(item.id)) is not None and answer.value is not None
        ]

    def side(view: AreaRating) -> Side:
        person = people[view.rater]
        return Side(person.id, person.rater_role, person.setting, view.on, view.value)

    return tuple(
        DiscrepancyFacts(found.area, side(found.low), side(found.high), found.change)
        for found in discrepancies(views)
    )


def judge_ending(totals: Iterable[SeriesFacts]) -> ReadyToEnd | None:
    """Whether it is worth talking about ending; names are keys of series."""
    voices = {}
    for series in totals:
        if not series.is_current:
            continue
        measure = series.trajectory.measure
        voices[series.key] = Voice(
            scores=[measure.goodness(point.score) for point in series.trajectory.episode_points],
            target=None if series.target_score is None else measure.goodness(series.target_score),
            signal=series.trajectory.signal.code if series.trajectory.signal else None,
            is_missing=series.is_silent,
        )
    return ready_to_end(voices)


def _goal_series(source: SeriesSource, goal: Goal, episode_start: date | None) -> SeriesFacts | None:
    if goal.number > len(source.instrument.items):
        return None
    item = source.instrument.items[goal.number - 1]
    points = tuple(
        point
        for point in source.points
        if point.on >= goal.set_on and (goal.closed_on is None or point.on <= goal.closed_on)
    )
    series = area_of(replace(source, points=points, follows_key=None), item, episode_start, goal_id=goal.id)
    return series if series.trajectory.points else None


def _out_of_ten(value: float, instrument: Instrument) -> float:
    scale = instrument.scale
    share = (value - scale.minimum) / (scale.maximum - scale.minimum)
    return 10 * (share if instrument.direction is Direction.HIGHER_IS_BETTER else 1 - share)
