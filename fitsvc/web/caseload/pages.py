"""The caseload's page records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from fitsvc.domain.signal import SignalCode
from fitsvc.services.case_summaries import SeriesSummary
from fitsvc.services.caseload import PAGE_LENGTH, Attention, CaseloadPage, CaseloadRow, Choice, Order
from fitsvc.storage.caseload import CaseFilter, RunningMeasure
from fitsvc.storage.today import OutstandingRow
from fitsvc.web.case_rows import (
    CaseLink,
    SeriesBadge,
    SmallCurve,
    case_link,
    first_curve,
    series_badge,
)
from fitsvc.web.caseload.address import address
from fitsvc.web.follow_up_words import ClockWords, clock_words
from fitsvc.web.templates import day
from fitsvc.web.words import MEASURE_TYPES, rater_name

MOST_BADGES = 4

_MEASURE_NAMES: dict[str, object] = {one.value: words for one, words in MEASURE_TYPES.items()}

ATTENTION_CHOICES = {
    Attention.NEXT_STEP_WANTED: _l("Below expected, next step wanted"),
    Attention.BELOW_EXPECTED: _l("Below expected"),
    Attention.WATCH: _l("Keep an eye"),
    Attention.READY_TO_END: _l("Time to talk about ending"),
    Attention.AS_EXPECTED: _l("As expected"),
    Attention.NOT_YET: _l("Too few ratings yet"),
}
ORDER_CHOICES = {
    Order.NAME: _l("Name"),
    Order.REFERENCE: _l("Reference"),
    Order.NEXT_MEETING: _l("Next meeting"),
    Order.LATEST_RATING: _l("Latest rating"),
    Order.SIGNAL: _l("Signal, most urgent first"),
}
_URGENCY = (
    SignalCode.BELOW_EXPECTED,
    SignalCode.WATCH,
    SignalCode.NO_PROGRESSION_YET,
    SignalCode.AS_EXPECTED,
)


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Shortcut:
    words: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """What can be chosen. `units` is empty for those who have no choice of units."""

    attention: tuple[Option, ...]
    measures: tuple[Option, ...]
    units: tuple[Option, ...]
    orders: tuple[Option, ...]
    only_missing: bool
    is_closed: bool
    is_narrowed: bool


@dataclass(frozen=True, slots=True)
class RowPage:
    """`badges` most urgent first; `more_badges` counts the series left out. `missing` says who, and since when."""

    case: CaseLink
    closed: str
    measures: tuple[str, ...]
    curve: SmallCurve | None
    badges: tuple[SeriesBadge, ...]
    more_badges: str
    is_ready_to_end: bool
    next_meeting: date | None
    meeting_is_overdue: bool
    late: ClockWords
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: tuple[RowPage, ...]
    count: str
    page: int
    pages: int
    filters: Filters
    shortcuts: tuple[Shortcut, ...]
    too_many: str


def list_page(
    found: CaseloadPage,
    choice: Choice,
    units: Sequence[tuple[UUID, str]],
    today: date,
) -> ListPage:
    return ListPage(
        rows=row_pages(found.rows, today),
        count=_count(found),
        page=found.page,
        pages=found.pages,
        filters=_filters(choice, units),
        shortcuts=_shortcuts(choice),
        too_many=_too_many(found),
    )


def row_pages(rows: Iterable[CaseloadRow], today: date) -> tuple[RowPage, ...]:
    return tuple(_row(row, today) for row in rows)


def _row(row: CaseloadRow, today: date) -> RowPage:
    judged = sorted((one for one in row.summary.series if one.signal), key=_urgency)
    more = len(judged) - MOST_BADGES
    meeting = row.line.next_meeting_on
    closed = row.line.closed_on
    return RowPage(
        case=case_link(row.line),
        closed=_("closed %(day)s", day=day(closed)) if closed and closed <= today else "",
        measures=tuple(_measure(one) for one in row.measures),
        curve=first_curve(row.summary.series),
        badges=tuple(series_badge(one) for one in judged[:MOST_BADGES]),
        more_badges=ngettext("+%(num)d more", "+%(num)d more", more) if more > 0 else "",
        is_ready_to_end=row.summary.ready_to_end is not None and not closed,
        next_meeting=meeting,
        meeting_is_overdue=meeting is not None and meeting < today,
        late=clock_words(row.clock, today),
        missing=_missing(row.outstanding),
    )


def _missing(outstanding: Iterable[OutstandingRow]) -> tuple[str, ...]:
    """One line for each respondent, the longest silence first."""
    first: dict[UUID, OutstandingRow] = {}
    for one in outstanding:
        first.setdefault(one.respondent_id, one)
    return tuple(
        _(
            "%(rater)s, since %(day)s",
            rater=rater_name(one.rater_role, one.setting),
            day=day(one.since, "d. MMM"),
        )
        for one in first.values()
    )


def _urgency(series: SeriesSummary) -> int:
    return _URGENCY.index(series.signal.code) if series.signal else len(_URGENCY)


def _measure(one: RunningMeasure) -> str:
    name = _MEASURE_NAMES.get(one.measure_type, one.measure_type)
    return f"{name}, {one.unit_name}"


def _count(found: CaseloadPage) -> str:
    if found.pages == 1:
        return ngettext("%(num)d case", "%(num)d cases", found.total)
    first = (found.page - 1) * PAGE_LENGTH + 1
    return _(
        "Showing %(first)s–%(last)s of %(total)s cases",
        first=first,
        last=first + len(found.rows) - 1,
        total=found.total,
    )


def _too_many(found: CaseloadPage) -> str:
    if not found.too_many_for_signals:
        return ""
    return _(
        "Signals are worked out from the ratings each time, and %(total)s cases are too many for that. "
        "The list is by reference and not narrowed by signal. Choose a unit or a measure first.",
        total=found.total,
    )


def _shortcuts(choice: Choice) -> tuple[Shortcut, ...]:
    """What is looked for most often, one press away."""
    now = replace(choice, page=1)
    often = (
        (_("All open"), Choice()),
        (_("Below expected"), Choice(attention=Attention.BELOW_EXPECTED)),
        (_("Keep an eye"), Choice(attention=Attention.WATCH)),
        (_("No answer yet"), Choice(filter=CaseFilter(outstanding=True))),
        (_("Next meeting first"), Choice(order=Order.NEXT_MEETING)),
    )
    return tuple(Shortcut(words, address(one), one == now) for words, one in often)


def _filters(choice: Choice, units: Sequence[tuple[UUID, str]]) -> Filters:
    wanted = choice.filter
    return Filters(
        attention=_options(ATTENTION_CHOICES.items(), choice.attention),
        measures=_options(MEASURE_TYPES.items(), wanted.measure_type),
        units=_options(units, wanted.unit_id),
        orders=_options(ORDER_CHOICES.items(), choice.order),
        only_missing=wanted.outstanding,
        is_closed=wanted.closed,
        is_narrowed=wanted != type(wanted)() or choice.attention is not None,
    )


def _options(choices: Iterable[tuple[object, object]], chosen: object) -> tuple[Option, ...]:
    return tuple(Option(str(value), str(words), value == chosen) for value, words in choices)
