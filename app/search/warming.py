"""Which words to read before anybody asks: those that most titles have, since titles say what posts are about."""

from collections import Counter

from app.search.analysis import STOP_WORDS, stem, tokens
from app.search.view import View

MOST_WORDS = 1_000
MOST_TITLES = 2_000
"""Titles that are looked at: nobody can ask meanwhile."""
SMALL = 1_000
"""Documents; with fewer, reading a word takes no time."""


def usual(view: View) -> list[str]:
    """Return the words to read, the commonest first."""
    step = max(1, view.size // MOST_TITLES)
    counts = Counter(
        part
        for doc in range(0, view.size, step)
        for token in tokens(view.title(doc))
        for part in token.parts
        if part and part not in STOP_WORDS
    )
    return [word for word, _ in counts.most_common(MOST_WORDS)]


def read(view: View, word: str) -> None:
    """Read what is kept of ``word``."""
    view.postings("all", stem(word))
    view.postings("title", stem(word))
    view.postings("exact", word)
