"""Sharing is an act: who can see a post, and how many people that is."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.models import Post
from app.policy import Action, Sharing, require
from app.queries import places, posts, reach
from app.services import posts as writing
from app.web import here, telling
from app.web.frame import post_url
from app.work import Work

bp = Blueprint("sharing", __name__, url_prefix="/posts/<int:post_id>/sharing")


@bp.get("")
def show(post_id: int) -> ResponseReturnValue:
    """Show who can see a post now, and who could."""
    post = posts.one(here.session(), here.actor(), post_id) or abort(404)
    require(here.actor(), Action.SHARE, post)
    return render_template(
        "posts/sharing.html",
        post=post,
        now=writing.sharing_of(post),
        reach=reach.of(here.session(), post, here.today()),
        districts=places.districts(here.session(), post.partnership_id),
    )


@bp.post("")
def share(post_id: int) -> ResponseReturnValue:
    """Share a post, or take it back."""
    if request.values.get("sharing") not in set(Sharing):
        abort(400)
    sharing = Sharing(request.values["sharing"])

    def change(work: Work) -> tuple[Post, Sharing]:
        post = posts.one(work.session, work.actor, post_id) or abort(404)
        before = writing.sharing_of(post)
        writing.share(work, post, sharing)
        return post, before

    try:
        post, before = here.attempt(change)
    except ValueError as problem:
        telling.warn(str(problem))
        return redirect(url_for("sharing.show", post_id=post_id), 303)
    words = "Taken back. Only its author can see it now." if sharing == Sharing.DRAFT else "Shared."
    telling.undoable(words, url_for("sharing.share", post_id=post.id, sharing=before))
    return redirect(post_url(post), 303)
