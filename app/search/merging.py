"""Which segments to write into one when a commit is made: often few and small, never everything.

Whoosh's own choice lets 121 segments pile up or merges nearly all of them; a save must stay quick.
"""

from collections.abc import Callable, Sequence
from typing import Any

from app.search.whoosh_quietly import SegmentReader

SMALL = 1_000
MOST_SMALL = 8
MOST = 30
KEEP = 15


def chosen(sizes: Sequence[tuple[int, int]]) -> set[int]:
    """Return the places of the segments to write into the new one.

    Args:
        sizes: for each segment, how many documents live in it and how many there were.
    """
    hollow = {at for at, (live, all_) in enumerate(sizes) if live * 2 < all_ and (live <= SMALL or live * 8 < all_)}
    small = {at for at, (live, _) in enumerate(sizes) if live <= SMALL // MOST_SMALL}
    middling = {at for at, (live, _) in enumerate(sizes) if SMALL // MOST_SMALL < live <= SMALL}
    merged = hollow
    if len(small) >= MOST_SMALL:
        merged = merged | small
    if len(middling) >= MOST_SMALL:
        merged = merged | small | middling
    left = [at for at in range(len(sizes)) if at not in merged]
    if len(left) > MOST:
        merged = merged | set(sorted(left, key=lambda at: sizes[at][0])[: len(left) - KEEP])
    return merged


def merging(choose: Callable[[Sequence[tuple[int, int]]], set[int]] = chosen) -> Callable[[Any, list[Any]], list[Any]]:
    """Return a merge policy for Whoosh's writer."""

    def policy(writer: Any, segments: list[Any]) -> list[Any]:
        merged = choose([(segment.doc_count(), segment.doc_count_all()) for segment in segments])
        for at in sorted(merged):
            if segments[at].doc_count():
                reader = SegmentReader(writer.storage, writer.schema, segments[at])
                try:
                    writer.add_reader(reader)
                finally:
                    reader.close()
        return [segment for at, segment in enumerate(segments) if at not in merged]

    return policy
