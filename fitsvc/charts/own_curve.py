"""A respondent's own curve for a small phone: every dot a link, nothing to judge by, as wide apart as thumbs need.

Dots stand at equal distances: it is about "and then", and each has its day under it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from fitsvc.charts.dots import Field, stretches

WIDTH, HEIGHT = 328, 246
LEFT, RIGHT = 58, 306
TOP, BOTTOM = 44, 194
LINE, QUIET, GRID = "#12434f", "#4a5560", "#ddd6c8"
PICTURE = 24
DAY_ROOM = 42
"""The width a day such as 27/10 needs; where dots stand closer, every second one has its day."""


@dataclass(frozen=True, slots=True)
class OwnDot:
    """One rating. `height` is 0 at the bottom and 1 at the top; `picture` is the id of a symbol on the page, or ""."""

    target: str
    day: str
    words: str
    height: float
    picture: str = ""
    starts_anew: bool = False


@dataclass(frozen=True, slots=True)
class ScaleEnd:
    """What stands at the top or the bottom: a symbol on the page, or a number."""

    symbol: str = ""
    text: str = ""


def draw_own_curve(dots: Sequence[OwnDot], *, title: str, high: ScaleEnd, low: ScaleEnd) -> str:
    """The drawing, `title` being its name for who does not see it. Only presentation attributes and classes."""
    field = Field(LEFT, RIGHT, TOP, BOTTOM)
    places = field.places(dots)
    parts = [
        f'<svg class="own-curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-label="{escape(title)}">',
        *(
            f'<path d="M{LEFT - 14} {y}H{RIGHT + 14}" stroke="{GRID}"/>'
            for y in (TOP, (TOP + BOTTOM) // 2, BOTTOM)
        ),
        _end(high, TOP),
        _end(low, BOTTOM),
        *(
            f'<polyline points="{" ".join(f"{x:.0f},{y:.0f}" for x, y in stretch)}" fill="none" stroke="{LINE}" '
            'stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/>'
            for stretch in stretches(dots, places)
        ),
        *(
            _dot(dot, x, y, field.step(dots), left=len(dots) - place)
            for place, (dot, (x, y)) in enumerate(zip(dots, places, strict=True), start=1)
        ),
    ]
    return "".join([*parts, "</svg>"])


def _end(end: ScaleEnd, y: int) -> str:
    if end.symbol:
        return f'<use href="#{end.symbol}" class="rating-face" x="2" y="{y - 15}" width="30" height="30"/>'
    return (
        f'<text x="30" y="{y + 5}" text-anchor="end" font-size="15" fill="{QUIET}">{escape(end.text)}</text>'
    )


def _dot(dot: OwnDot, x: float, y: float, step: float, *, left: int) -> str:
    """`left`: how many dots are still to come."""
    wide = min(max(step, 24.0), 48.0)
    look = f'r="9" fill="{LINE}"' if left == 0 else f'r="7" fill="#fff" stroke="{LINE}" stroke-width="3"'
    picture = ""
    if dot.picture:
        above = y - PICTURE - 10 if y - PICTURE - 10 > 0 else y + 12
        picture = (
            f'<use href="#{dot.picture}" class="picture" x="{x - PICTURE / 2:.0f}" y="{above:.0f}" '
            f'width="{PICTURE}" height="{PICTURE}"/>'
        )
    day = ""
    if step >= DAY_ROOM or left % 2 == 0:
        day = (
            f'<text x="{x:.0f}" y="{BOTTOM + 34}" text-anchor="middle" font-size="13" fill="{QUIET}">'
            f"{escape(dot.day)}</text>"
        )
    return (
        f'<a href="#{dot.target}" aria-label="{escape(dot.words)}">'
        f'<rect x="{x - wide / 2:.0f}" y="2" width="{wide:.0f}" height="{HEIGHT - 4}" rx="8" '
        'fill="#fff" fill-opacity="0"/>'
        f'<circle cx="{x:.0f}" cy="{y:.0f}" {look}/>{picture}{day}'
        "</a>"
    )
