"""Composing the page for the meeting: from a case's trajectories to the lines of the report, codes and numbers only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Assumptions
from fitsvc.domain.meeting_report import (
    AgreedLine,
    GoalLine,
    MeetingReport,
    MissingLine,
    QuestionLine,
    Rater,
    Shown,
    VoiceLine,
    fit_to_page,
    order_voices,
)
from fitsvc.domain.rater import RaterRole
from fitsvc.services.case_facts import (
    CaseTrajectories,
    DiscrepancyFacts,
    GoalFacts,
    SeriesFacts,
    Side,
)
from fitsvc.services.trajectories import compose
from fitsvc.storage.expectations import ExpectationKind

Raters = dict[UUID, Rater]
"""What the page calls each respondent."""


@dataclass(frozen=True, slots=True)
class ComposedReport:
    """The report, and the trajectories its curves are drawn from; session ratings are in neither."""

    report: MeetingReport
    facts: CaseTrajectories
    raters: Raters


def compose_report(
    session: Session,
    *,
    by: Actor,
    case_id: UUID,
    catalogue: Catalogue,
    now: datetime,
    access: Access = Access.REPORT_READ,
) -> ComposedReport:
    """The page as it stands today, fitted to one A4, and one access-log row for it. Raises NotFound out of scope."""
    seen = compose(session, by=by, case_id=case_id, catalogue=catalogue, now=now, access=access)
    facts = replace(seen, sessions=None)
    raters = name_raters(facts)
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
        voices=Shown(_voices(facts, raters)),
        questions=_questions(facts.discrepancies, raters),
        goals=Shown(_goals(facts, raters)),
        agreed=Shown(_agreed(facts, raters)),
        missing=Shown(missing_voices(facts, raters)),
    )
    return ComposedReport(fit_to_page(report), facts, raters)


def name_raters(facts: CaseTrajectories) -> Raters:
    """Each respondent by role and setting; the how-manyeth of its role where that would not tell two apart."""
    of_role = Counter(one.rater_role for one in facts.respondents)
    alike = Counter((one.rater_role, one.setting) for one in facts.respondents)
    seen: Counter[RaterRole] = Counter()
    found = {}
    for one in facts.respondents:
        seen[one.rater_role] += 1
        number = seen[one.rater_role] if alike[one.rater_role, one.setting] > 1 else 0
        found[one.id] = Rater(one.rater_role, one.setting, number, of_role[one.rater_role] == 1)
    return found


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
                baseline_on=baseline.on if baseline else None,
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


def _questions(found: Iterable[DiscrepancyFacts], raters: Raters) -> Shown[QuestionLine]:
    """The largest discrepancy of each area: five pairs on the same area are one thing to talk about."""
    largest: dict[str, DiscrepancyFacts] = {}
    for one in found:  # largest first
        largest.setdefault(one.area, one)

    def line(one: DiscrepancyFacts) -> QuestionLine:
        return QuestionLine(
            one.area, _who(one.low, raters), one.low.value, _who(one.high, raters), one.high.value
        )

    return Shown(tuple(line(one) for one in largest.values()))


def _who(side: Side, raters: Raters) -> Rater:
    return raters[side.respondent_id]


def _goals(facts: CaseTrajectories, raters: Raters) -> tuple[GoalLine, ...]:
    """Open goals first, then those closed in this episode, the newest first."""
    since = facts.episode.started_on if facts.episode else date.min
    standing = [goal for goal in facts.goals if goal.closed_on is None]
    closed = [goal for goal in facts.goals if goal.closed_on is not None and goal.closed_on >= since]
    closed.sort(key=lambda goal: goal.closed_on or date.min, reverse=True)
    return tuple(_goal(goal, raters) for goal in (*standing, *closed))


def _goal(goal: GoalFacts, raters: Raters) -> GoalLine:
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
    )


def _agreed(facts: CaseTrajectories, raters: Raters) -> tuple[AgreedLine, ...]:
    """The standing expectation of every series in use: the meeting's first, then each actor's own."""
    found = []
    for series in facts.totals:
        latest = series.trajectory.latest
        for one in series.expectations if series.is_current else ():
            if not one.is_latest:
                continue
            found.append(
                AgreedLine(
                    rater=raters[series.respondent_id],
                    is_shared=one.kind is ExpectationKind.SHARED,
                    start_on=one.line.start,
                    start_score=one.line.start_score,
                    score=one.line.score,
                    due_on=one.line.due,
                    meeting_on=one.meeting_on,
                    latest=latest.score if latest and latest.on > one.line.start else None,
                )
            )
    return tuple(sorted(found, key=lambda line: not line.is_shared))


def missing_voices(facts: CaseTrajectories, raters: Raters) -> tuple[MissingLine, ...]:
    """Those whose answer is awaited and has not come, longest silence first; never asked last."""
    found = []
    for series in facts.totals:
        latest = series.points[-1].on if series.points else None
        awaited = [
            day
            for day in (*series.missed, *series.due)
            if day < facts.today and (latest is None or day > latest)
        ]
        if series.is_current and (awaited or latest is None):
            found.append(MissingLine(raters[series.respondent_id], min(awaited, default=None)))
    return tuple(sorted(found, key=lambda line: line.since or date.max))


def _instruments(facts: CaseTrajectories) -> tuple[tuple[str, str], ...]:
    """Every form the page shows a number of."""
    goals = [series for goal in facts.goals for series in goal.series]
    shown = [series for series in (*facts.totals, *goals) if series.points]
    return tuple(dict.fromkeys((one.instrument_id, one.instrument_version) for one in shown))


def _assumptions(totals: Iterable[SeriesFacts]) -> tuple[Assumptions, ...]:
    found = [one.trajectory.measure.assumptions for one in totals if one.trajectory.latest is not None]
    return tuple(dict.fromkeys(one for one in found if one is not None))
