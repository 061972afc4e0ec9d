"""Whoosh's postings as numpy arrays, decoded once for each segment (a segment never changes) and kept within bounds.

The block reader below knows how Whoosh 2.7.4 lays postings out, because its matcher, one posting at a time, costs ten
times as much.
"""

import pickle
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from io import BytesIO
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.search.schema import POSITION, SEPARATOR
from app.search.whoosh_quietly import TermNotFound, whoosh3

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Postings(NamedTuple):
    """The documents a term is in, and how often it is in each."""

    docs: Ints
    times: Floats


class Places(NamedTuple):
    """Where a word stands: document and position, once for each time it occurs."""

    docs: Ints
    positions: Ints


class FacetTable(NamedTuple):
    """Which documents have which values of a facet: pairs of a document and the number of a value."""

    docs: Ints
    codes: Ints
    values: tuple[str, ...]


class Scored(NamedTuple):
    """The documents that have what a question asks for, as far as this reader may read, and their scores."""

    docs: Ints
    score: Floats


class Block(NamedTuple):
    """Some postings of a term as Whoosh wrote them."""

    gaps: Sequence[int]
    """From each document to the next."""
    times: Sequence[float] | float | None
    """How often the term is in each; one number if that is the same everywhere, None if it is once."""
    values: Sequence[bytes] | None
    """What is noted of each."""


Decoded = TypeVar("Decoded", Postings, Places, FacetTable, Scored)

_NO_INTS = np.empty(0, np.int64)
_NO_FLOATS = np.empty(0, np.float64)
_SIZE = struct.Struct("!i")


class Cache:
    """What was decoded lately, up to ``most`` numbers; what was not used for longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[Hashable, ...], tuple[Any, int]] = OrderedDict()
        self._used = 0

    def get(self, name: tuple[Hashable, ...], make: Callable[[], Decoded]) -> Decoded:
        """Return what is kept under ``name``, made now if it is not."""
        held = self._kept.get(name)
        if held is not None:
            self._kept.move_to_end(name)
            known: Decoded = held[0]
            return known
        made = make()
        size = 16 + 2 * len(made[0])
        self._kept[name] = (made, size)
        self._used += size
        while self._used > self._most and len(self._kept) > 1:
            self._used -= self._kept.popitem(last=False)[1][1]
        return made

    def forget(self, first: str) -> None:
        """Let go of everything whose name begins with ``first``."""
        for name in [name for name in self._kept if name[0] == first]:
            self._used -= self._kept.pop(name)[1]


def decode(leaf: Any, field: str, term: str) -> Postings:
    """Return the postings of ``term`` in one segment, deleted documents included: those change, a segment does not."""
    docs, times, _ = _blocks(leaf, field, term, values=False)
    return Postings(docs, times)


def decode_places(leaf: Any, term: str) -> Places:
    """Return where the exact word ``term`` stands in one segment."""
    docs, times, encoded = _blocks(leaf, "exact", term, values=True)
    positions = np.frombuffer(b"".join(encoded), POSITION).astype(np.int64)
    return Places(np.repeat(docs, times.astype(np.int64)), positions)


def decode_facet(leaf: Any, name: str) -> FacetTable:
    """Return the values that documents of one segment have for the facet ``name``."""
    prefix = f"{name}{SEPARATOR}"
    terms = [term.decode() for term in leaf.expand_prefix("facet", prefix)]
    found = [decode(leaf, "facet", term).docs for term in terms]
    codes = np.repeat(np.arange(len(found), dtype=np.int64), [len(docs) for docs in found]) if found else _NO_INTS
    values = tuple(term.removeprefix(prefix) for term in terms)
    return FacetTable(np.concatenate(found) if found else _NO_INTS, codes, values)


def _blocks(leaf: Any, field: str, term: str, *, values: bool) -> tuple[Ints, Floats, list[bytes]]:
    try:
        told = leaf._terms.term_info(field, term.encode())  # noqa: SLF001
    except TermNotFound:
        return _NO_INTS, _NO_FLOATS, []
    docs: list[Ints] = []
    times: list[Floats] = []
    encoded: list[bytes] = []
    for gaps, weights, held in blocks(leaf, told):
        docs.append(np.cumsum(np.array(gaps, np.int64)))
        times.append(_spread(weights, len(gaps)))
        if values:
            encoded.extend(held or ())
    if len(docs) == 1:
        return docs[0], times[0], encoded
    return np.concatenate(docs), np.concatenate(times), encoded


def blocks(leaf: Any, told: Any) -> Iterator[Block]:
    """Yield the blocks of a term, of which Whoosh has ``told`` where they are.

    Not through ``leaf.postings()``: that leaves out what is deleted today, and fetches a block a few bytes at a time.
    """
    start, (length,) = told.extent()  # Whoosh forgets to take the length out of its tuple
    data = leaf._terms._postfile.get(start, length)  # noqa: SLF001
    file = BytesIO(data)
    if file.read(len(whoosh3.WHOOSH3_HEADER_MAGIC)) != whoosh3.WHOOSH3_HEADER_MAGIC:
        msg = "There are no postings in this place."
        raise ValueError(msg)
    is_last = False
    while not is_last:
        (size,) = _SIZE.unpack(file.read(_SIZE.size))
        is_last, end = size < 0, file.tell() + abs(size)
        _, _, _, packing, _, _ = pickle.load(file)  # noqa: S301  # the folder is closed to everybody else
        held = data[file.tell() : end]
        yield Block(*pickle.loads(zlib.decompress(held) if packing else held))  # noqa: S301
        file.seek(end)


def _spread(weights: Sequence[float] | float | None, count: int) -> Floats:
    if weights is None or isinstance(weights, float):
        return np.full(count, 1.0 if weights is None else weights)
    return np.array(weights, np.float64)
