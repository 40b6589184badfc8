"""The curve in the room: one voice added at a time, every point to be opened, areas and goals as views of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.rater import RaterRole
from fitsvc.services.case_facts import CaseTrajectories, GoalFacts, SeriesFacts
from fitsvc.web.curves import Voice, curve_of, describe, line_of, time_span, voices
from fitsvc.web.goal_words import goal_key, goal_level, goal_sentences
from fitsvc.web.meeting_room.drawings import Figure, draw, sample_of
from fitsvc.web.meeting_room.point_cards import PointCard, PointRow, cards_of, rows_of
from fitsvc.web.meeting_room.rated_series import RatedSeries, areas_of, goal_of, totals_of
from fitsvc.web.meeting_room.state import GOALS, RoomState


@dataclass(frozen=True, slots=True)
class VoiceButton:
    """One who rates, on or off. `add` is what the button for the next voice says, `told` the curve in a sentence."""

    key: str
    name: str
    sample: str
    is_shown: bool
    add: str
    told: str


@dataclass(frozen=True, slots=True)
class View:
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class RoomCurve:
    """`next_voice` is the one to add next; None when all are there. `hidden_fields` go with the voices' form."""

    views: tuple[View, ...]
    view_name: str
    is_area: bool
    is_goals: bool
    voices: tuple[VoiceButton, ...]
    next_voice: VoiceButton | None
    hidden_fields: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    cards: tuple[PointCard, ...]
    rows: tuple[PointRow, ...]
    start_over_url: str


def voice_order(seen: CaseTrajectories) -> tuple[str, ...]:
    """Keys of those who rate on the curve, in the order of voices."""
    return tuple(dict.fromkeys(voice_key(series.respondent_id) for series in seen.totals))


def first_voices(seen: CaseTrajectories) -> tuple[str, ...]:
    """Whom the meeting starts with: the child; where the child does not rate, the first who has."""
    rated = [series for series in seen.totals if series.points] or list(seen.totals)
    child = [series for series in rated if series.rater_role is RaterRole.CHILD]
    return tuple(voice_key(series.respondent_id) for series in (child + rated)[:1])


def voice_key(respondent_id: UUID) -> str:
    """What every key of this respondent's series begins with (`services.series.series_key`)."""
    return respondent_id.hex[:12]


def view_names(seen: CaseTrajectories, areas: Mapping[str, str]) -> dict[str, str]:
    """The views beside the whole curve: each area, and the goals when there are any."""
    return {**areas, **({GOALS: _("Goals")} if seen.goals else {})}


def curve_section(
    seen: CaseTrajectories, *, catalogue: Catalogue, language: str, state: RoomState, views: Mapping[str, str]
) -> RoomCurve:
    named = voices(seen.respondents)
    drawn = _figures(seen, catalogue, state, views)
    buttons = _buttons(seen, named, state)
    fields = [("shown", key) for key in state.shown or ("none",)]
    fields += [("view", state.view)] if state.view else []
    fields += [("names", "hidden")] if state.names_hidden else []
    return RoomCurve(
        views=_views(state, views),
        view_name=views.get(state.view or "", ""),
        is_area=state.view is not None and state.view != GOALS,
        is_goals=state.view == GOALS,
        voices=buttons,
        next_voice=next((one for one in buttons if not one.is_shown), None),
        hidden_fields=tuple(fields),
        figures=tuple(figure for figure, _lines in drawn),
        cards=cards_of([one for _figure, lines in drawn for one in lines], named, catalogue, language),
        rows=rows_of([(one, figure.heading) for figure, lines in drawn for one in lines], named),
        start_over_url=replace(state, shown=first_voices(seen)).url(),
    )


def _views(state: RoomState, views: Mapping[str, str]) -> tuple[View, ...]:
    """The whole curve first, then each area and the goals."""
    named: list[tuple[str | None, str]] = [(None, _("All together")), *views.items()]
    return tuple(View(name, state.viewing(code).url(), state.view == code) for code, name in named)


def _buttons(
    seen: CaseTrajectories, named: Mapping[UUID, Voice], state: RoomState
) -> tuple[VoiceButton, ...]:
    start, _end = time_span(seen)
    found = []
    for respondent in seen.respondents:
        series = [one for one in seen.totals if one.respondent_id == respondent.id]
        if not series:
            continue
        voice = named[respondent.id]
        key = voice_key(respondent.id)
        found.append(
            VoiceButton(
                key=key,
                name=voice.name,
                sample=sample_of(voice.style),
                is_shown=key in state.shown,
                add=_("Show: %(rater)s", rater=voice.name),
                told=describe(line_of(one, voice, start=start) for one in series),
            )
        )
    return tuple(found)


Drawn = tuple[Figure, Sequence[RatedSeries]]


def _figures(
    seen: CaseTrajectories,
    catalogue: Catalogue,
    state: RoomState,
    views: Mapping[str, str],
) -> list[Drawn]:
    """The figures of the chosen view, each with the lines that are in it."""
    if state.view == GOALS:
        return [_goal(seen, goal, catalogue, state) for goal in _in_order(seen.goals)]
    drawn = seen.totals if state.view is None else tuple(one for one in seen.areas if one.area == state.view)
    if not any(one.trajectory.points for one in drawn):
        return []
    ranges: dict[tuple[float, float], list[SeriesFacts]] = {}
    for one in drawn:
        measure = one.trajectory.measure
        ranges.setdefault((measure.minimum, measure.maximum), []).append(one)
    title = views[state.view] if state.view else _("Wellbeing")
    found: list[Drawn] = []
    for place, (_range, series) in enumerate(
        sorted(ranges.items(), key=lambda item: (item[0] != (0, 10), item[0]))
    ):
        key = f"curve-{place}"
        rated = totals_of(key, series) if state.view is None else areas_of(key, series, catalogue)
        model = curve_of(
            seen,
            series,
            key=key,
            title=title,
            selected=selected_course(series, state.shown) if state.view is None else None,
            shown=shown_keys(series, state.shown),
        )
        found.append((draw(model, rated, is_large=place == 0), rated))
    return found


def selected_course(series: Iterable[SeriesFacts], shown: Sequence[str]) -> str | None:
    """Whose assumed course is drawn: the first voice's that is shown and has one."""
    able = [one for one in series if one.is_current and one.trajectory.curve is not None]
    return next((one.key for one in able if voice_key(one.respondent_id) in shown), None)


def shown_keys(series: Iterable[SeriesFacts], shown: Sequence[str]) -> set[str]:
    return {one.key for one in series if voice_key(one.respondent_id) in shown}


def _in_order(goals: Iterable[GoalFacts]) -> list[GoalFacts]:
    """Open goals first, then the closed ones."""
    return sorted(goals, key=lambda goal: (goal.closed_on is not None, goal.set_on, goal.number))


def _goal(seen: CaseTrajectories, goal: GoalFacts, catalogue: Catalogue, state: RoomState) -> Drawn:
    """A goal with its lines and its target, and no verdict."""
    key, told = goal_key(goal), goal_sentences(goal)
    if not goal.series:
        return Figure.without_lines(key, goal.text, told), ()
    model = curve_of(
        seen,
        goal.series,
        key=key,
        title=goal.text,
        levels=[goal_level(goal)],
        shown=shown_keys(goal.series, state.shown),
        with_marks=False,
    )
    rated = goal_of(key, goal, catalogue)
    figure = draw(model, rated, is_large=False)
    return replace(figure, heading=goal.text, sentences=told), rated
