"""What the columns of files mean: said by a data office, kept for its partnership, chosen again by name."""

from dataclasses import replace

import yaml
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.lib import figure_guesses
from app.lib.figure_answers import Answers, answers_of
from app.lib.figure_mappings import BadMapping, FigureMapping
from app.models import FigureUpload, SavedMapping
from app.models.upload import UploadState
from app.queries import figures as found
from app.queries import imports, indicators
from app.queries import mappings as kept
from app.services import figure_uploads, mappings
from app.services.figure_uploads import Look
from app.web import data_office, here
from app.web.forms import mapping as forms
from app.web.forms.mapping import NAMED, MappingForm

bp = Blueprint("mappings", __name__, url_prefix="/imports")

bp.before_request(data_office.require)

ASKED = "Below are the names in “{column}”. Say which {what} each is, or leave its rows out; then keep it once more."


@bp.get("/mappings")
def listing() -> ResponseReturnValue:
    """Show every kind of file that is known here."""
    return render_template(
        "mappings/listing.html",
        own=kept.listing(here.session(), here.actor()),
        shipped=list(mappings.shipped().values()),
    )


@bp.get("/mappings/shipped/<name>")
def shipped(name: str) -> ResponseReturnValue:
    """Show a mapping that Braid brings, as it is declared."""
    mapping = mappings.shipped().get(name) or abort(404)
    return render_template("mappings/shipped.html", mapping=mapping, declared=_declared(mapping))


@bp.get("/mappings/<int:mapping_id>")
def show(mapping_id: int) -> ResponseReturnValue:
    """Show what a mapping says, to be changed, and what it said before."""
    saved = _saved(mapping_id)
    answers = answers_of(saved.words)
    form = forms.filled(saved.name, answers, list(answers.columns)) if answers else None
    return _mapping(saved, form)


@bp.post("/mappings/<int:mapping_id>")
def change(mapping_id: int) -> ResponseReturnValue:
    """Keep what a mapping says now."""
    saved = _saved(mapping_id)
    form = MappingForm()
    _offer(form)
    if not form.validate():
        return _mapping(saved, form), 422
    before = answers_of(saved.words)
    try:
        mapping = form.answers(only=before.columns if before else None).mapping(form.name.data or "")
        with here.work() as work:
            again = kept.one(work.session, work.actor, mapping_id) or abort(404)
            mappings.save(work, mapping, again)
    except BadMapping as error:
        form.name.errors = [*form.name.errors, str(error)]
        return _mapping(_saved(mapping_id), form), 422
    flash("Kept. Files that are read from now on are read by it.", "success")
    return redirect(url_for("mappings.show", mapping_id=mapping_id), 303)


@bp.post("/mappings/<int:mapping_id>/versions/<int:event_id>")
def restore(mapping_id: int, event_id: int) -> ResponseReturnValue:
    """Let a mapping say again what it said once."""
    saved = _saved(mapping_id)
    version = next((one for one in kept.versions(here.session(), saved) if one.id == event_id), None) or abort(404)
    try:
        with here.work() as work:
            again = kept.one(work.session, work.actor, mapping_id) or abort(404)
            mappings.save(work, FigureMapping(version.name, version.words), again)
    except BadMapping as error:
        flash(str(error), "warning")
    else:
        flash("It says again what it said then.", "success")
    return redirect(url_for("mappings.show", mapping_id=mapping_id), 303)


@bp.post("/mappings/<int:mapping_id>/removal")
def remove(mapping_id: int) -> ResponseReturnValue:
    """Forget a mapping."""
    with here.work() as work:
        saved = kept.one(work.session, work.actor, mapping_id) or abort(404)
        name = saved.name
        mappings.remove(work, saved)
    flash(f"“{name}” is forgotten. What was loaded by it stays.", "success")
    return redirect(url_for("mappings.listing"), 303)


@bp.get("/<int:upload_id>/columns")
def columns(upload_id: int) -> ResponseReturnValue:
    """Ask what the columns of a file mean, with what we believe filled in."""
    upload = _upload(upload_id)
    look = figure_uploads.beginning(upload, data_office.root())
    own = _own(upload, look)
    answers = answers_of(own.words) if own else None
    name = own.name if own else upload.file_name.rpartition(".")[0][:80]
    form = forms.filled(name, _with_names(upload, answers) if answers else _believed(upload, look), look.header)
    return _columns(upload, look, form)


@bp.post("/<int:upload_id>/columns")
def explain(upload_id: int) -> ResponseReturnValue:
    """Save what the columns mean, and read the file by it."""
    upload = _upload(upload_id)
    look = figure_uploads.beginning(upload, data_office.root())
    own = _own(upload, look)
    form = MappingForm()
    _offer(form)
    if not form.validate() or _asks_for_names(form, upload, look):
        return _columns(upload, look, form), 422
    try:
        mapping = form.answers(only=look.header).mapping(form.name.data or "")
        with here.work() as work:
            again = imports.upload(work.session, work.actor, upload_id) or abort(404)
            same = own is not None and own.name == mapping.name  # under another name it is another kind of file
            instead = kept.one(work.session, work.actor, own.id) if own and same else None
            figure_uploads.explain(work, again, data_office.root(), mapping, instead)
    except BadMapping as error:
        form.name.errors = [*form.name.errors, str(error)]
        return _columns(_upload(upload_id), look, form), 422
    return redirect(url_for("imports.show", upload_id=upload_id), 303)


def _asks_for_names(form: MappingForm, upload: FigureUpload, look: Look) -> bool:
    """List names that Braid cannot tell, of a column chosen just now; say whether there are any."""
    asks = False
    for what, words in NAMED.items():
        column = form.unlisted(what)
        if column not in look.header:
            continue
        names = _names(upload, what, column)
        form.list_names(what, column, names)
        if not all(names.values()):
            form[f"{what}_names"].errors = [ASKED.format(column=column, what=words)]
            asks = True
    if asks:
        _offer(form)
    return asks


def _names(upload: FigureUpload, what: str, column: str) -> dict[str, str]:
    names = figure_uploads.names_in(upload, data_office.root(), column)
    return figure_guesses.coded(names, _codes(what))


def _with_names(upload: FigureUpload, answers: Answers) -> Answers:
    """Return answers with the names that this file has and earlier ones had not."""
    columns = {what: column for what in NAMED if (column := answers.column(what))}
    names = {what: _names(upload, what, column) | dict(answers.names.get(what, {})) for what, column in columns.items()}
    return replace(answers, names=names)


def _codes(what: str) -> dict[str, str]:
    """Return codes by the names that people use."""
    if what == "group":
        return {group.name: group.code for group in found.groups(here.session())}
    return {indicator.name: indicator.code for indicator in indicators.listing(here.session())}


def _believed(upload: FigureUpload, look: Look) -> Answers:
    """Return what we believe the columns of an unknown file mean."""
    guess = figure_guesses.guessed(look.header, look.rows)
    known = {what: _names(upload, what, guess[what]) for what in NAMED if what in guess}
    values = [guess["value"]] if "value" in guess else []
    return Answers(
        {column: meaning for meaning, column in guess.items()},
        upload.file_name.rpartition(".")[0][:200],
        "column" if "year" in guess else "file",
        file_name=upload.file_name,
        names=known,
        markers=figure_guesses.markers_in(look.header, look.rows, values),
    )


def _own(upload: FigureUpload, look: Look) -> SavedMapping | None:
    """Return the partnership's own mapping that a file is read by, if it was made by answers about such columns."""
    saved = kept.named(here.session(), here.actor(), upload.mapping) if upload.mapping else None
    answers = answers_of(saved.words) if saved else None
    return saved if answers and set(answers.columns) <= set(look.header) else None


def _saved(mapping_id: int) -> SavedMapping:
    return kept.one(here.session(), here.actor(), mapping_id) or abort(404)


def _upload(upload_id: int) -> FigureUpload:
    """Return a file whose columns can still be explained."""
    upload = imports.upload(here.session(), here.actor(), upload_id)
    if upload is None or upload.state in {UploadState.LOADED, UploadState.LOADING, UploadState.REFUSED}:
        abort(404)
    return upload


def _offer(form: MappingForm) -> MappingForm:
    return form.offer(indicators.listing(here.session()), found.groups(here.session()))


def _columns(upload: FigureUpload, look: Look, form: MappingForm) -> str:
    seen = {name: _examples(look, place) for place, name in enumerate(look.header)}
    return render_template("mappings/columns.html", upload=upload, form=_offer(form), seen=seen, rows=look.rows[:5],
                           header=look.header)  # fmt: skip


def _examples(look: Look, place: int) -> list[str]:
    """Return the first different texts of a column."""
    cells = (row[place].strip() for row in look.rows if place < len(row))
    return list(dict.fromkeys(cell[:40] for cell in cells if cell))[:3]


def _mapping(saved: SavedMapping, form: MappingForm | None) -> str:
    return render_template(
        "mappings/show.html",
        saved=saved,
        form=_offer(form) if form else None,
        versions=kept.versions(here.session(), saved),
        declared=_declared(FigureMapping(saved.name, saved.words)),
    )


def _declared(mapping: FigureMapping) -> str:
    """Return a mapping as its file would have it."""
    words = {name: value for name, value in mapping.words.items() if name != "said"}
    return yaml.safe_dump(words, allow_unicode=True, sort_keys=False, width=100)
