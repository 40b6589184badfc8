"""From answers to one score on the instrument's own range."""

from collections.abc import Iterable

from fitsvc.domain.instrument import Instrument, ScoringMethod
from fitsvc.domain.rating import AnswerKind, Answers


def unseen_items(first_answers: Answers) -> frozenset[str]:
    """What a rater cannot see, fixed for the whole series by its first rating."""
    return frozenset(item for item, answer in first_answers.items() if answer.kind is AnswerKind.CANNOT_SEE)


def score(instrument: Instrument, answers: Answers, *, unseen: Iterable[str] = ()) -> float | None:
    """The score of one rating, or None when too little was answered or the instrument is not scored.

    Mean or sum of the answered items that belong to the series; items in `unseen` never count, and a later
    "cannot see" is as good as skipped, so that an item which drops out is not mistaken for progress. At least
    `min_answered` items must have a value. A sum with items missing is prorated to the full number of items.
    """
    scoring = instrument.scoring
    if scoring.method is ScoringMethod.NONE:
        return None
    left_out = frozenset(unseen)
    given = (answers.get(item.id) for item in instrument.items if item.id not in left_out)
    values = [answer.value for answer in given if answer is not None and answer.value is not None]
    if not values or len(values) < scoring.min_answered:
        return None
    mean = sum(values) / len(values)
    result = mean if scoring.method is ScoringMethod.MEAN else mean * len(instrument.items)
    return min(max(result, scoring.minimum), scoring.maximum)
