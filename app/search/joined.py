"""What all segments together say of a word, kept from one commit to the next: only what is new is read."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from app.search.postings import Cache, Places, Postings
from app.search.segment import Segment

MOST = 64_000_000
"""Bytes."""

Pair = TypeVar("Pair", Postings, Places)


@dataclass(slots=True)
class _Joined:
    segments: int
    """How many of the segments are in it, from the first on."""
    pair: Any
    has_more: bool = False
    """Whether documents of segments that are gone are still in it, at the end."""


class JoinedCache:
    """Postings and places of words in all segments of an index."""

    def __init__(self) -> None:
        self._kept = Cache(MOST)
        self._segments: Sequence[Segment] = ()
        self._starts: list[int] = [0]

    def follow(self, segments: Sequence[Segment]) -> None:
        """Answer for ``segments`` from now on; what stands before the first that changed is still known."""
        same = 0
        while same < min(len(segments), len(self._segments)) and segments[same] is self._segments[same]:
            same += 1
        for joined in self._kept.values():
            if joined.segments > same:
                joined.segments, joined.has_more = same, True
        self._segments = segments
        self._starts = np.cumsum([0, *(segment.size for segment in segments)]).tolist()

    def get(self, name: tuple[Hashable, ...], none: Pair, read: Callable[[Segment], Pair]) -> Pair:
        """Return what ``name`` stands for, in each segment as ``read`` finds it; ``none`` where no segment has it."""
        known: _Joined | None = self._kept.find(name)
        if known is not None and known.segments == len(self._segments) and not known.has_more:
            pair: Pair = known.pair
            return pair
        pair = self._extended(known, none, read)
        self._kept.keep(name, _Joined(len(self._segments), pair), sum(part.nbytes for part in pair))
        return pair

    def _extended(self, known: _Joined | None, none: Pair, read: Callable[[Segment], Pair]) -> Pair:
        first, parts = 0, [none]
        if known is not None:
            first = known.segments
            end = int(np.searchsorted(known.pair[0], self._starts[first]))
            parts = [type(none)(*(part[:end] for part in known.pair))]
        for segment, start in zip(self._segments[first:], self._starts[first:], strict=False):
            docs, what = read(segment)
            if len(docs):
                parts.append(type(none)(docs + docs.dtype.type(start), what))
        full = [part for part in parts if len(part[0])]
        if len(full) < 2:  # noqa: PLR2004
            return full[0] if full else none
        return type(none)(*map(np.concatenate, zip(*full, strict=True)))
