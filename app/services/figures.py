"""Loading figures: a file goes in whole or not at all, and nothing that was published is ever overwritten."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select, tuple_, update

from app.lib import figure_files
from app.lib.figure_rows import BadRow, Row, bounds_problem
from app.models import DefinitionVersion, District, FigureSource, ImportBatch, Indicator, Observation, StudentGroup
from app.policy import require_figures
from app.work import Work

CHUNK = 2000  # rows written at once
ASKED = 400  # keys compared in one statement: five parameters each
NO_SCHOOL = "0000000"  # the end of a whole district's CDS code
MOST_REFUSED = 1000  # sentences kept; nobody reads more

Progress = Callable[[int], None]
Key = tuple[int, int, str, int, int]  # definition version, district, group, school year, source
Figures = tuple[str, Decimal | None, Decimal | None, Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one row cannot be loaded, as a sentence that names the column. ``row`` counts as a spreadsheet does."""

    row: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file. ``batch`` is None if a row was refused, because then nothing was loaded."""

    batch: ImportBatch | None
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: tuple[Refused, ...] = ()


@dataclass
class Counts:
    """How many rows were new, changed and the same."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass
class Places:
    """What rows may point at, by the names that files use; versions and sources grow while a file is loaded."""

    indicators: dict[str, tuple[int, str]]  # code: number, unit
    districts: dict[str, int]
    groups: set[str]
    versions: dict[tuple[int, str], int]
    usual: dict[int, str]  # the code of the version that a row without one belongs to
    sources: dict[str, int]
    had_figures: dict[int, bool] = field(default_factory=dict)  # by version, before this file

    @classmethod
    def of(cls, work: Work) -> "Places":
        """Read them all: some dozens of indicators, some hundreds of districts."""
        session = work.session
        versions = session.execute(
            select(DefinitionVersion.indicator_id, DefinitionVersion.code, DefinitionVersion.id).order_by(
                DefinitionVersion.valid_from.is_not(None), DefinitionVersion.valid_from, DefinitionVersion.id
            )
        ).all()
        indicators = session.execute(select(Indicator.code, Indicator.id, Indicator.unit)).all()
        districts = session.execute(select(District.cds_code, District.id).where(District.cds_code.is_not(None))).all()
        return cls(
            {code: (number, unit) for code, number, unit in indicators},
            {code: number for code, number in districts if code},
            set(session.scalars(select(StudentGroup.code))),
            {(indicator, code): number for indicator, code, number in versions},
            {indicator: code for indicator, code, _ in versions},
            dict(session.execute(select(FigureSource.name, FigureSource.id)).all()),
        )


def load(work: Work, path: Path, *, on_progress: Progress | None = None) -> Loaded:
    """Load a file of figures. If any row cannot be right, nothing is loaded and every such row is reported.

    Args:
        work: whose actor keeps figures.
        path: CSV in UTF-8, its columns named in the first row; lines before it that begin with # are comments.
        on_progress: called now and then with how many rows were handled. Each row is handled twice: checked, loaded.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        NotFigures: if the file as a whole is none, such as one row per student.
    """
    require_figures(work.actor)
    places = Places.of(work)
    counted = _every(CHUNK, on_progress)
    refused = _refusals(places, path, counted)
    if refused:
        return Loaded(None, refused=tuple(refused))
    batch = ImportBatch(
        file_name=path.name[:255],
        file_digest=figure_files.digest(path),
        imported_by_id=work.actor.person_id,
        imported_at=work.now,
    )
    work.session.add(batch)
    work.session.flush()
    return _insert(
        work, batch, places, ((number, row) for number, row in figure_files.rows(path) if isinstance(row, Row)), counted
    )


def insert_many(work: Work, name: str, rows: Iterable[Row], *, on_progress: Progress | None = None) -> Loaded:
    """Load figures that are already read and known to be right, numbered from 1, as one batch called ``name``.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
    """
    require_figures(work.actor)
    batch = ImportBatch(file_name=name, file_digest="", imported_by_id=work.actor.person_id, imported_at=work.now)
    work.session.add(batch)
    work.session.flush()
    return _insert(work, batch, Places.of(work), enumerate(rows, 1), _every(CHUNK, on_progress))


def _insert(
    work: Work, batch: ImportBatch, places: Places, rows: Iterable[tuple[int, Row]], counted: Callable[[], None]
) -> Loaded:
    counts = Counts()
    for chunk in _chunks(rows, CHUNK):
        _write(work, batch, places, chunk, counts)
        for _ in chunk:
            counted()
    batch.rows_new, batch.rows_changed, batch.rows_same = counts.new, counts.changed, counts.same
    work.session.flush()
    work.record(
        "figures.imported",
        f"batch:{batch.id}",
        file=batch.file_name,
        new=counts.new,
        changed=counts.changed,
        same=counts.same,
    )
    return Loaded(batch, counts.new, counts.changed, counts.same)


def _refusals(places: Places, path: Path, counted: Callable[[], None]) -> list[Refused]:
    """Read the whole file once and return what is wrong with it, without touching the database."""
    refused: list[Refused] = []
    seen: set[int] = set()
    first: dict[str, int] = {}
    for number, row in figure_files.rows(path):
        counted()
        problem = row if isinstance(row, BadRow) else _problem(places, row)
        if problem is None and isinstance(row, Row):
            key = _packed(places, row, first)
            if key in seen:
                problem = BadRow("year", "The same figure stands in an earlier row. Leave one of the two out.")
            seen.add(key)
        if problem is not None:
            refused.append(Refused(number, f"Row {number}, {problem.column}: {problem}"))
            if len(refused) >= MOST_REFUSED:
                return refused
    return refused


def _problem(places: Places, row: Row) -> BadRow | None:
    """Return the first thing that the database knows to be wrong with a row."""
    return next(_problems(places, row), None)


def _problems(places: Places, row: Row) -> Iterator[BadRow]:
    if row.indicator not in places.indicators:
        yield BadRow("indicator", f"No indicator is called “{row.indicator}”. Define it first, or check the spelling.")
        return
    _, unit = places.indicators[row.indicator]
    if not row.cds.endswith(NO_SCHOOL):
        yield BadRow("cds", f"{row.cds} is a school. Braid takes the figures of whole districts for now.")
    elif row.cds not in places.districts:
        yield BadRow("cds", f"No district here has the CDS code {row.cds}. Add the district first, or check the code.")
    if row.group not in places.groups:
        yield BadRow("student group", f"No student group is called “{row.group}”.")
    if row.unit and row.unit != unit:
        yield BadRow("unit", f"The file counts in {row.unit}, but “{row.indicator}” is defined in {unit}.")
    if row.value is not None and (sentence := bounds_problem(unit, row.value)):
        yield BadRow("value", sentence)


def _packed(places: Places, row: Row, first: dict[str, int]) -> int:
    """Return what tells a row apart as one number, so that millions of them fit in memory."""
    version = row.version or places.usual.get(places.indicators[row.indicator][0], "")
    number = 0
    for part in (row.indicator, version, row.cds, row.group, row.source):
        number = number << 20 | first.setdefault(part, len(first))
    return number << 12 | row.year


def _write(work: Work, batch: ImportBatch, places: Places, chunk: Sequence[tuple[int, Row]], counts: Counts) -> None:
    keyed = [(_key(work, places, row), number, row) for number, row in chunk]
    asked = [key for key, _, _ in keyed if _had_figures(work, places, key[0])]
    held = _held(work, asked)
    fresh: list[dict[str, Any]] = []
    outdated: list[int] = []
    for key, number, row in keyed:
        figures: Figures = (row.status, row.value, row.numerator, row.denominator, row.prior)
        vintage = 1
        if key in held:
            earlier_id, earlier_vintage, earlier = held[key]
            if earlier == figures:
                counts.same += 1
                continue
            outdated.append(earlier_id)
            vintage = earlier_vintage + 1
            counts.changed += 1
        else:
            counts.new += 1
        fresh.append(_observation(key, figures) | {"vintage": vintage, "batch_id": batch.id} | _origin(number, row))
    if outdated:
        work.session.execute(
            update(Observation).where(Observation.id.in_(outdated)).values(is_latest=False),
            execution_options={"synchronize_session": False},
        )
    if fresh:
        table = Observation.__table__
        assert isinstance(table, Table)  # noqa: S101 - tells the type checker what declarative classes have
        work.session.connection().execute(insert(table), fresh)


def _observation(key: Key, figures: Figures) -> dict[str, Any]:
    version_id, district_id, group_code, school_year, source_id = key
    status, value, numerator, denominator, prior = figures
    return {
        "version_id": version_id,
        "district_id": district_id,
        "group_code": group_code,
        "school_year": school_year,
        "source_id": source_id,
        "is_latest": True,
        "status": status,
        "value": value,
        "numerator": numerator,
        "denominator": denominator,
        "prior": prior,
    }


def _origin(number: int, row: Row) -> dict[str, Any]:
    return {"note": row.note, "row_number": number}


def _held(work: Work, keys: Sequence[Key]) -> dict[Key, tuple[int, int, Figures]]:
    """Return the latest vintage of each key that has one."""
    o = Observation
    held: dict[Key, tuple[int, int, Figures]] = {}
    for start in range(0, len(keys), ASKED):
        columns = tuple_(o.version_id, o.district_id, o.group_code, o.school_year, o.source_id)
        query = select(
            o.version_id, o.district_id, o.group_code, o.school_year, o.source_id, o.id, o.vintage,
            o.status, o.value, o.numerator, o.denominator, o.prior,
        ).where(columns.in_(keys[start : start + ASKED]), o.is_latest)  # fmt: skip
        for version, district, group, year, source, number, vintage, *figures in work.session.execute(query):
            held[version, district, group, year, source] = (number, vintage, tuple(figures))
    return held


def _key(work: Work, places: Places, row: Row) -> Key:
    indicator_id, _ = places.indicators[row.indicator]
    code = row.version or places.usual.get(indicator_id, "first")
    version_id = places.versions.get((indicator_id, code))
    if version_id is None:
        version = DefinitionVersion(indicator_id=indicator_id, code=code, name=code)
        work.session.add(version)
        work.session.flush()
        version_id = places.versions[indicator_id, code] = version.id
        places.usual.setdefault(indicator_id, code)
        places.had_figures[version_id] = False
    name = row.source or "source not named"
    source_id = places.sources.get(name)
    if source_id is None:
        source = FigureSource(name=name, release=row.release[:60])
        work.session.add(source)
        work.session.flush()
        source_id = places.sources[name] = source.id
    return version_id, places.districts[row.cds], row.group, row.year, source_id


def _had_figures(work: Work, places: Places, version_id: int) -> bool:
    """Whether a version had figures before this file, so that a first load need not compare row by row."""
    if version_id not in places.had_figures:
        query = select(Observation.id).where(Observation.version_id == version_id).limit(1)
        places.had_figures[version_id] = work.session.scalar(query) is not None
    return places.had_figures[version_id]


def _chunks(rows: Iterable[tuple[int, Row]], size: int) -> Iterator[list[tuple[int, Row]]]:
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk


def _every(step: int, on_progress: Progress | None) -> Callable[[], None]:
    """Return a counter that reports every ``step`` rows."""
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if on_progress is not None and done % step == 0:
            on_progress(done)

    return count
