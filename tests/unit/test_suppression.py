"""No hidden cell can be found by taking what is shown from the totals: the machine tries, over all outputs together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lib.suppression import Cell, complementary

FEWEST = 11
Drawn = dict[Cell, int]


@st.composite
def tables(draw: st.DrawFn) -> Drawn:
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    counts = st.one_of(st.integers(0, 30), st.integers(0, 400))
    return {(row, column): draw(counts) for row in range(rows) for column in range(columns)}


def recovered(cells: Drawn, hidden: set[Cell]) -> set[Cell]:
    """Return the hidden cells that follow from the totals of rows and columns and from every cell that is shown."""
    unknown = sorted(hidden)
    if not unknown:
        return set()
    equations = [[int(cell[0] == row) for cell in unknown] for row in {row for row, _ in cells}]
    equations += [[int(cell[1] == column) for cell in unknown] for column in {column for _, column in cells}]
    matrix = np.array([*equations, [1] * len(unknown)], dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    found = set()
    for place, cell in enumerate(unknown):
        one = np.zeros((1, len(unknown)))
        one[0, place] = 1
        if np.linalg.matrix_rank(np.vstack([matrix, one])) == rank:
            found.add(cell)
    return found


@settings(max_examples=400, deadline=None)
@given(tables())
def test_no_small_cell_can_be_recovered_unless_nothing_else_is_left_to_hide(cells: Drawn) -> None:
    small = {cell for cell, count in cells.items() if count < FEWEST}
    hidden = complementary(cells, small)

    assert small <= hidden
    assert not recovered(cells, hidden) or hidden == set(cells)


@given(tables())
def test_a_table_without_small_cells_stays_whole(cells: Drawn) -> None:
    assert complementary(cells, set()) == set()


def test_one_hidden_school_takes_another_with_it() -> None:
    cells = {(0, 0): 7, (0, 1): 40, (0, 2): 90, (1, 0): 300, (1, 1): 52, (1, 2): 61}

    assert complementary(cells, {(0, 0)}) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_two_hidden_cells_of_almost_nobody_take_a_third() -> None:
    assert complementary({(0, 0): 1, (0, 1): 2, (0, 2): 60, (0, 3): 80}, {(0, 0), (0, 1)}) >= {(0, 2)}
