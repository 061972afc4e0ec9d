"""Loading figures: a file goes in whole or not at all, comes out whole, and nothing that was published is lost."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, select, update

from app.lib import cds, tables
from app.lib.figure_mappings import FigureMapping
from app.lib.figure_rows import Row
from app.lib.school_year import SchoolYear
from app.models import DefinitionVersion, District, FigureSource, ImportBatch, Observation
from app.models.partnership import OrganizationKind
from app.policy import require_figures
from app.services import figure_batches, figure_files, figure_previews
from app.services.figure_places import Brought, Places, kind_of
from app.services.figure_previews import Preview, Refused
from app.work import Work

Progress = Callable[[int], None]

PLAIN = ("group_code", "school_year", "vintage", "is_latest", "status", "value", "numerator", "denominator", "prior",
         "note", "row_number")  # fmt: skip
MOVE_UP = (
    update(Observation.__table__)  # type: ignore[arg-type]
    .where(Observation.id == bindparam("number"))
    .values(vintage=Observation.vintage + 1)
)


class Outdated(RuntimeError):
    """Figures were loaded since a file was read; it has to be read again."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file. ``batch`` is None if a row was refused, because then nothing was loaded."""

    batch: ImportBatch | None
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that figures come from."""

    name: str
    digest: str = ""
    mapping: str = ""


def load(
    work: Work, path: Path, *, mapping: FigureMapping | None = None, on_progress: Progress | None = None
) -> Loaded:
    """Load a file of figures. If any row cannot be right, nothing is loaded and every such row is reported.

    Args:
        work: whose actor keeps figures.
        path: a table of any kind that ``app.lib.tables`` reads.
        mapping: what its columns mean; guessed where there is no doubt.
        on_progress: called now and then with how many figures were handled.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        NotFigures: if the file as a whole is none, such as one row per student.
    """
    require_figures(work.actor)
    with _folder() as folder:
        used, read = figure_files.preview(work, path, folder, mapping=mapping, on_progress=on_progress)
        if read.refused:
            return Loaded(None, refused=tuple(read.refused))
        return store(work, folder, read, Origin(path.name, tables.digest(path), used.name))


def insert_many(work: Work, name: str, rows: Iterable[Row], *, on_progress: Progress | None = None) -> Loaded:
    """Load figures that are already read, numbered from 1, as one batch called ``name``.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
    """
    require_figures(work.actor)
    with _folder() as folder:
        places = Places.of(work.session, SchoolYear.of(work.now.date()).start)
        read = figure_previews.read(work.session, enumerate(rows, 1), folder, places, on_progress=on_progress)
        if read.refused:
            return Loaded(None, refused=tuple(read.refused))
        return store(work, folder, read, Origin(name))


def store(work: Work, folder: Path, read: Preview, origin: Origin, *, on_progress: Progress | None = None) -> Loaded:
    """Write what a preview left in ``folder``, as one batch.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        Outdated: if figures were loaded or undone since the file was read.
    """
    require_figures(work.actor)
    if tuple(read.at) != figure_previews.seen_loads(work.session):
        msg = "Other figures were loaded meanwhile. Look at the file again before you load it."
        raise Outdated(msg)
    batch = ImportBatch(
        file_name=origin.name[:255],
        file_digest=origin.digest,
        mapping=origin.mapping,
        imported_by_id=work.actor.person_id,
        imported_at=work.now,
        partnership_id=work.actor.partnership_id,
        rows_new=read.new,
        rows_changed=read.changed,
        rows_same=read.same,
    )
    work.session.add(batch)
    work.session.flush()
    brought = figure_previews.brought(folder)
    versions, sources, places = _add_versions(work, brought), _add_sources(work, brought), _add_places(work, brought)
    connection = work.session.connection()
    done = 0
    for rows, outdated, moved in figure_previews.written(folder):
        figure_batches.mark(work, outdated, is_latest=False)
        if moved:
            connection.execute(MOVE_UP, [{"number": number} for number in moved])
        values = [
            (batch.id, versions.get(row[0], row[0]), places.get(row[1], row[1]), sources.get(row[4], row[4]),
             *row[2:4], *row[5:])
            for row in rows
        ]  # fmt: skip
        _write(connection, values)
        done += len(rows)
        if on_progress is not None:
            on_progress(done)
    work.record(
        "figures.imported",
        f"batch:{batch.id}",
        partnership_id=batch.partnership_id,
        file=batch.file_name,
        new=read.new,
        changed=read.changed,
        same=read.same,
    )
    return Loaded(batch, read.new, read.changed, read.same)


def _write(connection: Connection, values: list[tuple[object, ...]]) -> None:
    """Write observations straight through the driver: building each row's parameters takes as long as reading it."""
    columns = ", ".join(("batch_id", "version_id", "district_id", "source_id", *PLAIN))
    if connection.dialect.name == "postgresql":
        with connection.connection.cursor().copy(f"COPY observation ({columns}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        return
    marks = ", ".join("?" * (columns.count(",") + 1))
    connection.exec_driver_sql(f"INSERT INTO observation ({columns}) VALUES ({marks})", values)  # noqa: S608


def _add_versions(work: Work, brought: Brought) -> dict[int, int]:
    added = [DefinitionVersion(indicator_id=indicator, code=code, name=code) for indicator, code in brought.versions]
    return _numbered(work, added)


def _add_sources(work: Work, brought: Brought) -> dict[int, int]:
    names = [name for name, _, _, _ in brought.sources]
    known = {one.name: one for one in work.session.scalars(select(FigureSource).where(FigureSource.name.in_(names)))}
    listed: list[FigureSource] = []
    for name, release, line, place in brought.sources:
        source = known.get(name) or FigureSource(name=name)
        source.release, source.line, source.place = release or source.release or "", line, place
        listed.append(source)
    return _numbered(work, listed)


def _add_places(work: Work, brought: Brought) -> dict[int, int]:
    listed = [
        District(kind=kind_of(code, name), name=name[:120], short_name=_short(name), cds_code=code)
        for code, name in brought.places
    ]
    districts = [place for place in listed if place.kind != OrganizationKind.SCHOOL]
    work.session.add_all(districts)
    work.session.flush()
    whose = {code: number for code, number in work.session.execute(select(District.cds_code, District.id)) if code}
    for place in listed:
        if place.kind == OrganizationKind.SCHOOL:
            place.parent_id = whose[cds.district_part(place.cds_code or "")]
    numbers = _numbered(work, listed)
    for number, name in brought.named:
        words = {"name": name[:120], "short_name": _short(name)}
        work.session.execute(update(District).where(District.id == numbers.get(number, number)).values(**words))
    return numbers


def _short(name: str) -> str:
    return name.removesuffix(" Unified")[:40]


def _numbered(work: Work, added: Iterable[DefinitionVersion | FigureSource | District]) -> dict[int, int]:
    """Write rows down; return their numbers by those that a preview gave them."""
    rows = list(added)
    work.session.add_all(rows)
    work.session.flush()
    return {-place: row.id for place, row in enumerate(rows, 1)}


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="braid-figures-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
