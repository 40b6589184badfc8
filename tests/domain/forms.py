"""Instruments and answers the tests of rating, scoring and alliance share."""

from fitsvc.domain.instrument import Instrument
from fitsvc.domain.rating import BLANK, CANNOT_SEE, SKIPPED, Answer, AnswerKind
from fitsvc.instruments import load_catalogue

CATALOGUE = load_catalogue()


def form(instrument_id: str) -> Instrument:
    return CATALOGUE.get(instrument_id)


def answers(instrument: Instrument, *given: float | str) -> dict[str, Answer]:
    """Answers in the order of the items: numbers, or "blank", "skip", "cannot see"."""
    kinds = {"blank": BLANK, "skip": SKIPPED, "cannot see": CANNOT_SEE}
    return {
        item.id: kinds[one] if isinstance(one, str) else Answer(AnswerKind.VALUE, one)
        for item, one in zip(instrument.items, given, strict=True)
    }
