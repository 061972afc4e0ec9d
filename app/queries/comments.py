"""Reading comments."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import Comment, Post
from app.policy import Actor, readable


def under(session: Session, post: Post) -> Sequence[Comment]:
    """Return the comments on ``post``, oldest first, authors loaded. The caller has already read ``post``."""
    query = select(Comment).where(Comment.post_id == post.id).order_by(Comment.said_at, Comment.id)
    return session.scalars(query.options(joinedload(Comment.author))).all()


def one(session: Session, actor: Actor, comment_id: int) -> Comment | None:
    """Return the comment if ``actor`` may read the post it stands under."""
    query = select(Comment).join(Post, Post.id == Comment.post_id).where(Comment.id == comment_id, readable(actor))
    return session.scalars(query.options(joinedload(Comment.author))).one_or_none()
