"""The chart model as an SVG: without script, in print, in the PDF, on a small phone, and child-sized.

Only presentation attributes are used, so that a strict content security policy and WeasyPrint both take it.
"""

from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

from fitsvc.charts.layout import (
    Frame,
    fit,
    fitting_ticks,
    label_room,
    place_agreed,
    place_labels,
    place_marks,
    text_width,
)
from fitsvc.charts.model import ChartLine, ChartMark, ChartModel, ChartPoint, ExpectedCourse, MarkKind
from fitsvc.charts.palette import BAND_68, BAND_80, EXPECTED, GRID, INK, INK_SOFT, MEETING, LineStyle
from fitsvc.charts.shapes import marker_shape, missed_shape

FONT = "IBM Plex Sans, Arial, sans-serif"


ABOVE_AGREED = 14.0
"""Pixels between the end of an agreed expectation and the middle of its label."""


@dataclass(frozen=True, slots=True)
class SvgStyle:
    """How large. `font` and `marker` in pixels; `short_labels` for narrow paper; `reach` around a point that can be
    opened, half a finger.
    """

    font: float = 13
    marker: float = 4.5
    short_labels: bool = False
    reach: float = 22


SCREEN = SvgStyle()
PHONE = SvgStyle(font=12, marker=4, short_labels=True)


def frame_of(
    model: ChartModel,
    width: float,
    height: float,
    style: SvgStyle = SCREEN,
    sides: tuple[float, float] | None = None,
) -> Frame:
    """The plot area of a drawing of this size: room for numbers, dates, marks and the names at the line ends.

    `sides`: left and right edge in pixels, to stand in line with another graph.
    """
    widest = max((text_width(_number(tick), style.font) for tick in model.axis.ticks), default=0)
    right = label_room(model, short=style.short_labels, size=style.font, most=width * 0.34)
    top = style.font * (2.4 if model.marks else 0.9)
    return Frame(
        left=sides[0] if sides else widest + 12,
        right=sides[1] if sides else width - max(right, 12),
        top=top,
        bottom=height - style.font * 2.2,
        start=model.start,
        end=model.end,
        axis=model.axis,
    )


def draw_svg(
    model: ChartModel,
    width: float,
    height: float,
    *,
    style: SvgStyle = SCREEN,
    key: str = "",
    sides: tuple[float, float] | None = None,
    live: bool = False,
) -> str:
    """The whole drawing. `key` makes its ids unique when a page holds it twice; `sides` as in `frame_of`.

    `live`: what is not shown is in it too, hidden, so that a page's script can show it; points are links to what
    stands about them on the page (`#point-` and the point's key).
    """
    frame = frame_of(model, width, height, style, sides)
    style = replace(style, marker=marker_size(model, frame, style))
    name = key or model.key
    lines = model.lines if live else model.shown_lines
    places = (
        f' data-top="{_n(frame.top)}" data-bottom="{_n(frame.bottom)}" data-step="{_n(style.font * 1.25)}"'
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg" viewBox="0 0 {_n(width)} {_n(height)}" '
        f'width="{_n(width)}" height="{_n(height)}" role="{"group" if live else "img"}" '
        f'aria-labelledby="{name}-t {name}-d" '
        f'font-family="{FONT}" font-size="{_n(style.font)}" fill="{INK}"{places if live else ""}>',
        f'<title id="{name}-t">{escape(model.title)}</title>',
        f'<desc id="{name}-d">{escape(model.description)}</desc>',
        *_bands(model, frame, live=live),
        *_grid(model, frame, style),
        *_marks(model, frame, style),
        *_agreed(model, frame, style, live=live),
        *(part for line in lines for part in _line(line, frame, style, live=live)),
        *_end_labels(model, frame, style, width, live=live),
        *(_hidden_end_labels(model, frame, style, width) if live else ()),
        "</svg>",
    ]
    return "".join(parts)


def marker_size(model: ChartModel, frame: Frame, style: SvgStyle) -> float:
    """Half a marker's width in pixels: smaller where many scores stand close, so that lines stay lines."""
    most = max((len(line.points) for line in model.shown_lines), default=0)
    room = (frame.right - frame.left) / max(most, 1)
    return min(style.marker, max(style.marker * 0.55, room * 0.2))


def _n(number: float) -> str:
    """A coordinate with a tenth of a pixel."""
    return f"{number:.1f}".rstrip("0").rstrip(".")


def _number(value: float) -> str:
    return f"{value:g}"


def _text(x: float, y: float, words: str, **attributes: object) -> str:
    extra = "".join(
        f" {name.replace('_', '-')}={quoteattr(str(value))}" for name, value in attributes.items()
    )
    return f'<text x="{_n(x)}" y="{_n(y)}"{extra}>{escape(words)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash.replace("px", "")}"' if dash else ""
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
        f'stroke="{colour}" stroke-width="{_n(width)}"{dashed}/>'
    )


def _part_of(key: str, *, shown: bool) -> str:
    """Attributes by which a script finds a part of a live drawing and shows or hides it."""
    return f" data-series={quoteattr(key)}{'' if shown else _HIDDEN}"


_HIDDEN = ' display="none"'


def _bands(model: ChartModel, frame: Frame, *, live: bool) -> list[str]:
    if not live:
        return _band(model.course, frame, "") if model.course else []
    return [
        part
        for course in model.courses
        for part in _band(course, frame, _part_of(course.key, shown=course == model.course))
    ]


def _band(course: ExpectedCourse, frame: Frame, attributes: str) -> list[str]:
    points = course.points
    wide = [(point.on, point.lower_80, point.upper_80) for point in points]
    narrow = [(point.on, point.lower_68, point.upper_68) for point in points]
    found = [f'<g class="chart-course"{attributes}><title>{escape(course.label)}</title>']
    for edges, colour, name in ((wide, BAND_80, "band-80"), (narrow, BAND_68, "band-68")):
        upper = [(frame.x(day), frame.y(high)) for day, _, high in edges]
        lower = [(frame.x(day), frame.y(low)) for day, low, _ in reversed(edges)]
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in upper + lower)
        found.append(f'<polygon class="{name}" points="{path}" fill="{colour}"/>')
    middle = " ".join(f"{_n(frame.x(one.on))},{_n(frame.y(one.expected))}" for one in points)
    found.append(
        f'<polyline class="expected" points="{middle}" fill="none" stroke="{EXPECTED}" '
        f'stroke-width="1.4" stroke-dasharray="1,3" stroke-linecap="round"/></g>'
    )
    return found


def _grid(model: ChartModel, frame: Frame, style: SvgStyle) -> list[str]:
    found = ['<g class="chart-grid">']
    for value in model.axis.ticks:
        y = frame.y(value)
        found.append(_rule(frame.left, y, frame.right, y, GRID, 1))
        found.append(
            _text(frame.left - 6, y + style.font * 0.35, _number(value), text_anchor="end", fill=INK_SOFT)
        )
    for tick in model.date_ticks:
        x = frame.x(tick.on)
        found.append(_rule(x, frame.bottom, x, frame.bottom + 4, INK_SOFT, 1))
    for day, label in fitting_ticks(model, frame, size=style.font):
        where = (frame.x(day), frame.bottom + style.font * 1.5)
        found.append(_text(*where, label, text_anchor="middle", fill=INK_SOFT))
    found.append(_rule(frame.left, frame.bottom, frame.right, frame.bottom, INK_SOFT, 1))
    for level in model.levels:
        y = frame.y(level.value)
        found.append(_rule(frame.left, y, frame.right, y, INK_SOFT, 1.2, "6,3"))
        found.append(
            _text(frame.left + 4, y - 4, level.label, fill=INK_SOFT, font_size=_n(style.font * 0.92))
        )
    return [*found, "</g>"]


MARK_DASH = {
    MarkKind.MEETING_PLANNED: "4,4",
    MarkKind.EVENT: "1,4",
    MarkKind.NEW_FORM: "10,3",
}


def _marks(model: ChartModel, frame: Frame, style: SvgStyle) -> list[str]:
    labels = place_marks(model, frame, size=style.font * 0.92)
    found = ['<g class="chart-marks">']
    for mark in model.marks:
        found.append(f'<g class="mark-{mark.kind.value}"><title>{escape(mark.words)}</title>')
        x = frame.x(mark.on)
        found.append(_rule(x, frame.top - 4, x, frame.bottom, MEETING, 1.2, MARK_DASH.get(mark.kind, "")))
        found.append(_mark_head(mark, x, frame.top - 4))
        if mark in labels:
            found.append(
                _text(
                    labels[mark],
                    frame.top - style.font * 0.9,
                    mark.label,
                    text_anchor="middle",
                    fill=INK_SOFT,
                    font_size=_n(style.font * 0.92),
                )
            )
        found.append("</g>")
    return [*found, "</g>"]


def _mark_head(mark: ChartMark, x: float, y: float) -> str:
    """A small shape on top of the mark: filled for what has been, open for what is planned."""
    if mark.kind is MarkKind.EVENT:
        return marker_shape("diamond", x, y, 4, MEETING, hollow=False)
    if mark.kind in {MarkKind.MEETING_HELD, MarkKind.MEETING_PLANNED}:
        planned = mark.kind is MarkKind.MEETING_PLANNED
        return marker_shape("triangle-down", x, y, 4.5, MEETING, hollow=planned)
    return marker_shape("square", x, y, 2.5, MEETING, hollow=False)


def _agreed(model: ChartModel, frame: Frame, style: SvgStyle, *, live: bool) -> list[str]:
    found = []
    shown = model.shown_agreed
    above = max(
        ABOVE_AGREED, style.font + style.marker - 3.5
    )  # clear of the ring, which grows with the markers
    for one, height in place_agreed(model, frame, size=style.font, above=above):
        if one not in shown and not live:
            continue
        part = _part_of(one.key, shown=one in shown) if live else ""
        colour = one.style.colour
        x, y = frame.x(one.end.on), frame.y(one.end.value)
        found.append(f'<g class="chart-agreed"{part}><title>{escape(one.end.words)}</title>')
        found.append(_rule(frame.x(one.start.on), frame.y(one.start.value), x, y, colour, 1.5, "3,3"))
        found.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(style.marker + 2)}" fill="none" '
            f'stroke="{colour}" stroke-width="1.5"/>'
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="1.6" fill="{colour}"/>'
        )
        words = fit(one.label, x - frame.left, style.font)
        attributes = {"text_anchor": "end", "fill": colour, "font_size": _n(style.font * 0.92)}
        found.append(_text(x + 4, height + style.font * 0.35, words, **attributes))
        found.append("</g>")
    return found


def _line(line: ChartLine, frame: Frame, style: SvgStyle, *, live: bool) -> list[str]:
    colour = line.style.colour
    dash = f' stroke-dasharray="{line.style.dash.replace("px", "")}"' if line.style.dash else ""
    width = _n(line.style.width)
    part = _part_of(line.key, shown=line.is_shown)
    found = [f'<g class="chart-line"{part}><title>{escape(line.label)}</title>']
    for segment in line.segments:
        if len(segment) > 1:
            path = " ".join(f"{_n(frame.x(point.on))},{_n(frame.y(point.value))}" for point in segment)
            found.append(
                f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
                f'stroke-linejoin="round"{dash}/>'
            )
    for point in line.points:
        drawn = _point(point, line.style, frame, style, colour)
        found.append(_opening(point, drawn, frame, style) if live and point.key else drawn)
    for missed in line.missed:
        x, y = frame.x(missed.on), frame.y(missed.value)
        found.append(f'<g class="missed"><title>{escape(missed.words)}</title>')
        found.append(missed_shape(x, y, style.marker, colour) + "</g>")
    if not line.is_current and line.last is not None:
        x, y = frame.x(line.last.on), frame.y(line.last.value)
        words = fit(line.short_label, max(x - frame.left, 40), style.font)
        attributes = {"text_anchor": "end", "fill": colour, "font_size": _n(style.font * 0.92)}
        found.append(_text(x + 4, y - style.marker - 6, words, **attributes))
    return [*found, "</g>"]


def _point(point: ChartPoint, look: LineStyle, frame: Frame, style: SvgStyle, colour: str) -> str:
    x, y = frame.x(point.on), frame.y(point.value)
    shape = marker_shape(look.marker.value, x, y, style.marker, colour, hollow=look.is_hollow)
    return f'<g class="point"><title>{escape(point.words)}</title>{shape}</g>'


def _opening(point: ChartPoint, drawn: str, frame: Frame, style: SvgStyle) -> str:
    """The point as a link, with room for a finger around it."""
    x, y, reach = frame.x(point.on), frame.y(point.value), style.reach
    return (
        f'<a class="open-point" href="#point-{point.key}" aria-label={quoteattr(point.words)}>'
        f'<rect x="{_n(x - reach)}" y="{_n(y - reach)}" width="{_n(2 * reach)}" height="{_n(2 * reach)}" '
        f'fill="none" pointer-events="all"/>{drawn}</a>'
    )


def _hidden_end_labels(model: ChartModel, frame: Frame, style: SvgStyle, width: float) -> list[str]:
    """The names of lines that are not shown, where their lines end; whoever shows them moves them apart."""
    lines = tuple(replace(line, is_shown=True) for line in model.lines if not line.is_shown)
    return _end_labels(replace(model, lines=lines), frame, style, width, live=True, shown=False)


def _end_labels(
    model: ChartModel, frame: Frame, style: SvgStyle, width: float, *, live: bool, shown: bool = True
) -> list[str]:
    found = []
    left = frame.right + 10
    for label in place_labels(
        model, frame, short=style.short_labels, size=style.font, width=width - left - 2
    ):
        last = label.line.last
        colour = label.line.style.colour
        if live:
            part = _part_of(label.line.key, shown=shown)
            found.append(f'<g class="end-label"{part} data-anchor="{_n(label.anchor_y)}">')
        if last is not None:
            start = frame.x(last.on) + style.marker + 2
            found.append(_rule(start, label.anchor_y, left - 3, label.y, colour, 0.8, "1,2"))
        found.append(_text(left, label.y + style.font * 0.35, label.text, fill=colour, font_weight="600"))
        if live:
            found.append("</g>")
    return found
