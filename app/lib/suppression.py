"""Hiding cells of a table so that no hidden one can be found by taking what is shown from a total.

A hidden cell alone in its row or column is the total less the others. So in every line that shows a total and hides
anything, at least two cells are hidden, and what hides another cell hides it in its other line too, until nothing more
has to. Small cells go first, as they tell least.
"""

from collections.abc import Collection, Mapping, Sequence

Cell = tuple[int, int]  # row, column


def complementary(cells: Mapping[Cell, int], hidden: Collection[Cell], *, fewest: int = 11) -> set[Cell]:
    """Return every cell to hide, so that none of ``hidden`` can be computed from the rest and the totals.

    The totals of all rows and columns, and of everything, are taken to be shown. Hiding two cells of a line is not
    enough by itself where these are known up to a few students: what is hidden in a line has to add up to ``fewest``.

    Args:
        cells: how many students are in each cell of a table, none below 0.
        hidden: those that must not be found.
        fewest: how many students the hidden cells of one line hold at least, where it has as many.
    """
    gone = set(hidden) & set(cells)
    while True:
        line = next((line for line in _lines(cells) if _tells(line, gone, cells, fewest)), None)
        if line is not None:
            open_cells = [cell for cell in line if cell not in gone]
            gone.add(min(open_cells, key=lambda cell: (_opens(cell, gone, cells), cells[cell], cell)))
            continue
        found = next((cell for cell in sorted(gone) if _found(cell, gone, cells)), None)
        if found is None:
            return gone
        rest = [cell for cell in cells if cell not in gone]
        if not rest:
            return gone
        gone.add(min(rest, key=lambda cell: (_apart(cell, found), cells[cell], cell)))


def _lines(cells: Collection[Cell]) -> list[list[Cell]]:
    rows = [[cell for cell in sorted(cells) if cell[0] == row] for row in sorted({row for row, _ in cells})]
    columns = [[cell for cell in sorted(cells) if cell[1] == column] for column in sorted({c for _, c in cells})]
    return rows + columns


def _tells(line: Sequence[Cell], gone: Collection[Cell], cells: Mapping[Cell, int], fewest: int) -> bool:
    """Say whether a line hides too little, and has more to hide."""
    hidden = [cell for cell in line if cell in gone]
    if not hidden or len(hidden) == len(line):
        return False
    return len(hidden) == 1 or sum(cells[cell] for cell in hidden) < fewest


def _opens(cell: Cell, gone: Collection[Cell], cells: Collection[Cell]) -> bool:
    """Say whether hiding a cell makes it the only hidden one of its other line."""
    row, column = cell
    return not any(other in gone for other in cells if other[1] == column and other[0] != row) or not any(
        other in gone for other in cells if other[0] == row and other[1] != column
    )


def _apart(cell: Cell, other: Cell) -> int:
    return int(cell[0] != other[0]) + int(cell[1] != other[1])


def _found(cell: Cell, gone: Collection[Cell], cells: Collection[Cell]) -> bool:
    """Say whether the totals of rows and columns determine a hidden cell.

    The hidden cells are the edges of a graph between their rows and columns; the totals leave a cell undetermined
    exactly where its edge lies on a cycle.
    """
    del cells
    return not _connected(("row", cell[0]), ("column", cell[1]), [edge for edge in gone if edge != cell])


def _connected(start: tuple[str, int], end: tuple[str, int], edges: Collection[Cell]) -> bool:
    reached, todo = {start}, [start]
    while todo:
        at = todo.pop()
        for row, column in edges:
            ends = {("row", row), ("column", column)}
            if at in ends:
                (other,) = ends - {at}
                if other not in reached:
                    reached.add(other)
                    todo.append(other)
    return end in reached
