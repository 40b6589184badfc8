"""What stands beside the ratings of a case: goals, events, numbers from elsewhere, expectations, next steps."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from fitsvc.demo.follow_up_words import ABOUT_GOALS, ABOUT_LIFE, ABOUT_METHOD, ABOUT_RELATION
from fitsvc.demo.plots import Plot
from fitsvc.demo.rows import Rows, at, day_of_week, key
from fitsvc.demo.stage import CaseStage, Told
from fitsvc.domain.instrument import Direction, Instrument
from fitsvc.domain.measure import measure_of_total
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.signal import ScoredPoint, Signal, SignalCode, signals
from fitsvc.domain.trajectory import episode_points
from fitsvc.storage.episodes import Episode
from fitsvc.storage.events import CaseEvent, EventKind
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind
from fitsvc.storage.external import ExternalSeries, ExternalValue
from fitsvc.storage.goals import Goal
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.ratings import Rating
from fitsvc.storage.signals import SignalAction

_STEP_AFTER = timedelta(days=2)
_HOPE = {RaterRole.CHILD: 1.2, RaterRole.PARENT: 1.6}
_CAUTION = 0.8


def add_goals(rows: Rows, plot: Plot, episode: Episode) -> None:
    for number, goal in enumerate(plot.goals, start=1):
        reached = episode.ended_on is not None
        rows.add(
            Goal(
                id=key("goal", plot.nick, number),
                case_id=episode.case_id,
                episode_id=episode.id,
                number=number,
                text=goal.text,
                start_value=goal.start,
                target_value=goal.target,
                due_on=rows.today + timedelta(weeks=8) if not reached else episode.ended_on,
                set_on=episode.started_on,
                closed_on=episode.ended_on,
                reached=True if reached else None,
                created_at=at(episode.started_on, 11),
            )
        )


def add_events(rows: Rows, plot: Plot, case_id: UUID, recorded_by_id: UUID) -> None:
    for number, event in enumerate(plot.events):
        day = day_of_week(rows.today, event.weeks_ago, number % 5)
        rows.add(
            CaseEvent(
                id=key("event", plot.nick, number),
                case_id=case_id,
                happened_on=day,
                kind=EventKind(event.kind),
                text=event.text,
                recorded_by_id=recorded_by_id,
                created_at=at(day, 15),
            )
        )


def add_absence(rows: Rows, plot: Plot, case_id: UUID, entered_by_id: UUID) -> None:
    """School absence by month, in per cent."""
    if not plot.absence:
        return
    series = rows.add(
        ExternalSeries(
            id=key("external", plot.nick),
            case_id=case_id,
            series_key="absence",
            name="Skolefravær",
            value_unit="%",
            minimum=0,
            maximum=100,
            direction=Direction.LOWER_IS_BETTER,
            purpose="Fraværet er grunden til indsatsen",
            created_at=at(rows.today - timedelta(weeks=plot.weeks), 12),
        )
    )
    for months_ago, value in enumerate(reversed(plot.absence)):
        day = day_of_week(rows.today, 1 + 4 * months_ago, 4)
        rows.add(
            ExternalValue(
                id=key("absence", plot.nick, months_ago),
                series_id=series.id,
                measured_on=day,
                value=float(value),
                entered_by_id=entered_by_id,
                created_at=at(day, 13),
            )
        )


def add_expectations(
    rows: Rows, stage: CaseStage, voices: Sequence[Told], meetings: Sequence[FollowUpMeeting]
) -> None:
    """At each of the last two meetings: one shared expectation of the child's series, an own one for everybody else."""
    if not stage.plot.expectations:
        return
    for meeting, later in list(pairwise(meetings))[-2:]:
        agreed_on = meeting.held_on or rows.today
        for told in voices:
            before = [
                rating
                for rating in _curve(rows, told)
                if rating.rated_on <= agreed_on and not rating.withheld
            ]
            if before:
                rows.add(_expectation(stage, told, before[-1], meeting, agreed_on, later.planned_on))


def _expectation(
    stage: CaseStage, told: Told, latest: Rating, meeting: FollowUpMeeting, agreed_on: date, due_on: date
) -> AgreedExpectation:
    start_score = latest.score or 0.0
    role = told.voice.role
    return AgreedExpectation(
        id=key("expectation", told.respondent.id, meeting.id),
        case_id=stage.case.id,
        respondent_id=told.respondent.id,
        instrument_id=latest.instrument_id,
        instrument_version=latest.instrument_version,
        meeting_id=meeting.id,
        kind=ExpectationKind.SHARED if role is RaterRole.CHILD else ExpectationKind.OWN,
        start_on=latest.rated_on,
        start_score=start_score,
        due_on=due_on,
        score=round(min(start_score + _HOPE.get(role, _CAUTION), 9.0), 1),
        set_by_id=stage.recorded_by_id,
        created_at=at(agreed_on, 14),
    )


def answer_signals(rows: Rows, stage: CaseStage, voices: Sequence[Told], episode_start: date) -> None:
    """A next step on every confirmed signal of the case, where its story has one."""
    if not stage.plot.answered_step:
        return
    for told in voices:
        curve = _curve(rows, told)
        confirmed = _confirmed(rows, curve, episode_start)
        if confirmed is None or confirmed.on is None:
            continue
        taken_on = min(confirmed.on + _STEP_AFTER, rows.today - timedelta(days=1))
        rows.add(
            SignalAction(
                id=key("action", told.respondent.id),
                case_id=stage.case.id,
                respondent_id=told.respondent.id,
                instrument_id=curve[-1].instrument_id,
                instrument_version=curve[-1].instrument_version,
                signal=confirmed.code,
                confirmed_on=confirmed.on,
                next_step=stage.plot.answered_step,
                about_goals=ABOUT_GOALS,
                about_method=ABOUT_METHOD,
                about_relation=ABOUT_RELATION,
                about_life=ABOUT_LIFE,
                on_agenda=True,
                taken_on=taken_on,
                taken_by_id=stage.practitioner_id,
                created_at=at(taken_on, 13),
            )
        )


def _curve(rows: Rows, told: Told) -> list[Rating]:
    """The scored ratings of the voice's latest series that is drawn as a curve."""
    for instrument_id, ratings in reversed(told.ratings.items()):
        if _form(rows, instrument_id).is_on_curve:
            return [rating for rating in ratings if rating.score is not None]
    return []


def _confirmed(rows: Rows, curve: Sequence[Rating], episode_start: date) -> Signal | None:
    """The newest confirmed signal of the series."""
    if not curve:
        return None
    measure = measure_of_total(_form(rows, curve[-1].instrument_id))
    points = [ScoredPoint(rating.rated_on, rating.score) for rating in curve if rating.score is not None]
    found = signals(episode_points(points, episode_start), measure)
    red = [signal for signal in found if signal.code is SignalCode.BELOW_EXPECTED]
    return red[-1] if red else None


def _form(rows: Rows, instrument_id: str) -> Instrument:
    return rows.catalogue.get(instrument_id)
