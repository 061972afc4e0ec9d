"""Comments under a post."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.lib.numbers import row_number
from app.models import Comment, Post
from app.policy import Denied, may_change_comment
from app.queries import comments as said
from app.queries import posts
from app.services import comments
from app.web import filling, here, telling
from app.web.forms.comment import CommentForm
from app.web.frame import post_url
from app.web.posts import page_of
from app.work import Work

bp = Blueprint("comments", __name__)


@bp.post("/posts/<int:post_id>/comments")
def add(post_id: int) -> ResponseReturnValue:
    """Add a comment, or show the page again with what to fix."""
    form = CommentForm()
    answered = row_number(form.reply_to.data)
    if not form.validate():
        return page_of(_post(post_id), form, status=422, reply_to=answered)

    def change(work: Work) -> tuple[Post, int]:
        post = posts.one(work.session, work.actor, post_id) or abort(404)
        reply_to = said.one(work.session, work.actor, answered) if answered else None
        return post, comments.add(work, post, form.body.data, reply_to).id

    post, comment_id = here.attempt(change)
    return redirect(post_url(post, f"comment-{comment_id}"), 303)


@bp.route("/comments/<int:comment_id>/edit", methods=["GET", "POST"])
def edit(comment_id: int) -> ResponseReturnValue:
    """Change the words of one's own comment."""
    comment, post = _found(comment_id)
    if not may_change_comment(here.actor(), comment):
        msg = "Only whoever said it can change a comment. Answer it instead."
        raise Denied(msg)
    form = CommentForm(data={"body": comment.body}) if request.method == "GET" else CommentForm()
    if filling.is_wanting(form):
        page = render_template("comments/edit.html", form=form, post=post, comment=comment)
        return page, filling.code()
    with here.work() as work:
        comments.edit(work, post, comment, form.body.data)
    return redirect(post_url(post, f"comment-{comment.id}"), 303)


@bp.post("/comments/<int:comment_id>/removal")
def remove(comment_id: int) -> ResponseReturnValue:
    """Hide the words of a comment; one click brings them back."""
    comment, post = _found(comment_id)
    with here.work() as work:
        comments.remove(work, post, comment)
    telling.undoable("Comment removed.", url_for("comments.restore", comment_id=comment.id))
    return redirect(post_url(post, "comments"), 303)


@bp.post("/comments/<int:comment_id>/restoration")
def restore(comment_id: int) -> ResponseReturnValue:
    """Show again what was removed."""
    comment, post = _found(comment_id)
    with here.work() as work:
        comments.restore(work, post, comment)
    return redirect(post_url(post, f"comment-{comment.id}"), 303)


def _post(post_id: int) -> Post:
    return posts.one(here.session(), here.actor(), post_id) or abort(404)


def _found(comment_id: int) -> tuple[Comment, Post]:
    comment = said.one(here.session(), here.actor(), comment_id) or abort(404)
    return comment, _post(comment.post_id)
