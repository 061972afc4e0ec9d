"""Reading saved searches, what they find for their owners today, past searches, and inboxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import TypeVarTuple
from urllib.parse import parse_qsl

from sqlalchemy import Integer, Select, String, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, raiseload

from app.models import InboxItem, PastSearch, Person, Post, SavedSearch
from app.policy import Actor, readable
from app.queries import actors, posts
from app.queries.asked import Asked
from app.queries.reader import Reader
from app.search import SearchIndex

Matches = tuple[int, Sequence[int]]  # how many posts in all, and the numbers of the newest
Columns = TypeVarTuple("Columns")

INBOX = 50  # rows of a page
IN_A_FEED = 30


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed gives: a saved search with its owner's newest matches."""

    saved: SavedSearch
    posts: Sequence[Post]


def asked(saved: SavedSearch) -> Asked:
    """Return the question that was saved."""
    return Asked.read(parse_qsl(saved.address))


def mine(session: Session, actor: Actor) -> Sequence[SavedSearch]:
    """Return the actor's saved searches by name."""
    query = _own(actor).where(SavedSearch.removed_at.is_(None))
    return session.scalars(query.order_by(func.lower(SavedSearch.name), SavedSearch.id)).all()


def one(session: Session, actor: Actor, number: int) -> SavedSearch | None:
    """Return one of the actor's saved searches, removed or not."""
    return session.scalars(_own(actor).where(SavedSearch.id == number)).one_or_none()


def at(session: Session, actor: Actor, address: str) -> SavedSearch | None:
    """Return the actor's saved search of an address, if they saved it."""
    return session.scalars(_at(), {"person_id": actor.person_id, "address": address}).one_or_none()


def past(session: Session, actor: Actor, beginning: str = "", limit: int = 20) -> Sequence[PastSearch]:
    """Return what the actor searched for, the latest first; with ``beginning``, what has a word that begins so."""
    if actor.person_id is None:
        return []
    query = select(PastSearch).where(PastSearch.person_id == actor.person_id)
    found = session.scalars(query.order_by(PastSearch.searched_at.desc(), PastSearch.id.desc())).all()
    wanted = beginning.lower()
    return [one for one in found if f" {one.words.lower()}".find(f" {wanted}") >= 0 or not wanted][:limit]


def matches(session: Session, index: SearchIndex, saved: SavedSearch, today: date, most: int) -> Matches | None:
    """Return how many posts a saved search finds for its owner as of ``today``, and the newest of them.

    None if its owner has left, or is in no partnership any more.

    Raises:
        IndexDamaged: if the engine cannot read its index.
    """
    owner = session.get_one(Person, saved.person_id)
    actor = actors.of(session, owner, today)
    if not actor.parts:
        return None
    newest = Asked.read([*parse_qsl(saved.address), ("order", "newest"), ("page", "1")])
    total, numbers = Reader.of(session, actor, index).numbers(newest, most)
    return total, numbers


def feed(session: Session, index: SearchIndex, digest: str, today: date) -> Feed | None:
    """Return what the feed with the digest of a token gives today; None for a token that does not count (any more).

    Raises:
        IndexDamaged: if the engine cannot read its index.
    """
    query = select(SavedSearch).where(SavedSearch.token_digest == digest, SavedSearch.removed_at.is_(None))
    saved = session.scalars(query).one_or_none()
    found = matches(session, index, saved, today, 2 * IN_A_FEED) if saved else None
    if saved is None or found is None:
        return None
    actor = actors.of(session, session.get_one(Person, saved.person_id), today)
    shared = [post for post in posts.by_ids(session, actor, found[1]) if post.is_shared]
    return Feed(saved, shared[:IN_A_FEED])


def inbox(session: Session, actor: Actor, limit: int = INBOX) -> Sequence[InboxItem]:
    """Return what the actor was told of and may still read, the unread first, then the latest."""
    query = (
        _inbox(select(InboxItem), actor)
        .order_by(InboxItem.read_at.is_not(None), InboxItem.at.desc(), InboxItem.id.desc())
        .limit(limit)
    )
    card = joinedload(InboxItem.post).options(
        joinedload(Post.author), joinedload(Post.district), joinedload(Post.strand), raiseload("*")
    )
    return session.scalars(query.options(joinedload(InboxItem.saved_search), card, raiseload("*"))).all()


def item(session: Session, actor: Actor, number: int) -> InboxItem | None:
    """Return one row of the actor's inbox, its post loaded."""
    query = _inbox(select(InboxItem), actor).where(InboxItem.id == number)
    return session.scalars(query.options(joinedload(InboxItem.post).raiseload("*"))).one_or_none()


def unread(session: Session, actor: Actor) -> int:
    """Return how many rows of the actor's inbox they have not seen and may read."""
    if actor.person_id is None:
        return 0
    return session.scalar(_unread(actor)) or 0


def unread_of(session: Session, actor: Actor) -> Mapping[int, int]:
    """Return how many unread rows each of the actor's saved searches has."""
    query = _inbox(select(InboxItem.saved_search_id, func.count()), actor).where(InboxItem.read_at.is_(None))
    return dict(session.execute(query.group_by(InboxItem.saved_search_id)).all())


@lru_cache(maxsize=512)  # asked on every page
def _unread(actor: Actor) -> Select[int]:
    return _inbox(select(func.count(InboxItem.id)), actor).where(InboxItem.read_at.is_(None))


@cache  # asked with every search
def _at() -> Select[SavedSearch]:
    own = SavedSearch.person_id == bindparam("person_id", type_=Integer)
    here = SavedSearch.address == bindparam("address", type_=String)
    return select(SavedSearch).where(own, here, SavedSearch.removed_at.is_(None)).order_by(SavedSearch.id).limit(1)


def _own(actor: Actor) -> Select[SavedSearch]:
    return select(SavedSearch).where(SavedSearch.person_id == actor.person_id)


def _inbox(query: Select[*Columns], actor: Actor) -> Select[*Columns]:
    return query.join(Post, Post.id == InboxItem.post_id).where(
        InboxItem.person_id == actor.person_id, readable(actor), Post.shared_at.is_not(None)
    )
