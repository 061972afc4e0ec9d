"""Finding totals that are smaller than one of their parts: all students with fewer students than one group of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from app.figures import ALL
from app.lib.figure_rows import Row

MOST = 50_000  # kept at once; a file keeps the groups of one district together


@dataclass
class _Total:
    row: int = 0
    students: Decimal | None = None
    largest_row: int = 0
    largest: Decimal = Decimal(0)
    group: str = ""
    column: str = ""


@dataclass
class Totals:
    """Keeps the totals and the largest parts while a file is read."""

    on: bool = True
    most: int = 1000  # told; nobody reads more
    _kept: dict[tuple[int, int, int, int], _Total] = field(default_factory=dict)
    _wrong: list[tuple[int, str]] = field(default_factory=list)

    def add(self, number: int, key: tuple[int, int, str, int, int], row: Row) -> None:
        """Take note of the students behind one figure."""
        if not self.on or row.denominator is None:
            return
        version, place, group, year, source = key
        if len(self._kept) >= MOST:
            self._judge()
        total = self._kept.setdefault((version, place, year, source), _Total())
        if group == ALL:
            total.row, total.students, total.column = number, row.denominator, row.column("denominator")
        elif row.denominator > total.largest:
            total.largest_row, total.largest, total.group = number, row.denominator, group

    def problems(self) -> Iterator[tuple[int, str]]:
        """Return the rows of totals that cannot be right, each with a sentence."""
        self._judge()
        yield from self._wrong

    def _judge(self) -> None:
        for total in self._kept.values():
            if len(self._wrong) < self.most and total.students is not None and total.largest > total.students:
                said = (
                    f"{total.column}: All students are {total.students}, fewer than the {total.largest} of "
                    f"“{total.group}” in row {total.largest_row}. A total cannot be smaller than its part."
                )
                self._wrong.append((total.row, said))
        self._kept.clear()
