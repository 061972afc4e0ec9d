"""Whoosh's files on disk: opening, creating and writing them, and saying so when they are torn."""

import fcntl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from app.search.codec import Writer
from app.search.damage import damage_told
from app.search.merging import idle, merge, merge_idly, sizes_of
from app.search.protocol import IndexBusy, IndexDamaged
from app.search.schema import schema
from app.search.segment import Segment
from app.search.view import View
from app.search.whoosh_quietly import FileStorage, SegmentReader, index

PATIENCE = 20.0

_ATTEMPTS = 10
_SMALL = 100
"""Documents; a segment of so few is held in memory, which is quicker to open: each save makes one."""


class Listing(NamedTuple):
    """What one commit says the index is made of: the segments, and which of their documents are deleted."""

    segments: list[Segment]
    deleted: list[frozenset[int]]


def opened(folder: Path) -> Any:
    """Return Whoosh's index in ``folder``; without mmap, which would copy every segment into memory for each reader."""
    whoosh = FileStorage(str(folder), supports_mmap=False).open_index()
    if set(whoosh.schema.names()) != set(schema().names()):
        msg = "The search index was made by another version of Braid. Build it again with: braid reindex"
        raise IndexDamaged(msg)
    return whoosh


def create(folder: Path) -> None:
    """Make an empty index in ``folder``."""
    FileStorage(str(folder), supports_mmap=False).create_index(schema())


def listing(whoosh: Any, known: Mapping[str, Segment]) -> Listing:
    """Return what the latest commit consists of; segments that are ``known`` are not opened again.

    A segment never changes. Which of its documents were deleted since does, and is read anew each time; Whoosh's own
    ``refresh`` and ``reuse`` forget that in some versions.
    """
    in_memory = FileStorage(whoosh.storage.folder, supports_mmap=True)
    for attempt in range(_ATTEMPTS):
        toc = index.TOC.read(whoosh.storage, whoosh.indexname)
        fresh: list[Segment] = []
        try:
            segments = []
            for entry in toc.segments:
                segment = known.get(entry.segment_id())
                if segment is None:
                    storage = in_memory if entry.doc_count_all() <= _SMALL else whoosh.storage
                    segment = Segment(SegmentReader(storage, toc.schema, entry))
                    fresh.append(segment)
                segments.append(segment)
        except FileNotFoundError:
            for segment in fresh:
                segment.close()
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(0.05)  # another process merged this segment away after we had read about it
        else:
            return Listing(segments, [frozenset(entry.deleted_docs()) for entry in toc.segments])
    raise AssertionError  # the last attempt returns or raises


@contextmanager
def writing(folder: Path, policy: Callable[[Any, list[Any]], list[Any]] = merge) -> Iterator[Any]:
    """Hold Whoosh's writer; commit when the block ends, cancel (which lets go of the lock) when it fails.

    Raises:
        IndexBusy: if another writer did not finish in time.
    """
    with damage_told():
        whoosh = opened(folder)
        whoosh.is_empty()  # a damaged index says so before its lock is taken, which nobody would give back
    try:
        writer = Writer(whoosh, timeout=PATIENCE, delay=0.05)
    except index.LockError as error:
        msg = "Another process is writing to the search index."
        raise IndexBusy(msg) from error
    try:
        with damage_told():
            yield writer
            writer.commit(mergetype=policy)
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise


def tidied(folder: Path) -> bool:
    """Write some small segments into one if there are many; say whether there were."""
    with damage_told():
        whoosh = opened(folder)
        segments = index.TOC.read(whoosh.storage, whoosh.indexname).segments
    if not idle(sizes_of(segments)):
        return False
    with writing(folder, merge_idly):
        pass
    return True


def file(writer: Any, rows: Mapping[str, Mapping[str, Any]], drops: set[str], view: View) -> None:
    """Put ``rows`` and drop keys, except rows that are not newer than what ``view``, the latest commit, holds."""
    for key in rows.keys() | drops:
        held = view.places_of(key)
        if key in rows and key not in drops and any(version >= rows[key]["version"] for _, version in held):
            continue
        for doc, _ in held:
            writer.delete_document(doc)
        if key in rows:
            writer.add_document(**rows[key])


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock in the file ``path``, which ends with the process at the latest.

    Raises:
        IndexBusy: if another process does not let go of it in time.
    """
    until = time.monotonic() + PATIENCE
    with path.open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > until:
                    msg = "Another process is making the search index."
                    raise IndexBusy(msg) from error
                time.sleep(0.05)
        yield
