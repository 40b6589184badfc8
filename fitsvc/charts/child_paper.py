"""The child's own curve on the child's own page: large, faces for the scale, a day under every dot.

Dots stand at equal distances, as on the child's phone: it is about "and then". No number, no band, nothing to judge by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from fitsvc.charts.dots import Field, stretches

WIDTH = 690
LEFT, RIGHT = 86, 652
TOP, UNDER = 34, 58
LINE, QUIET, GRID = "#0b3d91", "#4f4f4f", "#c4c8cc"
MOUTHS = (
    "M15 34Q24 25 33 34",
    "M15 33Q24 28.5 33 33",
    "M15 31.5H33",
    "M15 30Q24 34.5 33 30",
    "M15 29Q24 38 33 29",
)
"""The faces of the rating form, lowest first, in a square of 48."""
FACE = 44.0


@dataclass(frozen=True, slots=True)
class ChildDot:
    """One answer: `height` is 0 at the bottom and 1 at the top. `starts_anew`: the line is broken before it."""

    day: str
    height: float
    starts_anew: bool = False


def draw_child_curve(dots: Sequence[ChildDot], *, height: float, title: str, description: str) -> str:
    """The drawing; `title` and `description` are read aloud instead of it. Only presentation attributes."""
    bottom = height - UNDER
    places = Field(LEFT + 30, RIGHT, TOP, bottom).places(dots)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="child-curve" viewBox="0 0 {WIDTH} {height:g}" '
        f'width="{WIDTH}" height="{height:g}" role="img" aria-labelledby="curve-t curve-d" '
        f'font-family="IBM Plex Sans, Arial, sans-serif" font-size="17" fill="{QUIET}">',
        f'<title id="curve-t">{escape(title)}</title><desc id="curve-d">{escape(description)}</desc>',
    ]
    apart = (bottom - TOP) / (len(MOUTHS) - 1)
    size = min(FACE, apart - 3)
    for place, mouth in enumerate(MOUTHS):
        y = bottom - place * apart
        parts.append(f'<line x1="{LEFT - 16}" y1="{y:.1f}" x2="{RIGHT + 30}" y2="{y:.1f}" stroke="{GRID}"/>')
        parts.append(_face(mouth, 8 + (FACE - size) / 2, y - size / 2, size))
    parts += [
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in stretch)}" fill="none" stroke="{LINE}" '
        'stroke-width="4.5" stroke-linejoin="round" stroke-linecap="round"/>'
        for stretch in stretches(dots, places)
    ]
    for place, (dot, (x, y)) in enumerate(zip(dots, places, strict=True), start=1):
        is_last = place == len(dots)
        look = (
            f'r="11" fill="{LINE}"' if is_last else f'r="8" fill="#ffffff" stroke="{LINE}" stroke-width="4"'
        )
        weight = ' font-weight="600" fill="#1a1a1a"' if is_last else ""
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" {look}/>')
        parts.append(
            f'<text x="{x:.1f}" y="{height - 14:g}" text-anchor="middle"{weight}>{escape(dot.day)}</text>'
        )
    return "".join([*parts, "</svg>"])


def _face(mouth: str, x: float, y: float, size: float) -> str:
    return (
        f'<g transform="translate({x:.1f} {y:.1f}) scale({size / 48:.3f})">'
        '<circle cx="24" cy="24" r="21.5" fill="#ffffff" stroke="#1a1a1a" stroke-width="2"/>'
        '<circle cx="17" cy="20" r="2.6" fill="#1a1a1a"/><circle cx="31" cy="20" r="2.6" fill="#1a1a1a"/>'
        f'<path d="{mouth}" fill="none" stroke="#1a1a1a" stroke-width="2.4" stroke-linecap="round"/></g>'
    )
