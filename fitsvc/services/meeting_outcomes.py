"""What follows from one meeting to the next: what was agreed and expected, how it went, what was decided."""

from collections.abc import Iterator
from datetime import date

from fitsvc.domain.meeting import ChildHeard, Decision, Minute
from fitsvc.domain.report_lines import AgreedLine, AgreementLine, Decided, HeldLine
from fitsvc.services.case_facts import CaseTrajectories, ExpectationFacts, MeetingFacts, SeriesFacts
from fitsvc.services.expectations import look_back
from fitsvc.services.meeting_facts import AgreementFacts, MeetingBook
from fitsvc.services.raters import Raters
from fitsvc.storage.expectations import ExpectationKind

Expected = tuple[SeriesFacts, ExpectationFacts, str]
"""An expectation, the series it is of, and the goal's text when it is of a goal."""


def expectations_looked_back(
    facts: CaseTrajectories, raters: Raters, meeting: MeetingFacts | None
) -> tuple[HeldLine, ...]:
    """What was expected before this meeting, against what came."""
    return tuple(
        HeldLine(
            rater=raters[one.series.respondent_id],
            is_shared=one.expectation.kind is ExpectationKind.SHARED,
            held=one.held,
            area=one.series.area or "",
            goal=one.goal.text if one.goal else "",
        )
        for one in look_back(facts, meeting.id if meeting else None)
    )


def expectations_of(
    facts: CaseTrajectories, raters: Raters, meeting: MeetingFacts | None
) -> tuple[AgreedLine, ...]:
    """What this meeting expects from here on: its shared one first, then each actor's own."""
    found = [
        AgreedLine(
            rater=raters[series.respondent_id],
            is_shared=one.kind is ExpectationKind.SHARED,
            start_on=one.line.start,
            start_score=one.line.start_score,
            score=one.line.score,
            due_on=one.line.due,
            area=series.area or "",
            goal=goal,
        )
        for series, one, goal in _expectations(facts)
        if meeting is not None and one.meeting_id == meeting.id
    ]
    return tuple(sorted(found, key=lambda line: not line.is_shared))


def agreements_of(book: MeetingBook, meeting: MeetingFacts) -> tuple[AgreementLine, ...]:
    """What this meeting agreed."""
    return tuple(_agreement(one) for one in book.agreements if one.meeting_id == meeting.id)


def agreements_before(
    book: MeetingBook, facts: CaseTrajectories, meeting: MeetingFacts | None, last: MeetingFacts | None
) -> tuple[AgreementLine, ...]:
    """What was agreed last time, done or not, and what is still open from earlier meetings; open ones first."""
    not_before = {one.id for one in facts.meetings if meeting and (one == meeting or one.on > meeting.on)}
    found = [
        one
        for one in book.agreements
        if one.meeting_id not in not_before
        and (one.is_open or (last is not None and one.meeting_id == last.id))
    ]
    return tuple(_agreement(one) for one in sorted(found, key=lambda one: not one.is_open))


def decided_at(book: MeetingBook, meeting: MeetingFacts) -> Decided:
    """What the meeting's minutes say."""

    def written(field: Minute) -> str:
        return book.minute(meeting.id, field).text

    next_on, heard, decision = (
        written(Minute.NEXT_ON), written(Minute.CHILD_HEARD), written(Minute.DECISION)
    )  # fmt: skip
    return Decided(
        held_on=meeting.on,
        participants=written(Minute.PARTICIPANTS),
        child_heard=ChildHeard(heard) if heard else None,
        child_heard_how=written(Minute.CHILD_HEARD_HOW),
        decision=Decision(decision) if decision else None,
        reason=written(Minute.DECISION_REASON),
        goals_changed=written(Minute.GOALS_CHANGED),
        next_on=date.fromisoformat(next_on) if next_on else None,
        next_reason=written(Minute.NEXT_REASON),
        helped=written(Minute.HELPED),
        if_harder=written(Minute.IF_HARDER),
    )


def _expectations(facts: CaseTrajectories) -> Iterator[Expected]:
    for series in (*facts.totals, *facts.areas):
        for one in series.expectations:
            yield series, one, ""
    for goal in facts.goals:
        for series in goal.series:
            for one in series.expectations:
                yield series, one, goal.text


def _agreement(one: AgreementFacts) -> AgreementLine:
    return AgreementLine(one.what, one.who, one.by_on, one.done_on, one.how_it_went)
