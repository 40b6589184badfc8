"""The caseload: the cases somebody sees, narrowed, ordered and a page at a time."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import ceil
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.follow_up import FollowUpClock
from fitsvc.domain.instrument import Kind
from fitsvc.domain.signal import SignalCode
from fitsvc.services.case_access import note_reading
from fitsvc.services.case_summaries import CaseSummary, summarise_cases
from fitsvc.services.follow_up_clock import read_clocks
from fitsvc.storage.caseload import (
    CaseFilter,
    CaseLine,
    CaseOrder,
    RunningMeasure,
    count_cases,
    list_case_lines,
    list_running_measures,
    search_case_lines,
)
from fitsvc.storage.today import OutstandingRow, list_outstanding

PAGE_LENGTH = 50
SIGNAL_REACH = 400
"""Cases. Signals are worked out from the ratings, so only this many are looked through to sort or choose by them."""


class Order(StrEnum):
    """Every order the caseload can be shown in."""

    NAME = "name"
    REFERENCE = "reference"
    NEXT_MEETING = "next_meeting"
    LATEST_RATING = "latest_rating"
    SIGNAL = "signal"


class Attention(StrEnum):
    """What a case's series say together, never as a mean: the most urgent of them counts."""

    NEXT_STEP_WANTED = "next_step_wanted"
    BELOW_EXPECTED = "below_expected"
    WATCH = "watch"
    READY_TO_END = "ready_to_end"
    AS_EXPECTED = "as_expected"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody asked to see."""

    filter: CaseFilter = field(default_factory=CaseFilter)
    attention: Attention | None = None
    order: Order = Order.NAME
    page: int = 1


@dataclass(frozen=True, slots=True)
class CaseloadRow:
    line: CaseLine
    summary: CaseSummary
    measures: tuple[RunningMeasure, ...]
    outstanding: tuple[OutstandingRow, ...]
    clock: FollowUpClock | None


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    """`too_many_for_signals`: choosing or sorting by signal was asked for and could not be done."""

    rows: tuple[CaseloadRow, ...]
    total: int
    page: int
    pages: int
    too_many_for_signals: bool = False


def shared_forms(catalogue: Catalogue) -> frozenset[str]:
    """The ids of the forms every reader of a case may know of: all but session forms."""
    private = {one.id for one in catalogue if one.kind is Kind.SESSION}
    return frozenset(one.id for one in catalogue) - private


def list_caseload(
    session: Session, *, by: Actor, catalogue: Catalogue, choice: Choice, now: datetime
) -> CaseloadPage:
    """One page of the caseload, and one access-log row with the cases on it.

    The number of queries does not depend on the number of cases. A page after the last is the last.
    """
    shared = shared_forms(catalogue)
    total = count_cases(session, by, choice.filter, shared_forms=shared)
    asks_signals = choice.attention is not None or choice.order is Order.SIGNAL
    if asks_signals and total <= SIGNAL_REACH:
        found = _by_signal(session, by, catalogue, choice, shared)
    else:
        page, pages = _pages(choice.page, total)
        lines = list_case_lines(
            session,
            by,
            choice.filter,
            shared_forms=shared,
            order=CaseOrder.REFERENCE if choice.order is Order.SIGNAL else CaseOrder(choice.order),
            offset=(page - 1) * PAGE_LENGTH,
            limit=PAGE_LENGTH,
        )
        rows = _rows(session, by, catalogue, lines, shared)
        found = CaseloadPage(rows, total, page, pages, too_many_for_signals=asks_signals)
    _note(session, by, found.rows, now)
    return found


def search_caseload(
    session: Session, *, by: Actor, catalogue: Catalogue, words: str, now: datetime
) -> tuple[tuple[CaseloadRow, ...], bool]:
    """The first page's worth of cases that fit, closed ones too, and whether there are more than that."""
    shared = shared_forms(catalogue)
    lines = search_case_lines(session, by, words, shared_forms=shared, limit=PAGE_LENGTH + 1)
    rows = _rows(session, by, catalogue, lines[:PAGE_LENGTH], shared)
    _note(session, by, rows, now)
    return rows, len(lines) > PAGE_LENGTH


def attention(summary: CaseSummary) -> Attention | None:
    """The most urgent signal among a case's series; None when none of them gets a signal."""
    if summary.open_confirmations:
        return Attention.NEXT_STEP_WANTED
    codes = {one.signal.code for one in summary.series if one.signal is not None}
    found = next((one for code, one in _URGENCY.items() if code in codes), None)
    if found is not Attention.WATCH and found is not Attention.BELOW_EXPECTED and summary.ready_to_end:
        return Attention.READY_TO_END
    return found


_URGENCY = {
    SignalCode.BELOW_EXPECTED: Attention.BELOW_EXPECTED,
    SignalCode.WATCH: Attention.WATCH,
    SignalCode.AS_EXPECTED: Attention.AS_EXPECTED,
    SignalCode.NO_PROGRESSION_YET: Attention.NOT_YET,
}
_PLACE = {one: place for place, one in enumerate(Attention)}


def _by_signal(
    session: Session, by: Actor, catalogue: Catalogue, choice: Choice, shared: frozenset[str]
) -> CaseloadPage:
    """Looks through every case that fits; the caller has seen to it that they are not too many."""
    order = CaseOrder.REFERENCE if choice.order is Order.SIGNAL else CaseOrder(choice.order)
    lines = list_case_lines(session, by, choice.filter, shared_forms=shared, order=order, limit=SIGNAL_REACH)
    summaries = summarise_cases(session, by=by, case_ids=[line.id for line in lines], catalogue=catalogue)
    if choice.attention is not None:
        lines = [line for line in lines if _fits(choice.attention, summaries[line.id])]
    if choice.order is Order.SIGNAL:
        lines.sort(key=_place_of(summaries))
    page, pages = _pages(choice.page, len(lines))
    shown = lines[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
    return CaseloadPage(_dress(session, by, shown, summaries, shared), len(lines), page, pages)


def _fits(wanted: Attention, summary: CaseSummary) -> bool:
    """Any series counts, so that a case with two signals is found under both."""
    if wanted is Attention.NEXT_STEP_WANTED:
        return bool(summary.open_confirmations)
    if wanted is Attention.READY_TO_END:
        return summary.ready_to_end is not None
    return any(one.signal is not None and _URGENCY[one.signal.code] is wanted for one in summary.series)


def _place_of(summaries: dict[UUID, CaseSummary]) -> Callable[[CaseLine], tuple[int, str]]:
    def place(line: CaseLine) -> tuple[int, str]:
        found = attention(summaries[line.id])
        return (len(_PLACE) if found is None else _PLACE[found]), line.reference

    return place


def _pages(wanted: int, total: int) -> tuple[int, int]:
    pages = max(ceil(total / PAGE_LENGTH), 1)
    return min(max(wanted, 1), pages), pages


def _rows(
    session: Session, by: Actor, catalogue: Catalogue, lines: Sequence[CaseLine], shared: frozenset[str]
) -> tuple[CaseloadRow, ...]:
    summaries = summarise_cases(session, by=by, case_ids=[line.id for line in lines], catalogue=catalogue)
    return _dress(session, by, lines, summaries, shared)


def _dress(
    session: Session,
    by: Actor,
    lines: Sequence[CaseLine],
    summaries: dict[UUID, CaseSummary],
    shared: frozenset[str],
) -> tuple[CaseloadRow, ...]:
    """Add to each line what stands beside it; the number of queries does not depend on how many they are."""
    case_ids = [line.id for line in lines]
    measures: dict[UUID, list[RunningMeasure]] = defaultdict(list)
    for measure in list_running_measures(session, by, case_ids):
        measures[measure.case_id].append(measure)
    outstanding: dict[UUID, list[OutstandingRow]] = defaultdict(list)
    for row in list_outstanding(session, by, case_ids, shared_forms=shared):
        outstanding[row.case_id].append(row)
    clocks = read_clocks(session, by=by, case_ids=case_ids)
    return tuple(
        CaseloadRow(
            line,
            summaries[line.id],
            tuple(measures[line.id]),
            tuple(outstanding[line.id]),
            clocks.get(line.id),
        )
        for line in lines
    )


def _note(session: Session, by: Actor, rows: Sequence[CaseloadRow], now: datetime) -> None:
    note_reading(
        session, by=by, access=Access.CASELOAD_LISTED, case_ids=[row.line.id for row in rows], now=now
    )
