"""The case page put together: everything in words, nothing left to decide in the template."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from fitsvc.charts.model import ChartModel
from fitsvc.domain.catalogue import Catalogue
from fitsvc.services.case_facts import CaseTrajectories, SeriesFacts
from fitsvc.web.agenda_words import area_names
from fitsvc.web.cases.around import (
    DocumentationRow,
    Fact,
    Happening,
    discrepancy_questions,
    documentation_rows,
    facts_of,
    happenings_of,
    words_of_respondents,
)
from fitsvc.web.cases.choice import Choice, query_of, read_choice
from fitsvc.web.cases.follow_up import CaseFollowUp, FollowUpNote, notes_of
from fitsvc.web.cases.graphs import Graph, graph_of
from fitsvc.web.cases.links import link_if
from fitsvc.web.cases.next_steps import StepRow, step_rows
from fitsvc.web.cases.panels import (
    Panel,
    Talk,
    external_panels,
    goal_panels,
    items_of,
    other_panels,
    session_panel,
    talks_of,
)
from fitsvc.web.cases.series_cards import SeriesCard, TableRow, cards_of, rows_of
from fitsvc.web.curves import Voice, curve_of, listed, voices


@dataclass(frozen=True, slots=True)
class AreaTab:
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done from here; `is_main` stands as a button, the rest in the menu."""

    name: str
    url: str
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class CasePage:
    name: str
    lead: str
    is_closed: bool
    session_url: str | None
    asking: list[SeriesCard]
    follow_up: list[FollowUpNote]
    facts: list[Fact]
    actions: list[Action]
    tabs: list[AreaTab]
    area_name: str
    graphs: list[Graph]
    has_courses: bool
    hidden_query: list[tuple[str, str]]
    rows: list[TableRow]
    value_heading: str
    cards: tuple[SeriesCard, ...]
    ending: str
    questions: list[str]
    goals: list[Panel]
    goals_url: str | None
    others: list[Panel]
    externals: list[Panel]
    external_url: str | None
    sessions: Panel | None
    talks: list[Talk]
    comments: list[tuple[str, str, str]]
    happenings: list[Happening]
    next_steps: list[StepRow]
    event_url: str | None
    documentation: list[DocumentationRow]
    respondents_url: str | None
    unknown: str
    first_steps: list[Action]


def case_page(
    seen: CaseTrajectories,
    catalogue: Catalogue,
    language: str,
    args: MultiDict[str, str],
    *,
    beside: CaseFollowUp,
    running_session: UUID | None = None,
) -> CasePage:
    """The whole page from what was composed and what the address asks for."""
    named = voices(seen.respondents)
    areas = area_names(seen, catalogue, language)
    choice = read_choice(args, seen.totals, areas)
    drawn = (
        seen.totals if choice.area is None else tuple(one for one in seen.areas if one.area == choice.area)
    )
    models = _models(seen, drawn, choice, areas)
    above = models[0] if models else None
    case_id = seen.case.id
    graphs = [graph_of(model) for model in models]
    cards = cards_of(seen, named, catalogue, language)
    return CasePage(
        name=seen.case.display_name,
        lead=_lead(seen),
        is_closed=seen.case.closed_on is not None,
        session_url=link_if("care_sessions.show", case_id=case_id, session_id=running_session)
        if running_session
        else None,
        asking=[card for card in cards if card.asks_next_step],
        follow_up=notes_of(seen, beside),
        facts=facts_of(seen, beside),
        actions=_actions(seen, calls=seen.sessions is not None),
        tabs=_tabs(seen, choice, areas),
        area_name=areas.get(choice.area or "", ""),
        graphs=graphs,
        has_courses=any(line.has_course for graph in graphs for line in graph.lines),
        hidden_query=[("area", choice.area)] if choice.area else [],
        rows=rows_of(drawn, named, items_of(drawn, catalogue) if choice.area else {}),
        value_heading=areas[choice.area] if choice.area else _("Score"),
        cards=cards,
        ending=_ending(seen, named),
        questions=discrepancy_questions(seen, named, areas),
        goals=goal_panels(seen, named, above, catalogue),
        goals_url=link_if("progress.goals", case_id=case_id),
        others=other_panels(seen, named, above, catalogue),
        externals=external_panels(seen, above),
        external_url=link_if("progress.add_external_series", case_id=case_id),
        sessions=session_panel(seen, named, above),
        talks=talks_of(seen, named, catalogue, language),
        comments=words_of_respondents(seen, named),
        happenings=happenings_of(seen),
        next_steps=step_rows(seen, named),
        event_url=link_if("progress.event", case_id=case_id),
        documentation=documentation_rows(seen, named, catalogue, language),
        respondents_url=link_if("respondents.add", case_id=case_id),
        unknown=listed(list(seen.unknown_instruments)) if seen.unknown_instruments else "",
        first_steps=_first_steps(seen),
    )


def _models(
    seen: CaseTrajectories, drawn: tuple[SeriesFacts, ...], choice: Choice, areas: Mapping[str, str]
) -> list[ChartModel]:
    """One graph for each range of scores; the own forms' 0–10 first. None without a single rating."""
    if not any(series.points for series in drawn):
        return []
    ranges: dict[tuple[float, float], list[SeriesFacts]] = {}
    for series in drawn:
        measure = series.trajectory.measure
        ranges.setdefault((measure.minimum, measure.maximum), []).append(series)
    title = areas[choice.area] if choice.area else _("Wellbeing")
    return [
        curve_of(
            seen,
            series,
            key=f"curve-{place}",
            title=title,
            selected=choice.selected if choice.area is None else None,
            shown=choice.shown,
        )
        for place, (_range, series) in enumerate(
            sorted(ranges.items(), key=lambda item: (item[0] != (0, 10), item[0]))
        )
    ]


def _lead(seen: CaseTrajectories) -> str:
    return _(
        "%(reference)s, %(age)s",
        reference=seen.case.reference,
        age=ngettext("%(num)d year old", "%(num)d years old", seen.case.age_years),
    )


def _tabs(seen: CaseTrajectories, choice: Choice, areas: Mapping[str, str]) -> list[AreaTab]:
    keys = [series.key for series in seen.totals]

    def url(area: str | None) -> str:
        query = query_of(choice, keys, area=area)
        return url_for("cases.show", case_id=seen.case.id, _anchor="curve", **query)  # type: ignore[arg-type]

    return [AreaTab(_("Total"), url(None), choice.area is None)] + [
        AreaTab(name, url(area), choice.area == area) for area, name in areas.items()
    ]


def _actions(seen: CaseTrajectories, *, calls: bool) -> list[Action]:
    """What this reader may do from here, the most frequent first. A closed case can be read and printed.

    `calls`: the reader is the practitioner, who calls a meeting where the caseworker plans one.
    """
    case_id = seen.case.id
    wanted: list[tuple[str, str, dict[str, UUID], bool]] = []
    if seen.case.closed_on is None:
        wanted += [
            ("care_sessions.start", _("Start a session"), {}, True),
            ("respondents.list_all", _("Respondents and links"), {}, False),
            ("respondents.add", _("Add a respondent"), {}, False),
            (
                "meetings.plan",
                _("Call a follow-up meeting") if calls else _("Plan a follow-up meeting"),
                {},
                calls,
            ),
            ("expectations.agree", _("Agree an expectation"), {}, False),
            ("progress.goals", _("Goals"), {}, False),
            ("progress.event", _("Record an event"), {}, False),
            ("progress.add_external_series", _("Add numbers from elsewhere"), {}, False),
            ("episodes.start", _("Start a measure"), {}, False),
        ]
        if seen.episode is not None and seen.episode.ended_on is None:
            wanted.append(("episodes.end", _("End the measure"), {"episode_id": seen.episode.id}, False))
        wanted.append(("episodes.close_case", _("Close the case"), {}, False))
    else:
        wanted.append(("retention.case", _("The journal's copy and deletion"), {}, False))
    wanted.append(("protection.show", _("Protected case"), {}, False))
    wanted.append(("access_request.show", _("Access request"), {}, False))
    if seen.episode is not None and seen.episode.ended_on is not None:
        held = [one for one in seen.meetings if one.held_on is not None and one.episode_id == seen.episode.id]
        if held:
            last = max(held, key=lambda one: one.on)
            wanted.append(("ending.show", _("Ending well"), {"meeting_id": last.id}, False))
    wanted.insert(0, ("report.show", _("Page for the meeting"), {}, True))
    links = [
        (name, link_if(endpoint, case_id=case_id, **more), main) for endpoint, name, more, main in wanted
    ]
    return [Action(name, url, main) for name, url, main in links if url is not None]


def _first_steps(seen: CaseTrajectories) -> list[Action]:
    """What leads to a first rating, in the order it is done."""
    if seen.case.closed_on is not None:
        return []
    wanted = [] if seen.episode else [("episodes.start", _("Start a measure"))]
    wanted.append(("respondents.add", _("Add a respondent")))
    if seen.respondents:
        wanted.append(("respondents.list_all", _("Send a link")))
        wanted.append(("care_sessions.start", _("Start a session")))
    links = [(name, link_if(endpoint, case_id=seen.case.id)) for endpoint, name in wanted]
    return [Action(name, url) for name, url in links if url is not None]


def _ending(seen: CaseTrajectories, named: Mapping[UUID, Voice]) -> str:
    """The good news in words, with the voices that are missing in the same breath; "" when it is not time."""
    if seen.ready_to_end is None:
        return ""
    by_key = {series.key: series for series in seen.totals}
    reached = listed([named[by_key[key].respondent_id].name for key in seen.ready_to_end.reached])
    told = _(
        "%(raters)s: the agreed target was reached twice in a row, and nobody else is below expected. It may be time "
        "to talk about ending.",
        raters=reached,
    )
    if seen.ready_to_end.missing:
        missing = listed([named[by_key[key].respondent_id].name for key in seen.ready_to_end.missing])
        told += " " + _("These voices are missing: %(raters)s.", raters=missing)
    return told
