"""How a document lies in a Whoosh index.

``all`` holds the stems of title and text, ``title`` those of the title alone, ``exact`` the words as written with
their positions (for phrases, and to put the exact form ahead of its relatives). Nothing is left to Whoosh's analysers.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from unicodedata import normalize
from zlib import crc32

from app.search.analysis import STOP_WORDS, Token, stem, tokens
from app.search.protocol import BETWEEN_FIELDS, SearchDocument
from app.search.whoosh_quietly import columns, fields, formats

SCORED = ("all", "title", "exact")
SEPARATOR = "\x1f"
_BETWEEN = 100  # places between two fields, so that no phrase reaches across
POSITION = "I"  # one position: 32 bits, as this machine writes them (Whoosh refuses an index from another)


class Terms(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field that is given its terms ready-made: term to (how often, encoded positions)."""

    def __init__(self, *, scorable: bool = False, positions: bool = False) -> None:
        kind = formats.Positions() if positions else formats.Existence()
        super().__init__(format=kind, analyzer=None, scorable=scorable)

    def index(self, value: Mapping[str, tuple[int, bytes]], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield what Whoosh files for each term."""
        for term, (times, positions) in value.items():
            yield term.encode(), times, float(times), positions


def schema() -> Any:
    """Return the layout of a new index."""
    number = columns.NumericColumn
    return fields.Schema(
        key=Terms(),
        audience=Terms(),
        facet=Terms(),
        all=Terms(scorable=True),
        title=Terms(scorable=True),
        exact=Terms(scorable=True, positions=True),
        name=fields.COLUMN(columns.VarBytesColumn()),
        headline=fields.COLUMN(columns.VarBytesColumn()),
        version=fields.COLUMN(number("q")),
        day=fields.COLUMN(number("i")),
        tie=fields.COLUMN(number("q")),
        all_words=fields.COLUMN(number("i")),
        title_words=fields.COLUMN(number("i")),
        exact_words=fields.COLUMN(number("i")),
        shown_key=fields.STORED,
        shown_title=fields.STORED,
        shown_text=fields.STORED,
    )


def row(document: SearchDocument) -> dict[str, Any]:
    """Return ``document`` as Whoosh is to file it."""
    title, text = normalize("NFC", document.title), normalize("NFC", document.text)
    in_title, *in_fields = [list(tokens(part)) for part in (title, *text.split(BETWEEN_FIELDS))]
    words = [*in_title, *(token for field in in_fields for token in field)]
    terms = {
        "title": _stems(in_title),
        "all": _stems(words),
        "exact": _placed([in_title, *in_fields]),
    }
    lengths = {f"{name}_words": sum(times for times, _ in found.values()) for name, found in terms.items()}
    return {
        "key": _present([document.key]),
        "audience": _present(document.audiences),
        "facet": _present(f"{name}{SEPARATOR}{value}" for name, values in document.facets.items() for value in values),
        "name": document.key.encode(),
        "headline": title.encode(errors="replace"),
        "version": document.version,
        "day": document.day,
        "tie": tie(document.key),
        "shown_key": document.key,
        "shown_title": title,
        "shown_text": text,
        **terms,
        **lengths,
    }


def tie(key: str) -> int:
    """Return a number that orders documents of one day the same way on every page: mostly by id."""
    number = key.rpartition(":")[2]
    counted = int(number) if number.isascii() and number.isdigit() else 0
    return min(counted, 1 << 40) << 20 | crc32(key.encode()) & 0xFFFFF


def _present(values: Any) -> dict[str, tuple[int, bytes]]:
    return dict.fromkeys(values, (1, b""))


def _stems(found: list[Token]) -> dict[str, tuple[int, bytes]]:
    counts: dict[str, int] = {}
    for token in found:
        for word in token.parts if token.joined is None else (*token.parts, token.joined):
            if word and word not in STOP_WORDS:
                term = stem(word)
                counts[term] = counts.get(term, 0) + 1
    return {term: (times, b"") for term, times in counts.items()}


def _placed(fields: Iterable[list[Token]]) -> dict[str, tuple[int, bytes]]:
    places: dict[str, list[int]] = {}
    at = 0
    for found in fields:
        for token in found:
            if token.joined is not None:
                places.setdefault(token.joined, []).append(at)
            for word in filter(None, token.parts):
                if word not in STOP_WORDS:
                    places.setdefault(word, []).append(at)
                at += 1
        at += _BETWEEN
    return {word: (len(where), array(POSITION, where).tobytes()) for word, where in places.items()}
