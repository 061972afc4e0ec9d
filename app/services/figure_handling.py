"""Reading and loading one file that was sent: the work itself, in a request or by the worker.

How far long work is stands in a small file beside it: a row of the database could not be written while another
transaction loads.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from app.lib import tables
from app.lib.figure_columns import Misfit
from app.lib.figure_mappings import BadMapping, FigureMapping
from app.lib.tables import NotFigures
from app.models import FigureUpload, Membership
from app.models.upload import UploadState
from app.policy import Actor, Part
from app.services import figure_files, figures, mappings
from app.services.figure_files import Unrecognised
from app.services.figure_previews import Preview
from app.services.figures import Origin, Outdated
from app.work import Work

TABLE, PROGRESS = "table", "progress"


def progress(upload: FigureUpload, root: Path) -> tuple[float, int]:
    """Return how far reading or loading a file is: a share from 0 to 1, and how many figures were handled."""
    try:
        share, count = json.loads((root / upload.folder / PROGRESS).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0.0, 0
    return float(share), int(count)


def begin(upload: FigureUpload, root: Path) -> None:
    """Say that long work on a file has not begun yet."""
    _Progress(root / upload.folder).tell(0)


def handle(work: Work, keys: Sequence[str], root: Path) -> None:
    """Read or load the files that ``keys`` name ("upload:ID"). Safe to run twice: a state says what is to be done."""
    for key in keys:
        upload = work.session.get(FigureUpload, int(key.partition(":")[2]))
        if upload is None:
            continue
        unit = replace(work, actor=_actor(work, upload))
        if upload.state in {UploadState.READING, UploadState.LOADING} and not (root / upload.folder / TABLE).exists():
            _lose(upload)  # what was read before a crash is gone; nothing of it was loaded
        elif upload.state == UploadState.READING:
            look(unit, upload, root)
        elif upload.state == UploadState.LOADING:
            load(unit, upload, root)


def look(work: Work, upload: FigureUpload, root: Path) -> None:
    """Read a file and keep its preview. What is no file of figures is forgotten at once."""
    folder = root / upload.folder
    told = _Progress(folder)
    try:
        chosen = _chosen(work, upload)
        used, preview = figure_files.preview(
            work,
            folder / TABLE,
            folder,
            file_name=upload.file_name,
            mapping=chosen,
            on_progress=told.count,
            on_share=told.tell,
        )
    except (Unrecognised, BadMapping, Misfit) as error:
        upload.state, upload.problem, upload.preview = UploadState.UNKNOWN, str(error), {}
        return
    except NotFigures as error:
        said = str(error).replace(f"{TABLE} ", "The file ", 1)
        forget(upload, root)
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


def load(work: Work, upload: FigureUpload, root: Path) -> None:
    """Load what was read of a file; read it again if other figures were loaded since."""
    folder = root / upload.folder
    preview = Preview(**{name: upload.preview[name] for name in ("new", "changed", "same")})
    preview.at = tuple(upload.preview["at"])
    told = _Progress(folder, preview.new + preview.changed)
    origin = Origin(upload.file_name, tables.digest(folder / TABLE), upload.mapping)
    try:
        loaded = figures.store(work, folder, preview, origin, on_progress=told.count)
    except Outdated:
        look(work, upload, root)
        upload.problem = (
            "Other figures were loaded meanwhile, so we read your file again. Look once more, then load it."
        )
        return
    forget(upload, root)
    upload.state, upload.batch_id = UploadState.LOADED, loaded.batch.id if loaded.batch else None


def forget(upload: FigureUpload, root: Path) -> None:
    """Throw away what is kept of a file."""
    if upload.folder:
        shutil.rmtree(root / upload.folder, ignore_errors=True)


def _lose(upload: FigureUpload) -> None:
    upload.state, upload.preview = UploadState.REFUSED, {}
    upload.problem = "This file is not here any more, and nothing of it was loaded. Send it again."


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
