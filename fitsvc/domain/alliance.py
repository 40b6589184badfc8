"""When a session rating is worth a talk. For the practitioner only, and never an alarm."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from fitsvc.domain.instrument import Direction, Instrument
from fitsvc.domain.rating import Answers
from fitsvc.domain.reliable_change import EDGE

PERFECT_IN_A_ROW = 3


class AlliancePromptCode(StrEnum):
    """Why a talk may be worth it."""

    LOW = "low"
    FALL = "fall"
    ITEM_FALL = "item_fall"
    PERFECT_EVERY_TIME = "perfect_every_time"


def alliance_prompts(
    instrument: Instrument, scores: Sequence[float], *, answers: Sequence[Answers] = ()
) -> tuple[AlliancePromptCode, ...]:
    """The prompts a series of session ratings gives now.

    `scores` and `answers`: oldest first, on the session form's own scale; of the answers only the last two
    are looked at. The thresholds are the instrument's data: a score of `low_score` or worse; a score worse
    than the one before by `fall` or more; one item worse by `item_fall` or more (two steps on face forms);
    and, where the form asks for it, the best score three times in a row.
    """
    rule = instrument.alliance
    if rule is None:
        return ()
    sign = 1 if instrument.direction is Direction.HIGHER_IS_BETTER else -1
    good = [sign * score for score in scores]
    top = sign * (instrument.scoring.maximum if sign > 0 else instrument.scoring.minimum)
    found = []
    if good and good[-1] <= sign * rule.low_score + EDGE:
        found.append(AlliancePromptCode.LOW)
    if len(good) > 1 and good[-2] - good[-1] >= rule.fall - EDGE:
        found.append(AlliancePromptCode.FALL)
    if rule.item_fall is not None and _largest_item_fall(answers, sign) >= rule.item_fall - EDGE:
        found.append(AlliancePromptCode.ITEM_FALL)
    if rule.perfect and len(good) >= PERFECT_IN_A_ROW and min(good[-PERFECT_IN_A_ROW:]) >= top - EDGE:
        found.append(AlliancePromptCode.PERFECT_EVERY_TIME)
    return tuple(found)


def _largest_item_fall(answers: Sequence[Answers], sign: int) -> float:
    """How much the item that fell most fell between the last two ratings; 0 when nothing can be compared."""
    falls = [
        sign * (before.value - now.value)
        for earlier, later in pairwise(answers[-2:])
        for item, now in later.items()
        if (before := earlier.get(item)) is not None and before.value is not None and now.value is not None
    ]
    return max(falls, default=0.0)
