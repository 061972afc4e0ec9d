"""Which segments to write into one when a commit is made: few and small ones, now and then, never everything.

Whoosh merges some 300 documents a second. Its own choice either merges nearly everything, which makes one save wait for
minutes, or nothing, which leaves 121 segments after 120 saves.
"""

from collections.abc import Sequence
from typing import Any

from app.search.whoosh_quietly import SegmentReader

TIERS = ((1, 8), (8, 64), (64, 512))
"""Segments of like size, in documents; eight of one tier become one of the next."""
FULL_TIER = 8
MOST_AT_ONCE = 640
"""Documents that a save may have to wait for: about two seconds."""
MOST_SEGMENTS = 40
ENOUGH_SEGMENTS = 24
"""Past the first, the smallest are merged until this many are left: tens of seconds, once in thousands of saves."""


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
        merged |= set(sorted(left, key=lambda at: sizes[at][0])[: len(left) - ENOUGH_SEGMENTS])
    return merged


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


def merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge as ``chosen`` says; a merge policy for Whoosh's writer, which returns the segments that stay."""
    merged = chosen([(segment.doc_count(), segment.doc_count_all()) for segment in segments])
    for at in sorted(merged):
        if segments[at].doc_count():
            reader = SegmentReader(writer.storage, writer.schema, segments[at])
            try:
                writer.add_reader(reader)
            finally:
                reader.close()
    return [segment for at, segment in enumerate(segments) if at not in merged]
