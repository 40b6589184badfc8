"""How each rater role looks, everywhere the same: a colour, a dash and a marker, so that none is needed alone.

The colours are those of `static/css/tokens.css` (`--rater-…`); a test holds the two together.
"""

from dataclasses import dataclass
from enum import StrEnum

from fitsvc.domain.rater import RaterRole


class Marker(StrEnum):
    """Marker shapes, named as Plotly names them."""

    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    TRIANGLE_UP = "triangle-up"
    TRIANGLE_DOWN = "triangle-down"
    PENTAGON = "pentagon"
    CROSS = "cross"
    X = "x"


@dataclass(frozen=True, slots=True)
class LineStyle:
    """`dash`: lengths in pixels as SVG and Plotly both write them ("" is solid). `is_hollow` tells a second rater
    in the same role from the first.
    """

    colour: str
    dash: str
    marker: Marker
    width: float = 2.5
    is_hollow: bool = False


_BY_ROLE = {
    RaterRole.CHILD: LineStyle("#0b3d91", "", Marker.CIRCLE, 3),
    RaterRole.PARENT: LineStyle("#c2410c", "8px,4px", Marker.SQUARE),
    RaterRole.FOSTER_PARENT: LineStyle("#7b2d8e", "14px,5px", Marker.DIAMOND),
    RaterRole.TEACHER: LineStyle("#00725a", "2px,4px", Marker.TRIANGLE_UP),
    RaterRole.PEDAGOGUE: LineStyle("#7a5c00", "8px,4px,2px,4px", Marker.TRIANGLE_DOWN),
    RaterRole.HEALTH_VISITOR: LineStyle("#b8256f", "14px,5px,2px,5px", Marker.PENTAGON),
    RaterRole.PRACTITIONER: LineStyle("#222222", "", Marker.CROSS, 1.5),
    RaterRole.CASEWORKER: LineStyle("#6a7078", "6px,4px", Marker.X, 1.5),
}

NEUTRAL = LineStyle("#3a4148", "", Marker.CIRCLE, 2)
"""For numbers that no rater gave."""

INK = "#1a1a1a"
INK_SOFT = "#4f4f4f"
GRID = "#dfe3e6"
BAND_80 = "#e6edf2"
BAND_68 = "#d2dfe8"
EXPECTED = "#55636e"
MEETING = "#5c6470"


def style_of(role: RaterRole | None, place: int = 0) -> LineStyle:
    """The look of a rater; `place` counts raters of the same role from 0, every second one has hollow markers."""
    if role is None:
        return NEUTRAL
    style = _BY_ROLE[role]
    return LineStyle(style.colour, style.dash, style.marker, style.width, is_hollow=place % 2 == 1)
