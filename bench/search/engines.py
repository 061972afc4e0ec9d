"""Four engines that are asked the same. What one cannot do it has no method for."""

import re
import sqlite3
import time
import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy

from app.search import Order, SearchDocument, SearchQuery, open_index
from bench.search.documents import Document

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh import fields, highlight, index, qparser, query, sorting
    from whoosh.analysis import StemmingAnalyzer

WORDS = re.compile(r"\w+")
HITS = 10


class Engine(ABC):
    """A search engine on an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def build(self, made: Sequence[Document]) -> None:
        """Index all of ``made`` and be ready to answer."""

    @abstractmethod
    def open(self) -> None:
        """Be ready to answer from what another process built."""

    @abstractmethod
    def search(self, words: str) -> int:
        """Find the ten best of what everybody of one strand may read; return how many were shown."""

    @abstractmethod
    def newest(self, words: str) -> int:
        """The same, newest first."""

    @abstractmethod
    def filtered(self, words: str) -> int:
        """The same, of one kind."""

    @abstractmethod
    def facets(self, words: str) -> int:
        """Count the results by kind and by year; return how many values there are."""

    @abstractmethod
    def passages(self, words: str) -> int:
        """Show the ten best with passages; return how many."""

    @abstractmethod
    def update(self, one: Document) -> None:
        """Replace one document; it can be found when this returns."""


class Braid(Engine):
    """The engine of the product, asked with the labels of a typical reader."""

    everybody = frozenset({"public", "partnership:1", "district:1:1", "strand:1", "strand:2", "person:7"})

    def build(self, made: Sequence[Document]) -> None:
        """Index through ``rebuilding``, as the product does."""
        self.open()
        with self._index.rebuilding() as fresh:
            for start in range(0, len(made), 200):
                fresh.apply(map(self._document, made[start : start + 200]))
        self._index.versions()

    def open(self) -> None:
        """Open the folder; nothing is read yet."""
        self._index = open_index(f"whoosh:{self.folder}")
        self._version = int(time.time())  # later than what any earlier run wrote

    def _document(self, one: Document) -> SearchDocument:
        facets = {"kind": frozenset({one.kind}), "year": frozenset({str(one.year)})}
        labels = frozenset({"partnership:1", one.label})
        return SearchDocument(f"post:{one.number}", self._version, one.title, one.text, labels, facets, one.day)

    def _ask(self, words: str, **how: Any) -> Any:
        return self._index.search(SearchQuery(words, self.everybody, limit=HITS, **how))

    def search(self, words: str) -> int:
        """Find the ten best."""
        return len(self._ask(words, passages=False).hits)

    def newest(self, words: str) -> int:
        """Newest first."""
        return len(self._ask(words, passages=False, order=Order.NEWEST).hits)

    def filtered(self, words: str) -> int:
        """Of one kind."""
        return len(self._ask(words, passages=False, filters={"kind": frozenset({"practice"})}).hits)

    def facets(self, words: str) -> int:
        """Count by kind and year."""
        return sum(map(len, self._ask(words, passages=False, facets=("kind", "year")).facets.values()))

    def passages(self, words: str) -> int:
        """With passages."""
        return len(self._ask(words).hits)

    def complete(self, prefix: str) -> int:
        """Complete a title."""
        return len(self._index.complete(prefix, self.everybody))

    def spell(self, word: str) -> str | None:
        """Return a better spelling."""
        return self._index.suggest(word, self.everybody)

    def update(self, one: Document) -> None:
        """Replace one document."""
        self._version += 1
        self._index.apply([self._document(one)])
        self.search("students")


class Fts5(Engine):
    """SQLite FTS5: porter stems, bm25 with titles half as much again, labels and kinds joined."""

    def build(self, made: Sequence[Document]) -> None:
        """Make tables and fill them."""
        self.open()
        self._db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE doc (id INTEGER PRIMARY KEY, kind TEXT, year INTEGER, day INTEGER, label TEXT);"
            "CREATE VIRTUAL TABLE fts USING fts5(title, body, tokenize='porter unicode61 remove_diacritics 2',"
            " prefix='2 3');"
        )
        with self._db:
            for one in made:
                self._put(one)

    def open(self) -> None:
        """Open the file."""
        self._db = sqlite3.connect(self.folder / "fts.db")

    def _put(self, one: Document) -> None:
        self._db.execute("INSERT INTO doc VALUES (?, ?, ?, ?, ?)", (one.number, one.kind, one.year, one.day, one.label))
        self._db.execute("INSERT INTO fts (rowid, title, body) VALUES (?, ?, ?)", (one.number, one.title, one.text))

    def _ask(self, words: str, what: str, more: str, order: str) -> list[Any]:
        said = WORDS.findall(words)
        joined = (" " if len(said) < 5 else " OR ").join(f'"{word}"' for word in said)
        sql = f"SELECT {what} FROM fts JOIN doc ON doc.id = fts.rowid WHERE fts MATCH ? {more} {order}"  # noqa: S608
        return self._db.execute(sql, (joined,)).fetchall()

    def search(self, words: str) -> int:
        """Find the ten best."""
        return len(self._ask(words, "fts.rowid, title", "", "ORDER BY bm25(fts, 1.5, 1.0) LIMIT 10"))

    def newest(self, words: str) -> int:
        """Newest first."""
        return len(self._ask(words, "fts.rowid, title", "", "ORDER BY doc.day DESC LIMIT 10"))

    def filtered(self, words: str) -> int:
        """Of one kind."""
        return len(
            self._ask(words, "fts.rowid, title", "AND kind = 'practice'", "ORDER BY bm25(fts, 1.5, 1.0) LIMIT 10")
        )

    def facets(self, words: str) -> int:
        """Count by kind and year, beside the ten best."""
        self.search(words)
        by_kind = self._ask(words, "kind, count(*)", "", "GROUP BY kind")
        return len(by_kind) + len(self._ask(words, "year, count(*)", "", "GROUP BY year"))

    def passages(self, words: str) -> int:
        """With passages."""
        what = "fts.rowid, title, snippet(fts, 1, '<', '>', '…', 32)"
        return len(self._ask(words, what, "", "ORDER BY bm25(fts, 1.5, 1.0) LIMIT 10"))

    def complete(self, prefix: str) -> int:
        """Complete a title."""
        return len(self._db.execute("SELECT title FROM fts WHERE title MATCH ? LIMIT 8", (f'"{prefix}" *',)).fetchall())

    def update(self, one: Document) -> None:
        """Replace one document."""
        with self._db:
            self._db.execute("DELETE FROM doc WHERE id = ?", (one.number,))
            self._db.execute("DELETE FROM fts WHERE rowid = ?", (one.number,))
            self._put(one)
        self._db.execute("SELECT rowid FROM fts WHERE fts MATCH 'students' LIMIT 1").fetchall()


class Whoosh(Engine):
    """Whoosh as its documentation says: its own parser, scorer and highlighter."""

    def build(self, made: Sequence[Document]) -> None:
        """Index everything in one commit."""
        self.schema = fields.Schema(
            number=fields.ID(stored=True, unique=True),
            title=fields.TEXT(analyzer=StemmingAnalyzer(), stored=True, field_boost=1.5),
            body=fields.TEXT(analyzer=StemmingAnalyzer(), stored=True),
            kind=fields.ID(sortable=True),
            year=fields.ID(sortable=True),
            day=fields.NUMERIC(sortable=True),
        )
        self._index = index.create_in(str(self.folder), self.schema)
        writer = self._index.writer(limitmb=128)
        for one in made:
            writer.add_document(**self._row(one))
        writer.commit()
        self._searcher = self._index.searcher()

    def open(self) -> None:
        """Open the folder."""
        self._index = index.open_dir(str(self.folder))
        self.schema, self._searcher = self._index.schema, self._index.searcher()

    @staticmethod
    def _row(one: Document) -> dict[str, Any]:
        return {
            "number": str(one.number),
            "title": one.title,
            "body": one.text,
            "kind": one.kind,
            "year": str(one.year),
            "day": one.day,
        }

    def _ask(self, words: str, **how: Any) -> Any:
        group = qparser.AndGroup if len(words.split()) < 5 else qparser.OrGroup
        parser = qparser.MultifieldParser(["title", "body"], self.schema, plugins=[], group=group)
        return self._searcher.search(parser.parse(" ".join(WORDS.findall(words))), limit=HITS, **how)

    def search(self, words: str) -> int:
        """Find the ten best."""
        return len([hit["title"] for hit in self._ask(words)])

    def newest(self, words: str) -> int:
        """Newest first."""
        return len([hit["title"] for hit in self._ask(words, sortedby=sorting.FieldFacet("day", reverse=True))])

    def filtered(self, words: str) -> int:
        """Of one kind."""
        return len([hit["title"] for hit in self._ask(words, filter=query.Term("kind", "practice"))])

    def facets(self, words: str) -> int:
        """Count by kind and year."""
        found = self._ask(words, groupedby=["kind", "year"], maptype=sorting.Count)
        return len(found.groups("kind")) + len(found.groups("year"))

    def passages(self, words: str) -> int:
        """With passages."""
        found = self._ask(words)
        found.fragmenter = highlight.ContextFragmenter()
        return len([hit.highlights("body") for hit in found])

    def spell(self, word: str) -> str | None:
        """Return a better spelling."""
        found = self._searcher.corrector("body").suggest(word, limit=1)
        return found[0] if found else None

    def update(self, one: Document) -> None:
        """Replace one document."""
        writer = self._index.writer()
        writer.update_document(**self._row(one))
        writer.commit()
        self._searcher = self._index.searcher()
        self._searcher.search(query.Term("body", "student"), limit=1)


class Tantivy(Engine):
    """tantivy, English stems."""

    def build(self, made: Sequence[Document]) -> None:
        """Index everything in one commit."""
        self.schema = self._layout()
        self._index = tantivy.Index(self.schema, path=str(self.folder))
        writer = self._index.writer(50_000_000, 1)
        for one in made:
            writer.add_document(self._row(one))
        writer.commit()
        writer.wait_merging_threads()
        self._ready()

    def open(self) -> None:
        """Open the folder."""
        self.schema = self._layout()
        self._index = tantivy.Index.open(str(self.folder))
        self._ready()

    @staticmethod
    def _layout() -> Any:
        layout = tantivy.SchemaBuilder()
        layout.add_text_field("title", stored=True, tokenizer_name="en_stem")
        layout.add_text_field("body", stored=True, tokenizer_name="en_stem")
        layout.add_text_field("kind", tokenizer_name="raw", fast=True)
        layout.add_unsigned_field("number", indexed=True, stored=True)
        layout.add_unsigned_field("year", indexed=True, fast=True)
        layout.add_unsigned_field("day", fast=True)
        return layout.build()

    @staticmethod
    def _row(one: Document) -> Any:
        row = tantivy.Document(title=one.title, body=one.text, kind=one.kind)
        for name, value in (("number", one.number), ("year", one.year), ("day", one.day)):
            row.add_unsigned(name, value)
        return row

    def _ready(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def _parsed(self, words: str) -> Any:
        said = WORDS.findall(words)
        few = len(said) < 5
        return self._index.parse_query(
            " ".join(said).lower(), ["title", "body"], field_boosts={"title": 0.5}, conjunction_by_default=few
        )

    def _shown(self, found: Any) -> int:
        return len([self._searcher.doc(address)["title"] for _, address in found.hits])

    def search(self, words: str) -> int:
        """Find the ten best."""
        return self._shown(self._searcher.search(self._parsed(words), HITS))

    def newest(self, words: str) -> int:
        """Newest first."""
        return self._shown(self._searcher.search(self._parsed(words), HITS, order_by_field="day"))

    def filtered(self, words: str) -> int:
        """Of one kind."""
        kind = tantivy.Query.term_query(self.schema, "kind", "practice")
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, self._parsed(words)), (tantivy.Occur.Must, kind)])
        return self._shown(self._searcher.search(both, HITS))

    def facets(self, words: str) -> int:
        """Count by kind and year, beside the ten best."""
        self.search(words)
        wanted = {"kind": {"terms": {"field": "kind", "size": 50}}, "year": {"terms": {"field": "year", "size": 50}}}
        found = self._searcher.aggregate(self._parsed(words), wanted)
        return sum(len(one["buckets"]) for one in found.values())

    def passages(self, words: str) -> int:
        """With passages."""
        parsed = self._parsed(words)
        generator = tantivy.SnippetGenerator.create(self._searcher, parsed, self.schema, "body")
        found = self._searcher.search(parsed, HITS)
        return len([generator.snippet_from_doc(self._searcher.doc(address)).to_html() for _, address in found.hits])

    def update(self, one: Document) -> None:
        """Replace one document."""
        writer = self._index.writer(15_000_000, 1)
        writer.delete_documents("number", one.number)
        writer.add_document(self._row(one))
        writer.commit()
        self._ready()


ENGINES: dict[str, type[Engine]] = {"braid": Braid, "fts5": Fts5, "tantivy": Tantivy, "whoosh": Whoosh}
