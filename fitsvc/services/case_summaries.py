"""The curves of many cases at once, for lists: one query per subject, however many cases."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.ending import ReadyToEnd, Voice, ready_to_end
from fitsvc.domain.instrument import Instrument
from fitsvc.domain.measure import Measure, measure_of_total
from fitsvc.domain.missing import DueRating, DueState, due_state
from fitsvc.domain.rater import RATER_ORDER, RaterRole
from fitsvc.domain.signal import NOT_YET, ScoredPoint, Signal, SignalCode, open_confirmation, signals
from fitsvc.domain.trajectory import episode_points
from fitsvc.services.series import SeriesId, series_key
from fitsvc.storage.summaries import (
    EpisodeRow,
    ScoreRow,
    VoiceRow,
    list_awaited,
    list_episode_days,
    list_scores,
    list_steps,
    list_voices,
)

SCORES_IN_A_SMALL_CURVE = 12


@dataclass(frozen=True, slots=True)
class SeriesSummary:
    """One current series as a list row shows it: `scores` are the last dozen, `latest` the newest of them.

    `missed` and `due`: days on which an answer was asked for and has not come. `ending` is what the rule of ending
    asks of the series.
    """

    key: str
    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    instrument_id: str
    instrument_version: str
    measure: Measure
    scores: tuple[ScoredPoint, ...]
    signal: Signal | None
    open_confirmation: Signal | None
    missed: tuple[date, ...]
    due: tuple[date, ...]
    ending: Voice

    @property
    def latest(self) -> ScoredPoint | None:
        return self.scores[-1] if self.scores else None


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case's state is the list of its series with their raters, never a mean of them."""

    case_id: UUID
    series: tuple[SeriesSummary, ...]

    @property
    def open_confirmations(self) -> tuple[SeriesSummary, ...]:
        """The series whose confirmed signal still asks for a next step."""
        return tuple(one for one in self.series if one.open_confirmation is not None)

    @property
    def watched(self) -> tuple[SeriesSummary, ...]:
        return tuple(one for one in self.series if one.signal and one.signal.code is SignalCode.WATCH)

    @property
    def ready_to_end(self) -> ReadyToEnd | None:
        """Whether it is worth talking about ending, as `case_panels.judge_ending` says on the case's own page."""
        return ready_to_end({one.key: one.ending for one in self.series})


def summarise_cases(
    session: Session, *, by: Actor, case_ids: Sequence[UUID], catalogue: Catalogue
) -> dict[UUID, CaseSummary]:
    """A summary for every one of these cases; whoever asks has seen to it that they may be seen.

    Five queries. A case nobody rates in has an empty summary. What a respondent kept from the meeting counts for the
    case's practitioner only.
    """
    today = by.today
    if not case_ids:
        return {}
    on_curve = {(one.id, one.version): one for one in catalogue if one.is_on_curve}
    instrument_ids = sorted({instrument_id for instrument_id, _ in on_curve})
    scores: dict[SeriesId, list[ScoreRow]] = defaultdict(list)
    for score in list_scores(session, by, case_ids, instrument_ids):
        scores[score.respondent_id, score.instrument_id, score.instrument_version].append(score)
    awaited: dict[tuple[UUID, str], list[date]] = defaultdict(list)
    for asked in list_awaited(session, by, case_ids, instrument_ids):
        awaited[asked.respondent_id, asked.instrument_id].append(asked.due_on)
    steps: dict[SeriesId, list[date]] = defaultdict(list)
    for step in list_steps(session, case_ids):
        steps[step.respondent_id, step.instrument_id, step.instrument_version].append(step.taken_on)
    episodes = list_episode_days(session, case_ids)
    starts = _episode_starts(episodes, today)
    running = {one.case_id for one in episodes if one.started_on <= today and one.ended_on is None}
    voices = _current_series(
        list_voices(session, case_ids, instrument_ids, today), scores, on_curve, catalogue
    )
    measures = {key: measure_of_total(one) for key, one in on_curve.items()}
    found: dict[UUID, list[SeriesSummary]] = defaultdict(list)
    for voice, key in voices:
        found[voice.case_id].append(
            _summary(
                voice,
                key,
                [
                    ScoredPoint(row.rated_on, row.score)
                    for row in scores.get(key, [])
                    if row.score is not None
                ],
                measures[key[1:]],
                starts.get(voice.case_id),
                steps.get(key, []),
                awaited.get(key[:2], []),
                today,
                may_end=voice.case_id in running,
            )
        )
    return {case_id: CaseSummary(case_id, tuple(found[case_id])) for case_id in case_ids}


def _summary(
    voice: VoiceRow,
    key: SeriesId,
    points: list[ScoredPoint],
    measure: Measure,
    episode_start: date | None,
    steps: list[date],
    awaited: list[date],
    today: date,
    *,
    may_end: bool,
) -> SeriesSummary:
    current = episode_points(points, episode_start)
    found = signals(current, measure)
    latest = found[-1] if found else NOT_YET
    signal = latest if measure.assumptions is not None else None
    states = [(day, due_state(DueRating(day), today)) for day in awaited]
    missed = tuple(day for day, state in states if state is DueState.MISSED)
    target = voice.target_score if may_end and voice.instrument_id == key[1] else None
    return SeriesSummary(
        key=series_key(*key),
        respondent_id=voice.respondent_id,
        rater_role=voice.rater_role,
        setting=voice.setting,
        instrument_id=key[1],
        instrument_version=key[2],
        measure=measure,
        scores=tuple(points[-SCORES_IN_A_SMALL_CURVE:]),
        signal=signal,
        open_confirmation=open_confirmation(found, steps),
        missed=missed,
        due=tuple(day for day, state in states if state is DueState.DUE),
        ending=Voice(
            scores=[measure.goodness(point.score) for point in current],
            target=None if target is None else measure.goodness(target),
            signal=signal.code if signal else None,
            is_missing=any(not points or day > points[-1].on for day in missed),
        ),
    )


def _current_series(
    rows: list[VoiceRow],
    scores: dict[SeriesId, list[ScoreRow]],
    on_curve: dict[tuple[str, str], Instrument],
    catalogue: Catalogue,
) -> list[tuple[VoiceRow, SeriesId]]:
    """Each respondent's series in use, in the order of voices; the rule is that of `services.series`."""
    by_respondent: dict[UUID, list[VoiceRow]] = defaultdict(list)
    for row in rows:
        by_respondent[row.respondent_id].append(row)
    rated: dict[UUID, list[SeriesId]] = defaultdict(list)
    for key in scores:
        if key[1:] in on_curve:
            rated[key[0]].append(key)
    found = []
    for respondent_id, voices in by_respondent.items():
        plans = {voice.instrument_id: voice for voice in voices if voice.instrument_id is not None}
        candidates = list(rated[respondent_id])
        for instrument_id in plans:
            latest = catalogue.find(instrument_id)
            answered = any(key[1] == instrument_id for key in candidates)
            if latest is not None and (latest.id, latest.version) in on_curve and not answered:
                candidates.append((respondent_id, instrument_id, latest.version))
        lanes: dict[tuple[float, float], list[SeriesId]] = defaultdict(list)
        for key in candidates:
            scoring = on_curve[key[1:]].scoring
            lanes[scoring.minimum, scoring.maximum].append(key)
        chosen = [max(lane, key=lambda key: _rank(key, plans, scores)) for lane in lanes.values()]
        found += [(plans.get(key[1], voices[0]), key) for key in chosen]
    return sorted(
        found, key=lambda one: (RATER_ORDER[one[0].rater_role], one[0].started_on, str(one[0].respondent_id))
    )


def _rank(
    key: SeriesId, plans: dict[str, VoiceRow], scores: dict[SeriesId, list[ScoreRow]]
) -> tuple[bool, date, date, str]:
    plan = plans.get(key[1])
    rows = scores.get(key, [])
    starts = plan.plan_starts_on if plan else None
    return plan is not None, starts or date.min, rows[-1].rated_on if rows else date.min, key[2]


def _episode_starts(rows: list[EpisodeRow], today: date) -> dict[UUID, date]:
    """The first day of each case's running episode, else of the latest one that has started."""
    running: dict[UUID, date] = {}
    started: dict[UUID, date] = {}
    for row in rows:
        if row.started_on > today:
            continue
        started[row.case_id] = row.started_on
        if row.ended_on is None or row.ended_on >= today:
            running[row.case_id] = row.started_on
    return started | running
