"""Which segments to write into one when a commit is made: few and small ones, now and then, never everything.

Whoosh merges some 300 documents a second. Its own choice either merges nearly everything, which makes one save wait for
minutes, or nothing, which leaves 121 segments after 120 saves.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.search.whoosh_quietly import SegmentReader

TIERS = ((1, 8), (8, 64), (64, 512))
"""Segments of like size, in documents; eight of one tier become one of the next."""
FULL_TIER = 8
MOST_AT_ONCE = 640
"""Documents that a save may have to wait for: about two seconds."""
MOST_SEGMENTS = 40
"""Past that, a save merges the smallest, as many as it may wait for but two at least."""
MOST_WHEN_BUSY = 3 * MOST_AT_ONCE
ENOUGH_SEGMENTS = 8
MOST_WHEN_IDLE = 2_000
"""Documents merged at once while nobody saves: some seconds, and a save that comes then waits for them."""


def chosen(sizes: Sequence[tuple[int, int]]) -> set[int]:
    """Return the places of the segments to write into the new one.

    Args:
        sizes: for each segment, how many documents live in it and how many there were.
    """
    merged = {
        at for at, (live, every) in enumerate(sizes) if live * 2 < every and live <= max(MOST_AT_ONCE, every // 8)
    }
    for least, below in TIERS:
        tier = [at for at, (live, _) in enumerate(sizes) if least <= live < below and at not in merged]
        if len(tier) >= FULL_TIER:
            merged |= _within(tier, sizes)
    left = [at for at in range(len(sizes)) if at not in merged]
    if len(left) > MOST_SEGMENTS:
        merged |= _smallest(left, sizes, MOST_WHEN_BUSY) or set(sorted(left, key=lambda at: sizes[at][0])[:2])
    return merged


def idle(sizes: Sequence[tuple[int, int]]) -> set[int]:
    """Return the places of segments to write into one while nobody saves: the smallest, until there are few."""
    return set() if len(sizes) <= ENOUGH_SEGMENTS else _smallest(range(len(sizes)), sizes, MOST_WHEN_IDLE)


def _smallest(places: Iterable[int], sizes: Sequence[tuple[int, int]], most: int) -> set[int]:
    """Return the smallest of ``places`` that have at most ``most`` documents together; none if that is but one."""
    picked: set[int] = set()
    total = 0
    for at in sorted(places, key=lambda at: sizes[at][0]):
        total += sizes[at][0]
        if total > most:
            break
        picked.add(at)
    return picked if len(picked) > 1 else set()


def _within(tier: list[int], sizes: Sequence[tuple[int, int]]) -> set[int]:
    """Return the smallest of ``tier`` that can be merged at once; none if that is hardly worth it."""
    picked: set[int] = set()
    total = 0
    for at in sorted(tier, key=lambda at: sizes[at][0]):
        total += sizes[at][0]
        if total > MOST_AT_ONCE:
            break
        picked.add(at)
    return picked if len(picked) >= FULL_TIER // 2 else set()


def sizes_of(segments: Sequence[Any]) -> list[tuple[int, int]]:
    """Return how many documents live in each of Whoosh's segments, and how many there were."""
    return [(segment.doc_count(), segment.doc_count_all()) for segment in segments]


def merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge as ``chosen`` says; a merge policy for Whoosh's writer, which returns the segments that stay."""
    return _merged(writer, segments, chosen(sizes_of(segments)))


def merge_idly(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge as ``idle`` says; another merge policy."""
    return _merged(writer, segments, idle(sizes_of(segments)))


def _merged(writer: Any, segments: list[Any], merged: set[int]) -> list[Any]:
    for at in sorted(merged):
        if segments[at].doc_count():
            reader = SegmentReader(writer.storage, writer.schema, segments[at])
            try:
                writer.add_reader(reader)
            finally:
                reader.close()
    return [segment for at, segment in enumerate(segments) if at not in merged]
