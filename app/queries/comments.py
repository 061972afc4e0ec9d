"""Reading comments."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.models import Comment, Post
from app.policy import Actor, readable
from app.queries.whole import POST_ID


def under(session: Session, post: Post) -> Sequence[Comment]:
    """Return the comments on ``post``, oldest first, authors loaded. The caller has already read ``post``."""
    return session.scalars(_under(), {"post_id": post.id}).all()


def one(session: Session, actor: Actor, comment_id: int) -> Comment | None:
    """Return the comment if ``actor`` may read the post it stands under."""
    query = select(Comment).join(Post, Post.id == Comment.post_id).where(Comment.id == comment_id, readable(actor))
    return session.scalars(query.options(joinedload(Comment.author))).one_or_none()


@cache
def _under() -> Select[Comment]:
    query = select(Comment).where(Comment.post_id == POST_ID)
    return query.order_by(Comment.said_at, Comment.id).options(joinedload(Comment.author))
