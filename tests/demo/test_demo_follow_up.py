"""The demo's meetings have been lived: minutes, agreements, wishes, notes, expectations that came true or not."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.demo.build import Demo
from fitsvc.demo.rows import at, key
from fitsvc.domain.actor import Actor
from fitsvc.domain.agenda import AgendaKind
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.expectation import Outcome, hold_against
from fitsvc.domain.follow_up import DeviationKind, DeviationState
from fitsvc.domain.meeting import ChildHeard, Decision, Minute, Visibility
from fitsvc.domain.roles import Role
from fitsvc.services.agendas import compose_agenda
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.meeting_facts import read_meeting_book
from fitsvc.services.trajectories import compose
from fitsvc.storage.agendas import AgendaWish
from fitsvc.storage.deviations import Deviation
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.minutes import Agreement, MinuteText
from fitsvc.storage.point_notes import PointNote
from fitsvc.storage.ratings import Comment, Rating
from fitsvc.storage.signals import SignalAction

Told = tuple[Demo, Session]


def practitioner(demo: Demo) -> Actor:
    return Actor(
        key("staff", "solvej"), key("unit", "provider"), frozenset({Role.PRACTITIONER}), demo.rows.today
    )


@pytest.fixture
def showcase(told: Told, catalogue: Catalogue) -> CaseTrajectories:
    demo, session = told
    return compose(
        session,
        by=practitioner(demo),
        case_id=demo.cases[0].id,
        catalogue=catalogue,
        now=at(demo.rows.today, 12),
        at_meeting=True,
    )


def test_the_first_case_has_its_meeting_in_a_few_days_with_nearly_everything_to_talk_about(
    told: Told, showcase: CaseTrajectories
) -> None:
    demo, session = told
    assert showcase.case.reference == "DEMO-1001"
    coming = showcase.meetings[-1]
    assert coming.held_on is None
    assert timedelta(days=1) <= coming.planned_on - demo.rows.today <= timedelta(days=10)
    agenda = compose_agenda(
        session, by=practitioner(demo), facts=showcase, meeting_id=coming.id, preparing=True
    )
    kinds = {item.kind for item in agenda.items}
    assert {
        AgendaKind.SINCE_LAST,
        AgendaKind.WISH,
        AgendaKind.GOAL,
        AgendaKind.OPEN_AGREEMENT,
        AgendaKind.FREE,
    } <= kinds


def test_what_was_expected_is_held_against_what_came(showcase: CaseTrajectories) -> None:
    last = showcase.meetings[-2]
    outcomes = [
        hold_against(one.line, series.trajectory.latest, series.trajectory.measure).outcome
        for series in showcase.totals
        for one in series.expectations
        if one.meeting_id == last.id
    ]
    assert len(outcomes) == 3
    assert Outcome.NO_NEW_SCORE not in outcomes


def test_every_meeting_held_has_its_minutes_with_codes_the_rules_know(told: Told) -> None:
    _demo, session = told
    held = session.scalars(select(FollowUpMeeting.id).where(FollowUpMeeting.held_on.is_not(None))).all()
    written: dict[object, dict[Minute, str]] = {meeting: {} for meeting in held}
    for one in session.scalars(select(MinuteText)):
        written[one.meeting_id][one.field] = one.text
    always = {
        Minute.PARTICIPANTS, Minute.DECISION, Minute.DECISION_REASON, Minute.CHILD_HEARD, Minute.CHILD_HEARD_HOW,
    }  # fmt: skip
    for texts in written.values():
        assert always <= set(texts)
        assert ChildHeard(texts[Minute.CHILD_HEARD])
        further = Minute.HELPED if Decision(texts[Minute.DECISION]) is Decision.END else Minute.NEXT_ON
        assert further in texts


def test_agreements_are_done_but_one_of_each_last_meeting(told: Told) -> None:
    demo, session = told
    agreements = session.scalars(select(Agreement)).all()
    still_open = [one for one in agreements if one.done_on is None]
    assert len({one.meeting_id for one in still_open}) == len(still_open)
    assert 0 < len(still_open) < len(agreements) / 3
    assert all(one.done_on is None or one.done_on <= demo.rows.today for one in agreements)


def test_one_deviation_waits_for_a_leader_and_others_were_answered(told: Told) -> None:
    _demo, session = told
    found = session.scalars(select(Deviation)).all()
    waiting = [one for one in found if one.state is DeviationState.AWAITING]
    assert len(waiting) == 1
    assert waiting[0].kind is DeviationKind.LATER
    answered = [one for one in found if one.state is DeviationState.APPROVED]
    assert answered
    assert all(one.answered_by_id == key("staff", "gerda") for one in answered)
    for one in found:
        assert one.by_cadence_on
        assert one.planned_on
        assert (one.kind is DeviationKind.LATER) == (one.planned_on > one.by_cadence_on)


def test_there_is_a_note_and_a_wish_for_each_kind_of_reader(told: Told) -> None:
    _demo, session = told
    assert kinds(session.scalars(select(PointNote)).all()) == set(Visibility)
    assert kinds(session.scalars(select(AgendaWish)).all()) == {Visibility.PRACTITIONER, Visibility.MEETING}


def kinds(rows: Iterable[PointNote | AgendaWish]) -> set[Visibility]:
    return {one.visibility for one in rows}


def test_one_answer_was_kept_from_the_meeting_and_some_comments_may_be_shown_there(told: Told) -> None:
    _demo, session = told
    assert len(session.scalars(select(Rating).where(Rating.withheld)).all()) == 1
    assert {one.at_meeting for one in session.scalars(select(Comment))} == {True, False}


def test_answered_signals_say_what_was_thought(told: Told) -> None:
    _demo, session = told
    actions = session.scalars(select(SignalAction)).all()
    assert actions
    assert all(one.about_goals and one.about_life and one.on_agenda for one in actions)


def test_the_showcase_has_a_status_of_each_goal_for_its_meeting(
    told: Told, showcase: CaseTrajectories
) -> None:
    _demo, session = told
    book = read_meeting_book(session, case_id=showcase.case.id)
    coming = showcase.meetings[-1].id
    assert len([one for one in book.statuses if one.meeting_id == coming]) == len(showcase.goals) == 2
