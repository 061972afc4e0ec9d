"""The trash: ninety days to think again."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.models import Post
from app.queries import posts
from app.services import posts as writing
from app.web import here, telling
from app.web.frame import post_url
from app.work import Work

bp = Blueprint("trash", __name__)


@bp.get("/trash")
def listing() -> ResponseReturnValue:
    """Show what one may bring back."""
    return render_template("posts/trash.html", posts=posts.in_trash(here.session(), here.actor()))


@bp.post("/posts/<int:post_id>/trash")
def put(post_id: int) -> ResponseReturnValue:
    """Delete a post; one click brings it back."""

    def change(work: Work) -> Post:
        post = posts.one(work.session, work.actor, post_id) or abort(404)
        writing.trash(work, post)
        return post

    post = here.attempt(change)
    text = f"“{post.title}” is in the trash for 90 days."
    telling.undoable(text, url_for("trash.restore", post_id=post.id))
    return redirect(url_for("posts.listing", kind=post.kind), 303)


@bp.post("/trash/<int:post_id>/restoration")
def restore(post_id: int) -> ResponseReturnValue:
    """Take a post out of the trash."""

    def change(work: Work) -> Post:
        post = posts.trashed(work.session, work.actor, post_id) or abort(404)
        writing.untrash(work, post)
        return post

    return redirect(post_url(here.attempt(change)), 303)
