"""How the invented children do: the course of a series by the name of its pattern.

Pure: the same name, number of ratings and generator give the same scores.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from random import Random

from fitsvc.domain.instrument import Instrument
from fitsvc.domain.rating import BLANK, CANNOT_SEE, SKIPPED, Answer, AnswerKind


class Pattern(StrEnum):
    """What can be learned from looking at a case; tests hold each name to the rules of `domain`."""

    IMPROVING = "improving"
    STUCK = "stuck"
    DETERIORATING_CONFIRMED = "deteriorating_confirmed"
    DETERIORATING_UNCONFIRMED = "deteriorating_unconfirmed"
    SIGNAL_ANSWERED = "signal_answered"
    SAW_TOOTH = "saw_tooth"
    READY_TO_END = "ready_to_end"
    ABOVE_FROM_START = "above_from_start"
    NEW_ONE_SCORE = "new_one_score"
    NO_RATINGS_YET = "no_ratings_yet"
    DISAGREEMENT = "disagreement"
    MISSING_RATINGS = "missing_ratings"
    FORM_CHANGE_AT_13 = "form_change_at_13"
    FOSTER_CHILD = "foster_child"
    EARLY_HELP_S30 = "early_help_s30"
    SIBLINGS = "siblings"
    CLOSED_CASE = "closed_case"
    UNDER_SIX = "under_six"
    TALK_FORM = "talk_form"
    EXTERNAL_PROVIDER = "external_provider"
    GOALS_RATED = "goals_rated"
    LOW_SAFETY = "low_safety"
    SECOND_EPISODE = "second_episode"
    EXTERNAL_SERIES = "external_series"
    AGREED_EXPECTATIONS = "agreed_expectations"
    INSTITUTION = "institution"
    YOUTH_SUPPORT = "youth_support"
    TWO_HOMES = "two_homes"


@dataclass(frozen=True, slots=True)
class Course:
    """Levels to pass through, evenly spread in time, with noise as between two ratings of an unchanged child.

    `last` are the newest scores where a pattern hangs on them; the first is the first level. `drift` is how far
    one child's whole course may lie from another's.
    """

    levels: tuple[float, ...]
    noise: float = 0.5
    drift: float = 0.3
    last: tuple[float, ...] = ()


COURSES: dict[str, Course] = {
    "rising": Course((2.8, 4.6, 5.8, 6.6, 7.0), last=(6.8, 7.2)),
    "steady": Course((4.8, 5.6, 6.0, 6.2, 6.4), drift=0.7),
    "slowly_up": Course((4.0, 5.0, 5.4, 5.7, 6.0), drift=0.5),
    "level_low": Course((3.6, 3.8, 3.6, 3.6), 0.4, last=(3.4, 3.8, 3.6)),
    "falling": Course((6.0, 5.6, 4.8, 3.6, 2.8), 0.4, last=(2.8, 2.4)),
    "one_low": Course((6.2, 6.4, 6.4, 6.6), 0.4, 0.0, last=(6.6, 6.4, 3.2)),
    "dip_and_turn": Course((5.8, 4.6, 2.8, 3.0, 5.2, 6.2), 0.35, last=(6.0, 6.4)),
    "saw_tooth": Course((3.6, 4.2), 0.5, 0.0, last=(6.8, 3.2, 6.6, 3.0, 7.0, 3.4, 6.8, 3.6)),
    "reaching_target": Course((3.4, 5.0, 6.2, 7.0, 7.4), 0.4, last=(7.2, 7.6, 7.8)),
    "high": Course((8.4, 8.4, 8.2), 0.35, last=(8.2, 8.6)),
    "low_at_school": Course((4.0, 3.4, 3.2), 0.35, last=(3.25, 3.0)),
    "fine_at_home": Course((6.4, 7.2, 7.6), 0.35, last=(7.6, 7.8)),
}

FARTHEST = 2.0
"""Noise beyond two spreads is cut off: a rare accident would make a pattern into another one."""


def scores(course: Course, count: int, rng: Random) -> list[float]:
    """So many scores, 0–10, oldest first. Fewer than the course's last ones: the newest of those."""
    shift = rng.uniform(-course.drift, course.drift)
    walked = max(count - len(course.last), 0)
    drawn = [
        level + (_noise(rng, course.noise) if place else 0.0)
        for place, level in enumerate(_walk(course.levels, walked))
    ]
    last = course.last[len(course.last) - (count - walked) :]
    return [_within(level + shift) for level in (*drawn, *last)]


def answers_for(
    instrument: Instrument, target: float, rng: Random, *, unseen: frozenset[str] = frozenset(), lost: int = 0
) -> dict[str, Answer]:
    """Answers on the instrument's own scale whose mean over the seen items is as near the target as can be.

    `lost` items (never so many that there is no score) are skipped or left blank.
    """
    seen = [item.id for item in instrument.items if item.id not in unseen]
    spare = len(seen) - instrument.scoring.min_answered if instrument.is_scored else 0
    without = set(rng.sample(seen, min(lost, max(spare, 0))))
    answered = [item for item in seen if item not in without]
    values = dict(zip(answered, _values(instrument.scale.values, target, len(answered), rng), strict=True))
    return {
        item.id: Answer(AnswerKind.VALUE, values[item.id])
        if item.id in values
        else CANNOT_SEE
        if item.id in unseen
        else rng.choice((SKIPPED, BLANK))
        for item in instrument.items
    }


def _walk(levels: tuple[float, ...], count: int) -> list[float]:
    """Levels on a line through the given ones, `count` of them."""
    if count < 2:
        return list(levels[:count])
    pieces = list(pairwise(levels))
    walked = []
    for place in range(count):
        at = place / (count - 1) * len(pieces)
        piece = min(int(at), len(pieces) - 1)
        start, end = pieces[piece]
        walked.append(start + (end - start) * (at - piece))
    return walked


def _values(scale: tuple[float, ...], target: float, count: int, rng: Random) -> list[float]:
    """Values spread around the target, then moved step by step until their mean is nearest to it."""
    steps = [_nearest(scale, target + _noise(rng, 1.1)) for _ in range(count)]
    step = scale[1] - scale[0]
    while True:
        off = target * count - sum(scale[place] for place in steps)
        if abs(off) <= step / 2 + 1e-9:
            return [scale[place] for place in steps]
        way = 1 if off > 0 else -1
        movable = [item for item, place in enumerate(steps) if 0 <= place + way < len(scale)]
        if not movable:
            return [scale[place] for place in steps]
        steps[rng.choice(movable)] += way


def _nearest(scale: tuple[float, ...], value: float) -> int:
    return min(range(len(scale)), key=lambda place: abs(scale[place] - value))


def _noise(rng: Random, spread: float) -> float:
    return min(max(rng.gauss(0, spread), -FARTHEST * spread), FARTHEST * spread)


def _within(score: float) -> float:
    return min(max(score, 0.0), 10.0)
