"""Standards as tables to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.domain.cadence import Row, Standard
from fitsvc.domain.law import MeasureType
from fitsvc.services.cadences import OwnStandardFacts
from fitsvc.web.follow_up_settings.forms import StandardForm
from fitsvc.web.follow_up_words import interval_words
from fitsvc.web.words import MEASURE_TYPES


@dataclass(frozen=True, slots=True)
class StandardTable:
    """`rows` are measure, first follow-up, and those after it; `without` names the types it says nothing about."""

    name: str
    source: str
    rows: tuple[tuple[str, str, str], ...]
    without: str
    id: UUID | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MeasureFields:
    """The three intervals of one type of measure: for each the field's name, its short label and whether it is rare."""

    measure: str
    parts: tuple[tuple[str, str], ...]


def shipped_table(standard: Standard) -> StandardTable:
    return _table(standard)


def own_table(own: OwnStandardFacts) -> StandardTable:
    return _table(own.standard, own.id, own.retired_at)


def measure_fields(form: StandardForm) -> list[MeasureFields]:
    labels = {
        "first": _("First follow-up after"),
        "then": _("Then every"),
        "first_year": _("In the first year every"),
    }
    return [
        MeasureFields(str(words), tuple((f"{kind.value}-{part}", label) for part, label in labels.items()))
        for kind, words in MEASURE_TYPES.items()
    ]


def _table(
    standard: Standard, own_id: UUID | None = None, retired_at: datetime | None = None
) -> StandardTable:
    missing = [str(words) for kind, words in MEASURE_TYPES.items() if kind not in standard.rows]
    return StandardTable(
        standard.name, standard.source, tuple(_rows(standard.rows)), ", ".join(missing), own_id, retired_at
    )


def _rows(rows: Mapping[MeasureType, Row]) -> list[tuple[str, str, str]]:
    return [
        (str(words), _first(rows[kind]), _then(rows[kind]))
        for kind, words in MEASURE_TYPES.items()
        if kind in rows
    ]


def _first(row: Row) -> str:
    if row.first is None:
        return _("chosen, with the reason given")
    return _("after %(interval)s", interval=interval_words(row.first))


def _then(row: Row) -> str:
    if row.then is None:
        return _("chosen each time, with the reason given")
    if row.first_year is None:
        return _("every %(interval)s", interval=interval_words(row.then))
    return _(
        "every %(first)s in the first year, then every %(then)s",
        first=interval_words(row.first_year),
        then=interval_words(row.then),
    )
