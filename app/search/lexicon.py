"""The words of one segment, laid out so that numpy quickly finds those that look like another."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.search.postings import Ints

SHORTEST = 3
LONGEST = 30


class Lexicon(NamedTuple):
    """Words in order, with the set of letters and the length of each."""

    words: tuple[str, ...]
    letters: NDArray[np.uint32]
    lengths: Ints

    def like(self, word: str, edits: int) -> list[str]:
        """Return every word that could be at most ``edits`` letters away, and some that are not."""
        if not self.words:
            return []
        # One changed letter adds one to the set and takes one away; an exchange of two neighbours changes nothing.
        near = np.bitwise_count(self.letters ^ np.uint32(letters_of(word))) <= 2 * edits
        near &= np.abs(self.lengths - len(word)) <= edits
        return [self.words[at] for at in np.flatnonzero(near).tolist()]


def lexicon(words: Iterable[str]) -> Lexicon:
    """Return ``words`` that somebody could have misspelt: those of letters alone, neither tiny nor huge."""
    kept = tuple(word for word in words if SHORTEST <= len(word) <= LONGEST and word.isalpha())
    return Lexicon(
        kept,
        np.fromiter(map(letters_of, kept), np.uint32, len(kept)),
        np.fromiter(map(len, kept), np.int64, len(kept)),
    )


def letters_of(word: str) -> int:
    """Return which letters are in ``word`` as the bits of a number; letters of other alphabets share bits."""
    bits = 0
    for char in set(word):
        bits |= 1 << (ord(char) - 97 if "a" <= char <= "z" else 26 + ord(char) % 6)
    return bits
