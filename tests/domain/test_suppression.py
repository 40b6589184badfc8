"""Small counts cannot be worked out from what is shown, by whatever reckoning."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fitsvc.domain.suppression import SMALLEST_SHOWN, Sum, determined_cells, hidden_cells

Cell = tuple[int | None, int | None]
"""Row and column; None is the total."""


def table(rows: list[list[int]]) -> tuple[dict[Cell, int], list[Sum[Cell]]]:
    """A table with totals of its rows, its columns and all, and the sums that hold in it."""
    height, width = len(rows), len(rows[0])
    counts: dict[Cell, int] = {(r, c): rows[r][c] for r, c in product(range(height), range(width))}
    counts |= {(r, None): sum(rows[r]) for r in range(height)}
    counts |= {(None, c): sum(row[c] for row in rows) for c in range(width)}
    counts[None, None] = sum(map(sum, rows))
    every_row: list[int | None] = [*range(height), None]
    every_column: list[int | None] = [*range(width), None]
    sums = [Sum(tuple((r, c) for c in range(width)), (r, None)) for r in every_row]
    sums += [Sum(tuple((r, c) for r in range(height)), (None, c)) for c in every_column]
    return counts, sums


tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 14), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


def can_be_reckoned(sums: list[Sum[Cell]], hidden: frozenset[Cell], cell: Cell) -> bool:
    """By rank: whether adding "this cell alone" to the equations says nothing new. Not how the code does it."""
    order = sorted(hidden, key=str)
    matrix = np.array(
        [[(one in line.parts) - (one == line.total) for one in order] for line in sums], dtype=float
    )
    alone = np.array([[float(one == cell) for one in order]])
    return bool(np.linalg.matrix_rank(np.vstack([matrix, alone])) == np.linalg.matrix_rank(matrix))


@settings(max_examples=200, deadline=None)
@given(tables, st.booleans())
def test_no_hidden_count_follows_from_what_is_shown(rows: list[list[int]], totals_stay: bool) -> None:
    counts, sums = table(rows)
    shown = {cell for cell in counts if cell[1] is None} if totals_stay else set()
    hidden = hidden_cells(counts, sums, always_shown=shown)
    small = {cell for cell, count in counts.items() if count < SMALLEST_SHOWN and cell not in shown}
    assert small <= hidden
    assert not hidden & shown
    open_to_reckoning = {cell for cell in hidden if can_be_reckoned(sums, hidden, cell)}
    if not totals_stay:
        assert not open_to_reckoning
    # Where totals must be shown, a table may be too small to hide anything in; then all of its line is hidden.
    for cell in open_to_reckoning:
        line = next(one for one in sums if cell in one.parts and one.total in shown)
        assert len(line.parts) == 1 or set(line.parts) <= hidden


@settings(max_examples=200, deadline=None)
@given(tables)
def test_a_shown_total_never_leaves_a_handful_for_what_is_hidden(rows: list[list[int]]) -> None:
    counts, sums = table(rows)
    hidden = hidden_cells(counts, sums)
    for line in sums:
        left = [counts[part] for part in line.parts if part in hidden]
        if left and line.total not in hidden:
            assert sum(left) >= SMALLEST_SHOWN
            assert len(left) > 1


@settings(max_examples=100, deadline=None)
@given(tables)
def test_elimination_finds_exactly_the_cells_that_can_be_reckoned(rows: list[list[int]]) -> None:
    counts, sums = table(rows)
    hidden = frozenset(cell for cell, count in counts.items() if count < SMALLEST_SHOWN)
    expected = {cell for cell in hidden if can_be_reckoned(sums, hidden, cell)}
    assert determined_cells(sums, hidden) == expected


def test_large_counts_are_all_shown() -> None:
    counts, sums = table([[9, 5], [7, 12]])
    assert hidden_cells(counts, sums) == frozenset()


def test_one_small_unit_takes_the_next_smallest_with_it() -> None:
    """3 of a kommune's 40: without hiding unit C too, 40 - 25 - 12 would tell."""
    counts = {"A": 25, "B": 3, "C": 12, "kommune": 40}
    assert hidden_cells(counts, [Sum(("A", "B", "C"), "kommune")]) == {"B", "C"}


def test_the_kommune_goes_where_there_is_no_other_unit() -> None:
    counts = {"A": 3, "kommune": 3}
    assert hidden_cells(counts, [Sum(("A",), "kommune")]) == {"A", "kommune"}


def test_noughts_that_a_total_would_tell_are_covered() -> None:
    """All eight had the same reason: shown, it would tell that the two others were never given."""
    counts = {"x": 8, "y": 0, "z": 0, "all": 8}
    assert hidden_cells(counts, [Sum(("x", "y", "z"), "all")], always_shown={"all"}) == {"x", "y", "z"}
