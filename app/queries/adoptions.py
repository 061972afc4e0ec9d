"""Reading the records of trials."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import Adoption, Post
from app.policy import Actor, readable


def one(session: Session, actor: Actor, adoption_id: int) -> Adoption | None:
    """Return the record, removed or not, if ``actor`` may read its practice."""
    query = select(Adoption).join(Post, Post.id == Adoption.post_id).where(Adoption.id == adoption_id, readable(actor))
    return session.scalars(query.options(joinedload(Adoption.district))).one_or_none()
