"""A case's series as chart models: words, looks and the common time axis, for every page that shows curves."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, log10
from uuid import UUID

from babel.lists import format_list
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _

from fitsvc.charts.model import (
    AgreedLine,
    Axis,
    ChartLevel,
    ChartLine,
    ChartMark,
    ChartModel,
    ChartPoint,
    DateTick,
    MarkKind,
    date_span,
    expected_course,
    month_starts,
    segments,
)
from fitsvc.charts.palette import LineStyle, style_of
from fitsvc.domain.measure import Measure
from fitsvc.domain.rater import RaterRole
from fitsvc.services.case_facts import CaseTrajectories, ExpectationFacts, RespondentFacts, SeriesFacts
from fitsvc.storage.expectations import ExpectationKind
from fitsvc.web.templates import day, points
from fitsvc.web.words import RATER_ROLES, rater_name

LOOK_AHEAD = timedelta(days=120)
"""How far the time axis reaches for a meeting or an expectation that is still to come."""

EVENT_LABEL = 18
"""Characters of an event on the graph; the whole text stands in the list under it."""


SHORT_NAME = 9
"""Characters of a role that is numbered, at the line's end on a phone: the number must have room."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How one respondent is named and drawn on every graph of a case."""

    name: str
    short_name: str
    style: LineStyle


def voices(respondents: Sequence[RespondentFacts]) -> dict[UUID, Voice]:
    """Names that tell respondents apart: role and setting, with a number where that is not enough."""
    of_role = Counter(one.rater_role for one in respondents)
    names = Counter((one.rater_role, one.setting) for one in respondents)
    seen: Counter[RaterRole] = Counter()
    found = {}
    for one in respondents:
        seen[one.rater_role] += 1
        number = seen[one.rater_role]
        role = short = str(RATER_ROLES[one.rater_role])
        if of_role[one.rater_role] > 1:
            role = f"{role} {number}"
            short = f"{short if len(short) <= SHORT_NAME else short[: SHORT_NAME - 1] + '.'} {number}"
        name = rater_name(one.rater_role, one.setting)
        if names[one.rater_role, one.setting] > 1:
            name = f"{role} ({one.setting})" if one.setting else role
        found[one.id] = Voice(name, short, style_of(one.rater_role, number - 1))
    return found


def time_span(seen: CaseTrajectories) -> tuple[date, date]:
    """The time axis all graphs of a case share: every rating and number, today, and what is soon to come."""
    days = [
        point.on
        for series in (*seen.totals, *seen.others, *(one.series for one in seen.sessions or ()))
        for point in series.points
    ]
    days += [point.on for one in seen.externals for point in one.trajectory.points]
    days += [point.on for goal in seen.goals for one in goal.series for point in one.trajectory.points]
    if seen.episode:
        days.append(seen.episode.started_on)
    coming = [one.line.due for series in seen.totals for one in series.expectations if one.is_latest]
    coming += [seen.next_meeting.planned_on] if seen.next_meeting else []
    return date_span(days + [one for one in coming if one <= seen.today + LOOK_AHEAD], seen.today)


def axis_of(measure: Measure, *, is_reversed: bool = False) -> Axis:
    """The value axis of a measure, with its direction in words."""
    low, high = points(measure.minimum), points(measure.maximum)
    if measure.sign > 0:
        title = _("%(low)s–%(high)s, higher is better", low=low, high=high)
    else:
        title = _("%(low)s–%(high)s, lower is better", low=low, high=high)
    return Axis(measure.minimum, measure.maximum, ticks(measure.minimum, measure.maximum), title, is_reversed)


def ticks(minimum: float, maximum: float) -> tuple[float, ...]:
    """About five round numbers over a range, both ends among them where they are round."""
    span = maximum - minimum
    size = 10 ** (ceil(log10(span)) - 1)
    step = next(size * factor for factor in (0.5, 1, 2, 5, 10) if span / (size * factor) <= 6)
    first = ceil(minimum / step)
    return tuple(round(number * step, 6) for number in range(first, int(maximum / step + 1e-9) + 1))


def line_of(
    series: SeriesFacts,
    voice: Voice,
    *,
    is_shown: bool = True,
    start: date,
) -> ChartLine:
    """One series as a line; answers that did not come stand on the axis."""
    withheld = {point.on for point in series.points if point.withheld}
    drawn = [
        ChartPoint(
            point.on,
            point.score,
            _(
                "%(rater)s, %(day)s: %(value)s",
                rater=voice.name,
                day=day(point.on),
                value=points(point.score),
            )
            + (_(" (not to the meeting)") if point.on in withheld else ""),
        )
        for point in series.trajectory.points
    ]
    measure = series.trajectory.measure
    return ChartLine(
        key=series.key,
        label=voice.name,
        short_label=voice.short_name,
        latest=points(drawn[-1].value) if drawn else "",
        style=voice.style,
        segments=segments(series.trajectory, drawn),
        missed=tuple(
            ChartPoint(
                one,
                measure.minimum,
                _("%(rater)s: no answer to the form due %(day)s", rater=voice.name, day=day(one)),
            )
            for one in series.missed
            if one >= start
        ),
        is_shown=is_shown,
        is_current=series.is_current,
    )


def curve_of(
    seen: CaseTrajectories,
    series: Sequence[SeriesFacts],
    *,
    key: str,
    title: str,
    selected: str | None = None,
    shown: Collection[str] | None = None,
    levels: Sequence[ChartLevel] = (),
    is_reversed: bool = False,
    with_marks: bool = True,
) -> ChartModel:
    """Series of one scale on one graph. `shown`: keys of the lines to draw, None for all of them."""
    named = voices(seen.respondents)
    start, end = time_span(seen)
    axis = axis_of(series[0].trajectory.measure, is_reversed=is_reversed)
    lines = tuple(
        line_of(one, named[one.respondent_id], is_shown=shown is None or one.key in shown, start=start)
        for one in series
    )
    courses = [
        expected_course(
            one.trajectory,
            key=one.key,
            label=_(
                "Assumed course for %(rater)s with its 68 and 80 per cent bands, not a norm",
                rater=named[one.respondent_id].name,
            ),
            until=end,
            axis=axis,
        )
        for one in series
        if one.is_current
    ]
    return ChartModel(
        key=key,
        title=f"{title}, {axis.title}",
        description=describe(lines),
        start=start,
        end=end,
        axis=axis,
        date_ticks=date_ticks(start, end),
        lines=lines,
        courses=tuple(course for course in courses if course is not None),
        selected=selected,
        agreed=tuple(
            agreed_line(one, expectation, named[one.respondent_id])
            for one in series
            for expectation in one.expectations
            if expectation.is_latest and expectation.line.due <= end
        ),
        marks=marks_of(seen, series, start, end) if with_marks else (),
        levels=tuple(levels),
    )


def agreed_line(series: SeriesFacts, expectation: ExpectationFacts, voice: Voice) -> AgreedLine:
    """An agreed expectation with its source in words."""
    line = expectation.line
    target = {
        "rater": voice.name,
        "score": points(line.score),
        "day": day(line.due),
        "meeting": day(expectation.meeting_on),
    }
    if expectation.kind is ExpectationKind.OWN:
        words = _("%(rater)s expects %(score)s by %(day)s", **target)
        label = _("own expectation %(score)s", score=points(line.score))
    elif expectation.meeting_on is None:
        words = _("Agreed expectation for %(rater)s: %(score)s by %(day)s", **target)
        label = _("agreed %(score)s", score=points(line.score))
    else:
        words = _("Agreed at the meeting on %(meeting)s for %(rater)s: %(score)s by %(day)s", **target)
        label = _("agreed %(score)s", score=points(line.score))
    return AgreedLine(
        key=series.key,
        label=label,
        style=voice.style,
        start=ChartPoint(line.start, line.start_score, words),
        end=ChartPoint(line.due, line.score, words),
    )


def marks_of(
    seen: CaseTrajectories, series: Iterable[SeriesFacts], start: date, end: date
) -> tuple[ChartMark, ...]:
    """Episode starts, meetings, events and changes of form within the time axis, oldest first."""
    found = [
        ChartMark(
            one.started_on,
            MarkKind.EPISODE_START,
            _("measure starts"),
            _("A measure starts, %(day)s", day=day(one.started_on)),
        )
        for one in seen.episodes
    ]
    for meeting in seen.meetings:
        on, short = day(meeting.on), day(meeting.on, "d. MMM")
        if meeting.held_on is not None:
            words = _("Follow-up meeting held, %(day)s", day=on)
            found.append(ChartMark(meeting.on, MarkKind.MEETING_HELD, _("meeting %(day)s", day=short), words))
        else:
            words = _("Follow-up meeting planned, %(day)s", day=on)
            label = _("next meeting %(day)s", day=short) if meeting == seen.next_meeting else short
            found.append(ChartMark(meeting.on, MarkKind.MEETING_PLANNED, label, words))
    for event in seen.events:
        text = event.text if len(event.text) <= EVENT_LABEL else event.text[: EVENT_LABEL - 1].rstrip() + "…"
        found.append(ChartMark(event.on, MarkKind.EVENT, text, f"{day(event.on)}: {event.text}"))
    for one in series:
        if one.follows_key is not None and one.points:
            first = one.points[0].on
            words = _("A new form, and with it a new curve, from %(day)s", day=day(first))
            found.append(ChartMark(first, MarkKind.NEW_FORM, _("new form"), words))
    return tuple(
        sorted((mark for mark in found if start <= mark.on <= end), key=lambda mark: (mark.on, mark.kind))
    )


def date_ticks(start: date, end: date) -> tuple[DateTick, ...]:
    """Months; which of them are drawn, and which tell the year, is a matter of room (`charts.layout`)."""
    return tuple(
        DateTick(one, format_date(one, "MMM"), format_date(one, "MMM yyyy"))
        for one in month_starts(start, end)
    )


def describe(lines: Iterable[ChartLine]) -> str:
    """The graph in one sentence per line, for who does not see it."""
    told = []
    for line in lines:
        ends = line.points
        if not ends:
            told.append(_("%(rater)s: no score yet.", rater=line.label))
        elif len(ends) == 1:
            told.append(f"{ends[0].words}.")
        else:
            told.append(
                ngettext(
                    "%(rater)s: %(num)d score, from %(first)s to %(last)s.",
                    "%(rater)s: %(num)d scores, from %(first)s to %(last)s.",
                    len(ends),
                    rater=line.label,
                    first=points(ends[0].value),
                    last=points(ends[-1].value),
                )
            )
    return " ".join(told)


def listed(words: Iterable[str]) -> str:
    """ "a, b og c", as the reader's language writes it."""
    return format_list(list(words), locale=get_locale())
