"""Which words to read before anybody asks: those that most titles have, since titles say what posts are about."""

from collections import Counter

from app.search.analysis import STOP_WORDS, stem, tokens
from app.search.view import View

MOST_WORDS = 500
SMALL = 1_000
"""Documents; with fewer, reading a word takes no time."""


def usual(view: View) -> list[str]:
    """Return the words to read, the commonest first."""
    counts = Counter(
        part
        for segment in view.segments
        for title in segment.titles.said
        for token in tokens(title)
        for part in token.parts
        if part and part not in STOP_WORDS
    )
    return [word for word, _ in counts.most_common(MOST_WORDS)]


def read(view: View, word: str) -> None:
    """Read what is kept of ``word``."""
    view.postings("all", stem(word))
    view.postings("title", stem(word))
    view.postings("exact", word)
