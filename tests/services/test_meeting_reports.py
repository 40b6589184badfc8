"""Composing the page for the meeting from a real case."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.expectation import Outcome
from fitsvc.domain.meeting import Decision
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.report_lines import Rater
from fitsvc.domain.roles import Role
from fitsvc.domain.signal import SignalCode
from fitsvc.services.errors import NotFound
from fitsvc.services.meeting_reports import ComposedReport, compose_report
from fitsvc.storage.accounts import Staff
from fitsvc.storage.expectations import ExpectationKind
from fitsvc.storage.logs import AccessLog
from fitsvc.storage.organisation import UnitKind
from tests.builders import Builder
from tests.cast import Cast
from tests.services.test_trajectories import counted
from tests.web.report.cases import LONG_GOAL, SESSION_WORDS, expect, followed_up, full, ordinary, rate

DAY = timedelta(days=1)


@pytest.fixture
def composed(session: Session, build: Builder, cast: Cast, catalogue: Catalogue, now: datetime):  # type: ignore[no-untyped-def]
    def compose_as(staff: Staff | None = None, **kw: object) -> ComposedReport:
        session.flush()
        session.expunge_all()
        who = staff or cast.caseworker
        by = Actor(
            staff_id=who.id,
            unit_id=who.unit.id,
            roles=frozenset(Role(role.name) for role in who.roles),
            today=build.today,
            external=who.unit.kind is UnitKind.EXTERNAL_PROVIDER,
        )
        return compose_report(session, by=by, case_id=cast.case.id, catalogue=catalogue, now=now, **kw)  # type: ignore[arg-type]

    return compose_as


def test_an_empty_case_still_has_a_page(composed, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    report = composed().report
    assert (report.reference, report.display_name, report.measure_type) == ("SAG-1001", "Ravn", "preventive")
    assert report.voices.lines == ()
    assert report.instruments == ()
    assert report.next_meeting_on is None


def test_the_ordinary_page_holds_what_the_meeting_talks_about(composed, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    ordinary(build, cast)
    report = composed().report
    child, mother, teacher = report.voices.lines
    assert [one.rater.role for one in (child, mother, teacher)] == [
        RaterRole.CHILD,
        RaterRole.PARENT,
        RaterRole.TEACHER,
    ]
    assert (child.baseline, child.latest, child.signal) == (3.0, 5.0, SignalCode.AS_EXPECTED)
    assert child.change == pytest.approx(2.0)
    assert child.rci == pytest.approx(2.479, abs=0.001)
    assert child.expected == pytest.approx(4.99, abs=0.01)
    (goal,) = report.goals.lines
    assert (goal.latest, goal.latest_by) == (5.0, Rater(RaterRole.CHILD))
    (held,) = report.held.lines
    assert (held.is_shared, held.held.expected, held.held.actual) == (True, 6.5, None)
    assert [one.rater.role for one in report.answered.lines] == [RaterRole.CHILD, RaterRole.TEACHER]
    (missing,) = report.missing.lines
    assert (missing.rater.role, missing.since) == (RaterRole.PARENT, build.today - 2 * DAY)
    assert report.next_meeting_on == build.today + 10 * DAY
    assert report.instruments == (
        ("wellbeing-youth", "1.0"),
        ("wellbeing-adult", "1.0"),
        ("wellbeing-professional", "1.0"),
        ("goal", "1.0"),
    )
    assert len(report.assumptions) == 1


def test_an_area_is_asked_about_once_by_its_largest_gap(composed, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    build.rating(cast.child, 2.0, build.today - 3 * DAY)
    build.rating(cast.mother, 6.0, build.today - 3 * DAY, "wellbeing-adult")
    build.rating(cast.teacher, 8.0, build.today - 3 * DAY, "wellbeing-professional")
    questions = composed().report.questions
    assert len({one.question.area for one in questions.lines}) == 3
    assert questions.left_out == 2
    assert {
        (one.question.low.raters, one.question.low.value, one.question.high.raters, one.question.high.value)
        for one in questions.lines
    } == {((Rater(RaterRole.CHILD),), 2.0, (Rater(RaterRole.TEACHER, "7.b"),), 8.0)}


def test_a_goal_shows_its_newest_rating_and_reached_goals_stand_last(  # type: ignore[no-untyped-def]
    composed, build: Builder, cast: Cast
) -> None:
    build.goal(cast.case, cast.episode, text="reached", closed_on=build.today - 5 * DAY, reached=True)
    build.goal(cast.case, cast.episode, number=2, text="open")
    build.goal(
        cast.case,
        cast.episode,
        number=3,
        text="of the measure before",
        set_on=cast.episode.started_on - 90 * DAY,
        closed_on=cast.episode.started_on - DAY,
        reached=False,
    )
    build.rating(cast.child, 3.0, build.today - 20 * DAY, "goal")
    build.rating(cast.mother, 6.0, build.today - 10 * DAY, "goal")
    goals = composed().report.goals.lines
    assert [(goal.text, goal.reached) for goal in goals] == [("open", None), ("reached", True)]
    assert (goals[0].latest, goals[0].latest_by) == (6.0, Rater(RaterRole.PARENT, "hjemme"))


def test_missing_are_those_asked_and_those_never_asked_and_not_those_asked_today(  # type: ignore[no-untyped-def]
    composed, build: Builder, cast: Cast
) -> None:
    rate(build, cast.child, [4, 5], "wellbeing-youth")
    build.administration(cast.child, due_on=build.today)
    rate(build, cast.teacher, [4, 5], "wellbeing-professional")
    build.administration(cast.teacher, "wellbeing-professional", due_on=build.today - DAY)
    build.plan(cast.mother, "wellbeing-adult")
    missing = composed().report.missing.lines
    assert [(one.rater.role, one.since) for one in missing] == [
        (RaterRole.TEACHER, build.today - DAY),
        (RaterRole.PARENT, None),
    ]


def test_raters_of_the_same_name_get_the_number_of_their_place_in_the_role(
    composed, build: Builder, cast: Cast
) -> None:  # type: ignore[no-untyped-def]
    for days, setting in ((1, "hos far"), (2, "hjemme")):
        since = cast.case.opened_on + days * DAY
        parent = build.respondent(cast.case, RaterRole.PARENT, setting=setting, started_on=since)
        rate(build, parent, [4, 5], "wellbeing-adult")
    rate(build, cast.mother, [4, 5], "wellbeing-adult")
    raters = {one.rater for one in composed().report.voices.lines}
    assert raters == {
        Rater(RaterRole.PARENT, "hjemme", 1, is_only=False),
        Rater(RaterRole.PARENT, "hjemme", 3, is_only=False),
        Rater(RaterRole.PARENT, "hos far", 0, is_only=False),
    }


def test_session_ratings_are_left_out_even_for_the_practitioner(composed, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    ordinary(build, cast)
    found = composed(cast.practitioner)
    assert found.facts.sessions is None
    assert SESSION_WORDS not in repr(found)
    assert "session-youth" not in repr(replace(found.facts, plans=())) + repr(found.report)


@pytest.mark.parametrize("staff", ["practitioner", "caseworker"])
def test_what_a_respondent_keeps_from_the_meeting_is_left_out_whoever_prints(
    composed, session: Session, build: Builder, cast: Cast, staff: str
) -> None:  # type: ignore[no-untyped-def]
    """And with it every expectation that starts there: its line would tell the score."""
    rate(build, cast.child, [4, 5], "wellbeing-youth")
    build.rating(cast.child, 9.0, build.today - DAY, withheld=True)
    expect(build, cast, cast.child, "wellbeing-youth", ExpectationKind.OWN, start_on=build.today - DAY)
    found = composed(cast.staff[staff])
    (child,) = found.report.voices.lines
    assert (child.baseline, child.latest) == (4.0, 5.0)
    assert not found.report.held.lines
    assert not found.report.agreed.lines
    assert not [one for series in found.facts.totals for one in series.expectations]


def test_the_paper_of_a_meeting_holds_what_it_decided_and_how_the_last_one_went(
    composed, build: Builder, cast: Cast
) -> None:  # type: ignore[no-untyped-def]
    meeting = followed_up(build, cast)
    report = composed(meeting_id=meeting.id).report
    assert report.decided is not None
    assert report.decided.decision is Decision.ADJUST
    assert report.decided.next_on == build.today + 42 * DAY
    assert report.last_on == build.today - 42 * DAY
    assert [one.who for one in report.new_agreements.lines] == ["Paula", "Mor og Ravn"]
    assert [(one.who, one.done_on is None) for one in report.agreements.lines] == [
        ("Læreren", True),
        ("Mor", False),
    ]
    (held,) = report.held.lines
    assert (held.held.expected, held.held.actual, held.held.outcome) == (6.5, 5.0, Outcome.MAY_BE_CHANCE)
    (agreed,) = report.agreed.lines
    assert agreed.due_on == build.today + 40 * DAY
    assert report.goals.lines[0].status.startswith("Ravn har været i skole")


def test_the_paper_before_the_next_meeting_looks_back_at_the_last(
    composed, build: Builder, cast: Cast
) -> None:  # type: ignore[no-untyped-def]
    followed_up(build, cast)
    report = composed().report
    assert report.decided is None
    assert not report.new_agreements.lines
    assert {one.who for one in report.agreements.lines} == {"Paula", "Mor og Ravn", "Læreren"}


@pytest.mark.parametrize("access", [Access.REPORT_READ, Access.REPORT_PRINTED])
def test_composing_leaves_one_row_in_the_access_log(
    composed, session: Session, cast: Cast, access: Access
) -> None:  # type: ignore[no-untyped-def]
    composed(access=access)
    (row,) = session.scalars(select(AccessLog))
    assert (row.access, row.case_ids, row.staff_id) == (access, [str(cast.case.id)], cast.caseworker.id)


def test_out_of_scope_is_not_found(composed, session: Session, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotFound):
        composed(cast.outsider)
    assert not list(session.scalars(select(AccessLog)))


def test_the_full_page_counts_what_it_leaves_out_in_the_fixed_order(
    composed, build: Builder, cast: Cast
) -> None:  # type: ignore[no-untyped-def]
    full(build, cast)
    report = composed().report
    assert report.voices.lines[0].rater.role is RaterRole.CHILD
    for shown, there in (
        (report.voices, 8),
        (report.questions, 5),
        (report.goals, 6),
        (report.held, 4),
        (report.agreements, 7),
        (report.missing, 5),
    ):
        assert len(shown.lines) + shown.left_out == there
    assert all(goal.text == LONG_GOAL for goal in report.goals.lines)


def test_the_number_of_queries_does_not_grow_with_the_case(  # type: ignore[no-untyped-def]
    composed, session: Session, engine: Engine, build: Builder, cast: Cast
) -> None:
    def reading() -> int:
        session.commit()
        with counted(engine) as statements:
            composed()
        return len(statements)

    build.rating(cast.child, 4.0, build.today - 3 * DAY)
    few = reading()
    full(build, cast)
    assert reading() == few
