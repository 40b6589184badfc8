"""Asking before a meeting: who stands where, links made once, and what a withheld rating may tell."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fitsvc.domain.audit import Act
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.meeting_asking import AskState
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.follow_up_settings import ASK_DAYS_BEFORE
from fitsvc.services.links import open_link
from fitsvc.services.meeting_asking import (
    AskedVoiceOfMeeting,
    MadeLink,
    MeetingAsking,
    ask_for_meeting,
    read_meeting_asking,
)
from fitsvc.storage.administrations import Administration, AdministrationState
from fitsvc.storage.installation import InstallationFact
from fitsvc.storage.logs import AuditLog
from fitsvc.storage.meetings import FollowUpMeeting
from fitsvc.storage.respondents import Respondent, SharingBasis
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast

DAY = timedelta(days=1)
Read = Callable[..., MeetingAsking]
Ask = Callable[..., tuple[MadeLink, ...]]


@pytest.fixture
def meeting(build: Builder, cast: Cast) -> FollowUpMeeting:
    """In a week: the time for asking opened three days ago."""
    return build.meeting(cast.episode, build.today + 7 * DAY)


@pytest.fixture
def read(
    session: Session, build: Builder, cast: Cast, catalogue: Catalogue, meeting: FollowUpMeeting
) -> Read:
    def found(who: str = "caseworker") -> MeetingAsking:
        session.flush()
        return read_meeting_asking(
            session,
            by=acting(cast.staff[who], build.today),
            now=build.now,
            catalogue=catalogue,
            case_id=cast.case.id,
            meeting_id=meeting.id,
        )

    return found


@pytest.fixture
def ask(session: Session, build: Builder, cast: Cast, catalogue: Catalogue, meeting: FollowUpMeeting) -> Ask:
    def made(who: str = "practitioner", **given: Any) -> tuple[MadeLink, ...]:
        session.flush()
        values = {
            "by": acting(cast.staff[who], build.today),
            "now": build.now,
            "case_id": cast.case.id,
            "meeting_id": meeting.id,
            "link_days": 21,
            "asks_wish": True,
        }
        return ask_for_meeting(session, catalogue=catalogue, **(values | given))

    return made


def everybody_rates(build: Builder, cast: Cast) -> None:
    build.plan(cast.child)
    build.plan(cast.mother, "wellbeing-adult")
    build.plan(cast.teacher, "wellbeing-professional")
    cast.mother.label = cast.teacher.label = "R"
    build.session.add(
        SharingBasis(
            respondent_id=cast.teacher.id,
            basis="Samtykke",
            sharing_scope="Trivsel",
            decided_on=build.today,
            family_told_on=build.today,
            recorded_by_id=cast.caseworker.id,
            created_at=build.now,
        )
    )


def standing(found: MeetingAsking) -> dict[Any, AskState]:
    return {one.voice.respondent_id: one.state for one in found.voices}


def open_administrations(session: Session) -> list[Administration]:
    return list(
        session.scalars(select(Administration).where(Administration.state == AdministrationState.OPEN))
    )


def test_who_has_answered_who_is_asked_and_who_is_to_be_asked_with_their_days(
    build: Builder, cast: Cast, read: Read
) -> None:
    everybody_rates(build, cast)
    build.rating(cast.child, 6, build.today - DAY)
    build.administration(cast.mother, "wellbeing-adult", due_on=build.today - 2 * DAY)
    found = read()
    assert [(one.voice.respondent_id, one.state, one.since) for one in found.voices] == [
        (cast.child.id, AskState.ANSWERED, build.today - DAY),
        (cast.mother.id, AskState.ASKED, build.today - 2 * DAY),
        (cast.teacher.id, AskState.TO_ASK, build.today - 3 * DAY),
    ]


def test_the_kommunes_own_number_of_days_decides(
    session: Session, build: Builder, cast: Cast, read: Read
) -> None:
    build.plan(cast.child)
    build.rating(cast.child, 6, build.today - 5 * DAY)
    assert standing(read()) == {cast.child.id: AskState.TO_ASK}
    session.add(InstallationFact(name=ASK_DAYS_BEFORE, value="12"))
    assert standing(read()) == {cast.child.id: AskState.ANSWERED}


def test_series_without_a_plan_count_and_ended_plans_do_not(build: Builder, cast: Cast, read: Read) -> None:
    build.rating(cast.child, 6, build.today - 40 * DAY)
    build.rating(cast.mother, 6, build.today - 40 * DAY, "wellbeing-adult")
    build.plan(cast.mother, "wellbeing-adult", ends_on=build.today - DAY)
    assert set(standing(read())) == {cast.child.id}


@pytest.mark.parametrize("form", ["session-youth", "wellbeing-young-child", "scale-1-5"])
def test_forms_of_a_session_for_talking_and_the_ruler_are_not_asked_for(
    build: Builder, cast: Cast, read: Read, form: str
) -> None:
    build.plan(cast.child, form)
    assert read().voices == ()


def test_the_goal_form_is_asked_for_while_a_goal_is_open(build: Builder, cast: Cast, read: Read) -> None:
    build.plan(cast.child, "goal")
    assert read().voices == ()
    build.goal(cast.case, cast.episode)
    assert standing(read()) == {cast.child.id: AskState.TO_ASK}


def test_who_has_ended_or_taken_their_answers_back_is_not_there(
    build: Builder, cast: Cast, read: Read
) -> None:
    everybody_rates(build, cast)
    cast.mother.ended_on = build.today
    cast.teacher.withdrawn_at = build.now
    assert set(standing(read())) == {cast.child.id}


@pytest.mark.parametrize(
    ("who", "state"),
    [
        ("practitioner", AskState.ANSWERED),
        ("caseworker", AskState.TO_ASK),
        ("provider_leader", AskState.TO_ASK),
        ("authority_leader", AskState.TO_ASK),
    ],
)
def test_a_withheld_rating_is_known_to_the_practitioner_alone(
    build: Builder, cast: Cast, read: Read, who: str, state: AskState
) -> None:
    build.plan(cast.child)
    build.rating(cast.child, 6, build.today - DAY, withheld=True)
    (voice,) = read(who).voices
    assert (voice.state, voice.withheld) == (state, who == "practitioner")


def of(found: MeetingAsking, respondent: Respondent) -> AskedVoiceOfMeeting:
    return next(one for one in found.voices if one.voice.respondent_id == respondent.id)


class TestLinks:
    def test_one_press_asks_everybody_who_has_not_answered(
        self, session: Session, build: Builder, cast: Cast, ask: Ask, read: Read, meeting: FollowUpMeeting
    ) -> None:
        everybody_rates(build, cast)
        build.rating(cast.child, 6, build.today)
        made = ask()
        assert [one.respondent_id for one in made] == [cast.mother.id, cast.teacher.id]
        rows = {row.respondent_id: row for row in open_administrations(session)}
        assert {row.meeting_id for row in rows.values()} == {meeting.id}
        assert {row.due_on for row in rows.values()} == {build.today}
        assert {who: row.asks_wish for who, row in rows.items()} == {
            cast.mother.id: True,
            cast.teacher.id: False,  # the meeting's agenda is the family's
        }
        assert set(standing(read()).values()) == {AskState.ANSWERED, AskState.ASKED}
        (act,) = session.scalars(select(AuditLog).where(AuditLog.act == Act.RATINGS_ASKED_FOR_MEETING)).all()
        assert act.details["links"] == 2

    def test_a_button_pressed_twice_asks_once_and_the_second_links_work(
        self, session: Session, build: Builder, cast: Cast, ask: Ask, catalogue: Catalogue
    ) -> None:
        everybody_rates(build, cast)
        first, second = ask(), ask(now=build.now + timedelta(seconds=1))
        assert len(open_administrations(session)) == len(first) == len(second) == 3
        gone = [
            open_link(session, token=one.token, now=build.now, catalogue=catalogue).gone for one in second
        ]
        assert gone == [None, None, None]

    def test_a_link_that_has_been_handed_out_is_left_alone(
        self, build: Builder, cast: Cast, ask: Ask
    ) -> None:
        everybody_rates(build, cast)
        ask()
        assert ask(now=build.now + timedelta(minutes=5)) == ()
        assert ask("caseworker", now=build.now + timedelta(seconds=5)) == ()

    def test_an_expired_link_is_replaced_with_the_same_asking(
        self, session: Session, build: Builder, cast: Cast, ask: Ask
    ) -> None:
        build.plan(cast.child)
        waiting = build.administration(cast.child, due_on=build.today - 30 * DAY)
        (made,) = ask()
        assert made.administration_id == waiting.id
        assert len(open_administrations(session)) == 1

    def test_one_respondent_gets_a_new_link_at_any_rate(
        self, session: Session, build: Builder, cast: Cast, ask: Ask
    ) -> None:
        everybody_rates(build, cast)
        ask()
        (made,) = ask(respondent_id=cast.child.id, now=build.now + timedelta(hours=1))
        assert made.respondent_id == cast.child.id
        assert len(open_administrations(session)) == 3

    def test_somebody_who_has_answered_is_not_asked_again(self, build: Builder, cast: Cast, ask: Ask) -> None:
        build.plan(cast.child)
        build.rating(cast.child, 6, build.today)
        assert ask() == ()
        with pytest.raises(Refused, match="nothing_to_ask"):
            ask(respondent_id=cast.child.id)

    def test_before_the_time_nobody_is_asked(
        self, session: Session, build: Builder, cast: Cast, ask: Ask, meeting: FollowUpMeeting
    ) -> None:
        everybody_rates(build, cast)
        meeting.planned_on = build.today + 11 * DAY
        assert ask() == ()
        assert open_administrations(session) == []

    def test_a_wish_is_asked_for_once_each_and_only_when_ticked(
        self, session: Session, build: Builder, cast: Cast, ask: Ask
    ) -> None:
        everybody_rates(build, cast)
        build.goal(cast.case, cast.episode)
        build.plan(cast.child, "goal")
        ask()
        asked = [row.instrument_id for row in open_administrations(session) if row.asks_wish]
        assert sorted(asked) == ["wellbeing-adult", "wellbeing-youth"]
        ask(asks_wish=False)
        assert not any(row.asks_wish for row in open_administrations(session))

    @pytest.mark.parametrize(
        ("change", "code"),
        [("basis", "sharing_not_recorded"), ("custody", "no_custody"), ("label", "no_label")],
    )
    def test_who_may_not_be_asked_is_passed_over_and_named(
        self, build: Builder, cast: Cast, ask: Ask, read: Read, change: str, code: str
    ) -> None:
        respondent = cast.teacher if change == "basis" else cast.mother
        build.plan(respondent, "wellbeing-professional" if change == "basis" else "wellbeing-adult")
        if change == "custody":
            cast.mother.has_custody = False
        assert of(read(), respondent).voice.obstacle == code
        assert ask() == ()
        with pytest.raises(Refused, match=code):
            ask(respondent_id=respondent.id)

    @pytest.mark.parametrize(
        ("columns", "code"),
        [
            ({"held": True}, "meeting_held"),
            ({"cancelled": True}, "meeting_cancelled"),
            ({"gone": True}, "meeting_gone_by"),
            ({"closed": True}, "case_closed"),
        ],
    )
    def test_nobody_is_asked_for_a_meeting_that_is_over_or_in_a_closed_case(
        self,
        build: Builder,
        cast: Cast,
        ask: Ask,
        read: Read,
        meeting: FollowUpMeeting,
        columns: dict[str, bool],
        code: str,
    ) -> None:
        everybody_rates(build, cast)
        if "held" in columns:
            meeting.held_on = build.today
        if "cancelled" in columns:
            meeting.cancelled_at = build.now
        if "gone" in columns:
            meeting.planned_on = build.today - DAY
        if "closed" in columns:
            cast.case.closed_on = build.today
        with pytest.raises(Refused, match=code):
            ask()
        assert read().is_closed

    @pytest.mark.parametrize("who", ["colleague", "outsider"])
    def test_out_of_reach_looks_like_not_there(
        self, build: Builder, cast: Cast, ask: Ask, read: Read, who: str
    ) -> None:
        everybody_rates(build, cast)
        with pytest.raises(NotFound):
            ask(who)
        with pytest.raises(NotFound):
            read(who)

    def test_another_cases_respondent_and_meeting_are_not_there(
        self, build: Builder, cast: Cast, ask: Ask
    ) -> None:
        other = build.case()
        with pytest.raises(NotFound):
            ask(respondent_id=build.respondent(other).id)
        with pytest.raises(NotFound):
            ask(meeting_id=build.meeting(build.episode(other), build.today).id)


def test_of_a_meeting_held_the_page_says_how_it_stood_that_day(
    build: Builder, cast: Cast, read: Read, meeting: FollowUpMeeting
) -> None:
    everybody_rates(build, cast)
    meeting.planned_on = meeting.held_on = build.today - 5 * DAY
    build.rating(cast.child, 6, build.today - 6 * DAY)
    build.rating(cast.mother, 6, build.today - 2 * DAY, "wellbeing-adult")
    states = standing(read())
    assert states[cast.child.id] is AskState.ANSWERED
    assert states[cast.mother.id] is not AskState.ANSWERED
