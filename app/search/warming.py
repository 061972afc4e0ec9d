"""What to read before anybody asks: the words that most titles have, which say what posts are about, and new posts."""

from collections import Counter
from collections.abc import Callable
from functools import partial

from app.search.analysis import STOP_WORDS, stem, tokens
from app.search.passages import read
from app.search.view import View

MOST_WORDS = 1_000
MOST_PLACES = 200
"""Words whose places are read as well, for phrases."""
MOST_DOCUMENTS = 30_000
"""With more of them, the places of common words leave no room for anything else."""
MOST_TEXTS = 1_000
"""Posts, the newest, to quote from."""
MOST_TITLES = 2_000
"""Titles that are looked at: nobody can ask meanwhile."""
SMALL = 1_000
"""Documents; with fewer, reading a word takes no time."""

Step = Callable[[View], object]


def steps(view: View) -> list[Step]:
    """Return what to read, one word at a time, the commonest first, then one text at a time, the newest first."""
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
        *(partial(_text, doc=doc) for doc in view.by_age[:MOST_TEXTS].tolist()),
    ]


def _postings(view: View, word: str) -> None:
    view.postings("all", stem(word))
    view.postings("title", stem(word))
    view.postings("exact", word)


def _text(view: View, doc: int) -> None:
    if doc < view.size:  # another commit may have fewer
        _ = read(view.shown(doc)[2]).signed
