"""The versions of a post, as far as somebody could have read them when they stood."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import Event, Post, Revision
from app.policy import Actor, Sharing, labels_of

EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

Span = tuple[datetime, datetime]


def readable_versions(session: Session, actor: Actor, post: Post) -> Sequence[Revision]:
    """Return the kept copies of ``post``, the latest first, authors loaded. The caller has already read the post.

    A version that was gone before the post was shared with ``actor`` is not theirs to read: what an author took out of
    a draft stays out. The author reads all.
    """
    query = select(Revision).where(Revision.post_id == post.id).order_by(Revision.number.desc())
    versions = session.scalars(query.options(joinedload(Revision.author))).all()
    if actor.person_id == post.author_id:
        return versions
    shared = _sharings(session, post)
    until = {later.number - 1: later.saved_at for later in versions}
    return [
        one
        for one in versions
        if one.number == post.revision or _could_read(actor, post, one, until.get(one.number, EVER[1]), shared)
    ]


def _sharings(session: Session, post: Post) -> list[tuple[Span, Sharing]]:
    """Return how a post was shared, from when to when; nothing if it never changed."""
    query = select(Event.at, Event.detail).where(Event.thing == f"post:{post.id}", Event.action == "post.shared")
    acts = session.execute(query.order_by(Event.at, Event.id)).all()
    if not acts:
        return []
    moments = [EVER[0], *(act.at for act in acts), EVER[1]]
    how = [acts[0].detail["before"], *(act.detail["after"] for act in acts)]
    return [(span, Sharing(said)) for span, said in zip(pairwise(moments), how, strict=True)]


def _could_read(
    actor: Actor, post: Post, version: Revision, until: datetime, shared: Sequence[tuple[Span, Sharing]]
) -> bool:
    strand_id: int | None = version.content["strand_id"]
    return not shared or any(
        start < until and version.saved_at < end and not actor.audiences.isdisjoint(labels_of(post, how, strand_id))
        for (start, end), how in shared
    )
