"""Which counts of a table stay hidden, so that no handful of people shows, not even by subtraction.

A count below `SMALLEST_SHOWN` is hidden. Then more are hidden (secondary suppression) until no hidden count follows
from the shown ones and the totals, and no shown total leaves less than `SMALLEST_SHOWN` over for what is hidden in it.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

SMALLEST_SHOWN = 5

Cell = TypeVar("Cell", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Sum(Generic[Cell]):
    """These parts add up to that total: a row of the table, or a column."""

    parts: tuple[Cell, ...]
    total: Cell


def hidden_cells(
    counts: Mapping[Cell, int], sums: Sequence[Sum[Cell]], *, always_shown: Collection[Cell] = ()
) -> frozenset[Cell]:
    """The cells to hide; `always_shown` ones (how many there were in all) are never among them.

    Where there is a choice, the smallest count goes first: it takes the least from the reader.
    """
    fixed = frozenset(always_shown)
    hidden = {cell for cell, count in counts.items() if count < SMALLEST_SHOWN and cell not in fixed}
    while True:
        told = _told_by_remainder(counts, sums, hidden) or _told_by_reckoning(sums, hidden)
        further = [one for line in told for one in _further(counts, line, hidden | fixed)]
        if not further:
            return frozenset(hidden)
        hidden.add(further[0])


def determined_cells(sums: Sequence[Sum[Cell]], hidden: Collection[Cell]) -> frozenset[Cell]:
    """The hidden cells whose count anybody can work out from the sums and all that is shown.

    The sums are equations in the hidden cells; one is determined exactly when elimination leaves it alone in a row.
    In tables of rows and columns every coefficient stays -1, 0 or 1.
    """
    rows = _eliminated([_equation(line, hidden) for line in sums])
    return frozenset(next(iter(row)) for row in rows if len(row) == 1)


def _told_by_remainder(
    counts: Mapping[Cell, int], sums: Sequence[Sum[Cell]], hidden: Collection[Cell]
) -> list[Sum[Cell]]:
    """The sums whose shown total leaves too little for their hidden parts: all of them may be nought, say."""
    found = []
    for line in sums:
        kept = [counts[part] for part in line.parts if part in hidden]
        if kept and len(kept) < len(line.parts) and line.total not in hidden and sum(kept) < SMALLEST_SHOWN:
            found.append(line)
    return found


def _told_by_reckoning(sums: Sequence[Sum[Cell]], hidden: Collection[Cell]) -> list[Sum[Cell]]:
    determined = determined_cells(sums, hidden)
    return [line for line in sums if determined.intersection((*line.parts, line.total))]


def _further(counts: Mapping[Cell, int], line: Sum[Cell], spoken_for: Collection[Cell]) -> list[Cell]:
    """What else of this sum can be hidden, the smallest part first and the total last."""
    parts = sorted((part for part in line.parts if part not in spoken_for), key=lambda part: counts[part])
    return [*parts, *([line.total] if line.total not in spoken_for else [])]


def _equation(line: Sum[Cell], hidden: Collection[Cell]) -> dict[Cell, int]:
    row = {part: 1 for part in line.parts if part in hidden}
    return row | ({line.total: -1} if line.total in hidden else {})


def _eliminated(rows: list[dict[Cell, int]]) -> list[dict[Cell, int]]:
    """Gauss and Jordan: each row's leading cell stands in no other row."""
    for place, row in enumerate(rows):
        if not row:
            continue
        pivot, sign = next(iter(row.items()))
        for other_place, other in enumerate(rows):
            if other_place != place and pivot in other:
                rows[other_place] = _minus(other, row, other[pivot] * sign)
    return [row for row in rows if row]


def _minus(row: dict[Cell, int], taken: dict[Cell, int], times: int) -> dict[Cell, int]:
    left = {cell: row.get(cell, 0) - times * taken.get(cell, 0) for cell in (*row, *taken)}
    return {cell: count for cell, count in left.items() if count}
