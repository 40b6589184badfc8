"""The panels under the curve, on the same time axis: goals, safety and the ruler, numbers from elsewhere, sessions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from fitsvc.charts.model import ChartLine, ChartModel, ChartPoint, segments
from fitsvc.charts.palette import style_of
from fitsvc.domain.alliance import AlliancePromptCode
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.instrument import Direction, Kind
from fitsvc.services.case_facts import CaseTrajectories, ExternalFacts, GoalFacts, SeriesFacts
from fitsvc.web.cases.graphs import Graph, graph_of, sample_of
from fitsvc.web.cases.links import link_if
from fitsvc.web.cases.series_cards import TableRow, rows_of
from fitsvc.web.curves import Voice, axis_of, curve_of, date_ticks, describe, time_span
from fitsvc.web.goal_words import goal_key, goal_level, goal_sentences
from fitsvc.web.signal_words import trajectory_sentences
from fitsvc.web.templates import day, points
from fitsvc.web.words import ANSWER_KINDS

PROMPTS = {
    AlliancePromptCode.LOW: lambda: _("The last session was rated low. Ask what would have made it better."),
    AlliancePromptCode.FALL: lambda: _("The rating fell since last time. Ask what was different."),
    AlliancePromptCode.ITEM_FALL: lambda: _("One answer fell since last time. Ask what was different."),
    AlliancePromptCode.PERFECT_EVERY_TIME: lambda: _(
        "The best answer every time. Ask if there is one small thing that could be better."
    ),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """A graph with a title, what is said about it, and the same points as a table (`rows`)."""

    key: str
    title: str
    graph: Graph | None
    sentences: tuple[str, ...]
    rows: list[TableRow]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """A form that is for talking: who, when, and each answer in words."""

    rater: str
    day: str
    answers: tuple[tuple[str, str], ...]


def goal_panels(
    seen: CaseTrajectories, named: Mapping[UUID, Voice], above: ChartModel | None, catalogue: Catalogue
) -> list[Panel]:
    """Open goals first, then the closed ones."""
    goals = sorted(seen.goals, key=lambda goal: (goal.closed_on is not None, goal.set_on, goal.number))
    return [
        _goal_panel(seen, goal, above, rows_of(goal.series, named, _items_of_goal(goal, catalogue)))
        for goal in goals
    ]


def external_panels(seen: CaseTrajectories, above: ChartModel | None) -> list[Panel]:
    return [_external_panel(seen, one, above) for one in seen.externals]


def other_panels(
    seen: CaseTrajectories, named: Mapping[UUID, Voice], above: ChartModel | None, catalogue: Catalogue
) -> list[Panel]:
    """Safety, and the five-step ruler with 1, the best, on top."""
    found = []
    for kind, title in ((Kind.SAFETY, _("Safety")), (Kind.RULER, _("Five-step ruler"))):
        series = [one for one in seen.others if one.kind is kind and one.trajectory.points]
        if not series:
            continue
        is_ruler = kind is Kind.RULER
        model = curve_of(
            seen,
            series,
            key=kind.value,
            title=title,
            is_reversed=is_ruler,
            with_marks=False,
        )
        sentences = (_("1 is best and stands at the top."),) if is_ruler else ()
        rows = rows_of(series, named, items_of(series, catalogue))
        found.append(Panel(kind.value, title, _graph(model, above), sentences, rows))
    return found


def session_panel(
    seen: CaseTrajectories, named: Mapping[UUID, Voice], above: ChartModel | None
) -> Panel | None:
    """Session ratings with what they invite to talk about; None for everybody but the case's practitioner."""
    if seen.sessions is None:
        return None
    series = [one.series for one in seen.sessions if one.series.trajectory.points]
    ranges = {(one.trajectory.measure.minimum, one.trajectory.measure.maximum) for one in series}
    graph = None
    if len(ranges) == 1:
        model = curve_of(seen, series, key="sessions", title=_("Session ratings"), with_marks=False)
        graph = _graph(model, above)
    prompts = tuple(
        f"{named[one.series.respondent_id].name}: {PROMPTS[prompt]()}"
        for one in seen.sessions
        for prompt in one.prompts
    )
    return Panel("sessions", _("Session ratings"), graph, prompts, rows_of(series, named, {}))


def talks_of(
    seen: CaseTrajectories, named: Mapping[UUID, Voice], catalogue: Catalogue, language: str
) -> list[Talk]:
    """What young children answered, in the words of the form; newest first."""
    found = []
    for series in seen.talks:
        instrument = catalogue.get(series.instrument_id, series.instrument_version)
        text = instrument.text(language)
        for point in series.points:
            answers = []
            for item in instrument.items:
                answer = point.answers.get(item.id)
                if answer is None:
                    continue
                if answer.value is None:
                    words = str(ANSWER_KINDS[answer.kind])
                elif text.steps:
                    words = text.steps[instrument.scale.values.index(answer.value)]
                else:
                    words = points(answer.value)
                answers.append((text.areas[item.area], words))
            found.append((point.on, Talk(named[series.respondent_id].name, day(point.on), tuple(answers))))
    return [talk for _on, talk in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _goal_panel(
    seen: CaseTrajectories, goal: GoalFacts, above: ChartModel | None, rows: list[TableRow]
) -> Panel:
    graph = None
    if goal.series:
        model = curve_of(
            seen,
            goal.series,
            key=goal_key(goal),
            title=goal.text,
            levels=[goal_level(goal)],
            with_marks=False,
        )
        graph = _graph(model, above)
    return Panel(goal_key(goal), goal.text, graph, goal_sentences(goal), rows)


def _external_panel(seen: CaseTrajectories, one: ExternalFacts, above: ChartModel | None) -> Panel:
    trajectory = one.trajectory
    unit = f" {one.unit}" if one.unit else ""
    told = [_("Higher is better.") if one.direction is Direction.HIGHER_IS_BETTER else _("Lower is better.")]
    told += trajectory_sentences(trajectory) if trajectory.measure.is_judged else []
    if not trajectory.points:
        told.append(_("No numbers have been entered yet."))
    key = f"external-{one.id.hex[:8]}"
    drawn = [
        ChartPoint(point.on, point.score, f"{one.name}, {day(point.on)}: {points(point.score)}{unit}")
        for point in trajectory.points
    ]
    line = ChartLine(
        key=key,
        label=one.name,
        short_label=one.name,
        latest=f"{points(drawn[-1].value)}{unit}" if drawn else "",
        style=style_of(one.rater_role),
        segments=segments(trajectory, drawn),
    )
    start, end = time_span(seen)
    axis = axis_of(trajectory.measure)
    model = ChartModel(
        key=key,
        title=f"{one.name}, {axis.title}",
        description=describe([line]),
        start=start,
        end=end,
        axis=axis,
        date_ticks=date_ticks(start, end),
        lines=(line,),
    )
    rows = [
        TableRow(day(point.on), one.name, sample_of(line.style), f"{points(point.value)}{unit}", "")
        for point in reversed(drawn)
    ]
    url = link_if("progress.external_value", case_id=seen.case.id, series_id=one.id)
    graph = _graph(model, above) if drawn else None
    return Panel(key, f"{one.name}{f' ({one.unit})' if one.unit else ''}", graph, tuple(told), rows, url)


def items_of(series: Iterable[SeriesFacts], catalogue: Catalogue) -> dict[str, str]:
    """Which item holds each series' area."""
    found = {}
    for one in series:
        instrument = catalogue.get(one.instrument_id, one.instrument_version)
        found[one.key] = next(item.id for item in instrument.items if item.area == one.area)
    return found


def _items_of_goal(goal: GoalFacts, catalogue: Catalogue) -> dict[str, str]:
    """Which item of each series' form stands for the goal: the one of its number."""
    return {
        one.key: catalogue.get(one.instrument_id, one.instrument_version).items[goal.number - 1].id
        for one in goal.series
    }


def _graph(model: ChartModel, above: ChartModel | None) -> Graph:
    return graph_of(model, panel_of=above or model)
