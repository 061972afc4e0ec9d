"""Reading a whole file of figures and saying what it would change, without touching the database.

What would be written goes to a folder, ready to be loaded at once: so the database is locked for seconds, however long
the file takes to read, and nothing is read twice.
"""

import json
import marshal
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from app.lib.figure_rows import BadRow, Row
from app.lib.school_year import SchoolYear
from app.lib.stats import format_value
from app.models import ImportBatch, Observation
from app.models.types import Exact
from app.services.figure_places import Brought, Places
from app.services.figure_totals import Totals

CHUNK = 2000  # rows handled at once
MOST_REFUSED = 1000  # sentences kept; nobody reads more
MOST_TOLD = 500  # of the new and of the changed rows, told one by one
SHIFT = 1 << 40  # Python gives -1 and -2 the same hash; what a file brings has numbers below zero
NO_VALUE = {"suppressed": "hidden", "not_available": "not available", "not_tested": "not tested"}

Numbers = tuple[str, int | None, int | None, int | None, int | None]  # status, value, parts, year before; as kept
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
        by: how many figures there are of each indicator, school year, student group and status.
        told: the first new and changed figures, one by one.
        at: which loads the database had seen; after another one, the file has to be read again.
    """

    figures: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    rows: int = 0
    refused: list[Refused] = field(default_factory=list)
    by: dict[str, dict[str, int]] = field(default_factory=dict)
    told: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"new": [], "changed": []})
    unread: list[str] = field(default_factory=list)
    places: int = 0
    at: tuple[int, int] = (0, 0)

    def as_words(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Held:
    """One figure that is there already."""

    id: int
    source: int
    vintage: int
    is_latest: bool
    numbers: Numbers


@dataclass
class _Reading:
    """Everything that one reading keeps while it goes through a file."""

    session: Session
    places: Places
    preview: Preview
    out: BinaryIO
    totals: Totals
    seen: "array[int]" = field(default_factory=lambda: array("q"))
    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    versions_with_figures: dict[int, bool] = field(default_factory=dict)
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
        folder: an empty one.
        places: what rows may point at.
        totals_add_up: whether a total with fewer students than one of its groups is refused.
        on_progress: called now and then with how many figures were handled.
    """
    preview = Preview(at=seen_loads(session))
    with (folder / "figures").open("wb") as out:
        reading = _Reading(session, places, preview, out, Totals(on=totals_add_up))
        for chunk in _chunks(rows, CHUNK):
            _handle(reading, chunk)
            preview.figures += len(chunk)
            if on_progress is not None:
                on_progress(preview.figures)
            if len(preview.refused) >= MOST_REFUSED:
                break
    for number, earlier in _twice(reading.seen, reading.numbers):
        said = f"Row {number}, year: The same figure stands in an earlier row ({earlier}). Leave one of the two out."
        preview.refused.append(Refused(number, said))
    preview.refused += [Refused(number, f"Row {number}, {said}") for number, said in reading.totals.problems()]
    preview.refused = sorted(preview.refused, key=lambda refused: refused.row)[:MOST_REFUSED]
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


def _handle(reading: _Reading, chunk: Sequence[tuple[int, Row | BadRow]]) -> None:
    keyed: list[tuple[tuple[int, int, str, int, int], int, Row]] = []
    places, preview = reading.places, reading.preview
    for number, row in chunk:
        problem = row if isinstance(row, BadRow) else places.problem(row)
        if problem is not None:
            preview.refused.append(Refused(number, f"Row {number}, {problem.column}: {problem}"))
            continue
        assert isinstance(row, Row)  # noqa: S101 - tells the type checker
        key = (places.version(row), places.place(row), row.group, row.year, places.source(row))
        reading.seen.append(_mark(key))
        reading.numbers.append(number)
        reading.totals.add(number, key, row)
        keyed.append((key, number, row))
        _count(reading, row)
    held = _held(reading, [key for key, _, _ in keyed])
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
    reading: _Reading, key: tuple[int, int, str, int, int], number: int, row: Row, held: Sequence[_Held]
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
    if again or (own is not None and _says_the_same(own.numbers, numbers)):
        reading.preview.same += 1
        return None
    lines = reading.places.lines
    place = lines[key[4]][1]
    later = sorted((one for one in held if lines[one.source][1] > place), key=lambda one: -one.vintage)
    vintage = max((one.vintage for one in held if one not in later), default=0) + 1
    if held:
        reading.preview.changed += 1
        _tell(reading.preview.told["changed"], number, row, reading, (latest or held[0]).numbers)
    else:
        reading.preview.new += 1
        _tell(reading.preview.told["new"], number, row, reading, None)
    outdated = [latest.id] if latest is not None and not later else []
    return (*key, vintage, not later, *numbers, row.note, number), outdated, [one.id for one in later]


def _says_the_same(held: Numbers, said: Numbers) -> bool:
    """Whether a row tells nothing beyond what is there: what it leaves out it does not change."""
    return held[:2] == said[:2] and all(new is None or new == old for old, new in zip(held[2:], said[2:], strict=True))


def _held(reading: _Reading, keys: Sequence[tuple[int, int, str, int, int]]) -> dict[tuple[Any, ...], list[_Held]]:
    """Return the figures there are already, of the same thing and the same line of releases."""
    asked = [key for key in keys if key[0] > 0 and key[1] > 0 and _had_figures(reading, key[0])]
    if not asked:
        return {}
    o = Observation
    query = select(
        o.version_id, o.district_id, o.group_code, o.school_year, o.source_id, o.id, o.vintage, o.is_latest, o.status,
        *(type_coerce(column, BigInteger) for column in (o.value, o.numerator, o.denominator, o.prior)),
    ).where(
        o.version_id.in_({key[0] for key in asked}),
        o.district_id.in_({key[1] for key in asked}),
        o.school_year.in_({key[3] for key in asked}),
        o.status != "held",
    )  # fmt: skip
    wanted = {key[:4] for key in asked}
    found: dict[tuple[Any, ...], list[_Held]] = {}
    for version, place, group, year, source, number, vintage, is_latest, *numbers in reading.session.execute(query):
        if (version, place, group, year) in wanted:
            line = reading.places.lines[source][0]
            one = _Held(number, source, vintage, bool(is_latest), tuple(numbers))
            found.setdefault((version, place, group, year, line), []).append(one)
    return found


def _had_figures(reading: _Reading, version_id: int) -> bool:
    """Whether a version has figures, so that a first load need not compare row by row."""
    had = reading.versions_with_figures
    if version_id not in had:
        query = select(Observation.id).where(Observation.version_id == version_id).limit(1)
        had[version_id] = reading.session.scalar(query) is not None
    return had[version_id]


def _kept(number: Decimal | None) -> int | None:
    """Return a number as the database keeps it."""
    return None if number is None else int(number * Exact.SCALE)


def _count(reading: _Reading, row: Row) -> None:
    counts = reading.counts
    counts["indicator"][row.indicator] += 1
    counts["year"][str(row.year)] += 1
    counts["group"][row.group] += 1
    counts["status"][row.status] += 1


def _tell(told: list[dict[str, Any]], number: int, row: Row, reading: _Reading, before: Numbers | None) -> None:
    if len(told) >= MOST_TOLD:
        return
    _, unit = reading.places.indicators[row.indicator]
    said = {
        "row": number,
        "indicator": row.indicator,
        "place": row.name or row.district or row.cds,
        "group": row.group,
        "year": str(SchoolYear(row.year)),
        "now": _words(row.status, row.value, unit),
    }
    if before is not None:
        value = None if before[1] is None else Decimal(before[1]) / Exact.SCALE
        said["before"] = _words(before[0], value, unit)
    told.append(said)


def _words(status: str, value: Decimal | None, unit: str) -> str:
    return NO_VALUE.get(status, status) if value is None else format_value(value, unit)


def _mark(key: tuple[int, int, str, int, int]) -> int:
    """Return a number that tells a figure from every other of its file."""
    version, place, group, year, source = key
    return hash((version + SHIFT, place + SHIFT, group, year, source + SHIFT))


def _twice(seen: "array[int]", numbers: "array[int]") -> list[tuple[int, int]]:
    """Return the rows that say what an earlier row says, each with that row."""
    if len(seen) < 2:  # noqa: PLR2004
        return []
    keys = np.frombuffer(seen, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    again = np.flatnonzero(keys[order][1:] == keys[order][:-1]) + 1
    return sorted((numbers[order[at]], numbers[order[at - 1]]) for at in again[:MOST_REFUSED])


def _chunks(rows: Numbered, size: int) -> Iterator[list[tuple[int, Row | BadRow]]]:
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk
