"""Today's page record: words and addresses for what the service found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.missing import DueRating, DueState, due_state
from fitsvc.domain.rating import from_stored
from fitsvc.domain.signal import RuleCode, Signal
from fitsvc.services.case_summaries import SeriesSummary
from fitsvc.services.goal_statuses import AwaitedStatus
from fitsvc.services.today import AskedInCase, AskedVoice, BelowExpected, Today
from fitsvc.services.today_meetings import MeetingSoon
from fitsvc.storage.today import Cut, UnreadRow
from fitsvc.web.asking_words import StandingLine, standing_lines, status_words
from fitsvc.web.case_rows import CaseLink, SmallCurve, case_link, curve_of, form_name
from fitsvc.web.templates import IN_SENTENCE, day, points
from fitsvc.web.today.follow_up import FollowUpSections, follow_up_sections
from fitsvc.web.words import days_until, rater_name

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Section:
    """A section's entries; `cut` says that there are more than are shown, or is empty."""

    entries: Sequence[Any]
    total: int
    cut: str


@dataclass(frozen=True, slots=True)
class UnreadEntry:
    case: CaseLink
    rating_id: UUID
    rater: str
    form: str
    on: date
    low_answer: str
    comment: str


@dataclass(frozen=True, slots=True)
class BelowSeries:
    """`asks` is whether a next step is still to be written."""

    rater: str
    key: str
    sentence: str
    asks: bool
    curve: SmallCurve


@dataclass(frozen=True, slots=True)
class BelowEntry:
    case: CaseLink
    series: tuple[BelowSeries, ...]


@dataclass(frozen=True, slots=True)
class AskedLine:
    """Who, and in words which forms since when."""

    respondent_id: UUID
    rater: str
    words: str


@dataclass(frozen=True, slots=True)
class AskedEntry:
    case: CaseLink
    voices: tuple[AskedLine, ...]


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    id: UUID
    case: CaseLink
    planned_on: date
    when: str
    lines: tuple[StandingLine, ...]


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """A case whose goals wait for a status, and when it is due; `is_over` when that day has passed."""

    case: CaseLink
    meeting_id: UUID
    words: str
    goals: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class TodayPage:
    """`partly` says which cases were looked through when they are too many for all; else empty."""

    today: date
    has_cases: bool
    unread: Section
    below: Section
    watched: str
    unanswered: Section
    to_ask: Section
    statuses: Section
    overdue: Section
    coming: Section
    follow_up: FollowUpSections
    partly: str

    @property
    def is_quiet(self) -> bool:
        """Nothing waits for anybody."""
        return self.follow_up.is_quiet and not any(
            one.total
            for one in (self.unread, self.below, self.unanswered, self.to_ask, self.statuses, self.overdue)
        )


def today_page(found: Today, catalogue: Catalogue, today: date, reader_id: UUID) -> TodayPage:
    return TodayPage(
        today=today,
        has_cases=found.open_cases > 0,
        unread=_section(found.unread, lambda row: _unread(row, catalogue)),
        below=_section(found.below, _below),
        watched=_watched(found.watched),
        unanswered=_section(found.unanswered, lambda row: _asked(row, catalogue, today)),
        to_ask=_section(found.to_ask, lambda row: _asked(row, catalogue, today)),
        statuses=_section(found.statuses, _status),
        overdue=_section(found.overdue, lambda row: _meeting(row, today)),
        coming=_section(found.coming, lambda row: _meeting(row, today)),
        follow_up=follow_up_sections(found.follow_up, today, reader_id),
        partly=_partly(found),
    )


def _section(cut: Cut[Row], entry: Callable[[Row], Any]) -> Section:
    shown = len(cut.rows)
    words = _("Showing %(shown)s of %(total)s.", shown=shown, total=cut.total) if shown < cut.total else ""
    return Section([entry(row) for row in cut.rows], cut.total, words)


def _watched(cases: int) -> str:
    if not cases:
        return ""
    return ngettext("%(num)d case to keep an eye on", "%(num)d cases to keep an eye on", cases)


def _partly(found: Today) -> str:
    if found.looked_at >= found.open_cases:
        return ""
    return _(
        "You see %(open)s open cases. Signals are worked out here for the %(looked)s with the newest ratings; "
        "choose a unit in the caseload to look through the others.",
        open=found.open_cases,
        looked=found.looked_at,
    )


def _unread(row: UnreadRow, catalogue: Catalogue) -> UnreadEntry:
    return UnreadEntry(
        case=case_link(row.case),
        rating_id=row.rating_id,
        rater=rater_name(row.rater_role, row.setting),
        form=form_name(catalogue, row.instrument_id),
        on=row.rated_on,
        low_answer=_low_answer(row, catalogue) if row.low_safety else "",
        comment=row.comment or "",
    )


def _low_answer(row: UnreadRow, catalogue: Catalogue) -> str:
    """The answers that made the rating one to read today, such as "2 of 10"."""
    instrument = catalogue.find(row.instrument_id, row.instrument_version)
    if instrument is None:
        return "–"
    values = [answer.value for answer in from_stored(row.answers).values() if answer.value is not None]
    return ", ".join(
        _("%(value)s of %(most)s", value=points(value), most=points(instrument.scale.maximum))
        for value in values
        if instrument.is_noticed(value)
    )


def _below(row: BelowExpected) -> BelowEntry:
    return BelowEntry(
        case_link(row.case),
        (
            *(_below_series(one, asks=True) for one in row.unanswered),
            *(_below_series(one, asks=False) for one in row.answered),
        ),
    )


def _below_series(series: SeriesSummary, *, asks: bool) -> BelowSeries:
    signal = series.open_confirmation or series.signal
    sentence = _below_words(signal) if signal else ""
    return BelowSeries(
        rater_name(series.rater_role, series.setting), series.key, sentence, asks, curve_of(series)
    )


def _below_words(signal: Signal) -> str:
    numbers = {
        "score": points(signal.score),
        "day": day(signal.on, IN_SENTENCE),
        "expected": points(signal.expected),
        "baseline": points(signal.baseline),
    }
    if signal.rule is RuleCode.WORSE_TWICE:
        return _(
            "%(score)s on %(day)s, clearly lower than %(baseline)s at the start; so was the rating before.",
            **numbers,
        )
    return _("%(score)s on %(day)s, expected about %(expected)s; the rating before was low too.", **numbers)


def _asked(row: AskedInCase, catalogue: Catalogue, today: date) -> AskedEntry:
    return AskedEntry(
        case_link(row.case),
        tuple(
            AskedLine(
                one.respondent_id,
                rater_name(one.rater_role, one.setting),
                _asked_words(one, catalogue, today),
            )
            for one in row.voices
        ),
    )


def _asked_words(voice: AskedVoice, catalogue: Catalogue, today: date) -> str:
    """Late from the fourth day on; until then it is only due."""
    names = [form_name(catalogue, one) for one in voice.instrument_ids]
    forms = ", ".join(dict.fromkeys(names)).lower()
    since = day(voice.since, IN_SENTENCE)
    if voice.times == 0:
        return _("%(forms)s, to be asked from %(day)s on", forms=forms, day=since)
    if due_state(DueRating(voice.since), today) is DueState.DUE:
        return _("%(forms)s, due %(day)s", forms=forms, day=since)
    if voice.times == 1:
        return _("%(forms)s, no answer since %(day)s", forms=forms, day=since)
    return _(
        "%(forms)s, no answer since %(day)s, asked %(times)s times",
        forms=forms,
        day=since,
        times=voice.times,
    )


def _meeting(row: MeetingSoon, today: date) -> MeetingEntry:
    return MeetingEntry(
        id=row.id,
        case=case_link(row.case),
        planned_on=row.planned_on,
        when=days_until(row.planned_on, today),
        lines=standing_lines(row.voices),
    )


def _status(row: AwaitedStatus) -> StatusEntry:
    return StatusEntry(
        case=case_link(row.case),
        meeting_id=row.meeting_id,
        words=status_words(row.due),
        goals=ngettext("%(num)d goal without a status", "%(num)d goals without a status", row.due.missing),
        is_over=row.due.days_over > 0,
    )
