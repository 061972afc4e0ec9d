"""Which words to read before anybody asks: those that most titles have, since titles say what posts are about."""

from collections import Counter
from collections.abc import Callable
from functools import partial

from app.search.analysis import STOP_WORDS, stem, tokens
from app.search.view import View

MOST_WORDS = 1_000
MOST_PLACES = 200
"""Words whose places are read as well, for phrases."""
MOST_DOCUMENTS = 30_000
"""With more of them, the places of common words leave no room for anything else."""
MOST_TITLES = 2_000
"""Titles that are looked at: nobody can ask meanwhile."""
SMALL = 1_000
"""Documents; with fewer, reading a word takes no time."""

Step = Callable[[View], object]


def steps(view: View) -> list[Step]:
    """Return what to read, one word at a time, the commonest first."""
    counts = Counter(
        part
        for doc in range(0, view.size, max(1, view.size // MOST_TITLES))
        for token in tokens(view.title(doc))
        for part in token.parts
        if part and part not in STOP_WORDS
    )
    usual = [word for word, _ in counts.most_common(MOST_WORDS)]
    in_phrases = usual[: MOST_PLACES if view.size <= MOST_DOCUMENTS else 0]
    return [
        *(partial(_postings, word=word) for word in usual),
        *(partial(View.places, word=word) for word in in_phrases),
    ]


def _postings(view: View, word: str) -> None:
    view.postings("all", stem(word))
    view.postings("title", stem(word))
    view.postings("exact", word)
