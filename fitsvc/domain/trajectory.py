"""The trajectory of one series: everything that is decided about a curve, decided here and once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from fitsvc.domain.expected_change import AssumedCurve, assumed_curve
from fitsvc.domain.measure import Measure
from fitsvc.domain.reliable_change import (
    ChangeClass,
    can_show_improvement,
    classify,
    is_reliably_better,
    is_reliably_worse,
    rci_points,
)
from fitsvc.domain.signal import ScoredPoint, Signal, latest_signal, signals

BASELINE_LEAD = timedelta(days=14)
LONGEST_STEP_DAYS = 60
SAW_TOOTH_WINDOW = 8
SAW_TOOTH_TURNS = 3


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch between two neighbouring scores in which ratings are missing; the line is broken there."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One series as it stands: points are in order of time, scores in points of the measure.

    `points` runs through the whole case; baseline, change, class and signals belong to the current episode.
    `rci` is None when the measure has no known noise, `signal` when this kind of series gets none.
    """

    measure: Measure
    points: tuple[ScoredPoint, ...]
    episode_points: tuple[ScoredPoint, ...]
    gaps: tuple[Gap, ...]
    change_class: ChangeClass
    rci: float | None
    improvement_can_show: bool
    signal: Signal | None
    signals: tuple[Signal, ...]
    is_saw_tooth: bool
    curve: AssumedCurve | None

    @property
    def baseline(self) -> ScoredPoint | None:
        """The episode's first score."""
        return self.episode_points[0] if self.episode_points else None

    @property
    def latest(self) -> ScoredPoint | None:
        """The newest score of the whole series."""
        return self.points[-1] if self.points else None

    @property
    def change(self) -> float | None:
        """Latest minus baseline in raw points, or None with fewer than two scores in the episode."""
        if len(self.episode_points) < 2:
            return None
        return self.episode_points[-1].score - self.episode_points[0].score


def follow(
    points: Sequence[ScoredPoint],
    measure: Measure,
    *,
    episode_start: date | None = None,
    missed: Sequence[date] = (),
    longest_step_days: int = LONGEST_STEP_DAYS,
) -> Trajectory:
    """Compose the trajectory of one series.

    `points`: all scores of the series in any order (those of one day in the order given); `episode_start`:
    the current episode's first day (its baseline is the first score from 14 days before it); `missed`: days
    on which a due rating did not come; `longest_step_days`: how far apart two scores may lie before the
    line is broken, longer for those who are only asked before meetings.
    """
    ordered = tuple(sorted(points, key=lambda point: point.on))
    current = episode_points(ordered, episode_start)
    first = current[0].score if current else None
    latest = current[-1].score if len(current) > 1 else None
    found = signals(current, measure)
    return Trajectory(
        measure=measure,
        points=ordered,
        episode_points=current,
        gaps=gaps(ordered, missed, longest_step_days),
        change_class=classify(first, latest, measure),
        rci=rci_points(measure),
        improvement_can_show=first is None or not measure.is_judged or can_show_improvement(first, measure),
        signal=found[-1] if found else latest_signal(current[:1], measure),
        signals=found,
        is_saw_tooth=is_saw_tooth(current, measure),
        curve=assumed_curve(first, measure) if first is not None else None,
    )


def episode_points(points: Sequence[ScoredPoint], episode_start: date | None) -> tuple[ScoredPoint, ...]:
    """The points that count for the episode: from 14 days before its start on; all when it has none."""
    if episode_start is None:
        return tuple(points)
    return tuple(point for point in points if point.on >= episode_start - BASELINE_LEAD)


def gaps(
    points: Sequence[ScoredPoint], missed: Sequence[date], longest_step_days: int = LONGEST_STEP_DAYS
) -> tuple[Gap, ...]:
    """Where the line must be broken: a due rating is missing in between, or the step is too long.

    A gap lies between neighbouring points (in order of time), so it never hides one.
    """
    return tuple(
        Gap(earlier.on, later.on)
        for earlier, later in pairwise(points)
        if (later.on - earlier.on).days > longest_step_days
        or any(earlier.on < day < later.on for day in missed)
    )


def is_saw_tooth(points: Sequence[ScoredPoint], measure: Measure) -> bool:
    """Three or more alternating reliable changes within the last eight scores.

    A change counts from the last turning point: small steps in the same direction add up to one change.
    """
    if not measure.is_judged:
        return False
    recent = [point.score for point in points[-SAW_TOOTH_WINDOW:]]
    if not recent:
        return False
    turns, direction = 0, 0
    worst = best = recent[0]
    for score in recent[1:]:
        worst = min(worst, score, key=measure.goodness)
        best = max(best, score, key=measure.goodness)
        if direction <= 0 and is_reliably_better(worst, score, measure):
            turns, direction, worst, best = turns + 1, 1, score, score
        elif direction >= 0 and is_reliably_worse(best, score, measure):
            turns, direction, worst, best = turns + 1, -1, score, score
    return turns >= SAW_TOOTH_TURNS
