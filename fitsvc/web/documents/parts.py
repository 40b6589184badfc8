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
SHORT_DAY = "d. MMM"
LONG_DAY = "EEEE d. MMMM yyyy"

CHILD_HEARD = {
    ChildHeard.PRESENT: _l("took part in the meeting"),
    ChildHeard.BEFORE: _l("was talked with before the meeting"),
    ChildHeard.BY_RATING: _l("was heard through own ratings and words"),
    ChildHeard.NOT: _l("was not heard this time"),
}


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


def looking_back(report: MeetingReport, areas: Mapping[str, str]) -> tuple[Part, ...]:
    """What stands on page two before what was decided; empty parts are not there."""
    age = report.age_years
    found = (
        Part(
            _("Agreed last time, and how it went"),
            tuple(_agreement(one) for one in report.agreements.lines),
            more_words(report.agreements.left_out),
        ),
        Part(
            _("What we expected, and what came"),
            tuple(_held(one, areas) for one in report.held.lines),
            more_words(report.held.left_out),
        ),
        Part(
            _("Goals (0–10)"),
            tuple(_goal(one, age) for one in report.goals.lines),
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
            tuple(_agreed(one, areas) for one in report.agreed.lines),
            more_words(report.agreed.left_out),
        ),
    )
    return tuple(part for part in found if part.entries)


def decided_parts(report: MeetingReport, *, with_names: bool) -> tuple[Part, ...]:
    if report.decided is None:
        return ()
    found = (
        Part(
            _("What the meeting decided, %(day)s", day=day(report.decided.held_on, "d. MMMM yyyy")),
            tuple(_decided(report.decided, report.age_years, with_names)),
        ),
        Part(
            _("New agreements"),
            tuple(_agreement(one) for one in report.new_agreements.lines),
            more_words(report.new_agreements.left_out),
        ),
    )
    return tuple(part for part in found if part.entries)


def _decided(one: Decided, age_years: int, with_names: bool) -> Iterable[Entry]:
    if one.decision is not None:
        yield Entry(f"{DECISIONS[one.decision]}.", _minute(one.reason))
    if one.child_heard is not None:
        child = _("The young person") if age_years >= 13 else _("The child")
        yield Entry(f"{child} {CHILD_HEARD[one.child_heard]}.", _minute(one.child_heard_how))
    if one.participants and with_names:
        yield Entry(_("Took part:"), _minute(one.participants))
    if one.goals_changed:
        yield Entry(_("Goals:"), _minute(one.goals_changed))
    if one.next_on is not None:
        yield Entry(_("We meet next on %(day)s.", day=day(one.next_on, LONG_DAY)), _minute(one.next_reason))
    if one.helped:
        yield Entry(_("What helped:"), _minute(one.helped))
    if one.if_harder:
        yield Entry(_("If it gets harder again:"), _minute(one.if_harder))


def _minute(text: str) -> str:
    return cut(text, LONGEST_MINUTE)


def _agreement(one: AgreementLine) -> Entry:
    who = f"{cut(one.who, 60)}:" if one.who.strip(UNSAID) else ""
    if one.done_on is not None:
        state = _("Done %(day)s.", day=day(one.done_on))
    elif one.by_on is not None:
        state = _("By %(day)s.", day=day(one.by_on))
    else:
        state = ""
    return Entry(
        who,
        " ".join(part for part in (cut(one.what, LONGEST_TEXT), "–" if state else "", state) if part),
        (cut(one.how_it_went, LONGEST_TEXT),) if one.how_it_went else (),
    )


def _goal(goal: GoalLine, age_years: int) -> Entry:
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
    status = (_("Status: %(text)s", text=cut(goal.status, LONGEST_TEXT)),) if goal.status else ()
    return Entry(states[goal.reached], cut(goal.text, GOAL_ROOM), (f"{numbers}, {newest}.", *status))


def _agreed(one: AgreedLine, areas: Mapping[str, str]) -> Entry:
    expected = _(
        "from %(start)s to %(score)s by %(day)s",
        start=points(one.start_score),
        score=points(one.score),
        day=day(one.due_on, SHORT_DAY),
    )
    return Entry(
        f"{_whose(one.rater, one.area, one.goal, areas)}:",
        f"{expected} ({_('shared') if one.is_shared else _('own')})",
    )


def _held(one: HeldLine, areas: Mapping[str, str]) -> Entry:
    shared = _("shared") if one.is_shared else _("own")
    return Entry(
        f"{_whose(one.rater, one.area, one.goal, areas)} ({shared}):",
        numbers_words(one.held).replace(
            "..", "."
        ),  # a Danish month is an abbreviation with its own full stop
        (verdict_words(one.held),),
    )


def _whose(rater: Rater, area: str, goal: str, areas: Mapping[str, str]) -> str:
    about = areas.get(area, area) if area else cut(goal, 48)
    return f"{rater_in_brief(rater)}, {about}" if about else rater_in_brief(rater)
