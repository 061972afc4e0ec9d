"""Reading a file of figures: whether it is of groups, which mapping fits, and what it would change."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from app.lib import students, tables
from app.lib.figure_mappings import FigureMapping
from app.lib.school_year import SchoolYear
from app.lib.tables import NotFigures, Table
from app.services import figure_previews, mappings
from app.services.figure_places import Places
from app.services.figure_previews import Preview
from app.work import Work

SIMPLE = ("indicator", "cds", "school_year", "student_group", "value")

Progress = Callable[[int], None]


class Unrecognised(NotFigures):
    """No mapping fits a file, or more than one; the message says what to do."""


def preview(  # noqa: PLR0913
    work: Work,
    path: Path,
    folder: Path,
    *,
    file_name: str = "",
    mapping: FigureMapping | None = None,
    on_progress: Progress | None = None,
    on_share: Callable[[float], None] | None = None,
) -> tuple[FigureMapping, Preview]:
    """Read a file and say what it would change; what would be written goes to ``folder``.

    Raises:
        NotFigures: if the file as a whole is none.
        Unrecognised: if no mapping fits, or more than one.
    """
    name = file_name or path.name
    with tables.opened(path) as opened:
        first = beginning(opened)
        used = mapping or recognised(work, opened, name)
        reader = used.reader(opened.header, name)
        places = Places.of(
            work.session, SchoolYear.of(work.now.date()).start, adds_places=bool(used.words["place"].get("new"))
        )

        def told(count: int) -> None:
            if on_progress is not None:
                on_progress(count)
            if on_share is not None:
                on_share(opened.share())

        read = figure_previews.read(
            work.session,
            reader.read(_joined(first, opened.rows)),
            folder,
            places,
            totals_add_up=used.words.get("totals") != "free",
            on_progress=told,
        )
    read.unread = reader.unread(opened.header)
    read.rows = reader.rows
    return used, read


def beginning(opened: Table) -> list[tables.Numbered]:
    """Return the first rows of a table, if they are of groups; other sheets of its workbook are looked at, too.

    Raises:
        NotFigures: if rows are single students.
    """
    first = list(islice(opened.rows, students.LOOKED_AT))
    refusal = students.told(opened.header, [cells for _, cells in first])
    for sheet in opened.beside:
        refusal = refusal or students.told(sheet[0] if sheet else (), sheet[1:])
    if refusal:
        raise NotFigures(refusal)
    return first


def recognised(work: Work, opened: Table, name: str) -> FigureMapping:
    """Return the one mapping that fits a file.

    Raises:
        Unrecognised: if none does, or several do.
    """
    known = mappings.known(work.session, work.actor.partnership_id)
    fitting = mappings.fitting(known, opened.header, name)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        listed = ", ".join(mapping.name for mapping in fitting)
        msg = f"{name} could be read in several ways: {listed}. Say which mapping is right."
        raise Unrecognised(msg)
    columns = ", ".join(cell for cell in opened.header if cell)[:300] or "none"
    msg = (
        f"Braid does not know this kind of file. Its columns are: {columns}. Say what they mean in a mapping; the "
        f"simplest file has {', '.join(SIMPLE)}."
    )
    raise Unrecognised(msg)


def _joined(first: Iterable[tables.Numbered], rest: Iterator[tables.Numbered]) -> Iterator[tables.Numbered]:
    yield from first
    yield from rest
