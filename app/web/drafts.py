"""Drafts: posts nobody else sees yet, and what was typed and not saved; and what a writer asks for meanwhile."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kinds import KINDS
from app.lib import times
from app.lib.numbers import row_number
from app.models import Post
from app.queries import drafts as kept
from app.queries import lists, posts
from app.queries import mentions as named
from app.services import drafts
from app.web import here
from app.web.forms.post import LONGEST_BODY, TOO_LONG
from app.web.frame import post_url
from app.work import Work

bp = Blueprint("drafts", __name__)

LISTED = 100
UNKEPT = {"csrf_token", "then"}


@bp.get("/drafts")
def listing() -> ResponseReturnValue:
    """Show my drafts and what I typed and did not save."""
    actor, session = here.actor(), here.session()
    return render_template(
        "drafts/listing.html", drafts=lists.drafts(session, actor, LISTED), unsaved=kept.unsaved(session, actor)
    )


@bp.post("/drafts/<key>")
def keep(key: str) -> ResponseReturnValue:
    """Keep what is in a form while it is being typed."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in UNKEPT]
    if len(key) > 64:  # noqa: PLR2004
        abort(400)

    def change(work: Work) -> None:
        post: Post | None = None
        if key.startswith("post-"):
            number = row_number(key.removeprefix("post-"))
            post = posts.one(work.session, work.actor, number) if number else None
            if post is None:
                abort(404)
        kind = post.kind if post else request.args.get("kind", "")
        if kind not in KINDS:
            abort(404)
        drafts.keep(work, key, kind, fields, post)

    try:
        here.attempt(change)
    except ValueError as problem:
        return {"problem": str(problem)}, 413
    return {"saved": times.clock(here.now(), here.zone())}


@bp.post("/drafts/<key>/removal")
def drop(key: str) -> ResponseReturnValue:
    """Throw away what was typed and not saved."""
    with here.work() as work:
        drafts.drop(work, key)
    number = row_number(key.removeprefix("post-"))
    if key.startswith("post-") and number:
        post = posts.one(here.session(), here.actor(), number)
        if post is not None:
            return redirect(post_url(post), 303)
    return redirect(url_for("drafts.listing"), 303)


@bp.post("/preview")
def preview() -> ResponseReturnValue:
    """Return a text as its page would show it, or the sentence with which it would not be saved."""
    text = request.form.get("text", "")
    if len(text) > LONGEST_BODY:
        return render_template("drafts/_preview.html", problem=TOO_LONG), 422
    return render_template("drafts/_preview.html", rendered=here.renderer().render(text))


@bp.get("/mentions")
def mentions() -> ResponseReturnValue:
    """Return what could be pointed at by name: people, posts, indicators."""
    actor, session = here.actor(), here.session()
    words = " ".join(request.args.get("q", "").split())[:60]
    if not words:
        return []
    found = [
        {"label": person.name, "detail": detail, "href": f"/people/{person.id}", "kind": "person"}
        for person, detail in named.people(session, actor, words, here.today())
    ]
    found += [
        {
            "label": post.title,
            "detail": KINDS[post.kind].label,
            "href": post_url(post),
            "kind": "practice",
        }
        for post in posts.titled(session, actor, words)
    ]
    found += [
        {"label": one.name, "detail": "Indicator", "href": f"/indicators/{one.id}", "kind": "indicator"}
        for one in named.indicators(session, words)
    ]
    return found
