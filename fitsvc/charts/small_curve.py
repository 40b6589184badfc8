"""The small curve of a list row: one series, no axis, its last score marked."""

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from fitsvc.charts.palette import style_of
from fitsvc.charts.shapes import marker_shape
from fitsvc.domain.measure import Measure
from fitsvc.domain.rater import RaterRole
from fitsvc.domain.signal import ScoredPoint

WIDTH, HEIGHT, MARGIN = 96, 28, 5


def small_curve(scores: Sequence[ScoredPoint], measure: Measure, role: RaterRole | None, words: str) -> str:
    """An SVG of 96 × 28 pixels. The scale is the measure's whole range, so that rows can be compared by eye.

    `words` say what it shows to who does not see it; without them it is decoration beside the same words.
    """
    style = style_of(role)
    spoken = f'role="img" aria-label={quoteattr(words)}' if words else 'aria-hidden="true"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="small-curve" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" {spoken}>',
        f'<path d="M0 {HEIGHT - 0.5}H{WIDTH}M0 0.5H{WIDTH}" stroke="#dfe3e6" stroke-width="1"/>',
    ]
    places = _places(scores, measure)
    if len(places) > 1:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dash = f' stroke-dasharray="{style.dash.replace("px", "")}"' if style.dash else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{style.colour}" stroke-width="1.8" '
            f'stroke-linejoin="round"{dash}/>'
        )
    if places:
        x, y = places[-1]
        parts.append(marker_shape(style.marker.value, x, y, 3.6, style.colour, hollow=False))
    return "".join([*parts, "</svg>"])


def _places(scores: Sequence[ScoredPoint], measure: Measure) -> list[tuple[float, float]]:
    if not scores:
        return []
    first = scores[0].on
    days = max((scores[-1].on - first).days, 1)
    span = measure.maximum - measure.minimum
    found = []
    for score in scores:
        share = (score.on - first).days / days if len(scores) > 1 else 1.0
        height = min(max((score.score - measure.minimum) / span, 0.0), 1.0)
        if measure.sign < 0:
            height = 1 - height
        found.append(
            (MARGIN + share * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - height * (HEIGHT - 2 * MARGIN))
        )
    return found
