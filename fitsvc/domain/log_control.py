"""The monthly control of who has looked: what is drawn, what is unusual, and what the controller found."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from statistics import median_low
from uuid import UUID


class LogName(StrEnum):
    ACCESS = "access"
    AUDIT = "audit"


class ChosenFor(StrEnum):
    """Why a row is in the sample: drawn by lot, or unusual."""

    LOT = "lot"
    OUT_OF_HOURS = "out_of_hours"
    MANY_CASES = "many_cases"
    PROTECTED_CASE = "protected_case"
    EMERGENCY_ACCESS = "emergency_access"


class Verdict(StrEnum):
    IN_ORDER = "in_order"
    ASKED = "asked"  # the person or their leader has been asked
    NOT_IN_ORDER = "not_in_order"


DAY_BEGINS, DAY_ENDS = time(7), time(18)
"""Ordinary working hours in Denmark; from 7.00, before 18.00."""
MANY_AT_LEAST = 10
"""Cases. Fewer on one day are never many, however few others look at."""
MANY_TIMES_USUAL = 3
"""Times the median of everybody's days."""
MOST_OF_A_KIND = 50
"""Rows of one kind of unusual that a control takes; beyond it, lots are drawn among them."""
DAYS_BETWEEN = 35
"""A month and some days: without a control for longer, the front page says so."""

KINDS_IN_ORDER = (
    ChosenFor.EMERGENCY_ACCESS,
    ChosenFor.PROTECTED_CASE,
    ChosenFor.MANY_CASES,
    ChosenFor.OUT_OF_HOURS,
)
"""A row that is unusual in several ways is in the sample once, for the first of these."""


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    """One reading as the rule sees it. `at` is Danish time; `opens_case`: a page about one case, no list of many."""

    seq: int
    at: datetime
    staff_id: UUID
    case_ids: frozenset[UUID]
    opens_case: bool


@dataclass(frozen=True, slots=True)
class Special:
    """What makes a case's reading unusual whoever reads: since when it is protected, and who opened it in an emergency
    on which day.
    """

    protected_since: dict[UUID, datetime]
    emergencies: Collection[tuple[UUID, UUID, date]]  # case, member of staff, day


@dataclass(frozen=True, slots=True)
class Chosen:
    seq: int
    chosen_for: ChosenFor


def is_out_of_hours(at: datetime, free_days: Collection[date]) -> bool:
    """Before 7, from 18 on, at a weekend or on a public holiday. `at` is Danish time."""
    outside = not DAY_BEGINS <= at.time() < DAY_ENDS
    return outside or at.weekday() >= 5 or at.date() in free_days


def many_cases_limit(distinct_cases: Sequence[int]) -> int:
    """How many different cases on one day are many, given everybody's days of the period: three times the median, and
    never fewer than ten.
    """
    usual = median_low(distinct_cases) if distinct_cases else 0
    return max(MANY_AT_LEAST, int(usual * MANY_TIMES_USUAL))


def find_unusual(
    readings: Sequence[ReadingFacts], special: Special, free_days: Collection[date]
) -> dict[ChosenFor, list[int]]:
    """The rows of each kind, each row under the first kind it is unusual for. Of a day with many cases the last row
    stands for all of it.
    """
    of_many = _last_rows_of_many(readings)
    found: dict[ChosenFor, list[int]] = {kind: [] for kind in KINDS_IN_ORDER}
    for one in readings:
        kind = _kind(one, special, free_days, of_many)
        if kind is not None:
            found[kind].append(one.seq)
    return found


def draw(
    readings: Sequence[ReadingFacts],
    special: Special,
    free_days: Collection[date],
    *,
    sample_size: int,
    seed: int,
) -> list[Chosen]:
    """The unusual, and `sample_size` of the others by lot. The same rows and seed give the same sample."""
    unusual = find_unusual(readings, special, free_days)
    chosen = [
        Chosen(seq, kind) for kind in KINDS_IN_ORDER for seq in _some(seed, unusual[kind], MOST_OF_A_KIND)
    ]
    taken = {seq for some in unusual.values() for seq in some}
    rest = [one.seq for one in readings if one.seq not in taken]
    return chosen + [Chosen(seq, ChosenFor.LOT) for seq in _some(seed, rest, sample_size)]


def last_month(today: date) -> tuple[date, date]:
    """First and last day of the month before."""
    end = today.replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


def missing_months(periods: Iterable[tuple[date, date]], first_on: date, today: date) -> list[date]:
    """The first days of the whole months since `first_on` that no finished control covers, oldest first."""
    spans = list(periods)
    missing = []
    month = first_on.replace(day=1)
    while (following := (month + timedelta(days=32)).replace(day=1)) <= today.replace(day=1):
        end = following - timedelta(days=1)
        if not any(begin <= max(month, first_on) and end <= until for begin, until in spans):
            missing.append(month)
        month = following
    return missing


def is_late(last_finished_on: date | None, first_on: date, today: date) -> bool:
    """Whether it is longer than 35 days since the last control, or since the first reading when there was none."""
    return (today - (last_finished_on or first_on)).days > DAYS_BETWEEN


def _kind(
    one: ReadingFacts, special: Special, free_days: Collection[date], of_many: Collection[int]
) -> ChosenFor | None:
    if any((case, one.staff_id, one.at.date()) in special.emergencies for case in one.case_ids):
        return ChosenFor.EMERGENCY_ACCESS
    since = special.protected_since
    if one.opens_case and any(case in since and since[case] <= one.at for case in one.case_ids):
        return ChosenFor.PROTECTED_CASE
    if one.seq in of_many:
        return ChosenFor.MANY_CASES
    return ChosenFor.OUT_OF_HOURS if one.case_ids and is_out_of_hours(one.at, free_days) else None


def _last_rows_of_many(readings: Sequence[ReadingFacts]) -> set[int]:
    """Lists show everybody all their cases at once: only pages about one case count."""
    opened: dict[tuple[UUID, date], set[UUID]] = {}
    last: dict[tuple[UUID, date], int] = {}
    for one in readings:
        if one.opens_case:
            key = (one.staff_id, one.at.date())
            opened.setdefault(key, set()).update(one.case_ids)
            last[key] = max(last.get(key, 0), one.seq)
    limit = many_cases_limit([len(cases) for cases in opened.values()])
    return {last[key] for key, cases in opened.items() if len(cases) > limit}


def _some(seed: int, rows: Sequence[int], size: int) -> list[int]:
    """So many of the rows, by lot: those whose SHA-256 with the seed comes first. Anybody can draw them again, in any
    language and any year.
    """
    by_lot = sorted(rows, key=lambda seq: sha256(f"{seed}:{seq}".encode()).digest())
    return sorted(by_lot[:size])
