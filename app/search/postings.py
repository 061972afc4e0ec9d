"""Whoosh's postings as numpy arrays, decoded once for each segment (a segment never changes) and kept within bounds.

The block reader below knows the inside of Whoosh 2.7.4's matcher, because one posting at a time costs ten times as
much; a matcher of another kind is read by its public methods.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.search.schema import POSITION, SEPARATOR

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


Decoded = TypeVar("Decoded", Postings, Places, FacetTable, Scored)

_NO_INTS = np.empty(0, np.int64)
_NO_FLOATS = np.empty(0, np.float64)


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
    if (field, term) not in leaf:
        return _NO_INTS, _NO_FLOATS, []
    # Not leaf.postings(): that leaves out what is deleted today.
    matcher = leaf._terms.matcher(field, term.encode(), leaf.schema[field].format)  # noqa: SLF001
    read = _read_blocks if hasattr(matcher, "_next_block") else _read_one_by_one
    return read(matcher, values=values)


def _read_blocks(matcher: Any, *, values: bool) -> tuple[Ints, Floats, list[bytes]]:
    docs: list[Ints] = []
    times: list[Floats] = []
    encoded: list[bytes] = []
    while matcher.is_active():
        matcher._read_data()  # noqa: SLF001
        deltas, weights, held = matcher._data  # noqa: SLF001
        docs.append(np.cumsum(np.asarray(deltas, np.int64)))
        times.append(np.full(len(deltas), 1.0) if weights is None else _spread(weights, len(deltas)))
        if values:
            encoded.extend(held)
        matcher._next_block()  # noqa: SLF001
    return np.concatenate(docs), np.concatenate(times), encoded


def _spread(weights: float | tuple[float, ...], count: int) -> Floats:
    return np.full(count, weights) if isinstance(weights, float) else np.asarray(weights, np.float64)


def _read_one_by_one(matcher: Any, *, values: bool) -> tuple[Ints, Floats, list[bytes]]:
    docs: list[int] = []
    times: list[float] = []
    encoded: list[bytes] = []
    while matcher.is_active():
        docs.append(matcher.id())
        times.append(matcher.weight())
        if values:
            encoded.append(matcher.value())
        matcher.next()
    return np.array(docs, np.int64), np.array(times, np.float64), encoded
