"""What the room expects: how the last expectations went, those of today, and the tap line for a new one."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Instrument, ItemText
from fitsvc.services.case_facts import CaseTrajectories, GoalFacts, SeriesFacts
from fitsvc.storage.expectations import ExpectationKind
from fitsvc.web.expectation_words import (
    ExpectationLookedBack,
    about_words,
    agreed_words,
    looked_back,
    whose_words,
)
from fitsvc.web.meeting_room.state import RoomState
from fitsvc.web.rating_form.page import ItemView, tap_line
from fitsvc.web.templates import day, points
from fitsvc.web.words import rater_name

WHOLE = "whole"
"""Stands for the total in the choice of what an expectation is about; every other value is an area."""

MOST_ROWS = 5
"""Rows that are seen at once without getting in each other's way."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One that was agreed at this meeting."""

    whose: str
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class Chip:
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ChipRow:
    """Whose curve, and whose expectation of it."""

    name: str
    latest: str
    chips: tuple[Chip, ...]
    is_goal: bool


@dataclass(frozen=True, slots=True)
class About:
    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TapForm:
    """The tap line of one expectation. `item` is None where a form's total is no point of its scale: then a number.

    `language` and `ui_language` are for the rating form's macro.
    """

    action: str
    key: UUID
    chosen: str
    title: str
    abouts: tuple[About, ...]
    item: ItemView | None
    number: str
    range: str
    due: str
    problem: str
    due_problem: str
    close_url: str
    language: str
    ui_language: str


@dataclass(frozen=True, slots=True)
class Expecting:
    looked_back: tuple[ExpectationLookedBack, ...]
    standing: tuple[Standing, ...]
    rows: tuple[ChipRow, ...]
    form: TapForm | None

    @property
    def folded(self) -> tuple[ChipRow, ...]:
        """The goals' rows, behind one line where the list would be long: several voices times three goals."""
        return tuple(row for row in self.rows if row.is_goal) if len(self.rows) > MOST_ROWS else ()

    @property
    def is_unfolded(self) -> bool:
        """Whether one of the folded rows is the one being set."""
        return any(chip.is_current for row in self.folded for chip in row.chips)


@dataclass(frozen=True, slots=True)
class ExpectationAgain:
    """A form that needs another look: as it was sent, and what is wrong with its point or its day."""

    sent: MultiDict[str, str]
    problem: str = ""
    due_problem: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address or a form asks for: whose expectation, of which curve."""

    code: str
    kind: ExpectationKind
    series: SeriesFacts
    goal: GoalFacts | None

    @property
    def goal_id(self) -> UUID | None:
        return self.goal.id if self.goal else None


def find_choice(seen: CaseTrajectories, code: str) -> Choice | None:
    """From "own.<series>" or "shared.<series>~2" (the second goal); None for what is not offered."""
    kind, _dot, where = code.partition(".")
    if kind not in set(ExpectationKind):
        return None
    for series, goal in _offered(seen):
        if where == _where(series, goal):
            return Choice(code, ExpectationKind(kind), series, goal)
    return None


def series_about(seen: CaseTrajectories, choice: Choice, about: str) -> SeriesFacts | None:
    """The chosen curve, or the one area of it that is meant; None for an area it does not have."""
    if choice.goal is not None or about in ("", WHOLE):
        return choice.series
    return next((one for one in seen.areas if one.key == choice.series.key and one.area == about), None)


def expecting(
    seen: CaseTrajectories,
    catalogue: Catalogue,
    language: str,
    *,
    state: RoomState,
    is_open: bool,
    due: str,
    again: ExpectationAgain | None = None,
) -> Expecting:
    """`due` is the day that stands in a new form."""
    again = again or ExpectationAgain(MultiDict())
    code = again.sent.get("expect") or request.args.get("expect", "")
    choice = find_choice(seen, code) if is_open else None
    return Expecting(
        looked_back=looked_back(seen, catalogue, language, meeting_id=state.meeting_id),
        standing=_standing(seen, catalogue, language, state.meeting_id),
        rows=tuple(_row(state, one, goal, code) for one, goal in _offered(seen)) if is_open else (),
        form=_form(seen, catalogue, language, state, choice, due, again) if choice else None,
    )


def _offered(seen: CaseTrajectories) -> list[tuple[SeriesFacts, GoalFacts | None]]:
    """Curves in use with a score to start from: each rater's whole, then goals that stand."""
    offered: list[tuple[SeriesFacts, GoalFacts | None]] = [
        (one, None) for one in seen.totals if one.is_current and one.trajectory.latest is not None
    ]
    for goal in seen.goals:
        if goal.closed_on is None:
            offered += [(one, goal) for one in goal.series if one.is_current and one.trajectory.latest]
    return offered


def _where(series: SeriesFacts, goal: GoalFacts | None) -> str:
    return f"{series.key}~{goal.number}" if goal else series.key


def _row(state: RoomState, series: SeriesFacts, goal: GoalFacts | None, code: str) -> ChipRow:
    who = rater_name(series.rater_role, series.setting)
    latest = series.trajectory.latest
    return ChipRow(
        name=_("%(who)s, the goal “%(goal)s”", who=who, goal=goal.text) if goal else who,
        latest=_("latest %(score)s on %(day)s", score=points(latest.score), day=day(latest.on, "d. MMM"))
        if latest
        else "",
        chips=tuple(
            Chip(whose_words(kind), _choice_url(state, asked), asked == code)
            for kind in (ExpectationKind.SHARED, ExpectationKind.OWN)
            for asked in (f"{kind.value}.{_where(series, goal)}",)
        ),
        is_goal=goal is not None,
    )


def _choice_url(state: RoomState, code: str) -> str:
    return url_for(
        "meeting_room.show",
        case_id=state.case_id,
        meeting_id=state.meeting_id,
        _anchor="expect-form",
        **(state.query | {"expect": code}),
    )


def _standing(
    seen: CaseTrajectories, catalogue: Catalogue, language: str, meeting_id: UUID
) -> tuple[Standing, ...]:
    pairs: list[tuple[SeriesFacts, GoalFacts | None]] = [(one, None) for one in (*seen.totals, *seen.areas)]
    pairs += [(one, goal) for goal in seen.goals for one in goal.series]
    return tuple(
        Standing(whose_words(one.kind), about_words(series, catalogue, language, goal), agreed_words(one))
        for series, goal in pairs
        for one in series.expectations
        if one.meeting_id == meeting_id and one.is_latest
    )


def _form(
    seen: CaseTrajectories,
    catalogue: Catalogue,
    language: str,
    state: RoomState,
    choice: Choice,
    due: str,
    again: ExpectationAgain,
) -> TapForm:
    series = choice.series
    instrument = catalogue.get(series.instrument_id, series.instrument_version)
    shown = instrument.language_for(language)
    is_tapped = choice.goal is not None or _is_on_scale(instrument)
    measure = series.trajectory.measure
    return TapForm(
        action=url_for("meeting_room.expect", **state.where, **state.query),
        key=uuid4(),
        chosen=choice.code,
        title=f"{whose_words(choice.kind)}: {about_words(series, catalogue, language, choice.goal)}",
        abouts=()
        if choice.goal
        else _abouts(seen, series, instrument, shown, again.sent.get("about", WHOLE)),
        item=tap_line(
            instrument,
            _question(instrument, shown, choice),
            shown,
            name="score",
            anchor="expect-score",
            chosen=again.sent.get("score", ""),
            problem=again.problem,
        )
        if is_tapped
        else None,
        number=again.sent.get("score", ""),
        range=_("From %(low)s to %(high)s", low=points(measure.minimum), high=points(measure.maximum)),
        due=again.sent.get("due_on", due),
        problem=again.problem,
        due_problem=again.due_problem,
        close_url=state.url("expectations"),
        language=shown,
        ui_language=shown,
    )


def _abouts(
    seen: CaseTrajectories, series: SeriesFacts, instrument: Instrument, language: str, chosen: str
) -> tuple[About, ...]:
    """The whole, or one area that has been rated; on a form whose total is no mean, the whole alone."""
    names = instrument.text(language).areas
    areas = [one.area for one in seen.areas if one.key == series.key and one.area and one.trajectory.latest]
    if not _is_on_scale(instrument) or not areas:
        return ()
    offered = [(WHOLE, _("Everyday life as a whole")), *((area, names.get(area, area)) for area in areas)]
    return tuple(About(value, name, value == chosen) for value, name in offered)


def _is_on_scale(instrument: Instrument) -> bool:
    """Whether a total can be pointed to on the same line as an answer."""
    scale, scoring = instrument.scale, instrument.scoring
    return (scoring.minimum, scoring.maximum) == (scale.minimum, scale.maximum)


def _question(instrument: Instrument, language: str, choice: Choice) -> ItemText:
    """Said to the meeting, or to the one whose curve it is; the ends of the line in the goal form's own words."""
    prompt = (
        _("Where do we think it will be when we meet next?")
        if choice.kind is ExpectationKind.SHARED
        else _("Where do you think it will be when we meet next?")
    )
    if choice.goal is not None:
        ends = instrument.items[choice.goal.number - 1].texts[language]
        return ItemText(prompt, ends.low, ends.high)
    return ItemText(prompt, _("Not going well"), _("Going really well"))
