"""Bringing figures in: send a file, look at what it would change, load it, take it out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.lib import figure_guesses
from app.lib.figure_mappings import BadMapping
from app.lib.school_year import SchoolYear
from app.lib.tables import NotFigures
from app.lib.text import plural
from app.models import FigureUpload, ImportBatch
from app.models.upload import UploadState
from app.policy import Actor, Denied
from app.queries import figures as found
from app.queries import imports, indicators
from app.services import figure_uploads, figures, mappings, typed_figures
from app.web import here
from app.web.forms.imports import ColumnsForm, FileForm, TypedForm, groups_text

bp = Blueprint("imports", __name__, url_prefix="/imports")

PAGE = 50
SECONDS = "2"  # between two looks at how far long work is
BUSY = (UploadState.READING, UploadState.LOADING)
KINDS = ("new", "changed", "refused")


@dataclass(frozen=True, slots=True)
class Piece:
    """A page of the rows of a preview."""

    kind: str
    rows: Sequence[dict[str, Any]]
    words: str
    newer_url: str | None
    older_url: str | None


def init_app(app: Flask) -> None:
    """Let those who keep figures, and nobody else, send large files."""

    @app.before_request
    def _allow_large_files() -> None:
        if request.method == "POST" and request.path == "/imports" and _keeps(here.actor()):
            request.max_content_length = figure_uploads.LARGEST + (1 << 20)


@bp.before_request
def keepers_only() -> None:
    """Refuse everybody else; who leads a strand may type figures in."""
    if not _keeps(here.actor()) and request.endpoint not in {"imports.typed", "imports.add"}:
        msg = "Only a data office or a manager can load figures. Ask a manager for the data office flag."
        raise Denied(msg)


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
        with here.work() as work:
            upload = figure_uploads.receive(work, form.file.data.filename or "file", form.file.data.stream, root())
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
        progress=figure_uploads.progress(upload, root()),
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
        figure_uploads.read_with(work, upload, root(), request.form.get("mapping", ""))
    return redirect(url_for("imports.show", upload_id=upload_id), 303)


@bp.get("/<int:upload_id>/columns")
def columns(upload_id: int) -> ResponseReturnValue:
    """Ask what the columns of a file mean, with what we believe filled in."""
    upload = _known(upload_id)
    _not_loaded(upload)
    look = figure_uploads.beginning(upload, root())
    guess = figure_guesses.guessed(look.header, look.rows)
    groups: dict[str, str] = {}
    if "group" in guess:
        known = {group.name: group.code for group in found.groups(here.session())}
        known |= {code: code for code in known.values()}
        groups = figure_guesses.groups_in(look.header, look.rows, guess["group"], known)
    name = upload.file_name.rpartition(".")[0][:80]
    given = {**guess, "name": name, "source": upload.file_name[:200], "groups": groups_text(groups)}
    form = ColumnsForm.over(look.header, indicators.listing(here.session()), formdata=None, data=given)
    return _columns(upload, look, form)


@bp.post("/<int:upload_id>/columns")
def say_columns(upload_id: int) -> ResponseReturnValue:
    """Save what the columns mean, and read the file by it."""
    upload = _known(upload_id)
    _not_loaded(upload)
    look = figure_uploads.beginning(upload, root())
    form = ColumnsForm.over(look.header, indicators.listing(here.session()))
    if not form.validate():
        return _columns(upload, look, form), 422
    try:
        with here.work() as work:
            again = imports.upload(work.session, work.actor, upload_id) or abort(404)
            figure_uploads.propose(work, again, root(), form.name.data or "", form.said())
    except (BadMapping, ValueError) as error:
        form.name.errors = [*form.name.errors, str(error)]
        return _columns(_known(upload_id), look, form), 422
    return redirect(url_for("imports.show", upload_id=upload_id), 303)


@bp.post("/<int:upload_id>/figures")
def load(upload_id: int) -> ResponseReturnValue:
    """Load what was read, all of it."""
    try:
        with here.work() as work:
            upload = imports.upload(work.session, work.actor, upload_id) or abort(404)
            figure_uploads.load(work, upload, root())
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
        figure_uploads.remove(work, upload, root())
    flash("The file is gone; nothing of it was kept.", "success")
    return redirect(url_for("imports.listing"), 303)


@bp.post("/batches/<int:batch_id>/removal")
def undo(batch_id: int) -> ResponseReturnValue:
    """Take out what one load brought; what it restated comes back."""
    try:
        with here.work() as work:
            batch = imports.batch(work.session, work.actor, batch_id) or abort(404)
            gone = figures.undo(work, batch)
    except ValueError as error:
        flash(str(error), "warning")
    else:
        flash(f"{plural(gone, 'figure is', 'figures are')} out again. What they had restated is back.", "success")
    return redirect(url_for("imports.listing"), 303)


@bp.get("/typed")
def typed() -> ResponseReturnValue:
    """Show the form for one figure of one's own district, and those that wait for its data office."""
    return _typed(_typed_form())


@bp.post("/typed")
def add() -> ResponseReturnValue:
    """Keep a figure that was typed in."""
    form = _typed_form()
    if not form.validate():
        return _typed(form), 422
    try:
        with here.work() as work:
            kept = typed_figures.add(work, form.typed())
            held = not kept.is_latest
    except ValueError as error:
        form.value.errors = [*form.value.errors, str(error)]
        return _typed(form), 422
    if held:
        flash(
            "Fewer than 11 students are behind this figure, or it does not say how many. Your data office decides "
            "whether it is shown; nobody else sees it until then.",
            "info",
        )
    else:
        flash("The figure is on the indicator’s page now.", "success")
    return redirect(url_for("imports.typed"), 303)


@bp.post("/typed/<int:observation_id>/release")
def release(observation_id: int) -> ResponseReturnValue:
    """Show a figure that was held."""
    return _decide(observation_id, typed_figures.release, "The figure is shown now, marked as a small group.")


@bp.post("/typed/<int:observation_id>/hiding")
def hide(observation_id: int) -> ResponseReturnValue:
    """Hide a figure that was held, for good."""
    return _decide(observation_id, typed_figures.hide, "The figure is hidden; its numbers were not kept.")


def root() -> Path:
    """Return the folder of the files on their way in."""
    folder: Path = current_app.config["BRAID"].data / "imports"
    return folder


def _keeps(actor: Actor) -> bool:
    part = actor.here
    return part is not None and part.writes and (part.is_data_office or actor.manages(part.partnership_id))


def _known(upload_id: int) -> FigureUpload:
    return imports.upload(here.session(), here.actor(), upload_id) or abort(404)


def _not_loaded(upload: FigureUpload) -> None:
    """Lead away from a file that is being loaded, or is in already."""
    if upload.state in {UploadState.LOADED, UploadState.LOADING, UploadState.REFUSED}:
        abort(404)


def _listing(form: FileForm) -> str:
    actor, session = here.actor(), here.session()
    before = request.args.get("before", type=int)
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


def _columns(upload: FigureUpload, look: figure_uploads.Look, form: ColumnsForm) -> str:
    return render_template("imports/columns.html", upload=upload, look=look, form=form, shown=look.rows[:5])


def _typed_form() -> TypedForm:
    session = here.session()
    return TypedForm.over(indicators.listing(session), found.groups(session))


def _typed(form: TypedForm) -> str:
    actor = here.actor()
    if not typed_figures.may_type(actor.here, leads=bool(actor.leads)):
        msg = "Only a data office, the lead of a strand or a manager can type in figures."
        raise Denied(msg)
    decides = actor.here is not None and actor.here.is_data_office
    waiting = imports.waiting(here.session(), actor) if decides else []
    return render_template("imports/typed.html", form=form, waiting=waiting, decides=decides, keeps=_keeps(actor))


def _decide(observation_id: int, act: Any, done: str) -> ResponseReturnValue:
    with here.work() as work:
        held = imports.held(work.session, work.actor, observation_id) or abort(404)
        act(work, held)
    flash(done, "success")
    return redirect(url_for("imports.typed"), 303)


def _piece(upload: FigureUpload) -> Piece:
    """Return the page of rows that is asked for: those refused first, if there are any."""
    preview = upload.preview
    rows = {"refused": preview["refused"], **preview["told"]}
    usual = next((kind for kind in ("refused", "changed", "new") if rows[kind]), "new")
    kind = request.args.get("show", usual)
    kind = kind if kind in KINDS else usual
    page = max(request.args.get("page", 1, type=int) or 1, 1)
    first = (page - 1) * PAGE
    shown = rows[kind][first : first + PAGE]

    def at(number: int) -> str:
        return url_for("imports.show", upload_id=upload.id, show=kind, page=number)

    of = len(rows[kind]) if kind == "refused" else preview[kind]
    told = len(rows[kind])
    words = f"{first + 1:,} to {first + len(shown):,} of {of:,}" if shown else ""
    if told < of:
        words += f"; the first {told:,} are listed"
    older = at(page + 1) if first + PAGE < told else None
    return Piece(kind, shown, words, at(page - 1) if page > 1 else None, older)
