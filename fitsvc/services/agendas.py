"""The agenda of a follow-up meeting: made from the case's data each time, and arranged by those who prepare it."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy.orm import Session

from fitsvc.domain.actor import Actor
from fitsvc.domain.agenda import (
    MISSING_VOICES,
    READY,
    Agenda,
    AgendaItem,
    AgendaKind,
    Ending,
    GoalNow,
    GoalRating,
    Kept,
    Missing,
    OpenAgreement,
    OpenSignal,
    SinceLast,
    StepTaken,
    Wish,
    arrange,
)
from fitsvc.domain.meeting import Visibility
from fitsvc.services.case_facts import CaseTrajectories, MeetingFacts
from fitsvc.services.clock import local_day
from fitsvc.services.errors import NotFound
from fitsvc.services.expectations import look_back
from fitsvc.services.meeting_facts import MeetingBook, WishFacts, last_held, read_meeting_book
from fitsvc.services.raters import Raters, discrepancy_questions, missing_voices, name_raters
from fitsvc.storage.agendas import AgendaEntry, list_agenda_entries
from fitsvc.storage.cases import is_practitioner_on
from fitsvc.storage.expectations import ExpectationKind


def compose_agenda(
    session: Session,
    *,
    by: Actor,
    facts: CaseTrajectories,
    meeting_id: UUID,
    book: MeetingBook | None = None,
    preparing: bool = False,
) -> Agenda:
    """The agenda as it stands. `facts` were composed `at_meeting`, so that everybody may look.

    Only while `preparing` does the case's own practitioner see wishes meant for them alone; on the projector and on
    paper they are not. Pass `book` when it has been read already. Raises NotFound for a meeting of another case.
    """
    meeting = find_meeting_facts(facts, meeting_id)
    for_practitioner = preparing and is_practitioner_on(session, by, facts.case.id)
    if book is None:
        book = read_meeting_book(session, case_id=facts.case.id, for_practitioner=for_practitioner)
    items = build_items(facts, book, meeting, with_private=for_practitioner)
    return arrange(items, map(kept, list_agenda_entries(session, meeting_id)))


def find_meeting_facts(facts: CaseTrajectories, meeting_id: UUID) -> MeetingFacts:
    """The case's meeting, when it was not cancelled; NotFound otherwise."""
    found = next((one for one in facts.meetings if one.id == meeting_id), None)
    if found is None:
        raise NotFound(meeting_id)
    return found


def kept(entry: AgendaEntry) -> Kept:
    return Kept(entry.kind, entry.subject, entry.position, entry.removed_at is not None, entry.text)


def build_items(
    facts: CaseTrajectories, book: MeetingBook, meeting: MeetingFacts, *, with_private: bool
) -> list[AgendaItem]:
    """What the data suggest, in the order of a new agenda; free items are not among them."""
    raters = name_raters(facts)
    last = last_held(facts.meetings, meeting)
    return [
        *_since_last(facts, raters, meeting),
        *_wishes(facts, book.wishes, raters, meeting, last, with_private=with_private),
        *(AgendaItem(AgendaKind.DISCREPANCY, one.area, one) for one in discrepancy_questions(facts, raters)),
        *_signals(facts, raters, last),
        *_goals(facts, book, raters, meeting),
        *_missing(facts, raters),
        *_ready_to_end(facts, raters),
        *(
            AgendaItem(AgendaKind.OPEN_AGREEMENT, str(one.id), OpenAgreement(one.what, one.who, one.by_on))
            for one in book.open_agreements
            if one.meeting_id != meeting.id
        ),
    ]


def _since_last(facts: CaseTrajectories, raters: Raters, meeting: MeetingFacts) -> Iterator[AgendaItem]:
    """What was expected until this meeting, the shared one first."""
    for one in look_back(facts, meeting.id):
        content = SinceLast(
            rater=raters[one.series.respondent_id],
            is_shared=one.expectation.kind is ExpectationKind.SHARED,
            held=one.held,
            start_score=one.expectation.line.start_score,
            area=one.expectation.area,
            goal=one.goal.text if one.goal else None,
        )
        yield AgendaItem(AgendaKind.SINCE_LAST, str(one.expectation.id), content)


def _wishes(
    facts: CaseTrajectories,
    wishes: Iterable[WishFacts],
    raters: Raters,
    meeting: MeetingFacts,
    last: MeetingFacts | None,
    *,
    with_private: bool,
) -> Iterator[AgendaItem]:
    """Those for this meeting; those for none that stands (it was cancelled) count when they are new."""
    standing = {one.id for one in facts.meetings}
    for one in wishes:
        is_private = one.visibility is not Visibility.MEETING
        if one.respondent_id not in raters or (is_private and not with_private):
            continue
        is_new = last is None or local_day(one.created_at) >= last.on
        if one.meeting_id == meeting.id or (one.meeting_id not in standing and is_new):
            yield AgendaItem(
                AgendaKind.WISH, str(one.id), Wish(raters[one.respondent_id], one.text, is_private)
            )


def _signals(facts: CaseTrajectories, raters: Raters, last: MeetingFacts | None) -> Iterator[AgendaItem]:
    """Confirmed signals without a next step, then the steps since the last meeting that somebody brings along."""
    for series in facts.totals:
        confirmed = series.open_confirmation
        if confirmed is not None and confirmed.on is not None:
            content = OpenSignal(series.key, raters[series.respondent_id], confirmed.on)
            yield AgendaItem(AgendaKind.SIGNAL, f"{series.key}@{confirmed.on.isoformat()}", content)
    for step in facts.next_steps:
        if step.on_agenda and (last is None or step.taken_on >= last.on):
            taken = StepTaken(
                raters[step.respondent_id], step.confirmed_on, step.taken_on, step.next_step, step.thoughts
            )
            yield AgendaItem(AgendaKind.SIGNAL, str(step.id), taken)


def _goals(
    facts: CaseTrajectories, book: MeetingBook, raters: Raters, meeting: MeetingFacts
) -> Iterator[AgendaItem]:
    statuses = {one.goal_id: one.text for one in book.statuses if one.meeting_id == meeting.id}
    for goal in facts.goals:
        if goal.closed_on is not None:
            continue
        ratings = tuple(
            GoalRating(raters[series.respondent_id], latest.score, latest.on)
            for series in goal.series
            if (latest := series.trajectory.latest) is not None
        )
        content = GoalNow(
            goal.text, goal.start_value, goal.target_value, goal.due_on, ratings, statuses.get(goal.id, "")
        )
        yield AgendaItem(AgendaKind.GOAL, str(goal.id), content)


def _missing(facts: CaseTrajectories, raters: Raters) -> Iterator[AgendaItem]:
    voices = missing_voices(facts, raters)
    if voices:
        yield AgendaItem(AgendaKind.MISSING, MISSING_VOICES, Missing(voices))


def _ready_to_end(facts: CaseTrajectories, raters: Raters) -> Iterator[AgendaItem]:
    ready = facts.ready_to_end
    if ready is None:
        return
    rater_of = {series.key: raters[series.respondent_id] for series in facts.totals}
    content = Ending(
        tuple(rater_of[key] for key in ready.reached), tuple(rater_of[key] for key in ready.missing)
    )
    yield AgendaItem(AgendaKind.READY_TO_END, READY, content)
