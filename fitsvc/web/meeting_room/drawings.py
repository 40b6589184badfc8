"""A chart model drawn for the wall, for a tablet and for a phone: heavy lines, large letters, points to be opened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from fitsvc.charts.model import ChartLine, ChartModel, MarkKind
from fitsvc.charts.palette import LineStyle
from fitsvc.charts.shapes import marker_shape
from fitsvc.charts.svg import SvgStyle, draw_svg
from fitsvc.web.curves import describe
from fitsvc.web.meeting_room.rated_series import RatedSeries

WALL = SvgStyle(font=20, marker=8, reach=30)
TABLET = SvgStyle(font=17, marker=6.5, reach=30)
PHONE = SvgStyle(font=12.5, marker=5, short_labels=True, reach=25)

LARGE = {"wall": (1500.0, 560.0), "tablet": (820.0, 520.0), "phone": (350.0, 380.0)}
SMALL = {"wall": (1500.0, 330.0), "tablet": (820.0, 330.0), "phone": (350.0, 260.0)}
STYLES = {"wall": WALL, "tablet": TABLET, "phone": PHONE}

LONGEST_LABEL = 24
"""Characters of a name at a line's end."""

WEIGHT = {"wall": 1.8, "tablet": 1.5, "phone": 1.1}
"""How much heavier lines and their dashes are than on the case page."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One graph in its three drawings; the style sheet shows one of them. `heading` is "" where the section's does."""

    key: str
    heading: str
    sentences: tuple[str, ...]
    drawings: tuple[tuple[str, Markup], ...]
    has_band: bool
    has_agreed: bool
    has_missed: bool
    has_marks: bool

    @classmethod
    def without_lines(cls, key: str, heading: str, sentences: tuple[str, ...]) -> "Figure":
        return cls(key, heading, sentences, (), False, False, False, False)


def draw(model: ChartModel, rated: Sequence[RatedSeries], *, is_large: bool) -> Figure:
    """Every line is in the drawing, those not shown hidden, so that a voice is added without asking the server.

    Case events stay out: their words are not for everybody at the table.
    """
    model = replace(
        model,
        description=describe(model.shown_lines),
        lines=tuple(_with_keys(line, one) for line, one in zip(model.lines, rated, strict=True)),
        marks=tuple(mark for mark in model.marks if mark.kind is not MarkKind.EVENT),
    )
    sizes = LARGE if is_large else SMALL
    return Figure(
        key=model.key,
        heading="",
        sentences=(),
        drawings=tuple((place, _drawing(model, place, sizes[place])) for place in sizes),
        has_band=bool(model.courses),
        has_agreed=bool(model.agreed),
        has_missed=any(line.missed for line in model.lines),
        has_marks=bool(model.marks),
    )


def sample_of(style: LineStyle) -> Markup:
    """A piece of a voice's line with its marker, for its button and its rows."""
    dash = f' stroke-dasharray="{style.dash.replace("px", "")}"' if style.dash else ""
    marker = marker_shape(style.marker.value, 28, 10, 6, style.colour, hollow=style.is_hollow)
    return Markup(  # noqa: S704 (numbers and fixed words only)
        '<svg class="line-sample" viewBox="0 0 56 20" width="56" height="20" aria-hidden="true">'
        f'<path d="M1 10H55" stroke="{style.colour}" stroke-width="{style.width + 0.5:g}"{dash}/>{marker}</svg>'
    )


def _drawing(model: ChartModel, place: str, size: tuple[float, float]) -> Markup:
    weight = WEIGHT[place]
    lines = tuple(
        replace(line, style=_heavier(line.style, weight), label=_cut(line.label)) for line in model.lines
    )
    drawn = draw_svg(
        replace(model, lines=lines), *size, style=STYLES[place], key=f"{model.key}-{place}", live=True
    )
    return Markup(drawn)  # noqa: S704 (draw_svg escapes every word)


def _cut(name: str) -> str:
    """A name short enough to leave the width to the curve; the voice's button has it whole."""
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip(" ,(") + "…"


def _heavier(style: LineStyle, weight: float) -> LineStyle:
    lengths = [float(part.removesuffix("px")) for part in style.dash.split(",") if part]
    dash = ",".join(f"{length * weight:g}px" for length in lengths)
    return replace(style, width=style.width * weight, dash=dash)


def _with_keys(line: ChartLine, rated: RatedSeries) -> ChartLine:
    """Each drawn point with the key of what opens on it."""
    keys = iter([rated.key(point) for point, _value in rated.drawn()])
    return replace(
        line,
        segments=tuple(tuple(replace(point, key=next(keys)) for point in part) for part in line.segments),
    )
