"""When it is worth talking about ending: a good outcome, never a decision taken by a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fitsvc.domain.signal import SignalCode

SCORES_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Voice:
    """One series as the ending rule needs it. `target` is the agreed level, None when none was agreed.

    `scores` of the current episode, oldest first, higher is better; `is_missing` when a due rating did not
    come.
    """

    scores: Sequence[float]
    target: float | None = None
    signal: SignalCode | None = None
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class ReadyToEnd:
    """Who reached the agreed target, and whose voice is missing and must be named in the same breath."""

    reached: tuple[str, ...]
    missing: tuple[str, ...]


def ready_to_end(voices: Mapping[str, Voice]) -> ReadyToEnd | None:
    """Two scores in a row at or above the agreed target while no rater is below expected; else None.

    A series that reached its target and is below expected itself (a target set too low) holds the talk back
    too.
    """
    reached = [name for name, voice in voices.items() if _has_reached(voice)]
    if not reached or any(voice.signal is SignalCode.BELOW_EXPECTED for voice in voices.values()):
        return None
    missing = [name for name, voice in voices.items() if voice.is_missing or not voice.scores]
    return ReadyToEnd(tuple(sorted(reached)), tuple(sorted(missing)))


def _has_reached(voice: Voice) -> bool:
    last = voice.scores[-SCORES_IN_A_ROW:]
    return voice.target is not None and len(last) == SCORES_IN_A_ROW and min(last) >= voice.target
