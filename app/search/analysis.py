"""From text to words: folding, codes such as A-G, hyphens, stems. The same for documents, questions and passages."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from app.search.whoosh_quietly import EnglishStemmer, stoplists

LONGEST_WORD = 64
LONGEST_RUN = 200
"""Longer runs of letters and signs are read each time; people write none."""
STOP_WORDS = frozenset(stoplists["en"]) | {"eg", "ie", "etc"}

_ALIKE = {
    **dict.fromkeys("‐‑‒–−﹣－", "-"),
    **dict.fromkeys("’‘ʼ＇`´", "'"),
    # Unseen characters inside a word disappear with its apostrophes; folding must keep every position.
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "'"),
    **dict(zip("øØłŁđĐıħ", "oollddih", strict=True)),
    **dict.fromkeys("—“”„…•", " "),
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
RUN = re.compile(r"[^\W_]+(?:(?:['.,-]+[^\W_]+)+\.?)?")
"""No word reaches beyond one of these, and most of them are a word."""
_USUAL = "’‘“”–—…•áéíóúñü"
"""What most texts have beyond ASCII."""
_BEYOND_ASCII = re.compile(r"([^\x00-\x7f]+)")


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
    # Nearly all of an English text is ASCII, and lower() is many times quicker than a look at each character.
    plain = text
    if not text.isascii():
        for char in _USUAL:
            plain = plain.replace(char, _FOLDING[ord(char)])
    if plain.isascii():
        return _fold_ascii(plain)
    parts = _BEYOND_ASCII.split(text)
    parts[::2] = map(_fold_ascii, parts[::2])
    parts[1::2] = [part.translate(_FOLDING) for part in parts[1::2]]
    return "".join(parts)


def _fold_ascii(text: str) -> str:
    return text.lower().replace("`", "'")


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of ``text`` in order, folded."""
    folded = fold(text)
    return tokens_between(folded, 0, len(folded))


def tokens_between(folded: str, start: int, end: int) -> Iterator[Token]:
    """Yield the words of a stretch of folded text that begins and ends with the text or beside white space."""
    for run in RUN.finditer(folded, start, end):
        found = run.group()
        if found.isalnum():
            yield Token(*run.span(), (found[:LONGEST_WORD],), None)
        else:
            start = run.start()
            for token in _words_inside(found):
                yield Token(start + token.start, start + token.end, token.parts, token.joined)


def _words_inside(run: str) -> tuple[Token, ...]:
    """Return the words of a run of letters, digits and signs between them, folded."""
    return _inside(run) if len(run) <= LONGEST_RUN else tuple(_words_of(run))


@lru_cache(maxsize=20_000)
def _inside(run: str) -> tuple[Token, ...]:
    return tuple(_words_of(run))


def _words_of(run: str) -> Iterator[Token]:
    return (Token(*match.span(), *_read(match.group())) for match in _SHAPES.finditer(run))


def times_of(text: str) -> Mapping[str, int]:
    """Return how often each part of a word stands in ``text``, folded; quicker than to count ``tokens``."""
    times: dict[str, int] = {}
    for found, count in Counter(RUN.findall(fold(text))).items():
        for part in (found[:LONGEST_WORD],) if found.isalnum() else _parts(found):
            times[part] = times.get(part, 0) + count
    return times


def _parts(run: str) -> Iterator[str]:
    return (part for token in _words_inside(run) for part in token.parts if part)


def _read(found: str) -> tuple[tuple[str, ...], str | None]:
    """Return the parts of a word with signs inside, and a hyphenated one written as one word."""
    match = _SHAPES.fullmatch(found)
    shape = match.lastgroup if match else "word"
    if shape == "initials":
        return (found.replace(".", ""),), None
    if shape == "number":
        return (found.replace(",", ""),), None
    if shape == "code" or "-" not in found:
        return (_bare(found),), None
    parts = tuple(_bare(part) for part in found.split("-"))
    joined = "".join(parts)
    return parts, joined if len(joined) <= LONGEST_WORD else None


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
