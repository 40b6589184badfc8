"""Composing the paper for the meeting: from a case's trajectories and its meetings' book to the report's lines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Assumptions
from fitsvc.domain.meeting_report import MeetingReport, QuestionLine, fit_to_page, order_voices
from fitsvc.domain.report_lines import (
    AnsweredLine,
    GoalLine,
    MissingLine,
    Shown,
    VoiceLine,
)
from fitsvc.services.case_facts import (
    CaseTrajectories,
    GoalFacts,
    MeetingFacts,
    SeriesFacts,
)
from fitsvc.services.errors import NotFound
from fitsvc.services.meeting_facts import MeetingBook, last_held, read_meeting_book
from fitsvc.services.meeting_outcomes import (
    agreements_before,
    agreements_of,
    decided_at,
    expectations_looked_back,
    expectations_of,
)
from fitsvc.services.raters import Raters, discrepancy_questions, missing_voices, name_raters
from fitsvc.services.trajectories import compose

Hide = Callable[[CaseTrajectories, MeetingBook], tuple[CaseTrajectories, MeetingBook]]
"""Takes names and places out of what the page is made of."""


@dataclass(frozen=True, slots=True)
class ComposedReport:
    """The report, and what it and its curves are made of; nothing a respondent keeps from the meeting is in any of it.

    `report` is fitted to its pages, `whole` has every line. `meeting` is the one it is made for: the one asked for,
    else the next one. `last` is the one held before it.
    """

    report: MeetingReport
    whole: MeetingReport
    facts: CaseTrajectories
    raters: Raters
    book: MeetingBook
    meeting: MeetingFacts | None
    last: MeetingFacts | None


def compose_report(
    session: Session,
    *,
    by: Actor,
    case_id: UUID,
    catalogue: Catalogue,
    now: datetime,
    access: Access = Access.REPORT_READ,
    meeting_id: UUID | None = None,
    hide: Hide | None = None,
) -> ComposedReport:
    """The paper as it stands today, fitted to its pages, and one access-log row for it. Raises NotFound out of scope.

    With `meeting_id` it is that meeting's own paper: with what it decided, and "last time" is the meeting before it.
    """
    facts = compose(
        session, by=by, case_id=case_id, catalogue=catalogue, now=now, access=access, at_meeting=True
    )
    book = read_meeting_book(session, case_id=case_id)
    if hide is not None:
        facts, book = hide(facts, book)
    return _report(facts, book, meeting_id)


def _report(facts: CaseTrajectories, book: MeetingBook, meeting_id: UUID | None) -> ComposedReport:
    meeting = facts.next_meeting
    if meeting_id is not None:
        meeting = next((one for one in facts.meetings if one.id == meeting_id), None)
        if meeting is None:
            raise NotFound(meeting_id)
    last = last_held(facts.meetings, meeting)
    raters = name_raters(facts)
    missing = missing_voices(facts, raters)
    all_questions = discrepancy_questions(facts, raters, most=len(facts.discrepancies))
    own = meeting if meeting_id is not None else None
    report = MeetingReport(
        reference=facts.case.reference,
        display_name=facts.case.display_name,
        age_years=facts.case.age_years,
        made_on=facts.today,
        measure_type=facts.episode.measure_type if facts.episode else None,
        episode_started_on=facts.episode.started_on if facts.episode else None,
        next_meeting_on=facts.next_meeting.planned_on if facts.next_meeting else None,
        instruments=_instruments(facts),
        assumptions=_assumptions(facts.totals),
        overdue_days=facts.clock.days_overdue(facts.today) if facts.clock else 0,
        last_on=last.on if last else None,
        decided=decided_at(book, own) if own else None,
        voices=Shown(_voices(facts, raters)),
        missing=Shown(missing),
        answered=Shown(_answered(facts, raters, missing)),
        questions=Shown(tuple(map(QuestionLine, all_questions))),
        goals=Shown(_goals(facts, raters, _statuses(book, meeting))),
        agreements=Shown(agreements_before(book, facts, meeting, last)),
        held=Shown(expectations_looked_back(facts, raters, meeting)),
        agreed=Shown(expectations_of(facts, raters, meeting)),
        new_agreements=Shown(agreements_of(book, own)) if own else Shown(),
    )
    return ComposedReport(fit_to_page(report), report, facts, raters, book, meeting, last)


def _voices(facts: CaseTrajectories, raters: Raters) -> tuple[VoiceLine, ...]:
    """Those who rate now and have a score."""
    found = []
    for series in facts.totals:
        trajectory = series.trajectory
        baseline, latest = trajectory.baseline, trajectory.latest
        if not series.is_current or latest is None:
            continue
        found.append(
            VoiceLine(
                key=series.key,
                rater=raters[series.respondent_id],
                baseline=baseline.score if baseline else None,
                latest=latest.score,
                latest_on=latest.on,
                change=trajectory.change,
                change_class=trajectory.change_class,
                rci=trajectory.rci,
                improvement_can_show=trajectory.improvement_can_show,
                signal=trajectory.signal.code if trajectory.signal else None,
                expected=trajectory.signal.expected if trajectory.signal else None,
            )
        )
    return order_voices(found)


def _statuses(book: MeetingBook, meeting: MeetingFacts | None) -> dict[UUID, str]:
    """What the practitioner wrote about each goal for this meeting."""
    if meeting is None:
        return {}
    return {one.goal_id: one.text for one in book.statuses if one.meeting_id == meeting.id}


def _goals(facts: CaseTrajectories, raters: Raters, statuses: dict[UUID, str]) -> tuple[GoalLine, ...]:
    """Open goals first, then those closed in this episode, the newest first."""
    since = facts.episode.started_on if facts.episode else date.min
    standing = [goal for goal in facts.goals if goal.closed_on is None]
    closed = [goal for goal in facts.goals if goal.closed_on is not None and goal.closed_on >= since]
    closed.sort(key=lambda goal: goal.closed_on or date.min, reverse=True)
    return tuple(_goal(goal, raters, statuses.get(goal.id, "")) for goal in (*standing, *closed))


def _goal(goal: GoalFacts, raters: Raters, status: str) -> GoalLine:
    newest: SeriesFacts | None = None
    for series in goal.series:  # in the order of voices, so that of one day's ratings the child's counts
        latest = series.trajectory.latest
        best = newest.trajectory.latest if newest else None
        if latest is not None and (best is None or latest.on > best.on):
            newest = series
    point = newest.trajectory.latest if newest else None
    return GoalLine(
        text=goal.text,
        start_value=goal.start_value,
        target_value=goal.target_value,
        latest=point.score if point else None,
        latest_on=point.on if point else None,
        latest_by=raters[newest.respondent_id] if newest else None,
        reached=goal.reached if goal.closed_on is not None else None,
        status=status,
    )


def _answered(
    facts: CaseTrajectories, raters: Raters, missing: Iterable[MissingLine]
) -> tuple[AnsweredLine, ...]:
    """Those who rate now, have answered, and owe no answer, in the order of voices."""
    silent = {one.rater for one in missing}
    return tuple(
        AnsweredLine(raters[series.respondent_id], series.points[-1].on)
        for series in facts.totals
        if series.is_current and series.points and raters[series.respondent_id] not in silent
    )


def _instruments(facts: CaseTrajectories) -> tuple[tuple[str, str], ...]:
    """Every form the page shows a number of."""
    goals = [series for goal in facts.goals for series in goal.series]
    shown = [series for series in (*facts.totals, *goals) if series.points]
    return tuple(dict.fromkeys((one.instrument_id, one.instrument_version) for one in shown))


def _assumptions(totals: Iterable[SeriesFacts]) -> tuple[Assumptions, ...]:
    found = [one.trajectory.measure.assumptions for one in totals if one.trajectory.latest is not None]
    return tuple(dict.fromkeys(one for one in found if one is not None))
