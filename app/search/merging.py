"""Which segments to write into one: while nobody saves, a few small ones at a time, never everything.

Whoosh's own choice either merges nearly everything, which makes one save wait for minutes, or nothing, which leaves 121
segments after 120 saves. Ours merges some 400 documents a second.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.search.whoosh_quietly import FileStorage, SegmentReader

MOST_SEGMENTS = 40
"""Past that, saves have come faster than anything could be tidied, and one of them merges the smallest."""
MOST_WHEN_BUSY = 640
"""Documents that a save then waits for."""
TIERS = ((1, 10), (10, 100), (100, 500))
"""Segments of like size, in documents. Merging only those moves each document some four times in its life."""
FULL_TIER = 6
MOST_WHEN_IDLE = 1_000
"""Documents merged at once while nobody saves: some two seconds, and a save that comes then waits for them."""


def chosen(sizes: Sequence[tuple[int, int]]) -> set[int]:
    """Return the places of the segments to write into the one that a save makes: those with nothing left, as a rule.

    Args:
        sizes: for each segment, how many documents live in it and how many there were.
    """
    empty = {at for at, (live, _) in enumerate(sizes) if not live}
    left = [at for at in range(len(sizes)) if at not in empty]
    if len(left) <= MOST_SEGMENTS:
        return empty
    two = set(sorted(left, key=lambda at: sizes[at][0])[:2])
    return empty | (_smallest(left, sizes, MOST_WHEN_BUSY) or two)


def idle(sizes: Sequence[tuple[int, int]]) -> set[int]:
    """Return the places of segments to write into one while nobody saves: hollow ones, then many of like size."""
    hollow = [at for at, (live, every) in enumerate(sizes) if live * 2 < every and live <= MOST_WHEN_IDLE]
    if hollow:
        return _smallest(hollow, sizes, MOST_WHEN_IDLE) or set(hollow[:1])
    for least, below in TIERS:
        tier = [at for at, (live, _) in enumerate(sizes) if least <= live < below]
        if len(tier) >= FULL_TIER:
            return _smallest(tier, sizes, MOST_WHEN_IDLE)
    return set()


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
    # With mmap Whoosh copies a segment into memory, which is right where all of it is read once.
    storage = FileStorage(writer.storage.folder, supports_mmap=True)
    for at in sorted(merged):
        if segments[at].doc_count():
            reader = SegmentReader(storage, writer.schema, segments[at])
            try:
                writer.add_reader(reader)
            finally:
                reader.close()
    return [segment for at, segment in enumerate(segments) if at not in merged]
