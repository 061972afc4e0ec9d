"""What is like a text: the words that say most about it, looked for all at once."""

import numpy as np

from app.search.analysis import STOP_WORDS, stem, times_of
from app.search.postings import Floats, Ints
from app.search.scoring import best, bm25_of, idf, room
from app.search.units import TITLE_WEIGHT
from app.search.view import Readable, View

LONGEST_TEXT = 20_000
MOST_TERMS = 25
TELLING = 3
"""So many of its telling words must be shared, or all where a text has fewer: one word is no likeness."""
LEAST_SHARE = 0.2
"""Of what a document with all of the words would score; less is noise."""


def like(view: View, readable: Readable, text: str, limit: int) -> list[tuple[int, float]]:
    """Return the documents most like ``text`` with their scores, best first."""
    said = _times(text)
    worth = _telling(view, readable, said)
    if not worth:
        return []
    score: Floats = np.zeros(view.size)
    shared: Ints = np.zeros(view.size, np.int64)
    rooms = {name: room(view.lengths[name], readable.averages[name]) for name in ("all", "title")}
    for term, weight in worth.items():
        docs, times = view.postings("all", term)
        shared[docs] += 1
        score[docs] += bm25_of(times, rooms["all"][docs], weight)
        docs, times = view.postings("title", term)
        score[docs] += bm25_of(times, rooms["title"][docs], TITLE_WEIGHT * weight)
    enough = score >= LEAST_SHARE * sum(worth.values())
    hits = np.flatnonzero(readable.mask & enough & (shared >= min(TELLING, len(said))))
    first = hits[best(score[hits], view.ages[hits], limit)]
    return list(zip(first.tolist(), score[first].tolist(), strict=True))


def _times(text: str) -> dict[str, int]:
    """Return how often each stem is in ``text``."""
    times: dict[str, int] = {}
    for word, count in times_of(text[:LONGEST_TEXT]).items():
        if word not in STOP_WORDS and len(word) > 1:
            term = stem(word)
            times[term] = times.get(term, 0) + count
    return times


def _telling(view: View, readable: Readable, times: dict[str, int]) -> dict[str, float]:
    """Return the stems that say most about a text: often in it, and in few other documents; the idf of each."""
    # Counting each word's documents is the costly part: of a long text only those that occur most.
    often = sorted(times, key=lambda term: (-times[term], term))[: 8 * MOST_TERMS]
    # A word in a quarter of all posts says nothing about one of them; a word in none finds none.
    most = max(readable.count // 4, 2)
    having = {term: _having(view, readable, term, most) for term in often}
    rare = {term: idf(readable.count, count) for term, count in having.items() if 0 < count <= most}
    kept = sorted(rare, key=lambda term: (-rare[term] * times[term] / (times[term] + 1.2), term))[:MOST_TERMS]
    return {term: rare[term] for term in kept}


def _having(view: View, readable: Readable, term: str, most: int) -> int:
    """Return how many readable documents have ``term``, or at least that they are more than ``most``."""
    docs = view.postings("all", term).docs
    least = len(docs) - (view.size - readable.count)  # even if all that are hidden have it
    return least if least > most else int(np.count_nonzero(readable.mask[docs]))
