"""Files of figures on their way in: sent, read, looked at, then loaded or thrown away.

The file and what was read of it stay in a folder of their own under the data folder until then. How far long work is
stands in a small file there too: a row of the database could not be written while another transaction loads.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from app.lib import figure_guesses, students, tables, tokens
from app.lib.figure_mappings import BadMapping, FigureMapping
from app.lib.tables import Cells, NotFigures
from app.models import FigureUpload, Membership
from app.models.upload import UploadState
from app.policy import Actor, Part, require_figures
from app.services import figures, mappings
from app.services.figure_previews import Preview
from app.services.figures import Origin, Outdated, Unrecognised
from app.work import Work

LARGEST = 600 << 20  # bytes of one file
AT_ONCE = 1 << 20  # bytes; larger files are read by the worker
FEW = 20_000  # figures; more are loaded by the worker
KEPT = timedelta(days=14)  # a file that nobody loads
PIECE = 1 << 20
TABLE, PROGRESS = "table", "progress"


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
            _look(work, upload, root)
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
        _look(work, upload, root)
        return
    upload.state = UploadState.READING
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
        _load(work, upload, root)
        return
    upload.state = UploadState.LOADING
    work.promise("figures", f"upload:{upload.id}")


def remove(work: Work, upload: FigureUpload, root: Path) -> None:
    """Throw a file away that is not loaded, and everything that was read of it."""
    require_figures(work.actor)
    _forget(upload, root)
    work.session.delete(upload)


def handle(work: Work, keys: Sequence[str], root: Path) -> None:
    """Read or load the files that ``keys`` name ("upload:ID"). Safe to run twice: a state says what is to be done."""
    for key in keys:
        upload = work.session.get(FigureUpload, int(key.partition(":")[2]))
        if upload is None:
            continue
        unit = replace(work, actor=_actor(work, upload))
        if upload.state == UploadState.READING:
            _look(unit, upload, root)
        elif upload.state == UploadState.LOADING:
            _load(unit, upload, root)


def clear(work: Work, root: Path) -> int:
    """Throw away files that nobody loaded for two weeks; return how many."""
    query = select(FigureUpload).where(FigureUpload.uploaded_at < work.now - KEPT, FigureUpload.batch_id.is_(None))
    old = work.session.scalars(query).all()
    for upload in old:
        _forget(upload, root)
        work.session.delete(upload)
    return len(old)


def progress(upload: FigureUpload, root: Path) -> tuple[float, int]:
    """Return how far reading or loading a file is: a share from 0 to 1, and how many figures were handled."""
    try:
        share, count = json.loads((root / upload.folder / PROGRESS).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0.0, 0
    return float(share), int(count)


def beginning(upload: FigureUpload, root: Path) -> Look:
    """Return the columns and first rows of a file that is kept.

    Raises:
        NotFigures: if it cannot be read any more.
    """
    with tables.opened(root / upload.folder / TABLE) as opened:
        return Look(opened.header, [cells for _, cells in islice(opened.rows, students.LOOKED_AT)])


def propose(work: Work, upload: FigureUpload, root: Path, name: str, said: dict[str, object]) -> None:
    """Save what somebody said the columns mean, and read the file by it.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        BadMapping: if it says too little.
    """
    mapping = figure_guesses.mapping_of(name, said)
    saved = mappings.save(work, name, dict(mapping.words))
    read_with(work, upload, root, saved.name)


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


def _look(work: Work, upload: FigureUpload, root: Path) -> None:
    """Read a file and keep its preview. What is no file of figures is forgotten at once."""
    folder = root / upload.folder
    told = _Progress(folder)
    try:
        chosen = _chosen(work, upload)
        used, preview = figures.preview(
            work,
            folder / TABLE,
            folder,
            file_name=upload.file_name,
            mapping=chosen,
            on_progress=told.count,
            on_share=told.tell,
        )
    except (Unrecognised, BadMapping) as error:
        upload.state, upload.problem, upload.preview = UploadState.UNKNOWN, str(error), {}
        return
    except NotFigures as error:
        said = str(error).replace(f"{TABLE} ", "The file ", 1)
        _forget(upload, root)
        upload.state, upload.problem, upload.file_name, upload.preview = UploadState.REFUSED, said, "", {}
        return
    upload.state, upload.mapping, upload.problem = UploadState.READ, used.name, ""
    upload.preview = preview.as_words()  # not before: a change would lock SQLite while the file is read


def _chosen(work: Work, upload: FigureUpload) -> FigureMapping | None:
    if not upload.mapping:
        return None
    mapping = mappings.known(work.session, upload.partnership_id).get(upload.mapping)
    if mapping is None:
        msg = f"There is no mapping called “{upload.mapping}” any more. Choose another."
        raise Unrecognised(msg)
    return mapping


def _load(work: Work, upload: FigureUpload, root: Path) -> None:
    folder = root / upload.folder
    preview = Preview(**{name: upload.preview[name] for name in ("new", "changed", "same")})
    preview.at = tuple(upload.preview["at"])
    told = _Progress(folder, preview.new + preview.changed)
    origin = Origin(upload.file_name, tables.digest(folder / TABLE), upload.mapping)
    try:
        loaded = figures.store(work, folder, preview, origin, on_progress=told.count)
    except Outdated:
        _look(work, upload, root)
        upload.problem = (
            "Other figures were loaded meanwhile, so we read your file again. Look once more, then load it."
        )
        return
    _forget(upload, root)
    upload.state, upload.batch_id = UploadState.LOADED, loaded.batch.id if loaded.batch else None


def _forget(upload: FigureUpload, root: Path) -> None:
    if upload.folder:
        shutil.rmtree(root / upload.folder, ignore_errors=True)


def _actor(work: Work, upload: FigureUpload) -> Actor:
    """Return what whoever sent a file is in its partnership now, as far as loading figures needs it."""
    query = select(Membership).where(
        Membership.person_id == upload.person_id, Membership.partnership_id == upload.partnership_id
    )
    part = tuple(
        Part(one.partnership_id, one.district_id, one.role, one.is_data_office)
        for one in work.session.scalars(query)
        if one.is_current(work.now.date())
    )
    return Actor(upload.person_id, parts=part, partnership_id=upload.partnership_id)


class _Progress:
    """Writes down how far long work is."""

    def __init__(self, folder: Path, of: int = 0) -> None:
        self._path, self._of, self._count, self._share = folder / PROGRESS, of, 0, 0.0

    def count(self, done: int) -> None:
        """Take note of how many figures were handled."""
        self._count = done
        if self._of:
            self.tell(done / self._of)

    def tell(self, share: float) -> None:
        """Take note of the share that is done."""
        self._share = share
        self._path.write_text(json.dumps([round(share, 3), self._count]), encoding="ascii")
