"""What Braid asks of any search engine, and the plain values that pass between them."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

FACETS = ("strand", "kind", "district", "author", "year", "indicator", "tag", "verdict", "state")
BETWEEN_FIELDS = "\n\n"
"""What ends a field of a text: no phrase and no passage reaches across."""


class IndexDamaged(Exception):
    """The index cannot be read. Build it again from the database with ``rebuilding``."""


class IndexBusy(Exception):
    """Another process is writing to the index and did not finish in time. Try again later."""


class Order(StrEnum):
    """How results are ordered."""

    RELEVANCE = "relevance"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One post, page or person as the engine should see it: plain text only, never HTML."""

    key: str
    """What it is: ``post:812``."""
    version: int
    """Grows with every change that search can see; the engine ignores an older one."""
    title: str
    text: str
    """Body, structured fields, comments and tags, with ``BETWEEN_FIELDS`` between."""
    audiences: frozenset[str]
    """The labels it is shared with; whoever has one of them may find it."""
    facets: Mapping[str, frozenset[str]]
    """``kind``, ``strand``, … to values; ids as text, several values allowed."""
    day: int
    """Days since 1970-01-01."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What somebody looks for. No words at all means everything they may read."""

    words: str
    audiences: frozenset[str]
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Facet to values, any of which will do."""
    order: Order = Order.RELEVANCE
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = ()
    """Which facets to count, each without its own filter so that alternatives stay visible."""
    passages: bool = True
    """Whether to show passages, and to mark what was looked for in them and in titles."""
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """A word or phrase in lower case to what means the same; what stands in quotation marks has none."""
    relax: bool = True
    """Whether most or some of the words will do where all of them find nothing."""
    without: frozenset[str] = frozenset()
    """Keys to leave out, as if they did not exist."""
    correct: bool = True
    """Whether words that nobody wrote are taken for the closest ones beside the words that are known."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of plain text, and whether it is what was looked for."""

    text: str
    is_match: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. Load ``key`` from the database through ``readable`` before showing it."""

    key: str
    version: int
    score: float
    title: tuple[Piece, ...]
    passages: tuple[tuple[Piece, ...], ...]
    """At most two."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results; everything in it is worked out from what the reader may read."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    notes: tuple[str, ...]
    """Sentences for the reader: what could not be understood, what was relaxed."""
    also: tuple[str, ...] = ()
    """The synonyms that were looked for too, of those that this reader can find."""
    relaxed: str = ""
    """The one of ``notes`` that says what was relaxed, or nothing."""
    corrected: str = ""
    """The question as it was searched for, where a word was taken for another; otherwise nothing."""


@dataclass(frozen=True, slots=True)
class Title:
    """A document by its name alone."""

    key: str
    title: str


class SearchIndex(Protocol):
    """A search engine. Safe to share between threads; several processes may open the same one.

    Any method may raise ``IndexDamaged`` except ``rebuilding``, which mends it, and ``close``.
    """

    def apply(self, puts: Iterable[SearchDocument], drops: Iterable[str] = ()) -> None:
        """Drop and put documents in one commit; safe to repeat, and an older version changes nothing.

        Raises:
            IndexBusy: if another writer did not finish in time.
        """

    def search(self, query: SearchQuery) -> SearchPage:
        """Return one page of what the reader may read and looks for."""

    def suggest(self, words: str, audiences: frozenset[str], *, without: frozenset[str] = frozenset()) -> str | None:
        """Return ``words`` as they were probably meant, or None; only with words of what the reader may read."""

    def complete(
        self, prefix: str, audiences: frozenset[str], limit: int = 8, *, without: frozenset[str] = frozenset()
    ) -> tuple[Title, ...]:
        """Return documents with a title, or a word of it, that begins like that; the shortest titles first."""

    def related(
        self, text: str, audiences: frozenset[str], *, without: frozenset[str] = frozenset(), limit: int = 5
    ) -> tuple[Hit, ...]:
        """Return what is most like ``text``, a post or a draft, except ``without``; nothing rather than noise."""

    def tidy(self) -> bool:
        """Do a little of the upkeep that no save should wait for; say whether there may be more to do.

        Raises:
            IndexBusy: if another writer did not finish in time.
        """

    def versions(self) -> Mapping[str, int]:
        """Return the version of every document in the index, by key."""

    def rebuilding(self) -> AbstractContextManager["SearchIndex"]:
        """Offer an empty index to fill beside this one; it takes its place when the block ends without error.

        What is applied to this index meanwhile is not in the new one: compare ``versions`` with the database then.
        """

    def close(self) -> None:
        """Let go of files. The index can be used again; it opens itself."""
