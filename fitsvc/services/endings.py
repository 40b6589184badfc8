"""How a measure went from its first rating to its last: what the closing page tells the family, in facts."""

from dataclasses import dataclass
from uuid import UUID

from fitsvc.domain.measure import Measure
from fitsvc.domain.meeting import Decision, Minute
from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.report_lines import Rater
from fitsvc.domain.signal import ScoredPoint
from fitsvc.domain.trajectory import follow
from fitsvc.services.after_end import find_episode_facts
from fitsvc.services.case_facts import CaseTrajectories, EpisodeFacts, GoalFacts, SeriesFacts
from fitsvc.services.meeting_facts import MeetingBook, MinuteFacts
from fitsvc.services.raters import name_raters


@dataclass(frozen=True, slots=True)
class FirstAndLast:
    """One rater's first and last score of the measure. `last` is None when there is only one; `after` came later."""

    rater: Rater
    measure: Measure
    first: ScoredPoint
    last: ScoredPoint | None
    change: float | None
    change_class: ChangeClass
    areas: tuple[tuple[str, float, float], ...]
    after: tuple[ScoredPoint, ...]


@dataclass(frozen=True, slots=True)
class EndingFacts:
    """`has_ended`: the measure ended, or this meeting decided that it does."""

    episode: EpisodeFacts
    has_ended: bool
    voices: tuple[FirstAndLast, ...]
    goals: tuple[GoalFacts, ...]
    helped: MinuteFacts
    if_harder: MinuteFacts


def compose_ending(
    facts: CaseTrajectories, book: MeetingBook, *, meeting_id: UUID, episode_id: UUID
) -> EndingFacts:
    """From what was composed `at_meeting`: the paper goes home with the family."""
    episode = find_episode_facts(facts, episode_id)
    raters = name_raters(facts)
    found = [_first_and_last(one, episode, raters[one.respondent_id], facts) for one in facts.totals]
    return EndingFacts(
        episode=episode,
        has_ended=episode.ended_on is not None
        or book.minute(meeting_id, Minute.DECISION).text == Decision.END,
        voices=tuple(one for one in found if one is not None),
        goals=tuple(
            goal
            for goal in facts.goals
            if goal.set_on >= episode.started_on
            and (episode.ended_on is None or goal.set_on <= episode.ended_on)
        ),
        helped=book.minute(meeting_id, Minute.HELPED),
        if_harder=book.minute(meeting_id, Minute.IF_HARDER),
    )


def _first_and_last(
    series: SeriesFacts, episode: EpisodeFacts, rater: Rater, facts: CaseTrajectories
) -> FirstAndLast | None:
    """None when nothing was scored on this form during the measure."""
    last_day = episode.ended_on or facts.today
    points = [one for one in series.trajectory.points if one.on <= last_day]
    course = follow(points, series.trajectory.measure, episode_start=episode.started_on)
    if course.baseline is None:
        return None
    scored = course.episode_points
    last = scored[-1] if len(scored) > 1 else None
    return FirstAndLast(
        rater=rater,
        measure=series.trajectory.measure,
        first=course.baseline,
        last=last,
        change=course.change,
        change_class=course.change_class,
        areas=_areas(series, facts, course.baseline, last) if last else (),
        after=tuple(one for one in series.trajectory.points if one.on > last_day),
    )


def _areas(
    series: SeriesFacts, facts: CaseTrajectories, first: ScoredPoint, last: ScoredPoint
) -> tuple[tuple[str, float, float], ...]:
    """Each area as it was answered in the first and in the last rating; an area left out in either is not there."""
    found = []
    for area in facts.areas:
        if area.key != series.key or area.area is None:
            continue
        values = {point.on: point.score for point in area.trajectory.points}
        if first.on in values and last.on in values:
            found.append((area.area, values[first.on], values[last.on]))
    return tuple(found)
