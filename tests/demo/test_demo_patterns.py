"""Every demo case is what its pattern says, by the rules of the domain."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.cadences import load_standards
from fitsvc.demo.build import Demo
from fitsvc.demo.patterns import Pattern
from fitsvc.demo.rows import at, key
from fitsvc.domain.actor import Actor
from fitsvc.domain.cadence import Interval, next_date
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.follow_up import DeviationState
from fitsvc.domain.law import MeasureType
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.rating import AnswerKind, from_stored
from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.roles import Role
from fitsvc.domain.scoring import score, unseen_items
from fitsvc.domain.signal import RuleCode, SignalCode
from fitsvc.services.calendar import is_working_day
from fitsvc.services.case_facts import CaseTrajectories, SeriesFacts
from fitsvc.services.links import open_link
from fitsvc.services.trajectories import compose
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.cases import Case
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.respondents import Respondent

Told = tuple[Demo, Session]


def look(told: Told, catalogue: Catalogue, pattern: Pattern) -> list[CaseTrajectories]:
    """The cases of a pattern, as the authority's leader sees them."""
    demo, session = told
    today = demo.rows.today
    leader = Actor(key("staff", "gerda"), key("unit", "authority"), frozenset({Role.AUTHORITY_LEADER}), today)
    return [
        compose(session, by=leader, case_id=case.id, catalogue=catalogue, now=at(today, 12))
        for case in demo.cases
        if case.pattern == pattern.value
    ]


def series(case: CaseTrajectories, role: RaterRole) -> SeriesFacts:
    return next(one for one in case.totals if one.rater_role is role and one.is_current)


CHANGE_AND_SIGNAL = {
    Pattern.IMPROVING: (ChangeClass.IMPROVED, SignalCode.AS_EXPECTED),
    Pattern.STUCK: (ChangeClass.UNCHANGED, SignalCode.BELOW_EXPECTED),
    Pattern.DETERIORATING_CONFIRMED: (ChangeClass.DETERIORATED, SignalCode.BELOW_EXPECTED),
    Pattern.DETERIORATING_UNCONFIRMED: (ChangeClass.DETERIORATED, SignalCode.WATCH),
    Pattern.SIGNAL_ANSWERED: (ChangeClass.UNCHANGED, SignalCode.AS_EXPECTED),
    Pattern.READY_TO_END: (ChangeClass.IMPROVED, SignalCode.AS_EXPECTED),
    Pattern.CLOSED_CASE: (ChangeClass.IMPROVED, SignalCode.AS_EXPECTED),
    Pattern.ABOVE_FROM_START: (ChangeClass.UNCHANGED, SignalCode.AS_EXPECTED),
    Pattern.NEW_ONE_SCORE: (ChangeClass.CANNOT_BE_JUDGED, SignalCode.NO_PROGRESSION_YET),
}


@pytest.mark.parametrize("pattern", CHANGE_AND_SIGNAL, ids=str)
def test_the_childs_own_curve_does_what_the_pattern_says(
    told: Told, catalogue: Catalogue, pattern: Pattern
) -> None:
    for case in look(told, catalogue, pattern):
        ratings = [one for one in case.totals if one.rater_role is RaterRole.CHILD]
        signal = ratings[-1].trajectory.signal
        assert signal is not None
        assert (ratings[-1].trajectory.change_class, signal.code) == CHANGE_AND_SIGNAL[pattern]


def test_deteriorating_without_confirmation_rests_on_the_one_latest_score(
    told: Told, catalogue: Catalogue
) -> None:
    (case,) = look(told, catalogue, Pattern.DETERIORATING_UNCONFIRMED)
    child = series(case, RaterRole.CHILD)
    assert child.trajectory.signals[-1].rule in {RuleCode.BELOW_BAND_ONCE, RuleCode.WORSE_ONCE}
    assert child.open_confirmation is None


def test_a_confirmed_signal_waits_for_a_next_step_and_an_answered_one_does_not(
    told: Told, catalogue: Catalogue
) -> None:
    (waiting,) = look(told, catalogue, Pattern.DETERIORATING_CONFIRMED)
    assert series(waiting, RaterRole.CHILD).open_confirmation is not None
    for pattern in (Pattern.SIGNAL_ANSWERED, Pattern.STUCK):
        (answered,) = look(told, catalogue, pattern)
        assert answered.next_steps
        assert [one.key for one in answered.totals if one.open_confirmation] == []


def test_the_saw_tooth_is_one_and_no_other_child_is(told: Told, catalogue: Catalogue) -> None:
    for pattern in Pattern:
        for case in look(told, catalogue, pattern):
            found = any(one.trajectory.is_saw_tooth for one in case.totals)
            assert found == (pattern is Pattern.SAW_TOOTH), pattern


def test_ready_to_end_names_the_voice_that_is_missing(told: Told, catalogue: Catalogue) -> None:
    (case,) = look(told, catalogue, Pattern.READY_TO_END)
    assert case.ready_to_end is not None
    assert len(case.ready_to_end.reached) == 2
    assert case.ready_to_end.missing == (series(case, RaterRole.TEACHER).key,)


def test_above_from_the_start_cannot_show_improvement(told: Told, catalogue: Catalogue) -> None:
    (case,) = look(told, catalogue, Pattern.ABOVE_FROM_START)
    assert not series(case, RaterRole.CHILD).trajectory.improvement_can_show


def test_a_case_without_ratings_still_has_its_series(told: Told, catalogue: Catalogue) -> None:
    (case,) = look(told, catalogue, Pattern.NO_RATINGS_YET)
    assert case.totals
    assert not any(one.points for one in case.totals)


def test_teacher_and_parent_disagree(told: Told, catalogue: Catalogue) -> None:
    (case,) = look(told, catalogue, Pattern.DISAGREEMENT)
    found = [
        one
        for one in case.discrepancies
        if {one.low.rater_role, one.high.rater_role} == {RaterRole.TEACHER, RaterRole.PARENT}
    ]
    assert len(found) >= 3
    assert all(one.gap >= 3 and abs((one.low.on - one.high.on).days) <= 14 for one in found)
    assert all(one.low.rater_role is RaterRole.TEACHER for one in found)


def test_missing_ratings_are_counted_and_break_the_line(told: Told, catalogue: Catalogue) -> None:
    (case,) = look(told, catalogue, Pattern.MISSING_RATINGS)
    child, mother = series(case, RaterRole.CHILD), series(case, RaterRole.PARENT)
    assert len(child.missed) == 6
    assert child.trajectory.gaps
    assert child.is_silent
    assert mother.is_silent


def test_a_new_form_at_thirteen_begins_a_new_series(told: Told, catalogue: Catalogue) -> None:
    (case,) = look(told, catalogue, Pattern.FORM_CHANGE_AT_13)
    own = [one for one in case.totals if one.rater_role is RaterRole.CHILD]
    assert [one.instrument_id for one in own] == ["wellbeing-child", "wellbeing-youth"]
    assert own[1].follows_key == own[0].key
    assert [one.is_current for one in own] == [False, True]
    birthday = date(case.case.birth_month.year + 13, case.case.birth_month.month, 1)
    assert own[0].points[-1].on < birthday <= own[1].points[0].on
    assert all(len(one.points) >= 3 for one in own)


def test_the_foster_child_is_followed_by_hernings_foster_rule(told: Told, catalogue: Catalogue) -> None:
    (case,) = look(told, catalogue, Pattern.FOSTER_CHILD)
    assert case.episode is not None
    assert case.episode.cadence_standard == "herning"
    assert [one.rater_role for one in case.respondents].count(RaterRole.FOSTER_PARENT) == 2
    steps = [(later.planned_on - earlier.on).days for earlier, later in pairwise(case.meetings)]
    assert max(steps[:-2]) < 60 < steps[-1], "every 6 weeks the first year, then every 3 months"


def test_early_help_has_a_rhythm_chosen_for_the_case(told: Told, catalogue: Catalogue) -> None:
    (case,) = look(told, catalogue, Pattern.EARLY_HELP_S30)
    assert case.episode is not None
    assert case.episode.measure_type == MeasureType.EARLY_HELP_S30
    assert (case.episode.chosen_interval, case.episode.chosen_interval_unit) == (8, "weeks")


def test_siblings_have_the_same_mother(told: Told) -> None:
    demo, session = told
    cases = [case.id for case in demo.cases if case.pattern == Pattern.SIBLINGS]
    mothers = session.scalars(
        select(Respondent.person_id).where(
            Respondent.case_id.in_(cases), Respondent.rater_role == RaterRole.PARENT
        )
    ).all()
    assert len(cases) == len(mothers) == 2
    assert len(set(mothers)) == 1


def test_the_closed_case_asks_nobody(told: Told, catalogue: Catalogue) -> None:
    demo, session = told
    confirmed = []
    for case in look(told, catalogue, Pattern.CLOSED_CASE):
        assert case.case.closed_on is not None
        assert case.case.closed_on < demo.rows.today
        assert all(episode.ended_on for episode in case.episodes)
        assert not session.scalars(
            select(Administration).where(
                Administration.case_id == case.case.id, Administration.state == AdministrationState.OPEN
            )
        ).all()
        confirmed.append(session.get_one(Case, case.case.id).journal_confirmed_at is not None)
    assert confirmed == [True, False], (
        "the journal has its copy of one; the other waits, and its day has gone by"
    )


FORMS = {
    Pattern.UNDER_SIX: {"wellbeing-adult-small", "wellbeing-professional-small"},
    Pattern.TALK_FORM: {"wellbeing-young-child", "wellbeing-adult", "wellbeing-professional"},
    Pattern.EXTERNAL_SERIES: {"wellbeing-youth", "wellbeing-adult", "wellbeing-professional", "scale-1-5"},
    Pattern.LOW_SAFETY: {"wellbeing-child", "wellbeing-adult", "wellbeing-professional", "safety"},
}


@pytest.mark.parametrize("pattern", FORMS, ids=str)
def test_forms_follow_age_and_rater(told: Told, catalogue: Catalogue, pattern: Pattern) -> None:
    for case in look(told, catalogue, pattern):
        shown = {one.instrument_id for one in (*case.totals, *case.others, *case.talks)}
        assert shown == FORMS[pattern]


def test_an_external_provider_runs_cases_and_ran_an_earlier_episode(told: Told, catalogue: Catalogue) -> None:
    for pattern in (Pattern.EXTERNAL_PROVIDER, Pattern.INSTITUTION):
        (case,) = look(told, catalogue, pattern)
        assert case.episode is not None
        assert case.episode.unit_name == "Sivsøens Familieværk"
    (second,) = look(told, catalogue, Pattern.SECOND_EPISODE)
    assert [one.unit_name for one in second.episodes] == ["Sivsøens Familieværk", "Fyrtårnet"]
    own = series(second, RaterRole.CHILD).trajectory
    assert len(own.points) > len(own.episode_points) > 2


def test_goals_are_rated_by_several(told: Told, catalogue: Catalogue) -> None:
    (case,) = look(told, catalogue, Pattern.GOALS_RATED)
    assert len(case.goals) == 3
    assert all(len(goal.series) == 3 for goal in case.goals)


def test_low_safety_and_its_comment_are_unread(told: Told) -> None:
    demo, session = told
    (case,) = (one for one in demo.cases if one.pattern == Pattern.LOW_SAFETY)
    unread = session.scalars(
        select(Rating).where(Rating.notice, Rating.notice_read_at.is_(None), Rating.case_id == case.id)
    ).all()
    assert len(unread) == 1
    comment = session.scalars(select(Comment).where(Comment.rating_id == unread[0].id)).one()
    assert comment.read_at is None


def test_absence_and_agreed_expectations_are_there(told: Told, catalogue: Catalogue) -> None:
    (absent,) = look(told, catalogue, Pattern.EXTERNAL_SERIES)
    assert [len(one.trajectory.points) for one in absent.externals] == [8]
    (agreed,) = look(told, catalogue, Pattern.AGREED_EXPECTATIONS)
    meetings = [one.id for one in agreed.meetings][-3:-1]
    for meeting in meetings:
        kinds = Counter(
            one.kind.value
            for series in agreed.totals
            for one in series.expectations
            if one.meeting_id == meeting
        )
        assert kinds == {"shared": 1, "own": 2}


def test_every_meeting_follows_the_one_before_by_its_standard(told: Told, catalogue: Catalogue) -> None:
    standards = load_standards()
    _demo, session = told
    put_off = set(
        session.scalars(select(Deviation.meeting_id).where(Deviation.state == DeviationState.AWAITING))
    )
    assert len(put_off) == 1
    seen = set()
    for pattern in Pattern:
        for case in look(told, catalogue, pattern):
            episode = case.episode
            assert episode is not None
            assert episode.cadence_standard is not None
            seen.add(episode.cadence_standard)
            own = [one for one in case.meetings if one.planned_on >= episode.started_on]
            chosen = Interval(weeks=episode.chosen_interval) if episode.chosen_interval else None
            for earlier, later in pairwise(own):
                assert earlier.held_on is not None
                if later.planned_on == episode.ended_on or later.id in put_off:
                    continue
                assert later.planned_on == next_date(
                    standards[episode.cadence_standard],
                    MeasureType(episode.measure_type),
                    earlier.held_on,
                    episode.started_on,
                    is_working_day,
                    chosen=chosen,
                )
            assert episode.ended_on or (own[-1].held_on is None and own[-1].planned_on >= case.today)
    assert seen == {"haderslev", "herning", "hvidovre"}


def test_nothing_happens_in_the_future(told: Told) -> None:
    demo, session = told
    midnight = at(demo.rows.today, 0)
    assert max(session.scalars(select(Rating.submitted_at))) < midnight
    assert max(session.scalars(select(Administration.created_at))) < midnight
    held = [day for day in session.scalars(select(FollowUpMeeting.held_on)) if day]
    assert max(held) < demo.rows.today
    assert min(session.scalars(select(Rating.rated_on))) > demo.rows.today - timedelta(weeks=62)


def test_every_stored_score_is_what_the_answers_give(told: Told, catalogue: Catalogue) -> None:
    _demo, session = told
    unseen: dict[tuple[object, str], frozenset[str]] = {}
    kinds = Counter[AnswerKind]()
    for rating in session.scalars(select(Rating).order_by(Rating.rated_on)):
        instrument = catalogue.get(rating.instrument_id, rating.instrument_version)
        answers = from_stored(rating.answers)
        kinds.update(answer.kind for answer in answers.values())
        assert all(
            answer.value is None or instrument.scale.contains(answer.value) for answer in answers.values()
        )
        fixed = unseen.setdefault((rating.respondent_id, rating.instrument_id), unseen_items(answers))
        assert rating.score == score(instrument, answers, unseen=fixed)
    assert set(kinds) == set(AnswerKind)


def test_every_open_link_leads_to_a_form_for_another_two_weeks(told: Told, catalogue: Catalogue) -> None:
    demo, session = told
    later = at(demo.rows.today + timedelta(days=14), 12)
    for link in demo.links:
        form = open_link(session, token=link.token, now=later, catalogue=catalogue)
        assert form.gone is None
        assert (form.rater_role, form.instrument.id) == (link.rater_role, link.instrument)
        assert bool(form.label) == (link.rater_role is not RaterRole.CHILD)
        assert form.items
