"""All segments of one generation of the index as one: arrays with a place for every document."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.search.analysis import fold
from app.search.postings import Cache, FacetTable, Floats, Ints, Places, Postings
from app.search.schema import SCORED
from app.search.segment import Segment
from app.search.whoosh_quietly import byte_to_length

Mask = NDArray[np.bool_]

# Whoosh keeps a field's length in one byte and reads it back as the next of 256 steps; it scores with that.
_STEPS = np.array([byte_to_length(byte) for byte in range(256)], np.int64)
_MOST_READERS = 200
_MOST_FILTERS = 100
MOST_SCORED = 3_000_000
_NOTHING = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Readable:
    """What one reader may read, and the statistics of just that: hidden documents move nothing, not even a score."""

    number: int
    """A name for it, for what is kept of earlier questions."""
    mask: Mask
    count: int
    averages: dict[str, float]
    newest: int
    """The last day of a document."""


class View:
    """One generation of the index. Not thread-safe: its owner holds a lock."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[frozenset[int]], cache: Cache) -> None:
        self.segments = segments
        self._deleted = deleted
        self._cache = cache
        self._whole = Cache(4_000_000)
        self._readable: dict[frozenset[str], Readable] = {}
        self._numbers = itertools.count()
        self._having: dict[tuple[str, frozenset[str], bool], Mask] = {}
        self.scored = Cache(MOST_SCORED)
        """What earlier questions of the same readers found, word by word."""
        self._starts: list[int] = np.cumsum([0, *(segment.size for segment in segments)]).tolist()
        self.size = self._starts[-1]

    @cached_property
    def days(self) -> Ints:
        """The day of each document."""
        return self._column("day")

    @cached_property
    def ties(self) -> Ints:
        """What orders documents of the same day."""
        return self._column("tie")

    @cached_property
    def ages(self) -> Ints:
        """The place of each document from the newest on."""
        ages = np.empty(self.size, np.int64)
        ages[np.lexsort((-self.ties, -self.days))] = np.arange(self.size)
        return ages

    @cached_property
    def versions(self) -> Ints:
        """The version of each document."""
        return self._column("version")

    @cached_property
    def live(self) -> Mask:
        """Which documents have not been deleted or replaced."""
        live = np.ones(self.size, np.bool_)
        for start, gone in zip(self._starts, self._deleted, strict=False):
            live[start + np.array(list(gone), np.int64)] = False
        return live

    @cached_property
    def words(self) -> dict[str, Ints]:
        """How many words each document has in each field."""
        return {field: self._column(f"{field}_words") for field in SCORED}

    @cached_property
    def lengths(self) -> dict[str, Floats]:
        """The same, rounded as Whoosh scores them."""
        return {field: rounded(words) for field, words in self.words.items()}

    def postings(self, field: str, term: str) -> Postings:
        """Return where ``term`` is in ``field``."""
        return self._whole.get(
            (field, term), lambda: Postings(*self._join(lambda at: at.postings(self._cache, field, term)))
        )

    def places(self, word: str) -> Places:
        """Return where the exact ``word`` stands."""
        return self._whole.get(("places", word), lambda: Places(*self._join(lambda at: at.places(self._cache, word))))

    def facet(self, name: str) -> FacetTable:
        """Return the values of a facet, each once."""
        return self._whole.get(("values", name), lambda: self._facet(name))

    def having(self, name: str, values: Iterable[str], *, folded: bool = False) -> Mask:
        """Say of each document whether it has one of ``values``; ``folded`` takes no notice of capitals and accents."""
        wanted = frozenset(fold(value) for value in values) if folded else frozenset(values)
        known = self._having.get((name, wanted, folded))
        if known is None:
            if len(self._having) >= _MOST_FILTERS:
                self._having.clear()
            known = self._having[name, wanted, folded] = self._having_by(name, wanted, folded=folded)
        return known

    def readable(self, audiences: frozenset[str], without: frozenset[str] = frozenset()) -> Readable:
        """Return what shares a label with ``audiences``, as if the keys ``without`` did not exist."""
        known = self._readable.get(audiences)
        if known is None:
            if len(self._readable) >= _MOST_READERS:
                self._readable.clear()
            known = self._readable[audiences] = self._readable_by(audiences)
        return self._among(known.mask & ~self.only(without)) if without else known

    def count(self, readable: Readable, field: str, term: str) -> int:
        """Return how many readable documents have ``term`` in ``field``."""
        return int(np.count_nonzero(readable.mask[self.postings(field, term).docs]))

    def like(self, word: str, edits: int) -> set[str]:
        """Return exact words that may be at most ``edits`` letters from ``word``, whoever may read them."""
        return {other for segment in self.segments for other in segment.lexicon.like(word, edits)}

    def only(self, keys: Iterable[str]) -> Mask:
        """Say of each document whether it is one of ``keys``."""
        mask = np.zeros(self.size, np.bool_)
        for key in keys:
            mask[self.postings("key", key).docs] = True
        return mask

    def titled(self, prefix: str, within: Mask) -> Ints:
        """Return documents inside ``within`` whose title has a word that begins like ``prefix``, the best first."""
        parts = [(start, *segment.titles.beginning(prefix.encode())) for segment, start in self._placed()]
        docs = np.concatenate([_NOTHING, *(start + docs for start, docs, _ in parts)])
        ranks = np.concatenate([_NOTHING, *(ranks for *_, ranks in parts)])[within[docs]]
        docs = docs[within[docs]]
        ordered = docs[np.lexsort((self.ages[docs], ranks))]
        _, firsts = np.unique(ordered, return_index=True)
        once: Ints = ordered[np.sort(firsts)]
        return once

    def title(self, doc: int) -> str:
        """Return the title of a document."""
        at = int(np.searchsorted(self._starts, doc, side="right")) - 1
        return self.segments[at].title(doc - self._starts[at])

    def key(self, doc: int) -> str:
        """Return the key of a document."""
        at = int(np.searchsorted(self._starts, doc, side="right")) - 1
        return self.segments[at].keys[doc - self._starts[at]]

    def starting(self, prefix: str, most: int) -> tuple[str, ...]:
        """Return exact words that begin with ``prefix``."""
        found = {word for segment in self.segments for word in segment.starting(prefix, most)}
        return tuple(sorted(found)[:most])

    def shown(self, doc: int) -> tuple[str, str, str]:
        """Return the key, title and text of a document."""
        at = int(np.searchsorted(self._starts, doc, side="right")) - 1
        return self.segments[at].shown(doc - self._starts[at])

    def named(self, doc: int) -> tuple[str, str, str]:
        """Return the key and title of a document, and no text."""
        return self.key(doc), self.title(doc), ""

    def keys(self) -> dict[str, int]:
        """Return the version of every live document by key."""
        names = [key for segment in self.segments for key in segment.keys]
        return {names[doc]: int(self.versions[doc]) for doc in np.flatnonzero(self.live).tolist()}

    def _having_by(self, name: str, wanted: frozenset[str], *, folded: bool) -> Mask:
        table = self.facet(name)
        codes = [code for code, value in enumerate(table.values) if (fold(value) if folded else value) in wanted]
        mask = np.zeros(self.size, np.bool_)
        mask[table.docs[np.isin(table.codes, codes)]] = True
        return mask

    def _placed(self) -> Iterable[tuple[Segment, int]]:
        return zip(self.segments, self._starts, strict=False)

    def _column(self, name: str) -> Ints:
        return np.concatenate([np.empty(0, np.int64), *(segment.columns[name] for segment in self.segments)])

    def _join(self, read: Callable[[Segment], tuple[Ints, Any]]) -> tuple[Ints, Any]:
        """Return two arrays of all segments: documents, and what belongs to each."""
        if not self.segments:
            return _NOTHING, _NOTHING
        parts = [(start, *read(segment)) for segment, start in self._placed()]
        return np.concatenate([docs + start for start, docs, _ in parts]), np.concatenate([part for *_, part in parts])

    def _facet(self, name: str) -> FacetTable:
        codes: dict[str, int] = {}
        docs_found, codes_found = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for segment, start in self._placed():
            table = segment.facet(self._cache, name)
            renumbered = np.array([codes.setdefault(value, len(codes)) for value in table.values], np.int64)
            docs_found.append(table.docs + start)
            codes_found.append(renumbered[table.codes])
        return FacetTable(np.concatenate(docs_found), np.concatenate(codes_found), tuple(codes))

    def _readable_by(self, audiences: frozenset[str]) -> Readable:
        mask = np.zeros(self.size, np.bool_)
        for label in audiences:
            mask[self.postings("audience", label).docs] = True
        return self._among(mask & self.live)

    def _among(self, mask: Mask) -> Readable:
        count = int(np.count_nonzero(mask))
        averages = {field: float(words[mask].sum()) / max(count, 1) or 1.0 for field, words in self.words.items()}
        return Readable(next(self._numbers), mask, count, averages, int(self.days[mask].max()) if count else 0)


def rounded(words: Ints) -> Floats:
    """Return lengths in words as Whoosh remembers them."""
    return _STEPS[np.minimum(np.searchsorted(_STEPS, words), len(_STEPS) - 1)].astype(np.float64)
