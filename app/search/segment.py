"""One immutable segment of the index, read through here and nowhere else."""

import itertools
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.damage import damage_told
from app.search.lexicon import Lexicon, lexicon
from app.search.postings import (
    FacetTable,
    Floats,
    Ints,
    Places,
    Postings,
    decode,
    decode_facet,
    decode_places,
)
from app.search.schema import SCORED
from app.search.titles import Titles, titles
from app.search.whoosh_quietly import byte_to_length

# Whoosh keeps a field's length in one byte and reads it back as the next of 256 steps; it scores with that.
_STEPS = np.array([byte_to_length(byte) for byte in range(256)], np.int64)
_COLUMNS = ("version", "day", "tie", *(f"{field}_words" for field in SCORED))


class Segment:
    """A segment and its open reader. It knows nothing of deletions: those change, a segment does not."""

    def __init__(self, leaf: Any) -> None:
        self._leaf = leaf
        self.id: str = leaf.segment().segment_id()
        self.size: int = leaf.doc_count_all()
        self._facets: dict[str, FacetTable] = {}

    @cached_property
    def columns(self) -> dict[str, Ints]:
        """A number for each document, by name of the column."""
        with damage_told():
            return {name: self._column(name) for name in _COLUMNS}

    @cached_property
    def lengths(self) -> dict[str, Floats]:
        """How many words each document has in each field, rounded as Whoosh scores them."""
        return {field: rounded(self.columns[f"{field}_words"]) for field in SCORED}

    @cached_property
    def keys(self) -> list[str]:
        """The key of each document."""
        return self._texts("name")

    def places_of(self, key: str) -> list[int]:
        """Return the documents of ``key``."""
        names, docs = self._by_key
        first, last = np.searchsorted(names, key), np.searchsorted(names, key, side="right")
        found: list[int] = docs[first:last].tolist()
        return found

    @cached_property
    def titles(self) -> Titles:
        """The title of each document, and how it and its words begin."""
        return titles(self._headlines)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The exact words of this segment, for finding what looks like another word."""
        with damage_told():
            return lexicon(term.decode() for term in self._leaf.lexicon("exact"))

    def postings(self, field: str, term: str) -> Postings:
        """Return where ``term`` is in ``field``."""
        with damage_told():
            return decode(self._leaf, field, term)

    def places(self, word: str) -> Places:
        """Return where the exact ``word`` stands."""
        with damage_told():
            return decode_places(self._leaf, word)

    def facet(self, name: str) -> FacetTable:
        """Return which documents have which values of a facet."""
        known = self._facets.get(name)
        if known is None:
            with damage_told():
                known = self._facets[name] = decode_facet(self._leaf, name)
        return known

    def starting(self, prefix: str, most: int) -> list[str]:
        """Return exact words that begin with ``prefix``."""
        found: list[str] = []
        with damage_told():
            for term in self._leaf.expand_prefix("exact", prefix):
                if len(found) == most:
                    break
                found.append(term.decode())
        return found

    def title(self, doc: int) -> str:
        """Return the title of a document."""
        return self._headlines[doc]

    @cached_property
    def _by_key(self) -> tuple[NDArray[np.str_], Ints]:
        names = np.array(self.keys)
        order = np.argsort(names, kind="stable")
        return names[order], order.astype(np.int64)

    @cached_property
    def _headlines(self) -> list[str]:
        return self._texts("headline")

    def shown(self, doc: int) -> tuple[str, str, str]:
        """Return the key, title and text of a document."""
        with damage_told():
            stored = self._leaf.stored_fields(doc)
            return stored["shown_key"], stored["shown_title"], stored["shown_text"]

    def close(self) -> None:
        """Let go of its files."""
        self._leaf.close()

    def _texts(self, name: str) -> list[str]:
        with damage_told():
            held = self._leaf.column_reader(name, translate=False)
            lengths = list(held._lengths)  # noqa: SLF001  # one by one they take a hundred times as long
            whole = held._dbfile.get(held._basepos, sum(lengths))  # noqa: SLF001
            ends = list(itertools.accumulate(lengths))
            return [whole[end - length : end].decode() for end, length in zip(ends, lengths, strict=True)]

    def _column(self, name: str) -> Ints:
        held = self._leaf.column_reader(name, translate=False)
        kind = np.dtype(held._typecode).newbyteorder(">")  # noqa: SLF001
        whole = held._dbfile.get(held._basepos, held._count * kind.itemsize)  # noqa: SLF001
        column = np.zeros(self.size, np.int64)  # Whoosh leaves out what is 0 at the end
        column[: held._count] = np.frombuffer(whole, kind)[: self.size]  # noqa: SLF001
        return column


def rounded(words: Ints) -> Floats:
    """Return lengths in words as Whoosh remembers them."""
    return _STEPS[np.minimum(np.searchsorted(_STEPS, words), len(_STEPS) - 1)].astype(np.float64)
