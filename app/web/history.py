"""The history of a post: who saved what and when, what changed, and the way back."""

from flask import Blueprint, abort, redirect, render_template
from flask.typing import ResponseReturnValue

from app.models import Post
from app.policy import Action, can
from app.queries import choices, posts
from app.queries.history import readable_versions
from app.services import posts as writing
from app.web import differing, here, telling
from app.web.frame import post_url
from app.work import Work

bp = Blueprint("history", __name__, url_prefix="/posts/<int:post_id>/history")


@bp.get("")
def show(post_id: int) -> ResponseReturnValue:
    """Show every version of a post, the latest first."""
    post = _post(post_id)
    versions = readable_versions(here.session(), here.actor(), post)
    return render_template("posts/history.html", post=post, visits=differing.visits(versions), first=versions[-1])


@bp.get("/<int:number>")
def version(post_id: int, number: int) -> ResponseReturnValue:
    """Show what one version changed."""
    post = _post(post_id)
    kept = {one.number: one for one in readable_versions(here.session(), here.actor(), post)}
    if number not in kept:
        abort(404)
    offered = choices.for_partnership(here.session(), here.actor(), post.partnership_id, here.today(), besides=post)
    before = kept.get(number - 1)
    return render_template(
        "posts/version.html",
        post=post,
        version=kept[number],
        before=before,
        after=kept.get(number + 1),
        changes=differing.changes(post.kind, before.content if before else None, kept[number].content, offered),
        may_restore=number != post.revision and can(here.actor(), Action.EDIT, post),
    )


@bp.post("/<int:number>/restoration")
def restore(post_id: int, number: int) -> ResponseReturnValue:
    """Make a post say again what it said in one version."""

    def change(work: Work) -> Post:
        post = posts.one(work.session, work.actor, post_id) or abort(404)
        if number not in {one.number for one in readable_versions(work.session, work.actor, post)}:
            abort(404)
        writing.restore(work, post, number)
        return post

    post = here.attempt(change)
    telling.done("This version is the current one again. The history keeps the others.")
    return redirect(post_url(post), 303)


def _post(post_id: int) -> Post:
    """Return the post for those of its partnership: what is public now may once have said something that was not."""
    post = posts.one(here.session(), here.actor(), post_id)
    return post if post is not None and here.actor().part(post.partnership_id) else abort(404)
