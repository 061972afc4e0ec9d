"""Writing segments quickly: the same files as Whoosh's own writer makes, with a term's postings put down at once.

Whoosh hands each posting through six functions, sorts them all as tuples and looks up a length for each, to skip blocks
that its searcher cannot use; ours reads whole lists. Here postings are gathered by term, in the order of documents.
Indexes are plain Whoosh indexes: any Whoosh reads them.
"""

from array import array
from collections.abc import Sequence
from itertools import accumulate, compress, repeat
from typing import Any, NamedTuple

from app.search.postings import Block, blocks
from app.search.whoosh_quietly import SegmentWriter, whoosh3

BLOCK = 2_048
"""Postings in a block: large ones are quicker to read as a whole."""
WORTH_PACKING = 12
"""Postings; packing fewer takes time and saves nothing."""
_PACKING = 1  # of zlib's levels; 3 takes twice as long and saves a thirtieth


class Gathering(NamedTuple):
    """The postings of one term so far."""

    docs: "array[int]"
    times: "array[float]"
    values: list[bytes]


class Gathered:
    """The postings of a segment while it is being written, by field and term; takes the place of Whoosh's pool."""

    def __init__(self) -> None:
        self.fields: dict[str, dict[bytes, Gathering]] = {}

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Take one posting in; documents come in ascending order."""
        field, term, doc, times, value = item
        terms = self.fields.get(field)
        if terms is None:
            terms = self.fields[field] = {}
        gathering = terms.get(term)
        if gathering is None:
            terms[term] = Gathering(array("I", (doc,)), array("f", (times,)), [value] if value else [])
            return
        gathering.docs.append(doc)
        gathering.times.append(times)
        if value:
            gathering.values.append(value)

    def take(self, field: str, term: bytes, block: Block, places: Sequence[int | None]) -> None:
        """Take the postings of another segment in; ``places`` says which document each becomes, None where it is gone.

        Every document of an earlier segment becomes an earlier one.
        """
        docs = [places[doc] for doc in accumulate(block.gaps)]
        kept = [doc is not None for doc in docs]
        if not any(kept):
            return
        times = block.times if isinstance(block.times, Sequence) else repeat(block.times or 1.0, len(docs))
        gathering = self.fields.setdefault(field, {}).setdefault(term, Gathering(array("I"), array("f"), []))
        gathering.docs.extend(doc for doc in docs if doc is not None)
        gathering.times.extend(compress(times, kept))
        gathering.values.extend(compress(block.values or (), kept))

    def iter_postings(self) -> "Gathered":
        """Return what ``_FieldWriter`` is to write: all of it."""
        return self

    def cleanup(self) -> None:
        """Let go of everything."""
        self.fields = {}


class Writer(SegmentWriter):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's writer, but for how postings are gathered, written and merged."""

    def __init__(self, whoosh: Any, **how: Any) -> None:
        super().__init__(whoosh, codec=_Codec(), **how)
        self.pool = Gathered()

    def add_postings_to_pool(self, reader: Any, startdoc: int, docmap: dict[int, int] | None) -> None:
        """Take the postings of another segment in, less those of deleted documents, which ``docmap`` lacks."""
        size = reader.doc_count_all()
        places = range(startdoc, startdoc + size) if docmap is None else [docmap.get(doc) for doc in range(size)]
        for (field, term), told in reader._terms.items():  # noqa: SLF001
            if field in self.schema:
                for block in blocks(reader, told):
                    self.pool.take(field, term, block, places)


class _Codec(whoosh3.W3Codec):  # type: ignore[misc]
    """Whoosh's codec for writing; what it wrote is read with Whoosh's own."""

    length_stats = False

    def __init__(self) -> None:
        super().__init__(blocklimit=BLOCK, compression=_PACKING)

    def new_segment(self, _storage: Any, indexname: str) -> Any:
        return whoosh3.W3Segment(whoosh3.W3Codec(), indexname)

    def field_writer(self, storage: Any, segment: Any) -> Any:
        return _FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:  # noqa: FBT001, FBT002  # Whoosh's signature
        return _PostingsWriter(dbfile, self._blocklimit, byteids, self._compression)


class _FieldWriter(whoosh3.W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Any, _lengths: None, gathered: Gathered) -> None:
        for name in sorted(gathered.fields):
            self.start_field(name, schema[name])
            for term, gathering in sorted(gathered.fields[name].items()):
                self.start_term(term)
                self._postwriter.add_all(gathering)
                self.finish_term()
            self.finish_field()


class _PostingsWriter(whoosh3.W3PostingsWriter):  # type: ignore[misc]
    def add_all(self, gathering: Gathering) -> None:
        """Take the postings of one term: blocks that are full are written, the rest when the term is finished."""
        for start in range(0, len(gathering.docs), self._blocklimit):
            if start:
                self._write_block()
            part = slice(start, start + self._blocklimit)
            self._ids: array[int] = gathering.docs[part]
            self._weights = gathering.times[part]
            self._values = gathering.values[part]
            self._maxweight = max(self._weights)

    def _write_block(self, last: bool = False) -> None:  # noqa: FBT001, FBT002  # Whoosh's signature
        self._compression = _PACKING if len(self._ids) >= WORTH_PACKING else 0
        super()._write_block(last)
