"""The closing page in words that can go home with the family."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from fitsvc.config import Config
from fitsvc.domain.law import MeasureType
from fitsvc.domain.reliable_change import ChangeClass
from fitsvc.domain.report_lines import Rater
from fitsvc.services.after_end import AskedAfter
from fitsvc.services.case_facts import CaseTrajectories, GoalFacts
from fitsvc.services.endings import EndingFacts, FirstAndLast
from fitsvc.web.documents.words import capital, rater_words, spoken
from fitsvc.web.form_pages import CaseHead, case_url
from fitsvc.web.question_words import points_words
from fitsvc.web.rating_form.information import CHILD_HELPLINE, EMERGENCY
from fitsvc.web.templates import day, points
from fitsvc.web.words import MEASURE_TYPES, rater_name


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """`change` says how far and whether it is more than chance; `areas` are numbers only."""

    name: str
    first: str
    first_on: str
    last: str
    last_on: str
    change: str
    areas: tuple[tuple[str, str, str], ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoalRow:
    text: str
    said: str
    is_reached: bool


@dataclass(frozen=True, slots=True)
class ChanceBox:
    """One box to tick: `value` is what the form sends."""

    value: str
    months: str
    ask_on: str
    is_planned: bool
    is_fixed: bool
    note: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    name: str
    boxes: tuple[ChanceBox, ...]


@dataclass(frozen=True, slots=True)
class EndingPage:
    case: CaseHead
    meeting_id: UUID
    about: str
    has_ended: bool
    end_episode_id: UUID | None
    scale: str
    voices: tuple[VoiceRow, ...]
    goals: tuple[GoalRow, ...]
    helped: str
    if_harder: str
    call: tuple[tuple[str, str], ...]
    asked_after: tuple[AskedRow, ...]
    has_running_plans: bool


def ending_page(
    ending: EndingFacts,
    facts: CaseTrajectories,
    offered: tuple[AskedAfter, ...],
    *,
    meeting_id: UUID,
    areas: Mapping[str, str],
    config: Config,
) -> EndingPage:
    case = facts.case
    return EndingPage(
        case=CaseHead(
            case.id, case.display_name, case.reference, case_url(case.id), case.closed_on is not None
        ),
        meeting_id=meeting_id,
        about=_about(ending),
        has_ended=ending.has_ended,
        end_episode_id=ending.episode.id if ending.episode.ended_on is None else None,
        scale=_scale(ending),
        voices=tuple(_voice(one, areas, case.age_years) for one in ending.voices),
        goals=tuple(_goal(one) for one in ending.goals),
        helped=ending.helped.text,
        if_harder=ending.if_harder.text,
        call=_numbers(config),
        asked_after=tuple(_asked(one) for one in offered),
        has_running_plans=any(plan.is_active for plan in facts.plans),
    )


def _about(ending: EndingFacts) -> str:
    episode = ending.episode
    known = {one.value for one in MeasureType}
    code = episode.measure_type
    measure = str(MEASURE_TYPES[MeasureType(code)]) if code in known else code
    if episode.ended_on is None:
        return _("%(measure)s since %(day)s", measure=measure, day=day(episode.started_on, "d. MMMM yyyy"))
    return _(
        "%(measure)s from %(first)s to %(last)s",
        measure=measure,
        first=day(episode.started_on, "d. MMMM yyyy"),
        last=day(episode.ended_on, "d. MMMM yyyy"),
    )


def _scale(ending: EndingFacts) -> str:
    """The range of the numbers; "" where the raters' forms have several, and no one sentence fits."""
    ranges = {(one.measure.minimum, one.measure.maximum, one.measure.sign) for one in ending.voices}
    if len(ranges) != 1:
        return ""
    ((low, high, sign),) = ranges
    return _(
        "On a scale from %(low)s to %(high)s, where %(best)s is best. Each sees it from their own place.",
        low=points(low),
        high=points(high),
        best=points(high if sign > 0 else low),
    )


def _voice(one: FirstAndLast, areas: Mapping[str, str], age_years: int) -> VoiceRow:
    return VoiceRow(
        name=_name(one.rater, age_years),
        first=points(one.first.score),
        first_on=_month(one.first.on),
        last=points(one.last.score) if one.last else "",
        last_on=_month(one.last.on) if one.last else "",
        change=change_sentence(one),
        areas=tuple((areas.get(area, area), points(first), points(last)) for area, first, last in one.areas),
        after=tuple(
            _("%(score)s on %(day)s", score=points(point.score), day=day(point.on, "d. MMMM yyyy"))
            for point in one.after
        ),
    )


def _name(rater: Rater, age_years: int) -> str:
    """The whole setting where it tells two apart: here is room for it."""
    return rater_words(rater) if rater.setting and not rater.is_only else capital(spoken(rater, age_years))


def _month(on: date) -> str:
    return day(on, "MMM yyyy")


def change_sentence(one: FirstAndLast) -> str:
    """How far it moved, and whether that is more than chance; a lower number is said plainly and without blame."""
    if one.change is None:
        return _("One rating only, so nothing can be said about change.")
    if round(abs(one.change), 1) == 0:
        return _("The same as at the start.")
    size = points_words(one.change)
    moved = (
        _("%(points)s higher than at the start.", points=size)
        if one.change > 0
        else _("%(points)s lower than at the start.", points=size)
    )
    meaning = {
        ChangeClass.IMPROVED: _("That is more than chance."),
        ChangeClass.RECOVERED: _("That is more than chance."),
        ChangeClass.DETERIORATED: _("That is more than chance, and worth taking along to what comes next."),
        ChangeClass.UNCHANGED: _("A difference of that size may be chance."),
    }
    return " ".join(part for part in (moved, meaning.get(one.change_class, "")) if part)


def _goal(goal: GoalFacts) -> GoalRow:
    newest = max(
        (latest for series in goal.series if (latest := series.trajectory.latest) is not None),
        key=lambda point: point.on,
        default=None,
    )
    numbers = _("from %(start)s", start=points(goal.start_value))
    if newest is not None:
        numbers = _("from %(start)s to %(now)s", start=points(goal.start_value), now=points(newest.score))
    target = _("the aim was %(target)s", target=points(goal.target_value))
    if goal.reached:
        return GoalRow(goal.text, _("Reached: %(numbers)s", numbers=f"{numbers} ({target})"), True)
    return GoalRow(goal.text, _("On the way: %(numbers)s", numbers=f"{numbers} ({target})"), False)


def _numbers(config: Config) -> tuple[tuple[str, str], ...]:
    """Whom to call, nearest first."""
    kommune = ((_("The kommune"), config.kommune_phone),) if config.kommune_phone else ()
    return (
        *kommune,
        (_("The children's helpline, for children and young people"), CHILD_HELPLINE),
        (_("If somebody is in danger"), EMERGENCY),
    )


def _asked(one: AskedAfter) -> AskedRow:
    return AskedRow(
        rater_name(one.rater_role, one.setting),
        tuple(
            ChanceBox(
                value=tick_value(one.respondent_id, chance.months),
                months=ngettext("%(num)d month after", "%(num)d months after", chance.months),
                ask_on=day(chance.ask_on),
                is_planned=chance.is_planned,
                is_fixed=chance.is_asked or (chance.is_over and not chance.is_planned),
                note=_("has been asked")
                if chance.is_asked
                else _("the day has gone by")
                if chance.is_over and not chance.is_planned
                else "",
            )
            for chance in one.chances
        ),
    )


def tick_value(respondent_id: UUID, months: int) -> str:
    return f"{respondent_id}:{months}"
