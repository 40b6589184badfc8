"""The key figures as fixed tables of words, the same for the page and the file."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.follow_up import DeviationReason
from fitsvc.domain.group_effect import share
from fitsvc.domain.key_figures import Period, Voice
from fitsvc.domain.suppression import SMALLEST_SHOWN
from fitsvc.services.key_figures import FigureRow, KeyFigures, Part
from fitsvc.web.words import DEVIATION_REASONS

PERIODS = {
    Period.THIS_YEAR: _l("This year"),
    Period.LAST_12_MONTHS: _l("Last 12 months"),
    Period.ALL: _l("All years"),
}
VOICES = {
    Voice.CHILD: _l("The child's rating"),
    Voice.PARENT: _l("Parents' or foster parents' rating"),
    Voice.PARALLEL: _l("School's, day care's or health visitor's rating"),
    Voice.EXPECTATION: _l("An expectation set"),
}


@dataclass(frozen=True, slots=True)
class CellPage:
    """`value` is None where it is hidden; `more` is a share and its interval, "" without."""

    value: str | None
    more: str = ""


@dataclass(frozen=True, slots=True)
class RowPage:
    name: str
    is_total: bool
    cells: tuple[CellPage, ...]


@dataclass(frozen=True, slots=True)
class TablePage:
    id: str
    title: str
    lead: str
    columns: tuple[str, ...]
    rows: tuple[RowPage, ...]


def tables(figures: KeyFigures) -> tuple[TablePage, ...]:
    return (
        _table(
            "days", figures, _("Days between meetings held"),
            _("Calendar days from the start to the first meeting held, and from each meeting to the next. The middle "
              "half lies between the two quartiles."),
            (_("Intervals (n)"), _("Lower quartile"), _("Median"), _("Upper quartile")), _days,
        ),
        _table(
            "standard", figures, _("Held in time by the standard"),
            _("Meetings held on the day the standard gave, or before it; then the same with the later days a leader "
              "had approved. Only where a standard or a chosen rhythm gives a day."),
            (_("Meetings (n)"), _("In time"), _("In time or approved")), _standard,
        ),
        _table(
            "now", figures, _("Running now"),
            _("Measures running today, whatever the period above: days since the last meeting (or the start), and how "
              "many are overdue."),
            (_("Measures (n)"), _("Median of days so far"), _("Overdue now")), _now,
        ),
        _table(
            "voices", figures, _("What the meetings had to go by"),
            _("Meetings held with a rating from the %(days)s days before, by who rated; and meetings at which an "
              "expectation was agreed.", days=figures.ask_days),
            (_("Meetings (n)"), *(str(VOICES[voice]) for voice in Voice)), _voices,
        ),
        _table(
            "deviations", figures, _("Deviations from the cadence, by reason"),
            _("Sooner or later than the cadence, or another rhythm. Those a leader refused are not counted."),
            (_("All (n)"), *(str(DEVIATION_REASONS[reason]) for reason in DeviationReason)), _deviations,
        ),
    )  # fmt: skip


def hidden_words() -> str:
    return _("hidden: fewer than %(num)d", num=SMALLEST_SHOWN)


def _table(
    table_id: str,
    figures: KeyFigures,
    title: str,
    lead: str,
    columns: tuple[str, ...],
    cells: Callable[[FigureRow], tuple[CellPage, ...]],
) -> TablePage:
    rows = [RowPage(row.unit_name or "", False, cells(row)) for row in figures.units]
    if figures.kommune is not None:
        rows.append(RowPage(_("The whole kommune"), True, cells(figures.kommune)))
    return TablePage(table_id, title, lead, columns, tuple(rows))


def _days(row: FigureRow) -> tuple[CellPage, ...]:
    spread = (row.spread.lower, row.spread.median, row.spread.upper) if row.spread else (None, None, None)
    return (_count(row.steps), *map(_number, spread))


def _standard(row: FigureRow) -> tuple[CellPage, ...]:
    return (_count(row.within.n), _part(row.within), _part(row.within_or_approved))


def _now(row: FigureRow) -> tuple[CellPage, ...]:
    return (_count(row.running), _number(row.open_median), _part(row.overdue))


def _voices(row: FigureRow) -> tuple[CellPage, ...]:
    parts = [row.voices[voice] for voice in Voice]
    return (_count(parts[0].n), *map(_part, parts))


def _deviations(row: FigureRow) -> tuple[CellPage, ...]:
    reasons = (row.reasons[reason] for reason in DeviationReason)
    return (_count(row.deviations), *(CellPage(None if one is None else str(one)) for one in reasons))


def _count(number: int) -> CellPage:
    return CellPage(str(number))


def _number(number: float | None) -> CellPage:
    return CellPage(None if number is None else format_decimal(round(number, 1), format="0.#"))


def _part(part: Part) -> CellPage:
    """The number, its share and Wilson's interval: 3 of 5 says very little."""
    if part.count is None:
        return CellPage(None)
    found = share(part.count, part.n)
    if found is None:
        return CellPage(str(part.count))
    more = _(
        "%(share)d %% (%(lower)d to %(upper)d %%)",
        share=round(100 * found.share),
        lower=round(100 * found.interval.lower),
        upper=round(100 * found.interval.upper),
    )
    return CellPage(str(part.count), more)
