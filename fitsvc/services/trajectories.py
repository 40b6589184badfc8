"""Everything about one case's curves, composed once: pages, the report and the demo all start here."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.age import age_years
from fitsvc.domain.alliance import alliance_prompts
from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.episode import current_episode
from fitsvc.domain.instrument import Kind
from fitsvc.services.case_access import get_case, note_reading
from fitsvc.services.case_facts import (
    CaseFacts,
    CaseTrajectories,
    EventFacts,
    MeetingFacts,
    NextStepFacts,
    PlanFacts,
    SeriesFacts,
    SessionFacts,
)
from fitsvc.services.case_panels import find_discrepancies, follow_externals, follow_goals, judge_ending
from fitsvc.services.case_records import CaseRecords, read_records
from fitsvc.services.case_summaries import CaseSummary, SeriesSummary, summarise_cases
from fitsvc.services.clock import local_day
from fitsvc.services.follow_up_clock import read_clocks
from fitsvc.services.series import SeriesSource, area_of, gather_sources, is_running, series_key, total_of
from fitsvc.storage.cases import Case, is_practitioner_on, is_shared_with

__all__ = ["CaseSummary", "SeriesSummary", "compose", "summarise_cases"]


def compose(
    session: Session,
    *,
    by: Actor,
    case_id: UUID,
    catalogue: Catalogue,
    now: datetime,
    access: Access = Access.CASE_READ,
    at_meeting: bool = False,
) -> CaseTrajectories:
    """The whole case as this actor may see it, and one access-log row for it. Raises NotFound out of scope.

    The number of queries does not depend on how much the case holds. Session ratings, and ratings their respondent
    keeps from the meeting, come along only for the case's own practitioner (the former, without words, also for a
    leader they are shared with); with `at_meeting` for nobody, because everybody looks.
    """
    today = local_day(now)
    case = get_case(session, by=by, case_id=case_id)
    is_own = not at_meeting and is_practitioner_on(session, by, case_id)
    with_sessions = is_own or (not at_meeting and is_shared_with(session, by, case_id))
    records = read_records(session, case_id, today, for_practitioner=is_own)
    note_reading(session, by=by, access=access, case_ids=[case_id], now=now)
    sources = gather_sources(records, catalogue, today, with_sessions=with_sessions)
    episode = current_episode(records.episodes, today)
    start = episode.started_on if episode else None
    wellbeing = [source for source in sources if source.instrument.is_on_curve]
    totals = tuple(total_of(source, start) for source in wellbeing)
    meetings = tuple(
        MeetingFacts(one.id, one.episode_id, one.planned_on, one.planned_at, one.held_on)
        for one in records.meetings
    )
    facts = CaseTrajectories(
        today=today,
        case=_case(case, today),
        team=records.team,
        episodes=records.episodes,
        episode=episode,
        respondents=tuple(records.respondents.values()),
        plans=_plans(records, today),
        totals=totals,
        areas=tuple(area_of(source, item, start) for source in wellbeing for item in source.instrument.items),
        others=tuple(
            area_of(source, item, start)
            for source in sources
            if source.instrument.kind in (Kind.SAFETY, Kind.RULER)
            for item in source.instrument.items
        ),
        talks=tuple(total_of(source, start) for source in sources if source.instrument.kind is Kind.TALK),
        sessions=_sessions(sources, start, with_words=is_own) if with_sessions else None,
        goals=follow_goals(records, sources, start),
        externals=follow_externals(records, start),
        meetings=meetings,
        next_meeting=next((one for one in meetings if one.held_on is None), None),
        events=tuple(EventFacts(one.happened_on, one.kind, one.text) for one in records.events),
        next_steps=_next_steps(records),
        discrepancies=find_discrepancies(wellbeing, start),
        ready_to_end=judge_ending(totals) if episode and episode.ended_on is None else None,
        unknown_instruments=tuple(
            sorted(
                {
                    one.instrument_id
                    for one in records.ratings
                    if (one.instrument_id, one.instrument_version) not in catalogue
                }
            )
        ),
        clock=read_clocks(session, by=by, case_ids=[case_id]).get(case_id),
    )
    return facts if is_own else _without_unseen_starts(facts)


def _without_unseen_starts(facts: CaseTrajectories) -> CaseTrajectories:
    """Without expectations that start at a rating this reader may not see: the start would tell its score."""

    def cleaned(series: SeriesFacts) -> SeriesFacts:
        seen = {point.on for point in series.trajectory.points}
        kept = tuple(one for one in series.expectations if one.line.start in seen)
        return replace(series, expectations=kept)

    return replace(
        facts,
        totals=tuple(map(cleaned, facts.totals)),
        areas=tuple(map(cleaned, facts.areas)),
        goals=tuple(replace(goal, series=tuple(map(cleaned, goal.series))) for goal in facts.goals),
    )


def _case(case: Case, today: date) -> CaseFacts:
    return CaseFacts(
        id=case.id,
        reference=case.reference,
        display_name=case.display_name,
        birth_month=case.birth_month,
        age_years=age_years(case.birth_month, today),
        opened_on=case.opened_on,
        closed_on=case.closed_on,
    )


def _plans(records: CaseRecords, today: date) -> tuple[PlanFacts, ...]:
    """In the order of voices."""
    places = {respondent_id: place for place, respondent_id in enumerate(records.respondents)}
    return tuple(
        PlanFacts(
            respondent_id=plan.respondent_id,
            rater_role=records.respondents[plan.respondent_id].rater_role,
            setting=records.respondents[plan.respondent_id].setting,
            instrument_id=plan.instrument_id,
            rhythm=plan.rhythm,
            purpose=plan.purpose,
            target_score=plan.target_score,
            chosen_against_age=plan.chosen_against_age,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            is_active=is_running(plan, today) and records.respondents[plan.respondent_id].is_active,
        )
        for plan in sorted(records.plans, key=lambda plan: places[plan.respondent_id])
    )


def _next_steps(records: CaseRecords) -> tuple[NextStepFacts, ...]:
    return tuple(
        NextStepFacts(
            id=one.id,
            series_key=series_key(one.respondent_id, one.instrument_id, one.instrument_version),
            respondent_id=one.respondent_id,
            confirmed_on=one.confirmed_on,
            next_step=one.next_step,
            taken_on=one.taken_on,
            thoughts=one.thoughts,
            on_agenda=one.on_agenda,
        )
        for one in records.signal_actions
    )


def _sessions(
    sources: tuple[SeriesSource, ...], start: date | None, *, with_words: bool
) -> tuple[SessionFacts, ...]:
    """What was written with them stays between the family and the practitioner (`with_words`)."""
    found = []
    for source in sources:
        if source.instrument.kind is not Kind.SESSION:
            continue
        if not with_words:
            silent = tuple(replace(point, comment=None, note=None) for point in source.points)
            source = replace(source, points=silent)
        scored = [point for point in source.points if point.score is not None]
        prompts = alliance_prompts(
            source.instrument,
            [point.score for point in scored if point.score is not None],
            answers=[point.answers for point in scored],
        )
        found.append(SessionFacts(total_of(source, start), prompts if source.is_current else ()))
    return tuple(found)
