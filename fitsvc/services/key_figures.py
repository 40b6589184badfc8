"""Key figures of follow-up for leaders: per unit and for the kommune, small numbers hidden, nobody's own work shown."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from statistics import median
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access
from fitsvc.domain.cadence import Standard
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.follow_up import DeviationKind, DeviationReason, DeviationState
from fitsvc.domain.key_figures import (
    EpisodeRecord,
    HeldMeeting,
    Period,
    Rule,
    Spread,
    Step,
    Voice,
    first_day,
    is_overdue,
    open_days,
    spread,
    steps,
)
from fitsvc.domain.law import MeasureType
from fitsvc.domain.rater import PARALLEL_ROLES, RaterRole
from fitsvc.domain.roles import Scope
from fitsvc.domain.suppression import SMALLEST_SHOWN, Sum, hidden_cells
from fitsvc.services.cadences import all_standards
from fitsvc.services.calendar import is_working_day
from fitsvc.services.case_access import note_reading
from fitsvc.services.caseload import shared_forms
from fitsvc.services.clock import local_day
from fitsvc.services.follow_up_dates import Standards, chosen_interval
from fitsvc.services.follow_up_settings import read_follow_up_settings
from fitsvc.storage.key_figures import (
    DeviationRow,
    EpisodeKey,
    EpisodeRow,
    MeetingRow,
    count_meetings_with_expectation,
    count_rated_meetings,
    list_figure_deviations,
    list_figure_episodes,
    list_figure_meetings,
    list_figure_units,
)

_NO_STANDARD = Standard(id="", name="", source="", rows={}, limits={})
_RATERS = {
    Voice.CHILD: frozenset({RaterRole.CHILD}),
    Voice.PARENT: frozenset({RaterRole.PARENT, RaterRole.FOSTER_PARENT}),
    Voice.PARALLEL: PARALLEL_ROLES,
}

_is_working_day = lru_cache(maxsize=20_000)(is_working_day)


@dataclass(frozen=True, slots=True)
class Part:
    """`count` of `n`; None where it is hidden."""

    count: int | None
    n: int


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One unit, or the kommune (`unit_name` None). Spreads are None below five.

    `steps` are those that ended in the period, `judged` those of them a standard spoke of; `running` episodes and the
    days since their last meeting (`open_median`) are as of today.
    """

    unit_name: str | None
    steps: int
    spread: Spread | None
    within: Part
    within_or_approved: Part
    running: int
    open_median: float | None
    overdue: Part
    voices: Mapping[Voice, Part]
    deviations: int
    reasons: Mapping[DeviationReason, int | None]


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """`kommune` is there for the authority's leader only; `ask_days` is how long before a meeting a rating counts."""

    period: Period
    since: date
    today: date
    ask_days: int
    units: tuple[FigureRow, ...]
    kommune: FigureRow | None


@dataclass(slots=True)
class _Gathered:
    """Everything counted for one unit."""

    steps: list[Step] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    overdue: int = 0
    meetings: int = 0
    voices: Counter[Voice] = field(default_factory=Counter)
    reasons: Counter[DeviationReason] = field(default_factory=Counter)

    @property
    def judged(self) -> list[Step]:
        return [step for step in self.steps if step.is_within is not None]

    def counts(self) -> dict[str, int]:
        """Every count that may have to be hidden, by the column's name."""
        judged = self.judged
        return {
            "within": sum(step.is_within is True for step in judged),
            "within_or_approved": sum(step.is_within_or_approved is True for step in judged),
            "overdue": self.overdue,
            **{voice.value: self.voices[voice] for voice in Voice},
            **{_column(reason): self.reasons[reason] for reason in DeviationReason},
            _ALL_REASONS: self.reasons.total(),
        }


_ALL_REASONS = "deviations"
_KOMMUNE = None
Unit = UUID | None
CellKey = tuple[Unit, str]


def read_key_figures(
    session: Session, *, by: Actor, catalogue: Catalogue, period: Period, now: datetime
) -> KeyFigures:
    """The figures of the units in this leader's reach. Always the same number of queries; the reading is noted."""
    since = first_day(period, by.today)
    days = read_follow_up_settings(session).ask_days_before
    gathered = _gather(session, by, catalogue, since, days)
    units = list_figure_units(session, by)
    rows: dict[Unit, _Gathered] = {unit_id: gathered.get(unit_id, _Gathered()) for unit_id, _name in units}
    is_kommune = Scope.KOMMUNE in by.scopes
    if is_kommune:
        rows[_KOMMUNE] = _together(rows.values())
    hidden = _hidden(rows)
    note_reading(session, by=by, access=Access.FIGURES_READ, case_ids=[], now=now)
    return KeyFigures(
        period=period,
        since=since,
        today=by.today,
        ask_days=days,
        units=tuple(_row(unit_id, name, rows[unit_id], hidden) for unit_id, name in units),
        kommune=_row(_KOMMUNE, None, rows[_KOMMUNE], hidden) if is_kommune else None,
    )


def _gather(
    session: Session, by: Actor, catalogue: Catalogue, since: date, days_before: int
) -> dict[UUID, _Gathered]:
    meetings = list_figure_meetings(session, by)
    deviations = list_figure_deviations(session, by)
    episodes = list_figure_episodes(session, by)
    rated = count_rated_meetings(
        session,
        by,
        roles=_RATERS,
        since=since,
        days_before=days_before,
        shared_forms=shared_forms(catalogue),
    )
    found: dict[UUID, _Gathered] = defaultdict(_Gathered)
    for episode, record in _records(episodes, meetings, deviations, all_standards(session)):
        unit = found[episode.unit_id]
        unit.meetings += sum(meeting.held_on >= since for meeting in record.held)
        unit.steps += [step for step in steps(record, _is_working_day) if step.held_on >= since]
        days = open_days(record, by.today)
        if days is not None:
            unit.open.append(days)
            unit.overdue += is_overdue(record, by.today, _is_working_day)
    for (unit_id, voice), count in rated.items():
        found[unit_id].voices[voice] = count
    for unit_id, count in count_meetings_with_expectation(session, by, since=since).items():
        found[unit_id].voices[Voice.EXPECTATION] = count
    for deviation in deviations:
        if local_day(deviation.asked_at) >= since:
            found[deviation.unit_id].reasons[deviation.reason_code] += 1
    return found


def _records(
    episodes: Sequence[EpisodeRow],
    meetings: Sequence[MeetingRow],
    deviations: Sequence[DeviationRow],
    standards: Standards,
) -> Iterable[tuple[EpisodeRow, EpisodeRecord]]:
    less_often = {
        one.episode_id
        for one in deviations
        if one.state is DeviationState.APPROVED and one.kind is DeviationKind.LESS_OFTEN
    }
    held: dict[EpisodeKey, list[HeldMeeting]] = defaultdict(list)
    planned: dict[EpisodeKey, MeetingRow] = {}
    for meeting in meetings:
        if meeting.held_on is not None:
            held[meeting.episode_id].append(HeldMeeting(meeting.held_on, meeting.approved_on))
        else:
            planned.setdefault(meeting.episode_id, meeting)
    for episode in episodes:
        coming = planned.get(episode.id)
        yield (
            episode,
            EpisodeRecord(
                started_on=episode.started_on,
                ended_on=episode.ended_on,
                rule=Rule(
                    standards.get(episode.cadence_standard or "", _NO_STANDARD),
                    MeasureType(episode.measure_type),
                    chosen_interval(episode),
                    fewer_approved=episode.id in less_often,
                    investigation_ends=episode.investigation_ends_on,
                ),
                held=tuple(held[episode.id]),
                planned_on=coming.planned_on if coming else None,
                planned_is_approved=coming is not None and coming.approved_on == coming.planned_on,
            ),
        )


def _together(units: Iterable[_Gathered]) -> _Gathered:
    all_units = list(units)
    return _Gathered(
        steps=list(chain.from_iterable(unit.steps for unit in all_units)),
        open=list(chain.from_iterable(unit.open for unit in all_units)),
        overdue=sum(unit.overdue for unit in all_units),
        meetings=sum(unit.meetings for unit in all_units),
        voices=sum((unit.voices for unit in all_units), Counter()),
        reasons=sum((unit.reasons for unit in all_units), Counter()),
    )


def _hidden(rows: Mapping[Unit, _Gathered]) -> frozenset[CellKey]:
    """What stays hidden in all tables together: down each column, and across the reasons of each row."""
    counts = {(unit, column): count for unit, row in rows.items() for column, count in row.counts().items()}
    columns = {column for _unit, column in counts}
    units = tuple(unit for unit in rows if unit is not _KOMMUNE)
    sums: list[Sum[CellKey]] = [
        Sum(tuple((unit, _column(reason)) for reason in DeviationReason), (unit, _ALL_REASONS))
        for unit in rows
    ]
    if _KOMMUNE in rows:
        sums += [Sum(tuple((unit, column) for unit in units), (_KOMMUNE, column)) for column in columns]
    return hidden_cells(counts, sums, always_shown={(unit, _ALL_REASONS) for unit in rows})


def _row(unit: Unit, name: str | None, row: _Gathered, hidden: frozenset[CellKey]) -> FigureRow:
    counts = row.counts()

    def shown(column: str) -> int | None:
        return None if (unit, column) in hidden else counts[column]

    judged = len(row.judged)
    running = len(row.open)
    return FigureRow(
        unit_name=name,
        steps=len(row.steps),
        spread=spread([step.days for step in row.steps]),
        within=Part(shown("within"), judged),
        within_or_approved=Part(shown("within_or_approved"), judged),
        running=running,
        open_median=median(row.open) if running >= SMALLEST_SHOWN else None,
        overdue=Part(shown("overdue"), running),
        voices={voice: Part(shown(voice.value), row.meetings) for voice in Voice},
        deviations=counts[_ALL_REASONS],
        reasons={reason: shown(_column(reason)) for reason in DeviationReason},
    )


def _column(reason: DeviationReason) -> str:
    return f"reason {reason.value}"
