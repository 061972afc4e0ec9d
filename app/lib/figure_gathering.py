"""Reading a whole table as a mapping declares it: rows that stand together are gathered, schools are added up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.lib import cds
from app.lib.figure_columns import Misfit, cell
from app.lib.figure_reading import Figures
from app.lib.figure_rows import BadRow, Row
from app.lib.tables import Cells, Numbered


@dataclass(slots=True)
class Reader:
    """Reads the figures of rows; some files need several rows for one figure, and some are added up."""

    figures: Sequence[Figures]
    gather: "Gather | None"
    adds_up: Mapping[str, str] | None
    rows: int = 0  # of the file, read so far

    def read(self, rows: Iterator[Numbered]) -> Iterator[tuple[int, Row | BadRow]]:
        """Return each figure, read or refused, with the number of its row."""
        counted = self._counted(rows)
        gathered = self.gather.over(counted) if self.gather else counted
        sums = _Sums(self.adds_up["note"]) if self.adds_up else None
        number = 0
        for number, cells in gathered:
            for one in self.figures:
                row = _tried(one, cells)
                if row is None:
                    continue
                if sums is not None and isinstance(row, Row):
                    sums.add(row)
                    if not cds.is_school(row.cds):  # counted nowhere else: it is in the total only
                        continue
                yield number, row
        if sums is not None:
            yield from ((number, row) for row in sums.rows())

    def _counted(self, rows: Iterator[Numbered]) -> Iterator[Numbered]:
        for number, cells in rows:
            self.rows += 1
            yield number, [cell.strip() for cell in cells]

    def unread(self, header: Cells) -> list[str]:
        """Return the columns that nothing is read from."""
        used = {name for one in self.figures for name in one.used}
        return [name for name in header if name and name not in used]


@dataclass(slots=True)
class Gather:
    """Rows that give one number each, made into one row for each figure: those that stand together."""

    by: Sequence[int]
    name: int
    value: int
    wanted: Mapping[str, int]  # what a number is called: where it goes
    width: int

    @classmethod
    def of(cls, words: Mapping[str, Any], names: Sequence[str]) -> "Gather":
        """Find the columns that a declaration gathers by; what is gathered goes to the right of them all.

        Raises:
            Misfit: if one is missing.
        """
        width = len(names)
        missing = next((name for name in (*words["by"], words["name"], words["value"]) if name not in names), None)
        if missing is not None:
            msg = f"There is no column “{missing}”."
            raise Misfit(msg)
        by = [names.index(name) for name in words["by"]]
        wanted = {name: width + at for at, name in enumerate(words["into"])}
        return cls(by, names.index(words["name"]), names.index(words["value"]), wanted, width)

    def over(self, rows: Iterator[Numbered]) -> Iterator[Numbered]:
        """Return the gathered rows."""
        key: tuple[str, ...] | None = None
        kept: list[str] = []
        number = 0
        for at, cells in rows:
            this = tuple(cell(place, cells) for place in self.by)
            if this != key:
                if key is not None:
                    yield number, kept
                key, number = this, at
                kept = [*(list(cells) + [""] * self.width)[: self.width], *[""] * len(self.wanted)]
            place = self.wanted.get(cell(self.name, cells))
            if place is not None:
                kept[place] = cell(self.value, cells)
                number = at if place == self.width else number
        if key is not None:
            yield number, kept


class _Sums:
    """Adds schools up to their districts. A total with a hidden part is hidden: it would tell the part."""

    def __init__(self, note: str) -> None:
        self._note = note
        self._totals: dict[tuple[str, ...], tuple[Row, Decimal | None]] = {}

    def add(self, row: Row) -> None:
        district = cds.district_part(row.cds)
        key = (row.indicator, row.version, district, row.group, str(row.year), row.source)
        first, total = self._totals.get(key, (row, Decimal(0)))
        self._totals[key] = first, None if total is None or row.value is None else total + row.value

    def rows(self) -> Iterator[Row]:
        for (_, _, district, *_), (row, total) in self._totals.items():
            status = "suppressed" if total is None else "reported"
            yield row._replace(
                cds=district,
                name=row.district,
                status=status,
                value=total,
                numerator=total,
                denominator=None,
                note=self._note,
            )


def _tried(one: Figures, cells: Cells) -> Row | BadRow | None:
    try:
        return one.read(cells)
    except BadRow as problem:
        return problem
