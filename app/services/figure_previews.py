"""Reading a whole file of figures and saying what it would change, without touching the database.

What would be written goes to a folder, ready to be loaded at once: so the database is locked for seconds, however long
the file takes to read, and nothing is read twice. Lists of everything that was recognised stand beside it.
"""

import json
import marshal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lib.figure_lists import Entry, Lists
from app.lib.figure_repeats import Key, Repeats
from app.lib.figure_rows import BadRow, Row
from app.models import ImportBatch
from app.models.types import Exact
from app.services.figure_holdings import Held, Holdings, Numbers
from app.services.figure_places import Brought, Places
from app.services.figure_totals import Totals

CHUNK = 2000  # rows handled at once
MOST_REFUSED = 100_000  # sentences kept; a file with more is read by a wrong mapping

Told = Callable[[int], None]
Numbered = Iterable[tuple[int, Row | BadRow]]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one row cannot be loaded, as a sentence that names the column. ``row`` counts as a spreadsheet does."""

    row: int
    sentence: str


@dataclass
class Preview:
    """What a file would change.

    Attributes:
        stopped: the row at which reading was given up, because too many were wrong; else 0.
        by: how many figures there are of each indicator, school year, student group and status.
        at: which loads the database had seen; after another one, the file has to be read again.
    """

    figures: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    rows: int = 0
    refused: list[Refused] = field(default_factory=list)
    stopped: int = 0
    by: dict[str, dict[str, int]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    places: int = 0
    at: tuple[int, int] = (0, 0)

    def as_words(self) -> dict[str, Any]:
        """Return it as what JSON can hold; the sentences stand in a list of their own."""
        words = {name: value for name, value in vars(self).items() if name != "refused"}
        return words | {"refused": len(self.refused)}


@dataclass
class _Reading:
    """Everything that one reading keeps while it goes through a file."""

    places: Places
    preview: Preview
    out: BinaryIO
    lists: Lists
    totals: Totals
    holdings: Holdings
    repeats: Repeats = field(default_factory=Repeats)
    counts: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in ("indicator", "year", "group", "status")}
    )


def read(  # noqa: PLR0913
    session: Session,
    rows: Numbered,
    folder: Path,
    places: Places,
    *,
    totals_add_up: bool = False,
    on_progress: Told | None = None,
) -> Preview:
    """Read every row and write down in ``folder`` what loading it would do.

    Args:
        session: to compare with what is there.
        rows: figures, read or refused, with their numbers.
        folder: where to.
        places: what rows may point at.
        totals_add_up: whether a total with fewer students than one of its groups is refused.
        on_progress: called now and then with how many figures were handled.
    """
    preview = Preview(at=seen_loads(session))
    with (folder / "figures").open("wb") as out, Lists(folder) as lists:
        totals = Totals(on=totals_add_up, most=MOST_REFUSED)
        reading = _Reading(places, preview, out, lists, totals, Holdings(session, places.lines))
        for chunk in _chunks(rows, CHUNK):
            _handle(reading, chunk)
            preview.figures += len(chunk)
            if on_progress is not None:
                on_progress(preview.figures)
            if len(preview.refused) >= MOST_REFUSED:
                preview.stopped = chunk[-1][0]
                break
        _refuse_late(reading)
        for refused in preview.refused:
            lists.add["refused"](Entry(refused.row, refused.sentence))
    preview.by = {name: dict(sorted(counted.items())) for name, counted in reading.counts.items()}
    preview.places = len(places.brought.places)
    (folder / "brought").write_text(json.dumps(asdict(places.brought)), encoding="utf-8")
    return preview


def seen_loads(session: Session) -> tuple[int, int]:
    """Return what tells whether figures were loaded or undone since."""
    newest = session.scalar(select(func.max(ImportBatch.id))) or 0
    undone = session.scalar(select(func.count()).where(ImportBatch.undone_at.is_not(None))) or 0
    return newest, undone


def written(folder: Path) -> Iterator[tuple[list[tuple[Any, ...]], list[int], list[int]]]:
    """Return what ``read`` wrote down, chunk by chunk: figures, those they restate, those that move up a vintage.

    A figure is: version, place, group, year, source, vintage, whether it is the latest, status, value, numerator,
    denominator, year before, note, row. Numbers are as the database keeps them; what a file brings is below zero.
    """
    with (folder / "figures").open("rb") as file:
        while True:
            try:
                chunk = marshal.load(file)  # noqa: S302 - our own file, in our own folder
            except EOFError:
                return
            yield chunk


def brought(folder: Path) -> Brought:
    """Return what comes with the rows that ``read`` wrote down."""
    words = json.loads((folder / "brought").read_text(encoding="utf-8"))
    return Brought(**{name: [tuple(one) for one in listed] for name, listed in words.items()})


def _refuse_late(reading: _Reading) -> None:
    """Refuse what only the whole file shows to be wrong, and sort all that is refused by its row."""
    preview = reading.preview
    for number, earlier in reading.repeats.found(MOST_REFUSED):
        said = f"Row {number}, year: The same figure stands in an earlier row ({earlier}). Leave one of the two out."
        preview.refused.append(Refused(number, said))
    preview.refused += [Refused(number, f"Row {number}, {said}") for number, said in reading.totals.problems()]
    preview.refused = sorted(preview.refused, key=lambda refused: refused.row)[:MOST_REFUSED]


def _handle(reading: _Reading, chunk: Sequence[tuple[int, Row | BadRow]]) -> None:
    keyed: list[tuple[Key, int, Row]] = []
    places, preview = reading.places, reading.preview
    for number, row in chunk:
        problem = row if isinstance(row, BadRow) else places.problem(row)
        if problem is not None:
            preview.refused.append(Refused(number, f"Row {number}, {problem.column}: {problem}"))
            continue
        assert isinstance(row, Row)  # noqa: S101 - tells the type checker
        key = (places.version(row), places.place(row), row.group, row.year, places.source(row))
        reading.repeats.add(number, key)
        reading.totals.add(number, key, row)
        keyed.append((key, number, row))
        _count(reading, row)
    held = reading.holdings.of([key for key, _, _ in keyed])
    rows: list[tuple[Any, ...]] = []
    outdated: list[int] = []
    moved: list[int] = []
    for key, number, row in keyed:
        line = places.lines[key[4]][0]
        fresh = _compared(reading, key, number, row, held.get((*key[:4], line), ()))
        if fresh is not None:
            rows.append(fresh[0])
            outdated += fresh[1]
            moved += fresh[2]
    if rows:
        marshal.dump((rows, outdated, moved), reading.out)


def _compared(
    reading: _Reading, key: Key, number: int, row: Row, held: Sequence[Held]
) -> tuple[tuple[Any, ...], list[int], list[int]] | None:
    """Return what to write for a row, None if it says nothing new.

    With it: which earlier figures it restates, and which of later releases were loaded before it and move up.
    """
    numbers: Numbers = (
        row.status,
        _kept(row.value),
        _kept(row.numerator),
        _kept(row.denominator),
        _kept(row.prior),
    )
    own = max((one for one in held if one.source == key[4]), key=lambda one: one.vintage, default=None)
    latest = next((one for one in held if one.is_latest), None)
    again = latest is not None and row.restates and latest.numbers[:2] == numbers[:2]
    if again or (own is not None and own.says(numbers)):
        reading.preview.same += 1
        _list(reading, "same", number, row, numbers)
        return None
    lines = reading.places.lines
    place = lines[key[4]][1]
    later = sorted((one for one in held if lines[one.source][1] > place), key=lambda one: -one.vintage)
    vintage = max((one.vintage for one in held if one not in later), default=0) + 1
    if held:
        reading.preview.changed += 1
        _list(reading, "changed", number, row, numbers, (latest or held[0]).numbers)
    else:
        reading.preview.new += 1
        _list(reading, "new", number, row, numbers)
    outdated = [latest.id] if latest is not None and not later else []
    return (*key, vintage, not later, *numbers, row.note, number), outdated, [one.id for one in later]


def _list(  # noqa: PLR0913, PLR0917
    reading: _Reading, kind: str, number: int, row: Row, numbers: Numbers, before: Numbers | None = None
) -> None:
    name = row.name or row.district
    was = before[:2] if before is not None else ("", None)
    reading.lists.add[kind](Entry(number, "", row.indicator, row.cds, name, row.group, row.year, numbers[:2], was))


def _kept(number: Decimal | None) -> int | None:
    """Return a number as the database keeps it."""
    return None if number is None else int(number * Exact.SCALE)


def _count(reading: _Reading, row: Row) -> None:
    counts = reading.counts
    counts["indicator"][row.indicator] += 1
    counts["year"][str(row.year)] += 1
    counts["group"][row.group] += 1
    counts["status"][row.status] += 1


def _chunks(rows: Numbered, size: int) -> Iterator[list[tuple[int, Row | BadRow]]]:
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk
