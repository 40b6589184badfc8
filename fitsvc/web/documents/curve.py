"""The two curves of the report: the child's own, large and first, then everybody else's on the same time axis."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup, escape

from fitsvc.charts.model import BandPoint, ChartModel, MarkKind
from fitsvc.charts.palette import LineStyle
from fitsvc.charts.shapes import marker_shape
from fitsvc.charts.svg import SvgStyle, draw_svg
from fitsvc.domain.meeting_report import PAGE_LINES
from fitsvc.services.case_facts import CaseTrajectories, SeriesFacts
from fitsvc.services.meeting_reports import ComposedReport
from fitsvc.storage.expectations import ExpectationKind
from fitsvc.web.curves import curve_of, voices
from fitsvc.web.documents.words import cut, spoken
from fitsvc.web.templates import day

WIDTH = 703
"""Pixels: 186 mm, the paper's width within its margins, so that one drawn pixel is one printed one."""
FIRST_HEIGHT = 206
REST_HEIGHT = 186
LINE_PIXELS = 17.0
MOST_SPARE_LINES = 17.0
LABEL_ROOM = 26
PAPER = SvgStyle(font=13.5, marker=4.6)


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    on: date
    value: float


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line as it is on the paper: its name there, its points, the days without an answer."""

    name: str
    points: tuple[DrawnPoint, ...]
    missed: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class DrawnMark:
    on: date
    label: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything on one curve, in numbers: what `svg` shows. `agreed` are lines of two points."""

    start: date
    end: date
    lines: tuple[DrawnLine, ...]
    band: tuple[BandPoint, ...]
    agreed: tuple[DrawnLine, ...]
    marks: tuple[DrawnMark, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """`agreed` names where the rings come from; "" when there are none."""

    heading: str
    svg: Markup
    drawn: Drawn
    has_band: bool
    has_missed: bool
    agreed: str


@dataclass(frozen=True, slots=True)
class Curves:
    """`rest` is None when nobody else has a score; `first` when nobody has. `styles` by series key."""

    first: Curve | None
    rest: Curve | None
    styles: dict[str, LineStyle]
    other_scales: bool


def draw_curves(composed: ComposedReport) -> Curves:
    """Whatever height the text under them leaves goes to the curves."""
    facts = composed.facts
    drawn = [series for series in facts.totals if series.trajectory.points]
    named = voices(facts.respondents)
    styles = {series.key: named[series.respondent_id].style for series in drawn}
    if not drawn:
        return Curves(None, None, styles, other_scales=False)
    same_scale = [one for one in drawn if _scale(one) == _scale(drawn[0])]
    first = [one for one in same_scale if _is_first(one, drawn[0])]
    rest = [one for one in same_scale if one not in first]
    spare = min(max(PAGE_LINES - composed.report.height, 0), MOST_SPARE_LINES) * LINE_PIXELS
    first_height = FIRST_HEIGHT + spare * (0.5 if rest else 1.0)
    whose = spoken(composed.raters[drawn[0].respondent_id], composed.report.age_years)
    heading = _("How %(rater)s sees it", rater=whose)
    current = next((one.key for one in reversed(first) if one.is_current), first[-1].key)
    return Curves(
        first=_curve(facts, same_scale, first, "first", heading, first_height, current),
        rest=_curve(
            facts, same_scale, rest, "rest", _("How the others see it"), REST_HEIGHT + spare * 0.5, None
        )
        if rest
        else None,
        styles=styles,
        other_scales=len(same_scale) < len(drawn),
    )


def swatch(style: LineStyle, name: str) -> Markup:
    """A little piece of a rater's line, so that the table can be read with the curve, in grey too.

    Named, because a tagged PDF wants words for every picture; screen readers on the page pass it by.
    """
    dash = f' stroke-dasharray="{style.dash.replace("px", "")}"' if style.dash else ""
    return Markup(  # noqa: S704 (made of numbers and fixed words only)
        '<svg class="swatch" width="34" height="12" viewBox="0 0 34 12" aria-hidden="true">'
        f"<title>{escape(name)}</title>"
        f'<line x1="1" y1="6" x2="33" y2="6" stroke="{style.colour}" stroke-width="{style.width:g}"{dash}/>'
        f"{marker_shape(style.marker.value, 17, 6, 4.2, style.colour, hollow=style.is_hollow)}</svg>"
    )


def _is_first(series: SeriesFacts, first: SeriesFacts) -> bool:
    """The child's series, on every form it has had; where the child does not rate, the first other voice's."""
    return series.respondent_id == first.respondent_id


def _scale(series: SeriesFacts) -> tuple[float, float, int]:
    measure = series.trajectory.measure
    return measure.minimum, measure.maximum, measure.sign


def _curve(
    facts: CaseTrajectories,
    series: Sequence[SeriesFacts],
    shown: Sequence[SeriesFacts],
    key: str,
    heading: str,
    height: float,
    selected: str | None,
) -> Curve:
    """Every series is in both models, hidden or not, so that both leave the same margin and the days stand in line."""
    keys = {one.key for one in shown}
    model = curve_of(facts, series, key=key, title=heading, selected=selected, shown=keys)
    model = _for_paper(model, keys, with_labels=key == "first")
    return Curve(
        heading=heading,
        svg=Markup(draw_svg(model, WIDTH, height, style=PAPER)),  # noqa: S704 (draw_svg escapes all words)
        drawn=_drawn(model),
        has_band=model.course is not None,
        has_missed=any(line.missed for line in model.shown_lines),
        agreed=_agreed_sources(shown) if model.shown_agreed else "",
    )


def _drawn(model: ChartModel) -> Drawn:
    return Drawn(
        start=model.start,
        end=model.end,
        lines=tuple(
            DrawnLine(
                line.label,
                tuple(DrawnPoint(point.on, point.value) for point in line.points),
                tuple(point.on for point in line.missed),
            )
            for line in model.shown_lines
        ),
        band=model.course.points if model.course else (),
        agreed=tuple(
            DrawnLine(
                one.label,
                (DrawnPoint(one.start.on, one.start.value), DrawnPoint(one.end.on, one.end.value)),
                (),
            )
            for one in model.shown_agreed
        ),
        marks=tuple(DrawnMark(one.on, one.label) for one in model.marks),
    )


def _agreed_sources(shown: Sequence[SeriesFacts]) -> str:
    standing = [one for series in shown for one in series.expectations if one.is_latest]
    sources = dict.fromkeys(
        _("own expectation")
        if one.kind is ExpectationKind.OWN
        else _("agreed at the meeting on %(day)s", day=day(one.meeting_on))
        if one.meeting_on
        else _("agreed outside a meeting")
        for one in standing
    )
    return ", ".join(sources)


def _for_paper(model: ChartModel, shown: Collection[str], *, with_labels: bool) -> ChartModel:
    """Names short where the role and a number say enough, so that the margin is narrow.

    Case events stay out: their words are not for everybody at the table.
    """
    marks = tuple(
        mark if with_labels else replace(mark, label="")
        for mark in model.marks
        if mark.kind is not MarkKind.EVENT and (with_labels or mark.kind is not MarkKind.NEW_FORM)
    )
    lines = tuple(
        replace(
            line,
            label=line.short_label
            if line.label.startswith(line.short_label)
            else cut(line.label, LABEL_ROOM),
        )
        for line in model.lines
    )
    told = " ".join(point.words for line in lines if line.key in shown and (point := line.last) is not None)
    return replace(model, lines=lines, marks=marks, description=told or model.title)
