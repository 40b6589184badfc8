from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.alliance import AlliancePromptCode
from fitsvc.domain.audit import Access
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Direction
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.roles import Role
from fitsvc.domain.signal import SignalCode
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.errors import NotFound
from fitsvc.services.trajectories import compose, summarise_cases
from fitsvc.storage.accounts import Staff
from fitsvc.storage.administrations import AdministrationState
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind
from fitsvc.storage.external import ExternalSeries, ExternalValue
from fitsvc.storage.logs import AccessLog
from fitsvc.storage.organisation import UnitKind
from fitsvc.storage.ratings import Comment
from fitsvc.storage.respondents import Respondent
from fitsvc.storage.signals import SignalAction
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

DAY = timedelta(days=1)


def as_actor(staff: Staff, build: Builder) -> Actor:
    return Actor(
        staff_id=staff.id,
        unit_id=staff.unit.id,
        roles=frozenset(Role(role.name) for role in staff.roles),
        today=build.today,
        external=staff.unit.kind is UnitKind.EXTERNAL_PROVIDER,
    )


def rate(build: Builder, respondent: Respondent, scores: list[float], **columns: object) -> None:
    """One score every two weeks, the last one yesterday."""
    for place, value in enumerate(reversed(scores)):
        build.rating(respondent, value, build.today - DAY - place * 14 * DAY, **columns)  # type: ignore[arg-type]


@pytest.fixture
def show(session: Session, build: Builder, cast: Cast, catalogue: Catalogue, now: datetime):  # type: ignore[no-untyped-def]
    def compose_as(staff: Staff | None = None, **kw: object) -> CaseTrajectories:
        session.flush()
        session.expunge_all()
        by = as_actor(staff or cast.practitioner, build)
        return compose(session, by=by, case_id=cast.case.id, catalogue=catalogue, now=now, **kw)  # type: ignore[arg-type]

    return compose_as


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_conn, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_series_stand_in_the_order_of_voices_and_are_never_joined(show, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    rate(build, cast.teacher, [5, 6], instrument_id="wellbeing-professional")
    rate(build, cast.child, [3, 4, 5])
    seen = show()
    assert [one.rater_role for one in seen.totals] == [RaterRole.CHILD, RaterRole.TEACHER]
    assert [[point.score for point in one.trajectory.points] for one in seen.totals] == [[3, 4, 5], [5, 6]]
    assert {one.area for one in seen.areas if one.rater_role is RaterRole.CHILD} == {
        "body-and-mood",
        "home",
        "school-or-job",
        "friends-and-free-time",
        "adult-to-turn-to",
    }
    assert all(one.trajectory.signal is None for one in seen.areas)


def test_a_new_form_starts_a_new_series_that_knows_the_one_before(show, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    build.rating(cast.child, 5.0, build.today - 60 * DAY, "wellbeing-child")
    build.rating(cast.child, 6.0, build.today - 10 * DAY, "wellbeing-youth")
    old, new = show().totals
    assert (old.instrument_id, new.instrument_id) == ("wellbeing-child", "wellbeing-youth")
    assert not old.is_current
    assert new.is_current
    assert (old.follows_key, new.follows_key) == (None, old.key)


def test_a_planned_form_without_answers_is_a_voice_too(show, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    build.plan(cast.mother, "wellbeing-adult")
    (mother,) = show().totals
    assert mother.rater_role is RaterRole.PARENT
    assert mother.trajectory.latest is None
    assert mother.is_current


def test_a_confirmed_signal_stays_open_until_a_next_step(  # type: ignore[no-untyped-def]
    show, session: Session, build: Builder, cast: Cast
) -> None:
    rate(build, cast.child, [6, 3, 2.5])
    (series,) = show().totals
    assert series.trajectory.signal is not None
    assert series.trajectory.signal.code is SignalCode.BELOW_EXPECTED
    assert series.open_confirmation is not None
    assert series.open_confirmation.on == build.today - DAY
    session.add(
        SignalAction(
            case_id=cast.case.id,
            respondent_id=cast.child.id,
            instrument_id=series.instrument_id,
            instrument_version=series.instrument_version,
            signal=SignalCode.BELOW_EXPECTED,
            confirmed_on=build.today - DAY,
            next_step="Another time of day",
            taken_on=build.today,
            taken_by_id=cast.practitioner.id,
            created_at=build.now,
        )
    )
    seen = show()
    assert seen.totals[0].open_confirmation is None
    assert [step.series_key for step in seen.next_steps] == [seen.totals[0].key]


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("practitioner", True),
        ("caseworker", False),
        ("provider_leader", False),
        ("authority_leader", False),
    ],
)
def test_session_ratings_and_their_comments_are_for_the_cases_practitioner_only(  # type: ignore[no-untyped-def]
    show, session: Session, build: Builder, cast: Cast, who: str, sees: bool
) -> None:
    rating = build.rating(cast.child, 3.0, build.today - DAY, "session-youth")
    session.add(Comment(rating_id=rating.id, text="too fast", created_at=build.now))
    seen = show(cast.staff[who])
    assert (seen.sessions is not None) is sees
    if sees:
        (found,) = seen.sessions
        assert AlliancePromptCode.LOW in found.prompts
        assert found.series.points[0].comment == "too fast"
    assert "too fast" not in repr(seen) or sees
    assert not seen.totals


def test_reading_leaves_one_row_in_the_access_log(show, session: Session, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    show(access=Access.REPORT_READ)
    (row,) = session.scalars(select(AccessLog))
    assert (row.access, row.case_ids, row.staff_id) == (
        Access.REPORT_READ,
        [str(cast.case.id)],
        cast.practitioner.id,
    )


def test_out_of_scope_is_not_found_and_leaves_no_row(show, session: Session, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotFound):
        show(cast.outsider)
    assert not list(session.scalars(select(AccessLog)))


def test_missing_and_due_answers_are_counted_and_break_the_line(show, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    build.rating(cast.child, 4.0, build.today - 40 * DAY)
    build.rating(cast.child, 5.0, build.today - 10 * DAY)
    build.administration(cast.child, due_on=build.today - 25 * DAY)
    build.administration(cast.child, due_on=build.today - 24 * DAY, state=AdministrationState.CANCELLED)
    build.administration(cast.child, due_on=build.today - DAY)
    (series,) = show().totals
    assert series.missed == (build.today - 25 * DAY,)
    assert series.due == (build.today - DAY,)
    assert len(series.trajectory.gaps) == 1
    assert not series.is_silent  # an answer has come since


def test_a_rating_without_a_score_is_kept_beside_the_curve(show, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    build.rating(cast.child, {"body": 4.0}, build.today - DAY)
    (series,) = show().totals
    assert series.trajectory.points == ()
    assert [point.score for point in series.unscored] == [None]
    (body, *_) = show().areas
    assert [point.score for point in body.trajectory.points] == [4.0]


def test_an_agreed_expectation_names_its_meeting(  # type: ignore[no-untyped-def]
    show, session: Session, build: Builder, cast: Cast
) -> None:
    rating = build.rating(cast.child, 4.0, build.today - 10 * DAY)
    meeting = build.meeting(cast.episode, build.today - 9 * DAY, held_on=build.today - 8 * DAY)
    for score in (5.0, 6.0):
        session.add(
            AgreedExpectation(
                case_id=cast.case.id,
                respondent_id=cast.child.id,
                instrument_id=rating.instrument_id,
                instrument_version=rating.instrument_version,
                meeting_id=meeting.id,
                kind=ExpectationKind.SHARED,
                start_on=rating.rated_on,
                start_score=4.0,
                due_on=build.today + 30 * DAY,
                score=score,
                set_by_id=cast.caseworker.id,
                created_at=build.now + score * DAY,
            )
        )
    (series,) = show().totals
    assert [(one.line.score, one.is_latest) for one in series.expectations] == [(5.0, False), (6.0, True)]
    assert {one.meeting_on for one in series.expectations} == {build.today - 8 * DAY}


def test_gaps_between_raters_name_both_sides(show, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    build.rating(cast.child, 8.0, build.today - 3 * DAY)
    build.rating(cast.teacher, 4.0, build.today - 5 * DAY, "wellbeing-professional")
    found = show().discrepancies
    assert {(one.low.rater_role, one.high.rater_role, one.gap) for one in found} == {
        (RaterRole.TEACHER, RaterRole.CHILD, 4.0)
    }


def test_reaching_the_target_twice_is_worth_a_talk_and_names_missing_voices(  # type: ignore[no-untyped-def]
    show, build: Builder, cast: Cast
) -> None:
    build.plan(cast.child, target_score=6.5)
    build.plan(cast.mother, "wellbeing-adult")
    rate(build, cast.child, [4, 5, 7, 7])
    seen = show()
    child, mother = seen.totals
    assert seen.ready_to_end is not None
    assert (seen.ready_to_end.reached, seen.ready_to_end.missing) == ((child.key,), (mother.key,))


def test_goals_show_only_what_was_said_while_they_stood(show, build: Builder, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    build.rating(cast.child, 1.0, build.today - 70 * DAY, "goal")
    build.rating(cast.child, 3.0, build.today - 20 * DAY, "goal")
    build.goal(cast.case, cast.episode, set_on=build.today - 30 * DAY)
    (goal,) = show().goals
    assert [point.score for series in goal.series for point in series.trajectory.points] == [3.0]


def test_an_imported_measure_is_judged_by_its_own_figures(  # type: ignore[no-untyped-def]
    show, session: Session, build: Builder, cast: Cast
) -> None:
    series = ExternalSeries(
        case_id=cast.case.id,
        series_key="bdi",
        name="BDI",
        minimum=0,
        maximum=63,
        direction=Direction.LOWER_IS_BETTER,
        sd=10.0,
        reliability=0.9,
        created_at=build.now,
    )
    session.add(series)
    session.flush()
    for days, value in ((60, 30.0), (5, 12.0)):
        session.add(
            ExternalValue(
                series_id=series.id,
                measured_on=build.today - days * DAY,
                value=value,
                created_at=build.now,
            )
        )
    (found,) = show().externals
    assert found.trajectory.change_class is ChangeClass.IMPROVED
    assert found.trajectory.rci == pytest.approx(8.765, abs=0.001)


def test_the_number_of_queries_does_not_grow_with_the_case(  # type: ignore[no-untyped-def]
    show, session: Session, engine: Engine, build: Builder, cast: Cast
) -> None:
    def fill(respondents: int) -> None:
        for _ in range(respondents):
            parent = build.respondent(cast.case, RaterRole.PARENT)
            build.plan(parent, "wellbeing-adult")
            rate(build, parent, [4, 5, 6], instrument_id="wellbeing-adult")
            build.administration(parent, "wellbeing-adult", due_on=build.today - 20 * DAY)
            build.goal(cast.case, cast.episode)
            build.meeting(cast.episode, build.today)
        session.commit()

    def reading() -> int:
        with counted(engine) as statements:
            show()
        return len(statements)

    fill(1)
    few = reading()
    fill(4)
    assert reading() == few


def test_the_summary_agrees_with_the_case_page(  # type: ignore[no-untyped-def]
    show, session: Session, build: Builder, cast: Cast, catalogue: Catalogue
) -> None:
    rate(build, cast.child, [6, 3, 2.5])
    build.rating(cast.child, 7.0, build.today - 200 * DAY, "wellbeing-child")
    rate(build, cast.teacher, [5, 5, 5], instrument_id="wellbeing-professional")
    build.plan(cast.mother, "wellbeing-adult")
    build.administration(cast.teacher, "wellbeing-professional", due_on=build.today - 8 * DAY)
    seen = show()
    summary = summarise_cases(
        session, by=acting(cast.practitioner, build.today), case_ids=[cast.case.id], catalogue=catalogue
    )[cast.case.id]
    current = [one for one in seen.totals if one.is_current]
    assert [one.key for one in summary.series] == [one.key for one in current]
    assert [one.signal for one in summary.series] == [one.trajectory.signal for one in current]
    assert [one.open_confirmation for one in summary.series] == [one.open_confirmation for one in current]
    assert [one.missed for one in summary.series] == [one.missed for one in current]
    assert [one.scores for one in summary.series] == [one.trajectory.points for one in current]
    assert [one.rater_role for one in summary.open_confirmations] == [RaterRole.CHILD]
    assert sum(len(one.missed) for one in summary.series) == 1


def test_summaries_of_many_cases_take_as_many_queries_as_of_one(
    session: Session, engine: Engine, build: Builder, cast: Cast, catalogue: Catalogue
) -> None:
    cases = [build.case() for _ in range(6)]
    for case in cases:
        rate(build, build.respondent(case), [4, 5, 6])
        build.episode(case, cast.provider)
    session.commit()

    def reading(count: int) -> int:
        with counted(engine) as statements:
            found = summarise_cases(
                session,
                by=acting(cast.caseworker, build.today),
                case_ids=[case.id for case in cases[:count]],
                catalogue=catalogue,
            )
        assert len(found) == count
        return len(statements)

    assert reading(1) == reading(6)


def test_a_case_without_raters_has_an_empty_summary(
    session: Session, catalogue: Catalogue, cast: Cast
) -> None:
    unknown = uuid4()
    found = summarise_cases(
        session, by=acting(cast.caseworker, date(2026, 3, 16)), case_ids=[unknown], catalogue=catalogue
    )
    assert found[unknown].series == ()
