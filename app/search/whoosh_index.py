"""The search engine on one machine: Whoosh keeps the index, numpy answers the questions."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from app.search.asking import ask
from app.search.completing import completed
from app.search.damage import damage_told
from app.search.evaluation import evaluate
from app.search.folder import IndexFolder, Watch
from app.search.joined import JoinedCache
from app.search.likeness import like
from app.search.marks import Marks
from app.search.passages import marked, passages
from app.search.protocol import Hit, IndexDamaged, Piece, SearchDocument, SearchIndex, SearchPage, SearchQuery, Title
from app.search.schema import row
from app.search.segment import Segment
from app.search.spelling import respelling, suggestion
from app.search.storage import alone, create, file, listing, opened, tidied, writing
from app.search.view import View
from app.search.warming import SMALL, Step, steps

_PIECE = 5_000
_RESTS = 5
"""How many times as long as it works the one who reads words ahead leaves the processor to others."""


Quote = tuple[tuple[Piece, ...], tuple[tuple[Piece, ...], ...]]
"""A title and passages, with what was looked for marked."""


class _Read(NamedTuple):
    """A document that was found, with its quote or what that is to be made of."""

    doc: int
    version: int
    key: str
    title: str = ""
    text: str = ""
    quote: Quote | None = None


class WhooshIndex:
    """An index in a folder. One instance serves all threads of a process; readers see other processes' commits."""

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path)
        self._lock = threading.RLock()
        self._cache = JoinedCache()
        self._opened: tuple[Path, Any] | None = None
        self._generation = -1
        self._watch = Watch()
        self._segments: list[Segment] = []
        self._view: View | None = None
        self._is_cold = True

    def apply(self, puts: Iterable[SearchDocument], drops: Iterable[str] = ()) -> None:
        """Drop and put documents in one commit; an older version than the one held changes nothing."""
        rows = {key: row(document) for key, document in newest(puts).items()}
        gone = set(drops)
        if rows or gone:
            with writing(self._place()) as writer, self._lock:
                file(writer, rows, gone, self._current())  # the writer holds its lock, so nobody can slip in between

    def search(self, query: SearchQuery) -> SearchPage:
        """Return one page of what the reader may read and looks for."""
        asked = ask(query.words)
        with self._lock:
            view = self._latest()
            found = evaluate(view, asked, query)
            if query.passages:
                read = [_read(view, doc, found.marks) for doc, _ in found.docs]
            else:
                hits = tuple(_hit(view, doc, score) for doc, score in found.docs)
        if query.passages:  # without the lock: to quote takes longer than to find
            hits = tuple(
                Hit(one.key, one.version, score, *(one.quote or _quoted(view, one, found.marks)))
                for one, (_, score) in zip(read, found.docs, strict=True)
            )
        return SearchPage(
            found.total,
            hits,
            found.facets,
            found.notes,
            also=found.also,
            relaxed=found.relaxed,
            corrected=respelling(query.words, found.corrected) if found.corrected else "",
        )

    def suggest(self, words: str, audiences: frozenset[str], *, without: frozenset[str] = frozenset()) -> str | None:
        """Return ``words`` as they were probably meant, or None; only with words of what the reader may read."""
        with self._lock:
            view = self._latest()
            return suggestion(view, view.readable(audiences, without), words)

    def complete(
        self, prefix: str, audiences: frozenset[str], limit: int = 8, *, without: frozenset[str] = frozenset()
    ) -> tuple[Title, ...]:
        """Return documents with a title, or a word of it, that begins like that; the shortest titles first."""
        with self._lock:
            view = self._latest()
            found = completed(view, view.readable(audiences, without), prefix, limit)
            return tuple(Title(view.key(doc), title) for doc, title in found)

    def related(
        self, text: str, audiences: frozenset[str], *, without: frozenset[str] = frozenset(), limit: int = 5
    ) -> tuple[Hit, ...]:
        """Return what is most like ``text``, a post or a draft, except ``without``; nothing rather than noise."""
        with self._lock:
            view = self._latest()
            asked = text, audiences, without, limit
            known: tuple[Hit, ...] | None = view.alike.get(asked)
            if known is None:
                found = like(view, view.readable(audiences, without), text, limit)
                known = tuple(_hit(view, doc, score) for doc, score in found)
                view.alike.put(asked, known)
        return known

    def tidy(self) -> bool:
        """Do a little of the upkeep that no save should wait for; say whether there may be more to do."""
        return tidied(self._place())

    def versions(self) -> Mapping[str, int]:
        """Return the version of every document in the index, by key."""
        with self._lock:
            return self._current().keys()

    @contextmanager
    def rebuilding(self) -> Iterator[SearchIndex]:
        """Offer an empty index to fill beside this one; it takes its place when the block ends without error."""
        with self._alone():
            fresh = self._folder.new()
            create(fresh)
            filling = _Filling(fresh)
            try:
                yield filling
                filling.finish()
            finally:
                filling.close()
            self._folder.adopt(fresh)

    def close(self) -> None:
        """Let go of files. The index can be used again; it opens itself."""
        with self._lock:
            for segment in self._segments:
                segment.close()
            self._segments, self._view, self._opened, self._generation = [], None, None, -1
            self._cache, self._watch, self._is_cold = JoinedCache(), Watch(), True

    def _latest(self) -> View:
        """Return a view of the latest commit for somebody who asks, and warm up if nobody has asked before."""
        view = self._current()
        if self._is_cold and view.size >= SMALL:
            self._is_cold = False
            threading.Thread(target=self._warm, args=(self._cache,), daemon=True).start()
        return view

    def _current(self) -> View:
        """Return a view of the latest commit of the index that counts."""
        folder = self._place()
        with damage_told():
            if self._opened is None or self._opened[0] != folder:
                self.close()
                self._opened = folder, opened(folder)
            if self._watch.is_new(str(folder)) or self._view is None:
                generation = self._opened[1].latest_generation()
                if self._view is None or self._generation != generation:
                    self._view, self._generation = self._viewed(self._opened[1]), generation
        return self._view

    def _warm(self, cache: JoinedCache) -> None:
        """Read the commonest words before somebody asks for them, and leave most of the time to whoever asks."""
        left: list[Step] | None = None
        try:
            while left is None or left:
                with self._lock:
                    began = time.thread_time()
                    if self._view is None or self._cache is not cache:
                        return
                    if left is None:
                        left = steps(self._view)[::-1]
                    elif left:
                        left.pop()(self._view)
                time.sleep((time.thread_time() - began) * _RESTS)
        except IndexDamaged:
            return  # whoever searches is told

    def _viewed(self, whoosh: Any) -> View:
        known = {segment.id: segment for segment in self._segments}
        segments, deleted = listing(whoosh, known)
        present = {segment.id for segment in segments}
        for segment in self._segments:
            if segment.id not in present:
                segment.close()
        self._segments = segments
        return View(segments, deleted, self._cache)

    def _place(self) -> Path:
        """Return the folder of the index that counts, made now if this is the first use."""
        current = self._folder.current()
        if current is None:
            with self._alone():
                current = self._folder.current()
                if current is None:
                    current = self._folder.new()
                    create(current)
                    self._folder.adopt(current)
        return current

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.make()
        with alone(self._folder.path / "making.lock"):
            yield


class _Filling(WhooshIndex):
    """An index that is being filled and does not count yet; committed in large pieces, so nothing needs merging."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder.parent)
        self._own = folder
        self._waiting: dict[str, SearchDocument] = {}

    def apply(self, puts: Iterable[SearchDocument], drops: Iterable[str] = ()) -> None:
        """Take documents in; they are committed some thousands at a time."""
        gone = set(drops)
        if gone:
            self.finish()
            super().apply((), gone)
        for document in newest(puts).values():
            waiting = self._waiting.get(document.key)
            if waiting is None or waiting.version < document.version:
                self._waiting[document.key] = document
        if len(self._waiting) >= _PIECE:
            self.finish()

    def search(self, query: SearchQuery) -> SearchPage:
        """Commit what waits, then search."""
        self.finish()
        return super().search(query)

    def versions(self) -> Mapping[str, int]:
        """Commit what waits, then list it."""
        self.finish()
        return super().versions()

    def finish(self) -> None:
        """Commit what waits."""
        waiting, self._waiting = self._waiting, {}
        super().apply(waiting.values())

    def _place(self) -> Path:
        return self._own


def newest(documents: Iterable[SearchDocument]) -> dict[str, SearchDocument]:
    """Return the newest version of each document, by key."""
    found: dict[str, SearchDocument] = {}
    for document in documents:
        if document.key not in found or found[document.key].version < document.version:
            found[document.key] = document
    return found


def _hit(view: View, doc: int, score: float) -> Hit:
    """Return a document that was found, without passages."""
    key, title = view.named(doc)
    return Hit(key, int(view.versions[doc]), score, (Piece(title),), ())


def _read(view: View, doc: int, marks: Marks) -> _Read:
    """Return what a quote is made of, or the quote that was made before."""
    version, quote = int(view.versions[doc]), view.quoted.get((doc, marks))
    if quote is not None:
        return _Read(doc, version, view.key(doc), quote=quote)
    return _Read(doc, version, *view.shown(doc))


def _quoted(view: View, read: _Read, marks: Marks) -> Quote:
    quote = marked(read.title, marks), passages(read.text, marks)
    view.quoted.put((read.doc, marks), quote)
    return quote
