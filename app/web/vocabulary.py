"""The field's words: which mean the same, as managers keep them; and what people looked for and did not find."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.lib.vocabulary import parse
from app.queries import unfound
from app.queries import vocabulary as known
from app.queries.vocabulary import Entry
from app.services import vocabulary
from app.web import here, telling
from app.web.administration.part import managers_only, partnership, tell
from app.web.filling import code
from app.web.forms.vocabulary import WordsForm

bp = Blueprint("vocabulary", __name__, url_prefix="/administration")
bp.before_request(managers_only)


@bp.get("/vocabulary")
def listing() -> ResponseReturnValue:
    """Show every set, those that were removed last."""
    entries = known.entries(here.session(), partnership().id)
    words = request.args.get("q", "").strip()[:60].lower()
    shown = [one for one in entries if words in " ".join(one.words).lower()]
    return render_template(
        "vocabulary/listing.html",
        kept=[one for one in shown if not one.is_removed],
        removed=[one for one in shown if one.is_removed],
        words=words,
        has_changes=any(one.is_shipped and one.is_changed for one in entries),
    )


@bp.route("/vocabulary/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add a set; the words may come with the address."""
    form = WordsForm(words=request.args.get("words", "")[:200])
    if request.method == "POST" and (words := _words(form)):
        try:
            with here.work() as work:
                vocabulary.add(work, partnership().id, words)
        except ValueError as wrong:
            tell(form.words, wrong)
        else:
            telling.done(f"From now on a search for “{words[0]}” finds “{words[1]}” as well.")
            return redirect(url_for(".listing"), 303)
    return render_template("vocabulary/edit.html", form=form, entry=None), code()


@bp.route("/vocabulary/<key>", methods=["GET", "POST"])
def edit(key: str) -> ResponseReturnValue:
    """Change a set."""
    entry = _entry(key)
    form = WordsForm(words="\n".join(entry.words))
    if request.method == "POST" and (words := _words(form)):
        with here.work() as work:
            vocabulary.change(work, partnership().id, key, words)
        telling.done("The words are saved. Searches follow them at once.")
        return redirect(url_for(".listing"), 303)
    return render_template("vocabulary/edit.html", form=form, entry=entry), code()


@bp.post("/vocabulary/<key>/removal")
def remove(key: str) -> ResponseReturnValue:
    """Let a set no longer count; one click brings it back."""
    entry = _entry(key)
    with here.work() as work:
        vocabulary.remove(work, partnership().id, key, entry.words)
    telling.undoable(f"“{entry.words[0]}” no longer finds other words.", url_for(".bring_back", key=key))
    return redirect(url_for(".listing"), 303)


@bp.post("/vocabulary/<key>/return")
def bring_back(key: str) -> ResponseReturnValue:
    """Let a removed set count again."""
    if not _entry(key).is_removed:
        return redirect(url_for(".listing"), 303)
    with here.work() as work:
        vocabulary.bring_back(work, partnership().id, key)
    telling.done("The words count again.")
    return redirect(url_for(".listing"), 303)


@bp.post("/vocabulary/<key>/restoration")
def restore(key: str) -> ResponseReturnValue:
    """Make a set again what Braid brings."""
    _entry(key)
    with here.work() as work:
        vocabulary.restore(work, partnership().id, key)
    telling.done("The words are again as Braid brings them.")
    return redirect(url_for(".listing"), 303)


@bp.post("/vocabulary/restoration")
def restore_all() -> ResponseReturnValue:
    """Make every set that Braid brings again what it was; one's own sets stay."""
    with here.work() as work:
        vocabulary.restore(work, partnership().id)
    telling.done("Every set that Braid brings is again as it was. Your own sets are still here.")
    return redirect(url_for(".listing"), 303)


@bp.get("/unfound")
def looked_for() -> ResponseReturnValue:
    """Show what several people looked for and did not find."""
    return render_template(
        "vocabulary/unfound.html", searches=unfound.listing(here.session(), partnership().id), least=unfound.LEAST
    )


def _words(form: WordsForm) -> list[str]:
    """Return what was typed, or nothing after putting beside the field what is wrong with it."""
    if not form.validate():
        return []
    try:
        return parse(form.words.data)
    except ValueError as wrong:
        tell(form.words, wrong)
        return []


def _entry(key: str) -> Entry:
    return known.entry(here.session(), partnership().id, key) or abort(404)
