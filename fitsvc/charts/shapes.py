"""Marker shapes as SVG, one for each of `palette.Marker`, about equally heavy to the eye."""

from math import cos, pi, sin


def marker_shape(shape: str, x: float, y: float, radius: float, colour: str, *, hollow: bool) -> str:
    """One marker with its middle at (x, y); `radius` is half its width in pixels. Hollow ones are white inside."""
    if shape in {"cross", "x"}:
        return _cross(x, y, radius, colour, upright=shape == "cross", heavy=not hollow)
    fill = f'fill="#ffffff" stroke="{colour}" stroke-width="1.8"' if hollow else f'fill="{colour}"'
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" {fill}/>'
    corners = [(x + radius * dx, y + radius * dy) for dx, dy in _CORNERS[shape]]
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in corners)
    return f'<polygon points="{path}" {fill}/>'


def missed_shape(x: float, y: float, radius: float, colour: str) -> str:
    """An answer that did not come: an open cross on the axis."""
    return _cross(x, y, radius, colour, upright=False, heavy=False)


def _cross(x: float, y: float, radius: float, colour: str, *, upright: bool, heavy: bool) -> str:
    arms = ((0, -1, 0, 1), (-1, 0, 1, 0)) if upright else ((-0.8, -0.8, 0.8, 0.8), (-0.8, 0.8, 0.8, -0.8))
    path = " ".join(
        f"M{x + radius * x1:.1f} {y + radius * y1:.1f}L{x + radius * x2:.1f} {y + radius * y2:.1f}"
        for x1, y1, x2, y2 in arms
    )
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{3 if heavy else 1.6}"/>'


def _polygon(corners: int, size: float) -> list[tuple[float, float]]:
    """A regular polygon standing on its base."""
    angles = [-pi / 2 + 2 * pi * corner / corners for corner in range(corners)]
    return [(size * cos(angle), size * sin(angle)) for angle in angles]


_CORNERS = {
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "diamond": _polygon(4, 1.25),
    "triangle-up": [(-1.1, 0.85), (0, -1.15), (1.1, 0.85)],
    "triangle-down": [(-1.1, -0.85), (0, 1.15), (1.1, -0.85)],
    "pentagon": _polygon(5, 1.15),
}
