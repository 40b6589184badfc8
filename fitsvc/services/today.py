"""Today: what waits for somebody, most urgent first, in the cases this person sees."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.missing import Rhythm, next_due
from fitsvc.domain.permissions import Permission
from fitsvc.domain.rater import RATER_ORDER, RaterRole
from fitsvc.domain.signal import SignalCode
from fitsvc.services.active_series import forms_asked_for
from fitsvc.services.case_access import note_reading
from fitsvc.services.case_summaries import CaseSummary, SeriesSummary, summarise_cases
from fitsvc.services.caseload import SIGNAL_REACH, shared_forms
from fitsvc.services.follow_up_settings import read_follow_up_settings
from fitsvc.services.goal_statuses import AwaitedStatus, list_status_due
from fitsvc.services.today_follow_up import FollowUpToday, read_follow_up_today
from fitsvc.services.today_meetings import MeetingSoon, read_meetings
from fitsvc.storage import today as storage
from fitsvc.storage.after_end import list_due_after_end
from fitsvc.storage.caseload import CaseFilter, CaseName, count_cases, list_latest_rated
from fitsvc.storage.today import Cut, OutstandingRow, UnreadRow

LONGEST_SECTION = 20
"""Entries. A longer list is cut, and the page says how long it is."""


@dataclass(frozen=True, slots=True)
class BelowExpected:
    """A case with series below expected: those asking for a next step, then those that have one."""

    case: CaseName
    unanswered: tuple[SeriesSummary, ...]
    answered: tuple[SeriesSummary, ...]


@dataclass(frozen=True, slots=True)
class AskedVoice:
    """One respondent and the forms due `since`. `times`: asked in vain at most so often; 0 when nobody asked yet."""

    respondent_id: UUID
    rater_role: RaterRole
    setting: str
    instrument_ids: tuple[str, ...]
    since: date
    times: int


@dataclass(frozen=True, slots=True)
class AskedInCase:
    case: CaseName
    since: date
    voices: tuple[AskedVoice, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """`looked_at` of `open_cases` were looked through for signals and plans; all of them unless there are many."""

    open_cases: int
    looked_at: int
    unread: Cut[UnreadRow]
    below: Cut[BelowExpected]
    watched: int
    unanswered: Cut[AskedInCase]
    to_ask: Cut[AskedInCase]
    statuses: Cut[AwaitedStatus]
    overdue: Cut[MeetingSoon]
    coming: Cut[MeetingSoon]
    follow_up: FollowUpToday


def show_today(session: Session, *, by: Actor, catalogue: Catalogue, now: datetime) -> Today:
    """Everything on the page, and one access-log row with the cases it names.

    The number of queries does not depend on the number of cases.
    """
    shared = shared_forms(catalogue)
    open_cases = count_cases(session, by, CaseFilter(), shared_forms=shared)
    names = {one.id: one for one in list_latest_rated(session, by, shared_forms=shared, limit=SIGNAL_REACH)}
    summaries = summarise_cases(session, by=by, case_ids=list(names), catalogue=catalogue)
    unread = storage.list_unread(session, by, shared_forms=shared, limit=LONGEST_SECTION)
    below = _below_expected(names, summaries)
    days = read_follow_up_settings(session)
    meetings = read_meetings(
        session,
        by=by,
        catalogue=catalogue,
        now=now,
        days_before=days.ask_days_before,
        limit=LONGEST_SECTION,
        reach=SIGNAL_REACH,
    )
    statuses = list_status_due(session, by=by, days_before=days.status_days_before)
    found = Today(
        open_cases=open_cases,
        looked_at=len(names),
        unread=unread,
        below=Cut(below[:LONGEST_SECTION], len(below)),
        watched=sum(bool(one.watched) for one in summaries.values()),
        unanswered=_unanswered(session, by, shared),
        to_ask=_to_ask(session, by, names, catalogue, days.ask_days_before, meetings.to_ask),
        statuses=Cut(statuses[:LONGEST_SECTION], len(statuses)),
        overdue=meetings.overdue,
        coming=meetings.coming,
        follow_up=read_follow_up_today(session, by=by, now=now, limit=LONGEST_SECTION),
    )
    note_reading(session, by=by, access=Access.TODAY_LISTED, case_ids=_shown(found), now=now)
    return found


def _shown(found: Today) -> list[UUID]:
    ids = [row.case.id for row in found.unread.rows]
    for section in (
        found.below,
        found.unanswered,
        found.to_ask,
        found.statuses,
        found.overdue,
        found.coming,
    ):
        ids += [row.case.id for row in section.rows]
    ids += found.follow_up.case_ids
    return list(dict.fromkeys(ids))


def _below_expected(
    names: dict[UUID, CaseName], summaries: dict[UUID, CaseSummary]
) -> tuple[BelowExpected, ...]:
    """Whoever waits for a next step first, the longest wait first."""
    found = []
    for case_id, summary in summaries.items():
        answered = tuple(
            one
            for one in summary.series
            if one.open_confirmation is None and one.signal and one.signal.code is SignalCode.BELOW_EXPECTED
        )
        if summary.open_confirmations or answered:
            found.append(BelowExpected(names[case_id], summary.open_confirmations, answered))
    return tuple(sorted(found, key=_urgency))


def _urgency(one: BelowExpected) -> tuple[bool, date, str]:
    days = [
        series.open_confirmation.on
        for series in one.unanswered
        if series.open_confirmation and series.open_confirmation.on
    ]
    return not one.unanswered, min(days, default=date.max), one.case.reference


def _unanswered(session: Session, by: Actor, shared: frozenset[str]) -> Cut[AskedInCase]:
    """Who was asked and has not answered."""
    silent = storage.list_silent_cases(session, by, shared_forms=shared, limit=LONGEST_SECTION)
    case_ids = [row.case.id for row in silent.rows]
    by_case: dict[UUID, list[OutstandingRow]] = defaultdict(list)
    for row in storage.list_outstanding(session, by, case_ids, shared_forms=shared):
        by_case[row.case_id].append(row)
    rows = tuple(_asked_in_case(row.case, by_case[row.case.id]) for row in silent.rows)
    return Cut(rows, silent.total)


def _to_ask(
    session: Session,
    by: Actor,
    names: dict[UUID, CaseName],
    catalogue: Catalogue,
    days_before: int,
    before_meetings: dict[CaseName, list[OutstandingRow]],
) -> Cut[AskedInCase]:
    """Who should have been asked by now: before a meeting, by their plan, or after an episode; each form once."""
    if not by.may(Permission.PLAN_RATINGS):
        return Cut((), 0)
    by_case = {case.id: list(rows) for case, rows in before_meetings.items()}
    cases = names | {case.id: case for case in before_meetings}
    for row in (*_by_plan(session, by, names, catalogue, days_before), *_after_end(session, by, names)):
        rows = by_case.setdefault(row.case_id, [])
        if (row.respondent_id, row.instrument_id) not in {
            (one.respondent_id, one.instrument_id) for one in rows
        }:
            rows.append(row)
    found = [_asked_in_case(cases[case_id], rows) for case_id, rows in by_case.items() if rows]
    found.sort(key=lambda one: (one.since, one.case.reference))
    return Cut(tuple(found[:LONGEST_SECTION]), len(found))


def _by_plan(
    session: Session, by: Actor, names: dict[UUID, CaseName], catalogue: Catalogue, days_before: int
) -> list[OutstandingRow]:
    """Those due by their rhythm. Before a meeting this is for forms to talk from: the others are asked for anyhow."""
    asked_anyhow = forms_asked_for(catalogue)
    found = []
    for plan in storage.list_plans_at_rest(session, by, list(names), shared_forms=shared_forms(catalogue)):
        if plan.rhythm is Rhythm.BEFORE_MEETING and plan.instrument_id in asked_anyhow:
            continue
        day = next_due(
            plan.rhythm,
            plan.last_asked_on,
            start=plan.starts_on,
            next_meeting=plan.next_meeting_on,
            ask_before_days=days_before,
        )
        if day is not None and day <= by.today:
            found.append(
                OutstandingRow(
                    plan.case_id,
                    plan.respondent_id,
                    plan.rater_role,
                    plan.setting,
                    plan.instrument_id,
                    since=day,
                    times=0,
                )
            )
    return found


def _after_end(session: Session, by: Actor, names: dict[UUID, CaseName]) -> list[OutstandingRow]:
    """Those to be asked some months after an episode has ended."""
    return [
        OutstandingRow(
            due.case_id,
            due.respondent_id,
            due.rater_role,
            due.setting,
            due.instrument_id,
            since=due.ask_on,
            times=0,
        )
        for due in list_due_after_end(session, names.keys(), by.today)
    ]


def _asked_in_case(case: CaseName, rows: list[OutstandingRow]) -> AskedInCase:
    """One entry for each respondent, in the usual order of voices."""
    by_respondent: dict[UUID, list[OutstandingRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (RATER_ORDER[row.rater_role], row.since)):
        by_respondent[row.respondent_id].append(row)
    voices = tuple(
        AskedVoice(
            respondent_id,
            forms[0].rater_role,
            forms[0].setting,
            tuple(form.instrument_id for form in forms),
            since=min(form.since for form in forms),
            times=max(form.times for form in forms),
        )
        for respondent_id, forms in by_respondent.items()
    )
    return AskedInCase(case, min(voice.since for voice in voices), voices)
