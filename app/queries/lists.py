"""Lists of posts on a home page: of my strands, all that is new, my drafts, what I read lately, what is read most."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from app.models import Reading, Strand
from app.models.types import UtcDateTime
from app.policy import Actor, readable
from app.queries import cards
from app.queries.cards import POST, Card, few

MOST = 10
LATELY = timedelta(days=90)  # what counts for what is read most
FEWEST = 2  # readers, for a post to be among those read most

_SINCE = bindparam("since", type_=UtcDateTime())


def of_strands(session: Session, actor: Actor, strands: Sequence[Strand]) -> Sequence[Card]:
    """Return the newest shared posts of some strands that the actor may read: one statement."""
    return _read(session, _of_strands(actor, tuple(strand.id for strand in strands))) if strands else []


def newest(session: Session, actor: Actor, kind: str | None = None, limit: int = MOST) -> Sequence[Card]:
    """Return the newest shared posts of the partnership the actor looks at that they may read: one statement."""
    return _read(session, _newest(actor, kind, limit))


def drafts(session: Session, actor: Actor, limit: int = MOST, *, here: bool = False) -> Sequence[Card]:
    """Return the actor's own posts that nobody else sees yet, the latest first: one statement.

    Those of all partnerships they are in, or only of the one they look at, ``here``.
    """
    return _read(session, _drafts(actor, limit, here=here))


def read_lately(session: Session, actor: Actor) -> Sequence[Card]:
    """Return the posts that the actor opened last and may still read, the latest first: one statement."""
    return _read(session, _read_lately(actor))


def read_most(session: Session, actor: Actor, now: datetime) -> Sequence[Card]:
    """Return what most people opened lately, of what the actor may read: one statement.

    Everybody counts once for each post, the actor too; what one person alone opened is left out, since that would tell
    what they read.
    """
    return _read(session, _read_most(actor), since=now - LATELY)


def _read(session: Session, query: Select[Any], **given: Any) -> Sequence[Card]:
    return [cards.card(row) for row in session.execute(query, given).mappings()]


@lru_cache(maxsize=512)
def _of_strands(actor: Actor, strand_ids: tuple[int, ...]) -> Select[Any]:
    return _latest_first(cards.cards().where(POST.c.id.in_(_latest_of_each(actor, strand_ids))))


@lru_cache(maxsize=512)
def _newest(actor: Actor, kind: str | None, limit: int) -> Select[Any]:
    query = cards.cards().where(*_shared(actor), POST.c.partnership_id == actor.partnership_id)
    return _latest_first(query if kind is None else query.where(POST.c.kind == kind), limit)


@lru_cache(maxsize=512)
def _drafts(actor: Actor, limit: int, *, here: bool) -> Select[Any]:
    query = cards.cards().where(readable(actor), POST.c.author_id == actor.person_id, POST.c.shared_at.is_(None))
    if here:
        query = query.where(few(POST.c.partnership_id) == actor.partnership_id)
    return query.order_by(POST.c.edited_at.desc(), POST.c.id.desc()).limit(limit)


@lru_cache(maxsize=512)
def _read_lately(actor: Actor) -> Select[Any]:
    return (
        cards.cards()
        .join(Reading, Reading.post_id == POST.c.id)
        .where(Reading.person_id == actor.person_id, readable(actor), POST.c.partnership_id == actor.partnership_id)
        .order_by(Reading.read_at.desc(), POST.c.id.desc())
        .limit(MOST)
    )


@lru_cache(maxsize=512)
def _read_most(actor: Actor) -> Select[Any]:
    readers = func.count().label("readers")
    most = (
        select(Reading.post_id, readers)
        .join(POST, POST.c.id == Reading.post_id)
        .where(Reading.read_at > _SINCE, *_shared(actor), POST.c.partnership_id == actor.partnership_id)
        .group_by(Reading.post_id)
        .having(func.count() >= FEWEST)
        .order_by(readers.desc(), Reading.post_id.desc())
        .limit(MOST)
        .subquery()
    )
    query = cards.cards().join(most, most.c.post_id == POST.c.id)
    return query.order_by(most.c.readers.desc(), POST.c.id.desc())


def _latest_first(query: Select[Any], limit: int = MOST) -> Select[Any]:
    return query.order_by(POST.c.shared_at.desc(), POST.c.id.desc()).limit(limit)


def _latest_of_each(actor: Actor, strand_ids: tuple[int, ...]) -> CompoundSelect[Any]:
    """Return the newest posts of each strand, which an index has in order: no plan reads and sorts all of them."""
    latest = [
        _latest_first(select(POST.c.id).where(*_shared(actor), POST.c.strand_id == one)).subquery()
        for one in strand_ids
    ]
    return union_all(*[select(one.c.id) for one in latest])


def _shared(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return readable(actor), POST.c.shared_at.is_not(None)
