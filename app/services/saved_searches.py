"""Saved searches: keeping, renaming, removing, following, and their feeds; and telling who follows one what is new."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import undefer

from app.lib import text, tokens
from app.models import InboxItem, Post, SavedSearch
from app.policy import Denied
from app.search import IndexBusy, IndexDamaged
from app.services import jobs
from app.work import Work

log = logging.getLogger(__name__)

MOST = 100  # saved searches of one person
MOST_KNOWN = 2_000  # posts that a followed search remembers
MOST_TOLD = 20  # posts told of at once, of one search
LONGEST_NAME = 80
SOON = timedelta(seconds=20)  # between an index run and the look for news, so that one look serves many saves
BATCH = 200


Matches = tuple[int, Sequence[int]]  # how many posts a search finds for its owner, and the numbers of the newest
Find = Callable[[SavedSearch], Matches | None]  # None: its owner has left, or is in no partnership any more


def save(work: Work, name: str, address: str) -> SavedSearch:
    """Save what stands in an address under a name.

    Raises:
        Denied: if nobody is signed in.
        ValueError: if there are too many already; the message is for people.
    """
    person_id = _me(work)
    kept = select(func.count()).where(SavedSearch.person_id == person_id, SavedSearch.removed_at.is_(None))
    if (work.session.scalar(kept) or 0) >= MOST:
        msg = f"You have {MOST} saved searches. Remove one that you no longer need, then save this one."
        raise ValueError(msg)
    saved = SavedSearch(person_id=person_id, name=_name(name), address=address, created_at=work.now, known=[])
    work.session.add(saved)
    work.session.flush()
    return saved


def rename(work: Work, saved: SavedSearch, name: str) -> None:
    """Call it something else."""
    _own(work, saved)
    saved.name = _name(name)


def remove(work: Work, saved: SavedSearch) -> None:
    """Put it away: it is no longer followed, and its feed gives nothing. ``bring_back`` undoes it."""
    _own(work, saved)
    saved.removed_at = work.now


def bring_back(work: Work, saved: SavedSearch) -> None:
    """Undo its removal."""
    _own(work, saved)
    saved.removed_at = None


def follow(work: Work, saved: SavedSearch, now_finds: Matches) -> None:
    """Tell its owner of every post that it finds from now on; what it finds already is no news."""
    _own(work, saved)
    saved.followed_at = saved.checked_at = work.now
    saved.known = list(now_finds[1][:MOST_KNOWN])


def unfollow(work: Work, saved: SavedSearch) -> None:
    """Tell no more."""
    _own(work, saved)
    saved.followed_at, saved.checked_at, saved.known = None, None, []


def open_feed(work: Work, saved: SavedSearch) -> str:
    """Return a token with which a feed reader may ask; an earlier one no longer works. Only its digest is kept."""
    _own(work, saved)
    token = tokens.new()
    saved.token_digest = tokens.digest(token)
    work.record("feed.opened", f"search:{saved.id}")
    return token


def close_feed(work: Work, saved: SavedSearch) -> None:
    """Let its feed give nothing any more."""
    _own(work, saved)
    saved.token_digest = None
    work.record("feed.closed", f"search:{saved.id}")


def soon(work: Work) -> None:
    """Promise a look for news, because something was indexed."""
    if work.session.scalar(select(exists().where(SavedSearch.followed_at.is_not(None)))):
        jobs.schedule(work, "follow", "all", work.now + SOON)


def tell(work: Work, find: Find) -> int:
    """Write into inboxes what followed searches find anew; return how many rows. Safe to run twice."""
    told, last = 0, 0
    while batch := _followed(work, last):
        for saved in batch:
            told += _tell_one(work, saved, find)
        last = batch[-1].id
    return told


def _tell_one(work: Work, saved: SavedSearch, find: Find) -> int:
    try:
        matches = find(saved)
    except (IndexDamaged, IndexBusy):
        log.warning("follow.waits search=%d", saved.id)
        return 0
    if matches is None:
        return 0
    total, numbers = matches
    since, known = saved.checked_at or work.now, set(saved.known)
    new = [number for number in numbers if number not in known]
    if total > MOST_KNOWN:
        # More match than are remembered, so that a post which is not among them may be an old one moving up.
        fresh = select(Post.id).where(Post.id.in_(new), Post.shared_at >= since - SOON)
        new = list(work.session.scalars(fresh))
    told = select(InboxItem.post_id).where(InboxItem.saved_search_id == saved.id, InboxItem.post_id.in_(new))
    already = set(work.session.scalars(told))
    own = select(Post.id).where(Post.id.in_(new), Post.author_id != saved.person_id, Post.shared_at.is_not(None))
    others = set(work.session.scalars(own))
    rows = [
        InboxItem(person_id=saved.person_id, saved_search_id=saved.id, post_id=number, at=work.now)
        for number in new
        if number in others and number not in already
    ][:MOST_TOLD]
    work.session.add_all(rows)
    saved.known = list(dict.fromkeys([*numbers, *saved.known]))[:MOST_KNOWN]
    saved.checked_at = work.now
    work.session.flush()
    return len(rows)


def read(work: Work, item: InboxItem) -> None:
    """Note that the actor has seen it."""
    if item.person_id == work.actor.person_id and item.read_at is None:
        item.read_at = work.now


def read_all(work: Work) -> None:
    """Note that the actor has seen all of their inbox."""
    mine = select(InboxItem).where(InboxItem.person_id == work.actor.person_id, InboxItem.read_at.is_(None))
    for item in work.session.scalars(mine):
        item.read_at = work.now


def _followed(work: Work, after: int) -> Sequence[SavedSearch]:
    query = (
        select(SavedSearch)
        .where(SavedSearch.followed_at.is_not(None), SavedSearch.removed_at.is_(None), SavedSearch.id > after)
        .order_by(SavedSearch.id)
        .limit(BATCH)
    )
    return work.session.scalars(query.options(undefer(SavedSearch.known))).all()


def _me(work: Work) -> int:
    if work.actor.person_id is None:
        msg = "Sign in first, so that we know whose search this is."
        raise Denied(msg)
    return work.actor.person_id


def _own(work: Work, saved: SavedSearch) -> None:
    if saved.person_id != work.actor.person_id:
        msg = "Only whoever saved a search can change it."
        raise Denied(msg)


def _name(name: str) -> str:
    name = text.shorten(name, LONGEST_NAME)
    if not name:
        msg = "Give the search a name, so that you find it again."
        raise ValueError(msg)
    return name
