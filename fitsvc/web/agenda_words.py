"""An agenda in words, for the page that prepares a meeting, for the meeting itself and for paper."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fitsvc.domain.agenda import (
    Agenda,
    AgendaItem,
    AgendaKind,
    Ending,
    Free,
    GoalNow,
    Missing,
    OpenAgreement,
    OpenSignal,
    Question,
    SinceLast,
    StepTaken,
    Wish,
)
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.expectation import ExpectedAndActual, Outcome
from fitsvc.domain.next_step import Thought
from fitsvc.services.case_facts import CaseTrajectories
from fitsvc.web.curves import listed
from fitsvc.web.documents.words import capital, rater_words, spoken
from fitsvc.web.question_words import points_words, question_words, raters_spoken
from fitsvc.web.templates import IN_SENTENCE, day, points

KINDS = {
    AgendaKind.SINCE_LAST: _l("Since last time"),
    AgendaKind.WISH: _l("A wish for the meeting"),
    AgendaKind.DISCREPANCY: _l("Seen differently"),
    AgendaKind.SIGNAL: _l("The next step"),
    AgendaKind.GOAL: _l("Goal"),
    AgendaKind.MISSING: _l("Voices we have not heard"),
    AgendaKind.READY_TO_END: _l("Time to talk about ending?"),
    AgendaKind.OPEN_AGREEMENT: _l("Agreed earlier"),
    AgendaKind.FREE: _l("Added by hand"),
}

THOUGHTS = {
    Thought.GOALS: _l("The goals"),
    Thought.METHOD: _l("The way of working"),
    Thought.RELATION: _l("Working together"),
    Thought.LIFE: _l("Life outside"),
}


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One item. `label` says where it comes from; `title` is what to talk about, `is_quote` in somebody's own words;
    `is_private`: for the practitioner's eyes alone.
    """

    kind: AgendaKind
    subject: str
    label: str
    title: str
    details: tuple[str, ...] = ()
    is_quote: bool = False
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class AgendaPage:
    rows: tuple[AgendaRow, ...]
    removed: tuple[AgendaRow, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What the words need to know besides the item."""

    areas: Mapping[str, str]
    age_years: int
    today: date


def agenda_page(agenda: Agenda, facts: CaseTrajectories, catalogue: Catalogue, language: str) -> AgendaPage:
    around = Around(area_names(facts, catalogue, language), facts.case.age_years, facts.today)
    return AgendaPage(
        tuple(agenda_row(one, around) for one in agenda.items),
        tuple(agenda_row(one, around) for one in agenda.removed),
    )


def area_names(facts: CaseTrajectories, catalogue: Catalogue, language: str) -> dict[str, str]:
    """The areas of the forms in this case, named as the first voice's form names them."""
    found: dict[str, str] = {}
    for series in facts.areas:
        if series.area is not None and series.area not in found:
            instrument = catalogue.get(series.instrument_id, series.instrument_version)
            found[series.area] = instrument.text(language).areas[series.area]
    return found


def agenda_row(item: AgendaItem, around: Around) -> AgendaRow:
    title, details = _WORDS[type(item.content)](item.content, around)
    return AgendaRow(
        item.kind,
        item.subject,
        str(KINDS[item.kind]),
        title,
        tuple(line for line in details if line),
        is_quote=isinstance(item.content, Wish | GoalNow),
        is_private=isinstance(item.content, Wish) and item.content.is_private,
    )


Words = tuple[str, tuple[str, ...]]


def _since_last(one: SinceLast, around: Around) -> Words:
    what = one.goal or (around.areas.get(one.area, one.area) if one.area else "")
    who = capital(spoken(one.rater, around.age_years))
    title = _("%(who)s: we expected %(expected)s", who=who, expected=points(one.held.expected))
    if what:
        title = _(
            "%(who)s, %(what)s: we expected %(expected)s",
            who=who,
            what=what,
            expected=points(one.held.expected),
        )
    whose = _("Expected together.") if one.is_shared else _("Their own expectation.")
    span = _(
        "From %(start)s, to be reached by %(day)s.", start=points(one.start_score), day=day(one.held.due_on)
    )
    return title, (f"{whose} {span}", difference_words(one.held), outcome_words(one.held))


def difference_words(held: ExpectedAndActual) -> str:
    """What came, and how far from what was expected, in numbers only."""
    if held.actual is None or held.difference is None:
        return _("No rating has come since then.")
    now = _("Now %(actual)s (%(day)s)", actual=points(held.actual), day=day(held.actual_on, IN_SENTENCE))
    if round(abs(held.difference), 1) == 0:
        return _("%(now)s: just as expected.", now=now)
    size = points_words(held.difference)
    if held.difference > 0:
        return _("%(now)s: %(points)s higher than expected.", now=now, points=size)
    return _("%(now)s: %(points)s lower than expected.", now=now, points=size)


def outcome_words(held: ExpectedAndActual) -> str:
    """What the difference means; "" where its noise is not known, or nothing differs."""
    if held.difference is None or round(abs(held.difference), 1) == 0:
        return ""
    words = {
        Outcome.MAY_BE_CHANCE: _("A difference of that size may be chance."),
        Outcome.BETTER: _("That is more than chance. What made it possible?"),
        Outcome.LOWER: _("That is more than chance. What has been in the way, and what would help?"),
    }
    return words.get(held.outcome, "")


def _wish(one: Wish, around: Around) -> Words:
    return one.text, (capital(spoken(one.rater, around.age_years)),)


def _question(one: Question, around: Around) -> Words:
    change = ""
    if one.change is not None and abs(one.change) >= 1:
        size = points_words(one.change)
        change = (
            _("The distance grew by %(points)s since last time.", points=size)
            if one.change > 0
            else _("The distance shrank by %(points)s since last time.", points=size)
        )
    return f"{around.areas.get(one.area, one.area)}: {question_words(one, around.age_years)}", (change,)


def _open_signal(one: OpenSignal, _around: Around) -> Words:
    title = _("%(rater)s: the curve lies below the expected", rater=rater_words(one.rater))
    since = _("Confirmed %(day)s. What could be the next step?", day=day(one.confirmed_on, IN_SENTENCE))
    return title, (since,)


def _step(one: StepTaken, _around: Around) -> Words:
    title = _("%(rater)s: %(step)s", rater=rater_words(one.rater), step=one.next_step)
    written = _("Written %(day)s, when the curve lay below the expected.", day=day(one.taken_on, IN_SENTENCE))
    return title, (written, *thought_lines(one.thoughts))


def thought_lines(thoughts: Mapping[Thought, str]) -> tuple[str, ...]:
    """ "The goals: …", for every head something was written under."""
    return tuple(f"{THOUGHTS[one]}: {thoughts[one]}" for one in Thought if thoughts.get(one))


def _goal(one: GoalNow, around: Around) -> Words:
    numbers = _(
        "Start %(start)s, target %(target)s",
        start=points(one.start_value),
        target=points(one.target_value),
    )
    if one.due_on:
        numbers += ", " + _("by %(day)s", day=day(one.due_on))
    ratings = listed(
        [
            _(
                "%(rater)s %(score)s (%(day)s)",
                rater=spoken(rating.rater, around.age_years),
                score=points(rating.score),
                day=day(rating.on, IN_SENTENCE),
            )
            for rating in one.ratings
        ]
    )
    now = _("Now: %(ratings)s", ratings=ratings) if ratings else _("Not rated yet")
    status = _("Status: %(text)s", text=one.status) if one.status else ""
    return one.text, (numbers, now, status)


def _missing(one: Missing, around: Around) -> Words:
    who = capital(listed([spoken(line.rater, around.age_years) for line in one.voices]))
    asked = tuple(
        _(
            "%(who)s: asked since %(day)s",
            who=capital(spoken(line.rater, around.age_years)),
            day=day(line.since, IN_SENTENCE),
        )
        for line in one.voices
        if line.since is not None
    )
    return who, (*asked, _("Silence says nothing about how it goes. How do we get to hear them?"))


def _ending(one: Ending, around: Around) -> Words:
    reached = capital(raters_spoken(one.reached, around.age_years))
    title = _("%(raters)s: the agreed target was reached twice in a row", raters=reached)
    missing = ""
    if one.missing:
        missing = _(
            "These voices are missing: %(raters)s.", raters=raters_spoken(one.missing, around.age_years)
        )
    return title, (_("What would it take to end well?"), missing)


def _agreement(one: OpenAgreement, around: Around) -> Words:
    by_when = _("by %(day)s", day=day(one.by_on)) if one.by_on else ""
    if one.by_on is not None and one.by_on < around.today:
        by_when += " " + _("(the day has passed)")
    return one.what, (", ".join(part for part in (one.who, by_when) if part),)


def _free(one: Free, _around: Around) -> Words:
    return one.text, ()


_WORDS: dict[type, Callable[[Any, Around], Words]] = {
    SinceLast: _since_last,
    Wish: _wish,
    Question: _question,
    OpenSignal: _open_signal,
    StepTaken: _step,
    GoalNow: _goal,
    Missing: _missing,
    Ending: _ending,
    OpenAgreement: _agreement,
    Free: _free,
}
