"""The search engine on one machine: Whoosh keeps the index, numpy answers the questions."""

import errno
import fcntl
import struct
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from pickle import PickleError
from typing import Any

from app.search.asking import Asked, ask
from app.search.evaluation import Found, evaluate
from app.search.folder import IndexFolder
from app.search.merging import merging
from app.search.passages import marked, passages
from app.search.postings import Cache
from app.search.protocol import Hit, IndexBusy, IndexDamaged, SearchDocument, SearchIndex, SearchPage, SearchQuery
from app.search.schema import row, schema
from app.search.view import Segment, View
from app.search.whoosh_quietly import FileStorage, index

PATIENCE = 20.0
MOST_DECODED = 8_000_000

# What reading a torn file has been seen to raise; Whoosh has no error of its own for it.
_TORN = (
    OSError, EOFError, PickleError, struct.error, zlib.error, index.IndexError,
    AttributeError, AssertionError, ImportError, LookupError, MemoryError, TypeError, UnicodeError, ValueError,
)  # fmt: skip

_NOT_DAMAGE = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EMFILE, errno.ENFILE}


class WhooshIndex:
    """An index in a folder. One instance serves all threads of a process; readers see other processes' commits."""

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path)
        self._lock = threading.RLock()
        self._cache = Cache(MOST_DECODED)
        self._at: tuple[Path, int] | None = None
        self._reader: Any = None
        self._view: View | None = None

    def apply(self, puts: Iterable[SearchDocument], drops: Iterable[str] = ()) -> None:
        """Drop and put documents in one commit; an older version than the one held changes nothing."""
        newest: dict[str, SearchDocument] = {}
        for document in puts:
            if document.key not in newest or newest[document.key].version < document.version:
                newest[document.key] = document
        gone = set(drops)
        if newest or gone:
            rows = {key: row(document) for key, document in newest.items()}
            with _damage_told(), self._writing() as writer:
                _file(writer, rows, gone)

    def search(self, query: SearchQuery) -> SearchPage:
        """Return one page of what the reader may read and looks for."""
        asked = ask(query.words)
        with self._lock:
            found, shown = self._look(asked, query)
        hits = tuple(
            Hit(
                key=key,
                version=version,
                score=score,
                title=marked(title, found.marks),
                passages=passages(text, found.marks) if query.passages else (),
            )
            for key, version, score, title, text in shown
        )
        return SearchPage(found.total, hits, found.facets, found.notes)

    def versions(self) -> Mapping[str, int]:
        """Return the version of every document in the index, by key."""
        with self._lock, _damage_told():
            return self._latest().keys()

    @contextmanager
    def rebuilding(self) -> Iterator[SearchIndex]:
        """Offer an empty index to fill beside this one; it takes this one's place when the block ends without error."""
        with self._exclusive("rebuild.lock"):
            fresh = self._folder.new()
            _create(fresh)
            filled = _Unplaced(fresh)
            try:
                yield filled
            finally:
                filled.close()
            self._folder.adopt(fresh)

    def close(self) -> None:
        """Let go of files. The index can be used again; it opens itself."""
        with self._lock:
            if self._reader is not None:
                self._reader.close()
            self._at = self._reader = self._view = None

    def _look(self, asked: Asked, query: SearchQuery) -> tuple[Found, list[tuple[str, int, float, str, str]]]:
        with _damage_told():
            view = self._latest()
            found = evaluate(view, asked, query)
            shown = [(view.key(doc), int(view.versions[doc]), score, *view.shown(doc)) for doc, score in found.docs]
        return found, shown

    def _latest(self) -> View:
        """Return a view of the latest commit. Never Whoosh's refresh: some versions bring deleted documents back."""
        folder = self._place()
        opened = _opened(folder)
        at = (folder, opened.latest_generation())
        if self._view is None or self._at != at:
            reader = opened.reader()
            self._view = self._viewed(reader)
            if self._reader is not None:
                self._reader.close()
            self._reader, self._at = reader, at
        return self._view

    def _viewed(self, reader: Any) -> View:
        known = {segment.id: segment for segment in self._view.segments} if self._view else {}
        leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
        segments = [Segment(leaf, known.get(leaf.segment().segment_id())) for leaf in leaves]
        present = {segment.id for segment in segments}
        self._cache.keep_only(lambda name: name[0] in present)
        return View(segments, self._cache)

    def _place(self) -> Path:
        """Return the folder of the index that counts, made now if this is the first use."""
        current = self._folder.current()
        if current is None:
            with self._exclusive("rebuild.lock"):
                current = self._folder.current()
                if current is None:
                    current = self._folder.new()
                    _create(current)
                    self._folder.adopt(current)
        return current

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """Hold Whoosh's writer; commit when the block ends, cancel (which lets go of the lock) when it fails."""
        opened = _opened(self._place())
        opened.is_empty()  # a damaged index says so here, before a lock is taken that nobody would give back
        try:
            writer = opened.writer(timeout=PATIENCE, delay=0.05)
        except index.LockError as error:
            msg = "Another process is writing to the search index."
            raise IndexBusy(msg) from error
        try:
            yield writer
            writer.commit(mergetype=merging())
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise

    @contextmanager
    def _exclusive(self, name: str) -> Iterator[None]:
        self._folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        until = time.monotonic() + PATIENCE
        with (self._folder.path / name).open("w") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() > until:
                        msg = "The search index is being rebuilt by another process."
                        raise IndexBusy(msg) from error
                    time.sleep(0.05)
            yield


class _Unplaced(WhooshIndex):
    """An index that is being filled and does not count yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder.parent)
        self._own = folder

    def _place(self) -> Path:
        return self._own


def _opened(folder: Path) -> Any:
    # Without mmap: the default copies every segment into memory for each reader.
    return FileStorage(str(folder), supports_mmap=False).open_index()


def _create(folder: Path) -> None:
    FileStorage(str(folder), supports_mmap=False).create_index(schema())


def _file(writer: Any, rows: Mapping[str, Mapping[str, Any]], drops: set[str]) -> None:
    reader = writer.reader()  # read under the writer's lock, so nobody can slip in between
    held = {key: _held(reader, key) for key in rows.keys() | drops}
    reader.close()
    for key, places in held.items():
        late = key in rows and key not in drops and any(version >= rows[key]["version"] for _, version in places)
        if late:
            continue
        for doc, _ in places:
            writer.delete_document(doc)
        if key in rows:
            writer.add_document(**rows[key])


def _held(reader: Any, key: str) -> list[tuple[int, int]]:
    """Return number and version of the live documents of ``key``: one at most, unless something went wrong before."""
    held = []
    for leaf, start in reader.leaf_readers():
        if ("key", key) in leaf:
            matcher = leaf.postings("key", key)
            versions = leaf.column_reader("version", translate=False)
            held += [(start + doc, versions[doc]) for doc in matcher.all_ids()]
    return held


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except _TORN as error:
        if isinstance(error, OSError) and error.errno in _NOT_DAMAGE:
            raise
        msg = "The search index cannot be read. Build it again with: braid reindex"
        raise IndexDamaged(msg) from error
