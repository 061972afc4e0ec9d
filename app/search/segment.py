"""One immutable segment of the index, read through here and nowhere else."""

from functools import cached_property
from typing import Any

import numpy as np

from app.search.damage import damage_told
from app.search.lexicon import Lexicon, lexicon
from app.search.postings import (
    Cache,
    FacetTable,
    Ints,
    Places,
    Postings,
    decode,
    decode_facet,
    decode_places,
)
from app.search.schema import SCORED
from app.search.titles import Titles, titles

_COLUMNS = ("version", "day", "tie", *(f"{field}_words" for field in SCORED))


class Segment:
    """A segment and its open reader. It knows nothing of deletions: those change, a segment does not."""

    def __init__(self, leaf: Any) -> None:
        self._leaf = leaf
        self.id: str = leaf.segment().segment_id()
        self.size: int = leaf.doc_count_all()

    @cached_property
    def columns(self) -> dict[str, Ints]:
        """A number for each document, by name of the column."""
        with damage_told():
            return {name: self._column(name) for name in _COLUMNS}

    @cached_property
    def keys(self) -> list[str]:
        """The key of each document."""
        return self._texts("name")

    @cached_property
    def titles(self) -> Titles:
        """The title of each document, and how it and its words begin."""
        return titles(self._headlines)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The exact words of this segment, for finding what looks like another word."""
        with damage_told():
            return lexicon(term.decode() for term in self._leaf.lexicon("exact"))

    def postings(self, cache: Cache, field: str, term: str) -> Postings:
        """Return where ``term`` is in ``field``."""
        with damage_told():
            return cache.get((self.id, field, term), lambda: decode(self._leaf, field, term))

    def places(self, cache: Cache, word: str) -> Places:
        """Return where the exact ``word`` stands."""
        with damage_told():
            return cache.get((self.id, "places", word), lambda: decode_places(self._leaf, word))

    def facet(self, cache: Cache, name: str) -> FacetTable:
        """Return which documents have which values of a facet."""
        with damage_told():
            return cache.get((self.id, "values", name), lambda: decode_facet(self._leaf, name))

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
            return [held[doc].decode() for doc in range(self.size)]

    def _column(self, name: str) -> Ints:
        reader = self._leaf.column_reader(name, translate=False)
        return np.fromiter((reader[doc] for doc in range(self.size)), np.int64, self.size)
