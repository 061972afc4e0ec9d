"""All segments of one generation of the index as one: arrays with a place for every document."""

import itertools
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.lib.memory import Memory
from app.search.analysis import fold
from app.search.joined import JoinedCache
from app.search.postings import NO_PLACES, NO_POSTINGS, Cache, FacetTable, Floats, Ints, Mask, Places, Postings, Scored
from app.search.schema import SCORED
from app.search.scoring import recency
from app.search.segment import Segment

_MOST_READERS = 200
_MOST_FILTERS = 100
_MOST_COUNTS = 50_000
MOST_SCORED = 32_000_000
"""Bytes."""
MOST_ALIKE = 1_000
MOST_SHOWN = 3_000_000
"""Characters of texts."""
MOST_QUOTED = 4_000
"""Texts."""
_NOTHING = np.empty(0, np.int64)
_NONE = np.empty(0, np.float64)


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

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[frozenset[int]], cache: JoinedCache) -> None:
        self.segments = segments
        self._deleted = deleted
        self._joined = cache
        cache.follow(segments)
        self._counts: dict[tuple[int, str, str], int] = {}
        self._facets: dict[str, FacetTable] = {}
        self._alone: dict[str, Ints | None] = {}
        self._recency: dict[int, Floats] = {}
        self._readable: dict[frozenset[str], Readable] = {}
        self._numbers = itertools.count()
        self._having: dict[tuple[str, frozenset[str], bool], Mask] = {}
        self._scored = Cache(MOST_SCORED)
        self.alike = Memory(MOST_ALIKE)
        """What was like a text for a reader, found before: a post that is read often is asked for with every page."""
        self.quoted = Memory(MOST_QUOTED)
        """What was quoted of a document for some words: whoever narrows results or turns back sees it again."""
        self._shown = Memory(MOST_SHOWN)
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
    def by_age(self) -> Ints:
        """Every document, the newest first."""
        return np.argsort(self.ages)

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
        return {field: np.concatenate([_NONE, *(at.lengths[field] for at in self.segments)]) for field in SCORED}

    def postings(self, field: str, term: str) -> Postings:
        """Return where ``term`` is in ``field``."""
        return self._joined.get((field, term), NO_POSTINGS, lambda segment: segment.postings(field, term))

    def places(self, word: str) -> Places:
        """Return where the exact ``word`` stands."""
        return self._joined.get(("places", word), NO_PLACES, lambda segment: segment.places(word))

    def scored(self, name: tuple[Hashable, ...], make: Callable[[], Scored]) -> Scored:
        """Return what an earlier question of the same reader found for a word, made now if there was none."""
        known: Scored | None = self._scored.find(name)
        if known is None:
            known = make()
            self._scored.keep(name, known, known.docs.nbytes + known.score.nbytes)
        return known

    def facet(self, name: str) -> FacetTable:
        """Return the values of a facet, each once."""
        known = self._facets.get(name)
        if known is None:
            known = self._facets[name] = self._facet(name)
        return known

    def alone(self, name: str) -> Ints | None:
        """Return the number of the value of each document, past the last where there is none; None if some have two."""
        if name not in self._alone:
            self._alone[name] = self._alone_by(self.facet(name))
        return self._alone[name]

    def recency(self, newest: int) -> Floats:
        """Return by how much to multiply scores of documents where ``newest`` is the last day."""
        if newest not in self._recency:
            self._recency = {newest: recency(self.days, newest)}
        return self._recency[newest]

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
        name = (readable.number, field, term)
        known = self._counts.get(name)
        if known is None:
            if len(self._counts) >= _MOST_COUNTS:
                self._counts.clear()
            known = self._counts[name] = int(np.count_nonzero(readable.mask[self.postings(field, term).docs]))
        return known

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
        at = bisect_right(self._starts, doc) - 1
        return self.segments[at].title(doc - self._starts[at])

    def named(self, doc: int) -> tuple[str, str]:
        """Return the key and title of a document."""
        at = bisect_right(self._starts, doc) - 1
        segment, here = self.segments[at], doc - self._starts[at]
        return segment.keys[here], segment.title(here)

    def key(self, doc: int) -> str:
        """Return the key of a document."""
        at = bisect_right(self._starts, doc) - 1
        return self.segments[at].keys[doc - self._starts[at]]

    def starting(self, prefix: str, most: int) -> tuple[str, ...]:
        """Return exact words that begin with ``prefix``."""
        found = {word for segment in self.segments for word in segment.starting(prefix, most)}
        return tuple(sorted(found)[:most])

    def shown(self, doc: int) -> tuple[str, str, str]:
        """Return the key, title and text of a document."""
        known: tuple[str, str, str] | None = self._shown.get(doc)
        if known is None:
            at = bisect_right(self._starts, doc) - 1
            known = self.segments[at].shown(doc - self._starts[at])
            self._shown.put(doc, known, len(known[2]))
        return known

    def places_of(self, key: str) -> list[tuple[int, int]]:
        """Return number and version of the live documents of ``key``: one at most, unless something went wrong."""
        found = [start + doc for segment, start in self._placed() for doc in segment.places_of(key)]
        return [(doc, int(self.versions[doc])) for doc in found if self.live[doc]]

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

    def _facet(self, name: str) -> FacetTable:
        codes: dict[str, int] = {}
        docs_found, codes_found = [NO_POSTINGS.docs], [NO_POSTINGS.docs]
        for segment, start in self._placed():
            table = segment.facet(name)
            renumbered = np.array([codes.setdefault(value, len(codes)) for value in table.values], np.int32)
            docs_found.append(table.docs + np.int32(start))
            codes_found.append(renumbered[table.codes])
        return FacetTable(np.concatenate(docs_found), np.concatenate(codes_found), tuple(codes))

    def _alone_by(self, table: FacetTable) -> Ints | None:
        codes = np.full(self.size, len(table.values), np.int32)
        codes[table.docs] = table.codes
        return codes if np.count_nonzero(codes < len(table.values)) == len(table.docs) else None

    def _readable_by(self, audiences: frozenset[str]) -> Readable:
        mask = np.zeros(self.size, np.bool_)
        for label in audiences:
            mask[self.postings("audience", label).docs] = True
        return self._among(mask & self.live)

    def _among(self, mask: Mask) -> Readable:
        count = int(np.count_nonzero(mask))
        averages = {field: float(words[mask].sum()) / max(count, 1) or 1.0 for field, words in self.words.items()}
        return Readable(next(self._numbers), mask, count, averages, int(self.days[mask].max()) if count else 0)
