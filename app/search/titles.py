"""Titles by how they, or a word in them, begin: for suggestions while somebody types."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.search.analysis import fold, tokens
from app.search.postings import Ints

KEPT = 24
"""Bytes of each beginning that are kept in order; what is typed beyond is compared with the title itself."""
MOST_STARTS = 12
INSIDE = 1 << 20


class Titles(NamedTuple):
    """The titles of one segment, and every place in them where a word begins, in alphabetical order."""

    said: Sequence[str]
    starts: NDArray[np.bytes_]
    docs: Ints
    ranks: Ints
    """For each of ``starts``, how well it stands: the beginning of a title before a word inside, short before long."""

    def beginning(self, prefix: bytes) -> tuple[Ints, Ints]:
        """Return documents whose title has a word that begins like ``prefix``, some several times, and their ranks."""
        cut = prefix[:KEPT]
        first = np.searchsorted(self.starts, np.bytes_(cut))
        last = np.searchsorted(self.starts, np.bytes_(cut + b"\xff" * (KEPT - len(cut))), side="right")
        return self.docs[first:last], self.ranks[first:last]


def titles(said: Sequence[str]) -> Titles:
    """Return the titles of a segment, one for each document, in order of their beginnings."""
    starts: list[bytes] = []
    docs: list[int] = []
    ranks: list[int] = []
    for doc, title in enumerate(said):
        plain = comparable(title)
        places = [at for at in range(len(plain)) if plain[at] != " " and (at == 0 or plain[at - 1] == " ")]
        starts += [plain[at : at + KEPT].encode()[:KEPT] for at in places[:MOST_STARTS]]
        docs += [doc] * len(places[:MOST_STARTS])
        ranks += [len(title) + (INSIDE if at else 0) for at in places[:MOST_STARTS]]
    kept = np.array(starts, f"S{KEPT}") if starts else np.empty(0, f"S{KEPT}")
    order = np.argsort(kept, kind="stable")
    return Titles(said, kept[order], np.array(docs, np.int64)[order], np.array(ranks, np.int64)[order])


def comparable(title: str) -> str:
    """Return ``title`` as words of letters and digits with one space between."""
    folded = fold(title)
    return " ".join(folded[token.start : token.end] for token in tokens(title))


def begins(title: str, prefix: str) -> bool:
    """Say whether ``title``, or a word in it, begins like ``prefix``; both are ``comparable``."""
    return f" {title}".find(f" {prefix}") >= 0
