"""A chart model made ready for the page: both drawings, and the list of its lines."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from fitsvc.charts.model import ChartModel
from fitsvc.charts.palette import LineStyle
from fitsvc.charts.plotly_figure import plotly_figure
from fitsvc.charts.shapes import marker_shape
from fitsvc.charts.svg import PHONE, SCREEN, draw_svg, frame_of

WIDE, WIDE_PANEL = (1000.0, 430.0), (1000.0, 210.0)
NARROW, NARROW_PANEL = (350.0, 370.0), (350.0, 230.0)


@dataclass(frozen=True, slots=True)
class LineKey:
    """One line in the list beside a graph: how it looks, whether it is drawn, whether it has an expected course."""

    key: str
    name: str
    sample: Markup
    is_shown: bool
    is_selected: bool
    has_course: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """`figure` is what plotly.js draws; None for the small panels, which stay as they are."""

    key: str
    title: str
    wide: Markup
    narrow: Markup
    figure: dict[str, Any] | None
    lines: tuple[LineKey, ...]
    course_label: str
    has_agreed: bool


def graph_of(model: ChartModel, *, panel_of: ChartModel | None = None) -> Graph:
    """Draw a model for wide and narrow screens. A panel keeps the margins of the graph above it (`panel_of`)."""
    wide, narrow = (WIDE, NARROW) if panel_of is None else (WIDE_PANEL, NARROW_PANEL)
    with_course = {course.key for course in model.courses}
    return Graph(
        key=model.key,
        title=model.title,
        wide=_drawing(model, wide, panel_of, is_wide=True),
        narrow=_drawing(model, narrow, panel_of, is_wide=False),
        figure=plotly_figure(model) if panel_of is None else None,
        lines=tuple(
            LineKey(
                key=line.key,
                name=line.label,
                sample=sample_of(line.style),
                is_shown=line.is_shown,
                is_selected=line.key == model.selected,
                has_course=line.key in with_course,
                is_current=line.is_current,
            )
            for line in model.lines
        ),
        course_label=model.course.label if model.course else "",
        has_agreed=bool(model.shown_agreed),
    )


def sample_of(style: LineStyle) -> Markup:
    """A short piece of a line with its marker, for lists and tables."""
    dash = f' stroke-dasharray="{style.dash.replace("px", "")}"' if style.dash else ""
    marker = marker_shape(style.marker.value, 20, 8, 4.5, style.colour, hollow=style.is_hollow)
    return Markup(  # noqa: S704 (numbers and fixed words only)
        f'<svg class="line-sample" viewBox="0 0 40 16" width="40" height="16" aria-hidden="true">'
        f'<path d="M1 8H39" stroke="{style.colour}" stroke-width="{style.width:g}"{dash}/>{marker}</svg>'
    )


def _drawing(
    model: ChartModel, size: tuple[float, float], panel_of: ChartModel | None, *, is_wide: bool
) -> Markup:
    style = SCREEN if is_wide else PHONE
    sides = None
    if panel_of is not None:
        above = frame_of(panel_of, *size, style)
        sides = (above.left, above.right)
    drawn = draw_svg(model, *size, style=style, key=f"{model.key}-{'w' if is_wide else 'n'}", sides=sides)
    return Markup(drawn)  # noqa: S704 (draw_svg escapes every word)
