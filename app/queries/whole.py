"""One post with all that hangs on it.

Each part is a short statement, written out once. SQLAlchemy's eager loading would put the same statements together
again for every post: two thirds of the time that reading a post took (docs/decisions/0007).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, lazyload, undefer
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

from app.models import (
    Adoption,
    Attendee,
    Commitment,
    Decision,
    IndicatorLink,
    Measure,
    MeetingNote,
    PlanAction,
    Post,
    Practice,
    PracticeContact,
    StrandPlan,
)

POST_ID = bindparam("post_id", type_=Integer)

CORE: tuple[ORMOption, ...] = (
    undefer(Post.html),
    joinedload(Post.author),
    joinedload(Post.edited_by),
    joinedload(Post.district),
    joinedload(Post.strand),
    joinedload(Post.shared_by),
    joinedload(Practice.confirmed_by),
    lazyload(Post.shared_with),  # filled below, like all other parts
)


@dataclass(frozen=True, slots=True)
class Part:
    """One list of rows that hang on a post, and what is read with each of them."""

    rows: InstrumentedAttribute[Any]
    options: tuple[ORMOption, ...] = ()
    only: ColumnElement[bool] | None = None


EVERY = (
    Part(Post.shared_with),
    Part(Post.tagged),
    Part(Post.indicator_links, (joinedload(IndicatorLink.indicator), joinedload(IndicatorLink.set_by))),
)
OF_KIND: Mapping[type[Post], Sequence[Part]] = {
    Practice: (
        Part(Practice.serves),
        Part(Practice.asked, (joinedload(PracticeContact.person),)),
        Part(
            Practice.adoptions,
            (joinedload(Adoption.district), joinedload(Adoption.recorded_by)),
            Adoption.removed_at.is_(None),
        ),
    ),
    MeetingNote: (
        Part(MeetingNote.attendees, (joinedload(Attendee.district), joinedload(Attendee.person))),
        Part(MeetingNote.decisions, (joinedload(Decision.confirms), joinedload(Decision.reverses))),
        Part(
            MeetingNote.commitments,
            (joinedload(Commitment.owner), joinedload(Commitment.district), joinedload(Commitment.owed_to)),
        ),
        Part(MeetingNote.questions),
    ),
    StrandPlan: (
        Part(StrandPlan.drivers),
        Part(StrandPlan.actions, (joinedload(PlanAction.owner),)),
        Part(
            StrandPlan.measures,
            (joinedload(Measure.indicator), joinedload(Measure.group), joinedload(Measure.district)),
        ),
    ),
}


def whole(session: Session, query: Select[Post], post_id: int) -> Post | None:
    """Return the post that ``query`` finds for ``POST_ID``, with every part of it, or None.

    Args:
        session: what the post will belong to.
        query: over posts, with ``CORE`` among its options.
        post_id: of the post.
    """
    wanted = {"post_id": post_id}
    post = session.scalars(query, wanted).one_or_none()
    if post is not None:
        for part in (*EVERY, *OF_KIND[type(post)]):
            set_committed_value(post, part.rows.key, session.scalars(_reading(part), wanted).all())
    return post


@cache
def _reading(part: Part) -> Select[Any]:
    relation = part.rows.property
    row = relation.mapper.class_
    query = select(row).where(row.post_id == POST_ID, true() if part.only is None else part.only)
    return query.order_by(*relation.order_by or ()).options(*part.options)
