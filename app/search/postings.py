"""Whoosh's postings as numpy arrays, decoded once for each segment (a segment never changes) and kept within bounds.

The block reader below knows how Whoosh 2.7.4 lays postings out, because its matcher, one posting at a time, costs ten
times as much.
"""

import pickle
import struct
import zlib
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from io import BytesIO
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.search.schema import POSITION, SEPARATOR
from app.search.whoosh_quietly import TermNotFound, whoosh3

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]


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


Made = TypeVar("Made")

NO_POSTINGS = Postings(np.empty(0, np.int32), np.empty(0, np.float32))
NO_PLACES = Places(np.empty(0, np.int32), np.empty(0, np.int32))
_SIZE = struct.Struct("!i")
_OVERHEAD = 300


class Cache:
    """What was worked out lately, up to ``most`` bytes; what was not used for longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[Hashable, ...], tuple[Any, int]] = OrderedDict()
        self._used = 0

    def find(self, name: tuple[Hashable, ...]) -> Any:
        """Return what is kept under ``name``, or None."""
        held = self._kept.get(name)
        if held is None:
            return None
        self._kept.move_to_end(name)
        return held[0]

    def keep(self, name: tuple[Hashable, ...], made: object, size: int) -> None:
        """Keep something of ``size`` bytes under ``name``."""
        held = self._kept.pop(name, None)
        self._used += size + _OVERHEAD - (held[1] if held else 0)
        self._kept[name] = made, size + _OVERHEAD
        while self._used > self._most and len(self._kept) > 1:
            self._used -= self._kept.popitem(last=False)[1][1]

    def values(self) -> Iterator[Any]:
        """Yield all that is kept."""
        return (held for held, _ in self._kept.values())


def decode(leaf: Any, field: str, term: str) -> Postings:
    """Return the postings of ``term`` in one segment, deleted documents included: those change, a segment does not."""
    docs, times = [NO_POSTINGS.docs], [NO_POSTINGS.times]
    for gaps, weights, _ in _blocks_of(leaf, field, term):
        docs.append(_docs(gaps))
        times.append(_spread(weights, len(gaps)))
    return Postings(np.concatenate(docs), np.concatenate(times))


def decode_places(leaf: Any, term: str) -> Places:
    """Return where the exact word ``term`` stands in one segment."""
    docs, positions = [NO_PLACES.docs], [NO_PLACES.positions]
    for gaps, weights, values in _blocks_of(leaf, "exact", term):
        docs.append(np.repeat(_docs(gaps), _spread(weights, len(gaps)).astype(np.int32)))
        positions.append(np.frombuffer(b"".join(values or ()), POSITION).astype(np.int32))
    return Places(np.concatenate(docs), np.concatenate(positions))


def decode_facet(leaf: Any, name: str) -> FacetTable:
    """Return the values that documents of one segment have for the facet ``name``."""
    prefix = f"{name}{SEPARATOR}"
    terms = [term.decode() for term in leaf.expand_prefix("facet", prefix)]
    found = [decode(leaf, "facet", term).docs for term in terms]
    codes = np.repeat(np.arange(len(found), dtype=np.int32), [len(docs) for docs in found])
    return FacetTable(
        np.concatenate([NO_POSTINGS.docs, *found]), codes, tuple(term.removeprefix(prefix) for term in terms)
    )


def _blocks_of(leaf: Any, field: str, term: str) -> Iterator[Block]:
    try:
        told = leaf._terms.term_info(field, term.encode())  # noqa: SLF001
    except TermNotFound:
        return iter(())
    return blocks(leaf, told)


def _docs(gaps: Sequence[int]) -> Ints:
    return np.cumsum(np.array(gaps, np.int32), dtype=np.int32)


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
        return np.full(count, 1.0 if weights is None else weights, np.float32)
    return np.array(weights, np.float32)
