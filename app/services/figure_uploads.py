"""Files of figures on their way in: sent, read, looked at, then loaded or thrown away.

The file and what was read of it stay in a folder of their own under the data folder until then. A file of single
students is refused before anything of it is written down.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import SEEK_END
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from app.lib import figure_guesses, students, tables, tokens
from app.lib.figure_mappings import FigureMapping
from app.lib.tables import Cells, NotFigures
from app.models import FigureUpload, SavedMapping
from app.models.upload import UploadState
from app.policy import require_figures
from app.services import figure_files, figure_handling, mappings
from app.services.figure_handling import TABLE
from app.work import Work

LARGEST = 600 << 20  # bytes of one file
LARGE_WORKBOOK = 20 << 20
AT_ONCE = 1 << 20  # bytes; larger files are read by the worker
FEW = 20_000  # figures; more are loaded by the worker
KEPT = timedelta(days=14)  # a file that nobody loads
LEFT = timedelta(hours=6)  # a folder that belongs to no file
PIECE = 1 << 20
SCANNED = 200_000  # rows whose groups are listed


@dataclass(frozen=True, slots=True)
class Look:
    """The beginning of a file, for saying what its columns mean."""

    header: Cells
    rows: Sequence[Cells]


def receive(work: Work, file_name: str, stream: BinaryIO, root: Path) -> FigureUpload:
    """Keep a file that somebody sent, and have it read: at once if it is small, else by the worker.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        NotFigures: if it is empty or too large, or no file of figures; nothing of it is kept then.
    """
    person_id = require_figures(work.actor)
    _refuse_students(stream)
    folder = root / tokens.new()[:32]
    folder.mkdir(parents=True)
    try:
        size = _keep(stream, folder / TABLE)
        upload = FigureUpload(
            partnership_id=work.actor.partnership_id or 0,
            person_id=person_id,
            uploaded_at=work.now,
            file_name=file_name[-255:],
            size=size,
            folder=folder.name,
            state=UploadState.READING,
        )
        if size <= AT_ONCE:
            figure_handling.look(work, upload, root)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if upload.state == UploadState.REFUSED:
        raise NotFigures(upload.problem)
    work.session.add(upload)
    work.session.flush()
    if upload.state == UploadState.READING:
        work.promise("figures", f"upload:{upload.id}")
    work.record("figures.uploaded", f"upload:{upload.id}", partnership_id=upload.partnership_id, size=size)
    return upload


def read_with(work: Work, upload: FigureUpload, root: Path, name: str) -> None:
    """Read a file again, by the mapping of that name (or by the one that fits, if none is named)."""
    require_figures(work.actor)
    upload.mapping = name
    if upload.size <= AT_ONCE:
        figure_handling.look(work, upload, root)
        return
    upload.state = UploadState.READING
    figure_handling.begin(upload, root)
    work.promise("figures", f"upload:{upload.id}")


def load(work: Work, upload: FigureUpload, root: Path) -> None:
    """Load what was read: at once if it is little, else by the worker.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        ValueError: if there is nothing to load, or a row is refused; the message is for people.
    """
    require_figures(work.actor)
    preview = upload.preview
    if upload.state != UploadState.READ:
        msg = "This file is not ready to be loaded. Look at it again."
        raise ValueError(msg)
    if preview["refused"]:
        msg = "A file goes in whole or not at all. Correct the rows that are refused, and send it again."
        raise ValueError(msg)
    if preview["new"] + preview["changed"] <= FEW:
        figure_handling.load(work, upload, root)
        return
    upload.state = UploadState.LOADING
    figure_handling.begin(upload, root)
    work.promise("figures", f"upload:{upload.id}")


def remove(work: Work, upload: FigureUpload, root: Path) -> None:
    """Throw a file away that is not loaded, and everything that was read of it."""
    require_figures(work.actor)
    figure_handling.forget(upload, root)
    work.session.delete(upload)


def clear(work: Work, root: Path) -> int:
    """Throw away files that nobody loaded for two weeks, and what a crash left of others; return how many files."""
    query = select(FigureUpload).where(FigureUpload.uploaded_at < work.now - KEPT, FigureUpload.batch_id.is_(None))
    old = work.session.scalars(query).all()
    for upload in old:
        figure_handling.forget(upload, root)
        work.session.delete(upload)
    work.session.flush()
    known = set(work.session.scalars(select(FigureUpload.folder)))
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name not in known and folder.stat().st_mtime < (work.now - LEFT).timestamp():
            shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def beginning(upload: FigureUpload, root: Path) -> Look:
    """Return the columns and first rows of a file that is kept.

    Raises:
        NotFigures: if it cannot be read any more.
    """
    with tables.opened(root / upload.folder / TABLE) as opened:
        return Look(opened.header, [cells for _, cells in islice(opened.rows, students.LOOKED_AT)])


def names_in(upload: FigureUpload, root: Path, column: str) -> list[str]:
    """Return the different texts that stand in a column of a file that is kept, as far as ``SCANNED`` rows go.

    Raises:
        NotFigures: if it cannot be read any more.
    """
    with tables.opened(root / upload.folder / TABLE) as opened:
        rows = (cells for _, cells in islice(opened.rows, SCANNED))
        return figure_guesses.names_in(opened.header, rows, column)


def explain(
    work: Work, upload: FigureUpload, root: Path, mapping: FigureMapping, instead_of: SavedMapping | None
) -> None:
    """Save what somebody said the columns mean, and read the file by it.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        BadMapping: if its name is taken.
    """
    read_with(work, upload, root, mappings.save(work, mapping, instead_of).name)


def _refuse_students(stream: BinaryIO) -> None:
    """Refuse what is no file of groups before anything of it is written down.

    Raises:
        NotFigures: saying why.
    """
    if tables.is_workbook(stream.read(PIECE)) and stream.seek(0, SEEK_END) > LARGE_WORKBOOK:
        stream.seek(0)
        return  # opening it takes too long for a request: the worker does, and throws it away
    try:
        with tables.opened_in(stream, "The file") as opened:
            figure_files.beginning(opened)
    finally:
        stream.seek(0)


def _keep(stream: BinaryIO, path: Path) -> int:
    """Write a stream to a file piece by piece; return its size."""
    size = 0
    with path.open("wb") as out:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > LARGEST:
                msg = f"That file is larger than {LARGEST >> 20} MB, the most we take. Divide it, or pack it with gzip."
                raise NotFigures(msg)
            out.write(piece)
    if not size:
        msg = "That file is empty."
        raise NotFigures(msg)
    return size
