"""The later pages of the report: what was agreed and how it went, goals, questions, expectations, what was decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.meeting import ChildHeard
from fitsvc.domain.meeting_report import MeetingReport
from fitsvc.domain.report_lines import (
    LONGEST_MINUTE,
    LONGEST_TEXT,
    AgreedLine,
    AgreementLine,
    Decided,
    GoalLine,
    HeldLine,
    Rater,
)
from fitsvc.web.documents.words import cut, rater_in_brief, spoken
from fitsvc.web.expectation_words import numbers_words, verdict_words
from fitsvc.web.minute_form import DECISIONS
from fitsvc.web.names import UNSAID
from fitsvc.web.question_words import question_words
from fitsvc.web.templates import day, points

GOAL_ROOM = 160
ENDLESS = 1_000_000
SHORT_DAY = "d. MMM"
LONG_DAY = "EEEE d. MMMM yyyy"

CHILD_HEARD = {
    ChildHeard.PRESENT: _l("took part in the meeting"),
    ChildHeard.BEFORE: _l("was talked with before the meeting"),
    ChildHeard.BY_RATING: _l("was heard through own ratings and words"),
    ChildHeard.NOT: _l("was not heard this time"),
}


@dataclass(frozen=True, slots=True)
class Rooms:
    """How many characters what people wrote may take."""

    who: int = 60
    goal: int = GOAL_ROOM
    short_goal: int = 48
    text: int = LONGEST_TEXT
    minute: int = LONGEST_MINUTE


ON_PAPER = Rooms()
IN_FULL = Rooms(ENDLESS, ENDLESS, ENDLESS, ENDLESS, ENDLESS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a part: what stands first and strong, the text, and what is said under it."""

    strong: str
    text: str
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A headed list. `more` says how many lines are left out, "" when none is."""

    heading: str
    entries: tuple[Entry, ...]
    more: str = ""


def more_words(left_out: int) -> str:
    return _("+%(num)s more", num=left_out) if left_out else ""


def looking_back(
    report: MeetingReport, areas: Mapping[str, str], rooms: Rooms = ON_PAPER
) -> tuple[Part, ...]:
    """What stands on page two before what was decided; empty parts are not there."""
    age = report.age_years
    found = (
        Part(
            _("Agreed last time, and how it went"),
            tuple(_agreement(one, rooms) for one in report.agreements.lines),
            more_words(report.agreements.left_out),
        ),
        Part(
            _("What we expected, and what came"),
            tuple(_held(one, areas, rooms) for one in report.held.lines),
            more_words(report.held.left_out),
        ),
        Part(
            _("Goals (0–10)"),
            tuple(_goal(one, age, rooms) for one in report.goals.lines),
            more_words(report.goals.left_out),
        ),
        Part(
            _("To talk about: we see it differently"),
            tuple(
                Entry(
                    f"{areas.get(one.question.area, one.question.area)}.", question_words(one.question, age)
                )
                for one in report.questions.lines
            ),
            more_words(report.questions.left_out),
        ),
        Part(
            _("What we expect from here"),
            tuple(_agreed(one, areas, rooms) for one in report.agreed.lines),
            more_words(report.agreed.left_out),
        ),
    )
    return tuple(part for part in found if part.entries)


def decided_parts(report: MeetingReport, *, with_names: bool, rooms: Rooms = ON_PAPER) -> tuple[Part, ...]:
    if report.decided is None:
        return ()
    found = (
        Part(
            _("What the meeting decided, %(day)s", day=day(report.decided.held_on, "d. MMMM yyyy")),
            tuple(_decided(report.decided, report.age_years, with_names, rooms)),
        ),
        Part(
            _("New agreements"),
            tuple(_agreement(one, rooms) for one in report.new_agreements.lines),
            more_words(report.new_agreements.left_out),
        ),
    )
    return tuple(part for part in found if part.entries)


def _decided(one: Decided, age_years: int, with_names: bool, rooms: Rooms) -> Iterable[Entry]:
    if one.decision is not None:
        yield Entry(f"{DECISIONS[one.decision]}.", cut(one.reason, rooms.minute))
    if one.child_heard is not None:
        child = _("The young person") if age_years >= 13 else _("The child")
        yield Entry(f"{child} {CHILD_HEARD[one.child_heard]}.", cut(one.child_heard_how, rooms.minute))
    if one.participants and with_names:
        yield Entry(_("Took part:"), cut(one.participants, rooms.minute))
    if one.goals_changed:
        yield Entry(_("Goals:"), cut(one.goals_changed, rooms.minute))
    if one.next_on is not None:
        yield Entry(
            _("We meet next on %(day)s.", day=day(one.next_on, LONG_DAY)), cut(one.next_reason, rooms.minute)
        )
    if one.helped:
        yield Entry(_("What helped:"), cut(one.helped, rooms.minute))
    if one.if_harder:
        yield Entry(_("If it gets harder again:"), cut(one.if_harder, rooms.minute))


def _agreement(one: AgreementLine, rooms: Rooms) -> Entry:
    who = f"{cut(one.who, rooms.who)}:" if one.who.strip(UNSAID) else ""
    if one.done_on is not None:
        state = _("Done %(day)s.", day=day(one.done_on))
    elif one.by_on is not None:
        state = _("By %(day)s.", day=day(one.by_on))
    else:
        state = ""
    return Entry(
        who,
        " ".join(part for part in (cut(one.what, rooms.text), "–" if state else "", state) if part),
        (cut(one.how_it_went, rooms.text),) if one.how_it_went else (),
    )


def _goal(goal: GoalLine, age_years: int, rooms: Rooms) -> Entry:
    numbers = _(
        "Start %(start)s, target %(target)s",
        start=points(goal.start_value),
        target=points(goal.target_value),
    )
    if goal.latest is None or goal.latest_by is None:
        newest = _("not rated yet")
    else:
        newest = _(
            "now %(value)s (%(rater)s, %(day)s)",
            value=points(goal.latest),
            rater=spoken(goal.latest_by, age_years),
            day=day(goal.latest_on, SHORT_DAY),
        )
    states = {None: "", True: _("Reached:"), False: _("Goal closed:")}
    status = (_("Status: %(text)s", text=cut(goal.status, rooms.text)),) if goal.status else ()
    return Entry(states[goal.reached], cut(goal.text, rooms.goal), (f"{numbers}, {newest}.", *status))


def _agreed(one: AgreedLine, areas: Mapping[str, str], rooms: Rooms) -> Entry:
    expected = _(
        "from %(start)s to %(score)s by %(day)s",
        start=points(one.start_score),
        score=points(one.score),
        day=day(one.due_on, SHORT_DAY),
    )
    return Entry(
        f"{_whose(one.rater, one.area, one.goal, areas, rooms)}:",
        f"{expected} ({_('shared') if one.is_shared else _('own')})",
    )


def _held(one: HeldLine, areas: Mapping[str, str], rooms: Rooms) -> Entry:
    shared = _("shared") if one.is_shared else _("own")
    return Entry(
        f"{_whose(one.rater, one.area, one.goal, areas, rooms)} ({shared}):",
        numbers_words(one.held).replace(
            "..", "."
        ),  # a Danish month is an abbreviation with its own full stop
        (verdict_words(one.held),),
    )


def _whose(rater: Rater, area: str, goal: str, areas: Mapping[str, str], rooms: Rooms) -> str:
    about = areas.get(area, area) if area else cut(goal, rooms.short_goal)
    return f"{rater_in_brief(rater)}, {about}" if about else rater_in_brief(rater)
