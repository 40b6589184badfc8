"""What the drawings of a child's own curve have in common: dots at equal distances, and a line that may start anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Place = tuple[float, float]


class Dot(Protocol):
    """`height` is 0 at the bottom and 1 at the top. `starts_anew`: the line is broken before it."""

    @property
    def height(self) -> float: ...

    @property
    def starts_anew(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Field:
    """Where the dots may stand, in the drawing's units."""

    left: float
    right: float
    top: float
    bottom: float

    def step(self, dots: Sequence[Dot]) -> float:
        """How far apart the dots stand."""
        return (self.right - self.left) / max(len(dots) - 1, 1)

    def places(self, dots: Sequence[Dot]) -> list[Place]:
        """The newest stands on the right, where today is."""
        step = self.step(dots)
        first = self.right - step * (len(dots) - 1)
        return [
            (first + step * number, self.bottom - min(max(dot.height, 0.0), 1.0) * (self.bottom - self.top))
            for number, dot in enumerate(dots)
        ]


def stretches(dots: Sequence[Dot], places: Sequence[Place]) -> list[list[Place]]:
    """The pieces of unbroken line of two dots or more."""
    found: list[list[Place]] = []
    for dot, place in zip(dots, places, strict=True):
        if dot.starts_anew or not found:
            found.append([])
        found[-1].append(place)
    return [one for one in found if len(one) > 1]
