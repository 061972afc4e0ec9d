"""From text to words: folding, codes such as A-G, hyphens, stems. The same for documents, questions and passages."""

import re
import unicodedata
from collections.abc import Container, Iterator
from functools import lru_cache
from typing import NamedTuple

from app.search.whoosh_quietly import EnglishStemmer, stoplists

LONGEST_WORD = 64
STOP_WORDS = frozenset(stoplists["en"]) | {"eg", "ie", "etc"}

_ALIKE = {
    **dict.fromkeys("‐‑‒–−﹣－", "-"),
    **dict.fromkeys("’‘ʼ＇`´", "'"),
    # Unseen characters inside a word disappear with its apostrophes; folding must keep every position.
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "'"),
    **dict(zip("øØłŁđĐıħ", "oollddih", strict=True)),
    "—": " ",
}
_SHAPES = re.compile(
    r"""
      (?<![^\W_])(?P<code>[a-z0-9]-[a-z0-9]{1,2}|[a-z0-9]{2}-[a-z0-9])(?![^\W_])   # A-G, K-8, K-12, 6-8
    | (?<![^\W_])(?P<initials>(?:[a-z]\.){2,8}[a-z]?)(?![^\W_])                     # I.E.P., U.S.
    | (?<![^\W_])(?P<number>[0-9]{1,12}(?:[.,][0-9]{1,12}){1,4})(?![^\W_])          # 1,200 and 3.5
    | (?P<word>[^\W_]+(?:'+[^\W_]+)*(?:-[^\W_]+(?:'+[^\W_]+)*)*)                    # walk-through, O'Day, 2014-15
    """,
    re.VERBOSE,
)


class _Folding(dict[int, str]):
    """One character to one: lower case, without accents; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)).lower()
        folded = _ALIKE.get(char, plain if len(plain) == 1 else char)
        self[code] = folded
        return folded


_FOLDING = _Folding()


class Token(NamedTuple):
    """A word, code or hyphenated word of a text, and where it stands."""

    start: int
    end: int
    parts: tuple[str, ...]
    joined: str | None
    """A hyphenated word written as one: ``walkthrough``."""


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, every character in its place."""
    return text.translate(_FOLDING)


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of ``text`` in order, folded."""
    for match in _SHAPES.finditer(fold(text)):
        token = _token(match)
        if token.parts:
            yield token


def tokens_like(text: str, beginnings: Container[str]) -> Iterator[Token]:
    """Yield the words of ``text`` whose first two letters are in ``beginnings``, and any with signs inside: quicker."""
    for match in _SHAPES.finditer(fold(text)):
        found = match.group()
        if found[:2] in beginnings or not found.isalnum():
            yield _token(match)


def _token(match: re.Match[str]) -> Token:
    start, end = match.span()
    found, shape = match.group(), match.lastgroup
    if found.isalnum():
        return Token(start, end, (found[:LONGEST_WORD],), None)
    if shape == "initials":
        return Token(start, end, (found.replace(".", ""),), None)
    if shape == "number":
        return Token(start, end, (found.replace(",", ""),), None)
    if shape == "code" or "-" not in found:
        return Token(start, end, (_bare(found),), None)
    parts = tuple(_bare(part) for part in found.split("-"))
    joined = "".join(parts)
    return Token(start, end, parts, joined if len(joined) <= LONGEST_WORD else None)


def _bare(word: str) -> str:
    if "'" in word:
        word = word.removesuffix("'s").replace("'", "")
    return word[:LONGEST_WORD]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return what the forms of an English word share; codes, numbers and other scripts stay as they are."""
    if not (word.isascii() and word.isalpha()):
        return word
    return str(_STEMMER.stem(word))


_STEMMER = EnglishStemmer()
