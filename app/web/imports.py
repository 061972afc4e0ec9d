"""Bringing figures in: send a file, look at what it would change, load it, take it out again."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.lib.figure_lists import KINDS, PAGE
from app.lib.numbers import row_number
from app.lib.school_year import SchoolYear
from app.lib.tables import NotFigures
from app.lib.text import plural
from app.models import FigureUpload, ImportBatch
from app.models.upload import UploadState
from app.queries import figures as found
from app.queries import imports, indicators
from app.queries.imports import Recognised
from app.services import figure_batches, figure_handling, figure_uploads, mappings
from app.web import data_office, here
from app.web.forms.imports import FileForm

bp = Blueprint("imports", __name__, url_prefix="/imports")

SECONDS = "2"  # between two looks at how far long work is
BUSY = (UploadState.READING, UploadState.LOADING)


@dataclass(frozen=True, slots=True)
class Piece:
    """A page of the rows of a preview."""

    kind: str
    rows: Sequence[Recognised]
    words: str
    number: int
    pages: int
    newer_url: str | None
    older_url: str | None


def init_app(app: Flask) -> None:
    """Let those who keep figures, and nobody else, send large files."""

    @app.before_request
    def _allow_large_files() -> None:
        if request.method == "POST" and request.path == "/imports" and data_office.keeps(here.actor()):
            request.max_content_length = figure_uploads.LARGEST + (1 << 20)


bp.before_request(data_office.require)


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show the files on their way in, and what was loaded."""
    return _listing(FileForm())


@bp.post("")
def send() -> ResponseReturnValue:
    """Take a file in and read it."""
    form = FileForm()
    if not form.validate():
        return _listing(form), 422
    try:
        with closing(form.file.data) as sent, here.work() as work:
            upload = figure_uploads.receive(work, sent.filename or "file", sent.stream, data_office.root())
            number = upload.id
    except NotFigures as error:
        form.file.errors = [*form.file.errors, str(error)]
        return _listing(form), 422
    return redirect(url_for("imports.show", upload_id=number), 303)


@bp.get("/<int:upload_id>")
def show(upload_id: int) -> ResponseReturnValue:
    """Show what a file would change; while it is read or loaded, how far that is."""
    upload = _known(upload_id)
    page = render_template(
        "imports/show.html",
        upload=upload,
        busy=upload.state in BUSY,
        progress=figure_handling.progress(upload, data_office.root()),
        piece=_piece(upload) if upload.state == UploadState.READ else None,
        mappings=mappings.known(here.session(), here.actor().partnership_id),
        years={year: str(SchoolYear(int(year))) for year in upload.preview.get("by", {}).get("year", {})},
        groups={group.code: group.name for group in found.groups(here.session())},
        names={indicator.code: indicator.name for indicator in indicators.listing(here.session())},
    )
    return page, 200, ({"Refresh": SECONDS} if upload.state in BUSY else {})


@bp.post("/<int:upload_id>/reading")
def read_with(upload_id: int) -> ResponseReturnValue:
    """Read a file by another mapping."""
    with here.work() as work:
        upload = imports.upload(work.session, work.actor, upload_id) or abort(404)
        _not_loaded(upload)
        figure_uploads.read_with(work, upload, data_office.root(), request.form.get("mapping", ""))
    return redirect(url_for("imports.show", upload_id=upload_id), 303)


@bp.post("/<int:upload_id>/figures")
def load(upload_id: int) -> ResponseReturnValue:
    """Load what was read, all of it."""
    try:
        with here.work() as work:
            upload = imports.upload(work.session, work.actor, upload_id) or abort(404)
            figure_uploads.load(work, upload, data_office.root())
            loaded = upload.state == UploadState.LOADED
    except ValueError as error:
        flash(str(error), "warning")
        return redirect(url_for("imports.show", upload_id=upload_id), 303)
    if not loaded:
        return redirect(url_for("imports.show", upload_id=upload_id), 303)
    flash("The figures are in. If that was a mistake, take them out again below.", "success")
    return redirect(url_for("imports.listing"), 303)


@bp.post("/<int:upload_id>/removal")
def remove(upload_id: int) -> ResponseReturnValue:
    """Throw a file away that is not loaded."""
    with here.work() as work:
        upload = imports.upload(work.session, work.actor, upload_id) or abort(404)
        _not_loaded(upload)
        figure_uploads.remove(work, upload, data_office.root())
    flash("The file is gone; nothing of it was kept.", "success")
    return redirect(url_for("imports.listing"), 303)


@bp.post("/batches/<int:batch_id>/removal")
def undo(batch_id: int) -> ResponseReturnValue:
    """Take out what one load brought; what it restated comes back."""
    try:
        with here.work() as work:
            batch = imports.batch(work.session, work.actor, batch_id) or abort(404)
            gone = figure_batches.undo(work, batch)
    except ValueError as error:
        flash(str(error), "warning")
    else:
        flash(f"{plural(gone, 'figure is', 'figures are')} out again. What they had restated is back.", "success")
    return redirect(url_for("imports.listing"), 303)


def _known(upload_id: int) -> FigureUpload:
    return imports.upload(here.session(), here.actor(), upload_id) or abort(404)


def _not_loaded(upload: FigureUpload) -> None:
    """Lead away from a file that is being loaded, or is in already."""
    if upload.state in {UploadState.LOADED, UploadState.LOADING}:
        abort(404)


def _listing(form: FileForm) -> str:
    actor, session = here.actor(), here.session()
    before = request.args.get("before", type=row_number)
    batches: Sequence[ImportBatch] = imports.batches(session, actor, before)
    older = url_for("imports.listing", before=batches[PAGE - 1].id) if len(batches) > PAGE else None
    return render_template(
        "imports/listing.html",
        form=form,
        uploads=imports.uploads(session, actor),
        batches=batches[:PAGE],
        older=older,
        measured=imports.measured(session, actor.partnership_id),
        waiting=len(imports.waiting(session, actor)),
        most=figure_uploads.LARGEST >> 20,
    )


def _piece(upload: FigureUpload) -> Piece:
    """Return the page of rows that is asked for: those refused first, if there are any."""
    preview = upload.preview
    usual = next((kind for kind in KINDS if preview[kind]), "new")
    kind = request.args.get("show", usual)
    kind = kind if kind in KINDS else usual
    pages = -(-preview[kind] // PAGE)
    number = min(request.args.get("page", type=row_number) or 1, max(pages, 1))
    rows = imports.recognised(here.session(), data_office.root() / upload.folder, kind, number)
    first, of = (number - 1) * PAGE, preview[kind]

    def at(page: int) -> str:
        return url_for("imports.show", upload_id=upload.id, show=kind, page=page)

    words = f"{first + 1:,} to {first + len(rows):,} of {of:,}" if rows else ""
    return Piece(
        kind,
        rows,
        words,
        number,
        pages,
        at(number - 1) if number > 1 else None,
        at(number + 1) if number < pages else None,
    )
