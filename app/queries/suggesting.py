"""What somebody may be about to search for: their own past searches, posts, people, indicators and strands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.models import Indicator, PastSearch, Post, Strand
from app.policy import Actor
from app.queries import freshness, matches, places, posts, saved_searches
from app.queries.matches import Match
from app.search import IndexBusy, IndexDamaged, SearchIndex
from app.search.analysis import fold

MOST_POSTS = 5
MOST_PAST = 3
MOST_PAST_ALONE = 5  # before anything is typed
MOST_STRANDS = 3


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What begins as was typed."""

    past: Sequence[PastSearch] = ()
    posts: Sequence[Post] = ()
    people: Sequence[Match] = ()
    indicators: Sequence[Match] = ()
    strands: Sequence[Strand] = ()


def of(  # noqa: PLR0913
    session: Session, actor: Actor, index: SearchIndex, typed: str, *, today: date, known: Iterable[Indicator]
) -> Suggestions:
    """Return what ``typed`` may become, of what ``actor`` may know of; before any letter, their past searches.

    ``known`` are the indicators there are.
    """
    if not typed:
        return Suggestions(past=saved_searches.past(session, actor, limit=MOST_PAST_ALONE))
    words = matches.telling(typed) or fold(typed).split()  # “a” may become Ana
    in_it = words and actor.parts
    return Suggestions(
        saved_searches.past(session, actor, typed, MOST_PAST),
        _posts(session, actor, index, typed),
        matches.people(session, actor, words, today, least=1) if in_it else (),
        matches.indicators(actor, words, known, least=1) if in_it else (),
        _strands(session, actor, words) if in_it else (),
    )


def _posts(session: Session, actor: Actor, index: SearchIndex, typed: str) -> Sequence[Post]:
    without = freshness.stale(session, actor)
    try:
        titles = index.complete(typed, actor.audiences, 2 * MOST_POSTS, without=without)
    except (IndexDamaged, IndexBusy):
        return posts.titled(session, actor, typed, MOST_POSTS)
    numbers = [int(title.key.removeprefix("post:")) for title in titles]
    return posts.by_ids(session, actor, numbers)[:MOST_POSTS]


def _strands(session: Session, actor: Actor, words: Sequence[str]) -> Sequence[Strand]:
    known = places.strands(session, actor.partnership_id)
    return [one for one in known if matches.has_all(words, one.name)][:MOST_STRANDS]
