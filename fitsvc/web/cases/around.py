"""What stands around the curves in words: the case's facts, its meetings and events, its questions, its documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from fitsvc.domain.agenda import MOST_QUESTIONS
from fitsvc.domain.catalogue import Catalogue
from fitsvc.domain.law import MeasureType
from fitsvc.services.case_facts import (
    CaseTrajectories,
    DiscrepancyFacts,
    EpisodeFacts,
    RatedPoint,
    SeriesFacts,
)
from fitsvc.web.cases.follow_up import CaseFollowUp, cadence_words
from fitsvc.web.cases.links import link_if
from fitsvc.web.curves import Voice, listed
from fitsvc.web.follow_up_words import clock_words
from fitsvc.web.staff_words import TEAM_PARTS
from fitsvc.web.templates import IN_SENTENCE, day, points
from fitsvc.web.words import EVENT_KINDS, MEASURE_TYPES, RHYTHMS


@dataclass(frozen=True, slots=True)
class Fact:
    """A line in the head of the page; `url` leads to where it can be set."""

    name: str
    value: str
    url: str | None = None
    url_name: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """A meeting, an event or a start on the list under the graph. `kind` names its mark there."""

    day: str
    kind: str
    text: str
    url: str | None = None
    url_name: str = ""


@dataclass(frozen=True, slots=True)
class DocumentationRow:
    what: str
    why: str
    how_often: str
    by_whom: str


def facts_of(seen: CaseTrajectories, beside: CaseFollowUp) -> list[Fact]:
    """Measure, cadence, next meeting and team."""
    found = []
    if seen.episode is not None:
        found.append(Fact(_("Measure"), _episode(seen.episode, seen)))
        found.append(Fact(_("Follow-up"), cadence_words(seen.episode, beside)))
    if due := clock_words(seen.clock, seen.today).due:
        found.append(Fact(_("Follow-up is due"), due))
    if seen.case.closed_on is not None:
        found.append(Fact(_("Closed on"), day(seen.case.closed_on)))
    else:
        found.append(_next_meeting(seen))
    team = [f"{one.name} ({str(TEAM_PARTS[one.part]).lower()})" for one in seen.team]
    found.append(Fact(_("Team"), listed(team) if team else _("nobody is on this case today")))
    return found


def happenings_of(seen: CaseTrajectories) -> list[Happening]:
    """Newest first."""
    found = [
        (
            one.started_on,
            Happening(
                day(one.started_on),
                "episode_start",
                _("Measure starts: %(measure)s", measure=_measure_type(one.measure_type)),
            ),
        )
        for one in seen.episodes
    ]
    found += [
        (
            one.ended_on,
            Happening(
                day(one.ended_on),
                "episode_start",
                _("Measure ends: %(measure)s", measure=_measure_type(one.measure_type)),
            ),
        )
        for one in seen.episodes
        if one.ended_on is not None
    ]
    for meeting in seen.meetings:
        if meeting.held_on is not None:
            url = link_if("meeting_room.show", case_id=seen.case.id, meeting_id=meeting.id)
            row = Happening(
                day(meeting.on), "meeting_held", _("Follow-up meeting held"), url, _("What was decided")
            )
        else:
            is_over = meeting.planned_on <= seen.today
            endpoint = "meetings.hold" if is_over else "meetings.move"
            url = link_if(endpoint, case_id=seen.case.id, meeting_id=meeting.id)
            row = Happening(
                day(meeting.on),
                "meeting_planned",
                _("Follow-up meeting planned"),
                url,
                _("Record it as held") if is_over else _("Move or cancel it"),
            )
        found.append((meeting.on, row))
    found += [
        (one.on, Happening(day(one.on), "event", f"{EVENT_KINDS[one.kind]}: {one.text}"))
        for one in seen.events
    ]
    return [row for _on, row in sorted(found, key=lambda pair: pair[0], reverse=True)]


def discrepancy_questions(
    seen: CaseTrajectories, named: Mapping[UUID, Voice], areas: Mapping[str, str]
) -> list[str]:
    """The largest gaps between raters, each as a neutral question."""
    return [_question(one, named, areas) for one in seen.discrepancies[:MOST_QUESTIONS]]


def documentation_rows(
    seen: CaseTrajectories, named: Mapping[UUID, Voice], catalogue: Catalogue, language: str
) -> list[DocumentationRow]:
    """Which documentation is collected, why, how often, by whom."""
    found = []
    for plan in seen.plans:
        if not plan.is_active:
            continue
        instrument = catalogue.find(plan.instrument_id)
        found.append(
            DocumentationRow(
                what=instrument.text(language).title if instrument else plan.instrument_id,
                why=plan.purpose or _("not stated"),
                how_often=str(RHYTHMS[plan.rhythm]),
                by_whom=named[plan.respondent_id].name,
            )
        )
    found += [
        DocumentationRow(one.name, one.purpose or _("not stated"), _("when entered or imported"), _("Staff"))
        for one in seen.externals
    ]
    return found


def words_of_respondents(seen: CaseTrajectories, named: Mapping[UUID, Voice]) -> list[tuple[str, str, str]]:
    """Day, rater and comment, newest first; those of sessions only where the sessions came along."""
    every: list[SeriesFacts] = [*seen.totals, *seen.talks, *(one.series for one in seen.sessions or ())]
    found = [
        (point.on, _said_by(named[series.respondent_id].name, point), point.comment)
        for series in every
        for point in series.points
        if point.comment
    ]
    found.sort(key=lambda one: one[0], reverse=True)
    return [(day(on), rater, text) for on, rater, text in found]


def _said_by(rater: str, point: RatedPoint) -> str:
    return _("%(rater)s, not to the meeting", rater=rater) if point.withheld else rater


def _measure_type(code: str) -> str:
    known = {one.value for one in MeasureType}
    return str(MEASURE_TYPES[MeasureType(code)]) if code in known else code


def _episode(episode: EpisodeFacts, seen: CaseTrajectories) -> str:
    told = _(
        "%(measure)s at %(unit)s since %(day)s",
        measure=_measure_type(episode.measure_type),
        unit=episode.unit_name,
        day=day(episode.started_on),
    )
    if episode.ended_on is not None and episode.ended_on < seen.today:
        return told + ", " + _("ended %(day)s", day=day(episode.ended_on))
    if episode.expected_weeks is not None:
        week = (seen.today - episode.started_on).days // 7 + 1
        told += ", " + _("week %(week)s of %(weeks)s", week=week, weeks=episode.expected_weeks)
    return told


def _next_meeting(seen: CaseTrajectories) -> Fact:
    url = link_if("meetings.plan", case_id=seen.case.id)
    if seen.next_meeting is None:
        return Fact(_("Next meeting"), _("not planned"), url, _("Plan a follow-up meeting"))
    days = (seen.next_meeting.planned_on - seen.today).days
    when = day(seen.next_meeting.planned_on, "EEEE d. MMMM yyyy")
    if days < 0:
        hold = link_if("meetings.hold", case_id=seen.case.id, meeting_id=seen.next_meeting.id)
        return Fact(_("Next meeting"), _("%(day)s has passed", day=when), hold, _("Record it as held"))
    until = _("today") if days == 0 else ngettext("in %(num)d day", "in %(num)d days", days)
    move = link_if("meetings.move", case_id=seen.case.id, meeting_id=seen.next_meeting.id)
    return Fact(_("Next meeting"), f"{when} ({until})", move, _("Move or cancel it"))


def _question(one: DiscrepancyFacts, named: Mapping[UUID, Voice], areas: Mapping[str, str]) -> str:
    told = _(
        "%(area)s: %(low)s sees %(low_value)s (%(low_day)s), %(high)s sees %(high_value)s (%(high_day)s). What is "
        "different where they see it?",
        area=areas.get(one.area, one.area),
        low=named[one.low.respondent_id].name,
        low_value=points(one.low.value),
        low_day=day(one.low.on, IN_SENTENCE),
        high=named[one.high.respondent_id].name,
        high_value=points(one.high.value),
        high_day=day(one.high.on, IN_SENTENCE),
    )
    if one.change is not None and abs(one.change) >= 1:
        size = points(abs(one.change))
        told += " " + (
            _("The distance grew by %(size)s since last time.", size=size)
            if one.change > 0
            else _("The distance shrank by %(size)s since last time.", size=size)
        )
    return told
