"""Composing and arranging an agenda from a real case."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fitsvc.domain.agenda import AgendaKind, GoalNow, OpenSignal, SinceLast, StepTaken, Wish
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.expectation import Outcome
from fitsvc.domain.meeting import Visibility
from fitsvc.domain.next_step import Thought
from fitsvc.domain.signal import SignalCode
from fitsvc.services.agenda_changes import add_item, move_item, remove_item, restore_item
from fitsvc.services.agendas import compose_agenda
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.services.errors import NotFound, Refused
from fitsvc.services.invalid import Invalid
from fitsvc.services.trajectories import compose
from fitsvc.storage.accounts import Staff
from fitsvc.storage.agendas import AgendaWish
from fitsvc.storage.expectations import AgreedExpectation, ExpectationKind
from fitsvc.storage.goals import GoalStatus
from fitsvc.storage.minutes import Agreement
from fitsvc.storage.signals import SignalAction
from tests.actors import acting
from tests.builders import Builder
from tests.cast import Cast
from tests.services.test_trajectories import counted

DAY = timedelta(days=1)


class Table:
    """The case's agenda for one meeting, as somebody of the cast sees and arranges it."""

    def __init__(self, session: Session, build: Builder, cast: Cast, catalogue: Catalogue) -> None:
        self.session, self.build, self.cast, self.catalogue = session, build, cast, catalogue
        self.meeting_id: UUID = build.meeting(cast.episode, build.today + 10 * DAY).id

    def facts(self, who: Staff) -> CaseTrajectories:
        self.session.flush()
        by = acting(who, self.build.today)
        return compose(
            self.session,
            by=by,
            case_id=self.cast.case.id,
            catalogue=self.catalogue,
            now=self.build.now,
            at_meeting=True,
        )

    def agenda(self, who: Staff | None = None, *, preparing: bool = True):  # type: ignore[no-untyped-def]
        who = who or self.cast.caseworker
        return compose_agenda(
            self.session,
            by=acting(who, self.build.today),
            facts=self.facts(who),
            meeting_id=self.meeting_id,
            preparing=preparing,
        )

    def change(self, do, who: Staff | None = None, **more: object) -> None:  # type: ignore[no-untyped-def]
        who = who or self.cast.caseworker
        do(
            self.session,
            by=acting(who, self.build.today),
            now=self.build.now,
            facts=self.facts(who),
            meeting_id=self.meeting_id,
            **more,
        )
        self.session.flush()

    def goals(self, *names: str) -> None:
        for number, name in enumerate(names, start=1):
            self.build.goal(self.cast.case, self.cast.episode, number=number, text=name)

    def texts(self) -> list[str]:
        return [getattr(one.content, "text", "") for one in self.agenda().items]


@pytest.fixture
def table(session: Session, build: Builder, cast: Cast, catalogue: Catalogue) -> Table:
    return Table(session, build, cast, catalogue)


def expect(table: Table, meeting_id: UUID | None, score: float, **columns: object) -> None:
    values = {
        "case_id": table.cast.case.id,
        "respondent_id": table.cast.child.id,
        "instrument_id": "wellbeing-youth",
        "instrument_version": table.catalogue.get("wellbeing-youth").version,
        "meeting_id": meeting_id,
        "kind": ExpectationKind.SHARED,
        "start_on": table.build.today - 40 * DAY,
        "start_score": 4.0,
        "due_on": table.build.today + 10 * DAY,
        "score": score,
        "set_by_id": table.cast.caseworker.id,
        "created_at": table.build.now,
    }
    table.session.add(AgreedExpectation(**(values | columns)))


def test_an_empty_case_has_an_empty_agenda(table: Table) -> None:
    assert table.agenda().items == ()


def test_what_the_last_meeting_expected_is_held_against_what_came(table: Table, cast: Cast) -> None:
    build = table.build
    earlier = build.meeting(cast.episode, build.today - 80 * DAY, held_on=build.today - 80 * DAY)
    last = build.meeting(cast.episode, build.today - 40 * DAY, held_on=build.today - 40 * DAY)
    build.rating(cast.child, 4, build.today - 40 * DAY)
    build.rating(cast.child, 5, build.today - 5 * DAY)
    expect(table, earlier.id, 9, start_on=build.today - 80 * DAY)
    expect(table, last.id, 6.5)
    expect(table, last.id, 8, kind=ExpectationKind.OWN, area="home", start_score=4.0)
    found = [one.content for one in table.agenda().items if one.kind is AgendaKind.SINCE_LAST]
    total, area = found
    assert isinstance(total, SinceLast)
    assert isinstance(area, SinceLast)
    assert (total.held.expected, total.held.actual, total.held.difference) == (6.5, 5, -1.5)
    assert total.held.outcome is Outcome.MAY_BE_CHANCE
    assert (area.area, area.held.difference, area.held.outcome) == ("home", -3, Outcome.NO_VERDICT)


def test_open_agreements_goals_and_missing_voices_come_by_themselves(table: Table, cast: Cast) -> None:
    build = table.build
    last = build.meeting(cast.episode, build.today - 40 * DAY, held_on=build.today - 40 * DAY)
    for what, done in (("Ringe til skolen", None), ("Finde en makker", build.today)):
        table.session.add(
            Agreement(
                case_id=cast.case.id,
                meeting_id=last.id,
                what=what,
                who="Paula",
                by_on=None,
                done_on=done,
                done_by_id=cast.practitioner.id if done else None,
                removed_at=None,
                created_by_id=cast.caseworker.id,
                created_at=build.now,
            )
        )
    goal = build.goal(cast.case, cast.episode, text="Jeg kommer i skole")
    table.session.add(
        GoalStatus(
            case_id=cast.case.id,
            meeting_id=table.meeting_id,
            goal_id=goal.id,
            text="Tre dage om ugen nu",
            written_by_id=cast.practitioner.id,
            written_at=build.now,
        )
    )
    build.plan(cast.mother, "wellbeing-adult")
    agenda = table.agenda()
    assert [one.kind for one in agenda.items] == [
        AgendaKind.GOAL,
        AgendaKind.MISSING,
        AgendaKind.OPEN_AGREEMENT,
    ]
    assert isinstance(agenda.items[0].content, GoalNow)
    assert agenda.items[0].content.status == "Tre dage om ugen nu"
    assert getattr(agenda.items[2].content, "what", "") == "Ringe til skolen"


@pytest.mark.parametrize(
    ("who", "preparing", "seen"),
    [
        ("practitioner", True, {"til alle", "kun til dig"}),
        ("practitioner", False, {"til alle"}),
        ("caseworker", True, {"til alle"}),
        ("authority_leader", True, {"til alle"}),
    ],
)
def test_a_wish_for_the_practitioner_alone_never_reaches_others_or_the_wall(
    table: Table, cast: Cast, who: str, preparing: bool, seen: set[str]
) -> None:
    for place, (text, visibility) in enumerate(
        (("til alle", Visibility.MEETING), ("kun til dig", Visibility.PRACTITIONER))
    ):
        rating = table.build.rating(cast.child, 5, table.build.today - place * DAY)
        table.session.add(
            AgendaWish(
                case_id=cast.case.id,
                respondent_id=cast.child.id,
                rating_id=rating.id,
                meeting_id=table.meeting_id,
                text=text,
                visibility=visibility,
                created_at=table.build.now,
            )
        )
    agenda = table.agenda(cast.staff[who], preparing=preparing)
    assert {one.content.text for one in agenda.items if isinstance(one.content, Wish)} == seen


def test_a_confirmed_signal_asks_and_a_step_comes_along_only_when_chosen(table: Table, cast: Cast) -> None:
    build = table.build
    ratings = [
        build.rating(cast.child, score, build.today - days * DAY)
        for days, score in ((60, 6), (30, 2), (10, 2))
    ]
    (item,) = [one for one in table.agenda().items if one.kind is AgendaKind.SIGNAL]
    assert isinstance(item.content, OpenSignal)
    for on_agenda in (True, False):
        table.session.add(
            SignalAction(
                case_id=cast.case.id,
                respondent_id=cast.child.id,
                instrument_id=ratings[0].instrument_id,
                instrument_version=ratings[0].instrument_version,
                signal=SignalCode.BELOW_EXPECTED,
                confirmed_on=build.today - 10 * DAY,
                next_step="med" if on_agenda else "ikke med",
                about_life="Han er flyttet",
                on_agenda=on_agenda,
                taken_on=build.today,
                taken_by_id=cast.practitioner.id,
                created_at=build.now,
            )
        )
    (item,) = [one for one in table.agenda().items if one.kind is AgendaKind.SIGNAL]
    assert isinstance(item.content, StepTaken)
    assert (item.content.next_step, item.content.thoughts) == ("med", {Thought.LIFE: "Han er flyttet"})


def test_items_are_moved_taken_off_and_put_back_and_a_second_press_does_nothing(table: Table) -> None:
    table.goals("a", "b", "c")
    first, second, third = (one.key for one in table.agenda().items)
    for _press in range(2):
        table.change(move_item, item=third, beside=first, after=False)
        assert table.texts() == ["c", "a", "b"]
    for _press in range(2):
        table.change(remove_item, item=first)
        assert table.texts() == ["c", "b"]
    for _press in range(2):
        table.change(restore_item, item=first)
        assert table.texts() == ["c", "a", "b"]
    table.change(move_item, item=second, beside=(AgendaKind.GOAL, "gone"), after=True)
    assert table.texts() == ["c", "a", "b"]


def test_a_free_item_sent_twice_is_one_and_stands_last(table: Table) -> None:
    table.goals("a", "b")
    key = uuid4()
    for _send in range(2):
        table.change(add_item, key=key, text=" Sommerferien ")
    assert table.texts() == ["a", "b", "Sommerferien"]
    one, other, free = (item.key for item in table.agenda().items)
    table.change(move_item, item=free, beside=one, after=False)
    table.change(add_item, key=uuid4(), text="Og skolestart")
    assert table.texts() == ["Sommerferien", "a", "b", "Og skolestart"]
    table.change(remove_item, item=free)
    assert "Sommerferien" not in table.texts()
    table.change(move_item, item=other, beside=one, after=False)
    table.change(restore_item, item=free)
    assert table.texts() == ["Sommerferien", "b", "a", "Og skolestart"]


@pytest.mark.parametrize(
    ("text", "code"), [("", "missing"), ("x" * 301, "too_long"), ("010114-1234", "looks")]
)
def test_a_free_item_that_cannot_be_taken_is_named(table: Table, text: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        table.change(add_item, key=uuid4(), text=text)


def test_two_who_arrange_at_once_both_have_their_say(table: Table, cast: Cast) -> None:
    table.goals("a", "b", "c")
    first, second, third = (one.key for one in table.agenda().items)
    table.change(move_item, cast.practitioner, item=third, beside=first, after=False)
    table.change(
        move_item, cast.caseworker, item=first, beside=second, after=True
    )  # what Carl's page still shows
    assert sorted(table.texts()) == ["a", "b", "c"]
    assert table.texts() == ["c", "b", "a"]


def test_after_the_meeting_the_agenda_rests(table: Table, build: Builder, cast: Cast, now: datetime) -> None:
    held = build.meeting(cast.episode, build.today - DAY, held_on=build.today - DAY)
    table.goals("a")
    table.meeting_id = held.id
    with pytest.raises(Refused, match="meeting_held"):
        table.change(add_item, key=uuid4(), text="x")


def test_the_meeting_of_another_case_is_not_found(table: Table, build: Builder) -> None:
    other = build.case()
    table.meeting_id = build.meeting(build.episode(other), date(2026, 5, 1)).id
    with pytest.raises(NotFound):
        table.agenda()


def test_the_number_of_queries_does_not_grow_with_the_agenda(table: Table, engine: Engine) -> None:
    def reading() -> int:
        table.session.commit()
        with counted(engine) as statements:
            table.agenda()
        return len(statements)

    few = reading()
    table.goals("a", "b", "c")
    for number in range(5):
        table.change(add_item, key=uuid4(), text=f"punkt {number}")
    assert reading() == few
