"""Reading posts: one at a time with all that hangs on it, and lists that never cost more for being longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, and_, bindparam, or_, select, union
from sqlalchemy.orm import Session, joinedload, raiseload
from sqlalchemy.orm.interfaces import ORMOption

from app.lib.numbers import row_number
from app.models import IndicatorLink, Measure, Post, PostLink, PostTag
from app.models.types import UtcDateTime
from app.policy import Actor, readable, restorable
from app.queries import cards
from app.queries.cards import POST, Card
from app.queries.whole import CORE, POST_ID, whole

PAGE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

CARD: tuple[ORMOption, ...] = (
    joinedload(Post.author),
    joinedload(Post.district),
    joinedload(Post.strand),
    raiseload("*"),
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a list begins: just after this post, newest first."""

    at: datetime
    post_id: int

    def __str__(self) -> str:
        """Return it as it stands in an address."""
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.post_id}"

    @classmethod
    def parse(cls, text: str | None) -> "Cursor | None":
        """Read it from an address; None for what is no cursor."""
        at, _, last = (text or "").partition("-")
        post_id = row_number(last)
        try:
            return None if post_id is None else cls(EPOCH + timedelta(microseconds=int(at)), post_id)
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of posts; ``more`` is where the next begins, if there is one."""

    posts: Sequence[Card]
    more: Cursor | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts a list is about; None means any."""

    partnership_id: int | None = None
    kind: str | None = None
    strand_id: int | None = None
    district_id: int | None = None
    author_id: int | None = None
    school_year: int | None = None
    tag: str | None = None
    indicator_id: int | None = None
    state: str | None = None


def one(session: Session, actor: Actor, post_id: int) -> Post | None:
    """Return the post with all that hangs on it, or None if it does not exist *or* ``actor`` may not know it does."""
    return whole(session, _one(actor), post_id)


def trashed(session: Session, actor: Actor, post_id: int) -> Post | None:
    """Return the post in the trash that ``actor`` may bring back, or None."""
    return whole(session, select(Post).where(restorable(actor), Post.id == POST_ID).options(*CORE), post_id)


def feed(session: Session, actor: Actor, wanted: Wanted, after: Cursor | None = None) -> Page:
    """Return shared posts that ``actor`` may read, the newest first: one statement, whatever their number."""
    place = {} if after is None else {"after_at": after.at, "after_id": after.post_id}
    rows = session.execute(_feed(actor, wanted, is_first=after is None), place).mappings()
    posts = [cards.card(row) for row in rows]
    last = posts[PAGE - 1] if len(posts) > PAGE else None
    more = Cursor(last.shared_at, last.id) if last is not None and last.shared_at is not None else None
    return Page(posts[:PAGE], more)


def in_trash(session: Session, actor: Actor, limit: int = 200) -> Sequence[Post]:
    """Return what ``actor`` may bring back from the trash, the latest first."""
    query = select(Post).where(restorable(actor)).order_by(Post.trashed_at.desc(), Post.id.desc()).limit(limit)
    return session.scalars(query.options(joinedload(Post.trashed_by), *CARD)).all()


def backlinks(session: Session, actor: Actor, post_id: int, limit: int = 50) -> Sequence[Card]:
    """Return shared posts whose text points to this one, the newest first."""
    rows = session.execute(_backlinks(actor, limit), {"post_id": post_id}).mappings()
    return [cards.card(row) for row in rows]


def by_ids(session: Session, actor: Actor, ids: Sequence[int]) -> Sequence[Post]:
    """Return those of ``ids`` that ``actor`` may read, in the order given."""
    found = session.scalars(select(Post).where(readable(actor), Post.id.in_(ids)).options(*CARD))
    by_id = {post.id: post for post in found}
    return [by_id[i] for i in ids if i in by_id]


def titled(session: Session, actor: Actor, words: str, limit: int = 8) -> Sequence[Post]:
    """Return posts whose title holds ``words``, for pointing at them while writing."""
    query = (
        select(Post)
        .where(readable(actor), Post.shared_at.is_not(None), Post.title.icontains(words, autoescape=True))
        .order_by(Post.shared_at.desc(), Post.id.desc())
        .limit(limit)
    )
    return session.scalars(query.options(*CARD)).all()


@lru_cache(maxsize=512)
def _one(actor: Actor) -> Select[Post]:
    return select(Post).where(readable(actor), Post.id == POST_ID).options(*CORE)


@lru_cache(maxsize=512)
def _feed(actor: Actor, wanted: Wanted, *, is_first: bool) -> Select[Any]:
    found = _narrow(cards.cards().where(readable(actor), POST.c.shared_at.is_not(None)), wanted)
    if not is_first:
        at, number = bindparam("after_at", type_=UtcDateTime), bindparam("after_id", type_=Integer)
        found = found.where(or_(POST.c.shared_at < at, and_(POST.c.shared_at == at, POST.c.id < number)))
    page = _newest(found).limit(PAGE + 1)
    if wanted.indicator_id is None:
        return page  # an index has them in order
    # Found and ordered by their numbers alone: many may point to an indicator, and a page shows few.
    return _newest(cards.cards().where(POST.c.id.in_(page.with_only_columns(POST.c.id))))


def _newest(query: Select[Any]) -> Select[Any]:
    return query.order_by(POST.c.shared_at.desc(), POST.c.id.desc())


@lru_cache(maxsize=512)
def _backlinks(actor: Actor, limit: int) -> Select[Any]:
    return (
        cards.cards()
        .join(PostLink, PostLink.post_id == POST.c.id)
        .where(PostLink.to_post_id == POST_ID, readable(actor), POST.c.shared_at.is_not(None))
        .order_by(POST.c.shared_at.desc(), POST.c.id.desc())
        .limit(limit)
    )


def _speaking_of(indicator_id: int) -> CompoundSelect[int]:
    """Return the posts that point to an indicator, and the plans that measure by it."""
    return union(
        select(IndicatorLink.post_id).where(IndicatorLink.indicator_id == indicator_id),
        select(Measure.post_id).where(Measure.indicator_id == indicator_id),
    )


def _narrow(query: Select[Any], wanted: Wanted) -> Select[Any]:
    same = {
        POST.c.partnership_id: wanted.partnership_id,
        POST.c.strand_id: wanted.strand_id,
        POST.c.district_id: wanted.district_id,
        POST.c.author_id: wanted.author_id,
        POST.c.school_year: wanted.school_year,
        POST.c.kind: wanted.kind,
        cards.PRACTICE.c.state: wanted.state,
    }
    for column, value in same.items():
        if value is not None:
            query = query.where(column == value)
    if wanted.tag:
        query = query.where(Post.tagged.any(PostTag.tag == wanted.tag))
    if wanted.indicator_id is not None:
        query = query.where(POST.c.id.in_(_speaking_of(wanted.indicator_id)))
    return query
