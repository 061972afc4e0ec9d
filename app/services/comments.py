"""Talking about posts."""

from app.models import Comment, Post
from app.policy import Action, Denied, may_change_comment, may_remove_comment, require
from app.services.posts import thing
from app.work import Work

LONGEST = 10_000  # characters


def add(work: Work, post: Post, body: str, reply_to: Comment | None = None) -> Comment:
    """Say ``body`` under ``post``, in answer to ``reply_to`` if given.

    Raises:
        Denied: if the actor may not comment on it.
    """
    author_id = require(work.actor, Action.COMMENT, post)
    answered = reply_to.id if reply_to is not None and reply_to.post_id == post.id else None
    comment = Comment(post_id=post.id, author_id=author_id, reply_to_id=answered, body=body, said_at=work.now)
    work.session.add(comment)
    work.session.flush()
    _record(work, "comment.added", post, comment)
    return comment


def edit(work: Work, post: Post, comment: Comment, body: str) -> None:
    """Change the words of ``comment``.

    Raises:
        Denied: if the actor did not say it.
    """
    if not may_change_comment(work.actor, comment):
        msg = "Only whoever said it can change a comment. Answer it instead."
        raise Denied(msg)
    comment.body, comment.html, comment.edited_at = body, None, work.now
    _record(work, "comment.edited", post, comment)


def remove(work: Work, post: Post, comment: Comment) -> None:
    """Hide the words of ``comment``; its place stays, so that replies still make sense.

    Raises:
        Denied: if the actor neither said it nor manages the partnership.
    """
    _require_removal(work, post, comment)
    comment.removed_at = work.now
    _record(work, "comment.removed", post, comment)


def restore(work: Work, post: Post, comment: Comment) -> None:
    """Show again what was removed.

    Raises:
        Denied: if the actor neither said it nor manages the partnership.
    """
    comment.removed_at = None
    _require_removal(work, post, comment)
    _record(work, "comment.restored", post, comment)


def _require_removal(work: Work, post: Post, comment: Comment) -> None:
    if not may_remove_comment(work.actor, comment, post):
        msg = "Only whoever said it, or a manager, can remove a comment."
        raise Denied(msg)


def _record(work: Work, action: str, post: Post, comment: Comment) -> None:
    post.version += 1
    work.record(action, thing(post), partnership_id=post.partnership_id, comment=comment.id)
