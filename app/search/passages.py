"""The places of a text that answer a question, with the match marked where it stands."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from app.search.analysis import Token, stem, tokens, tokens_like
from app.search.asking import Phrase, starts_of
from app.search.protocol import Piece
from app.search.units import Marks

LENGTH = 220
LEAD = 60
MOST = 2

_SPACE = re.compile(r"\s+")


class Match(NamedTuple):
    """A stretch of text that was looked for, and the word or phrase that it answers."""

    start: int
    end: int
    what: str


def marked(text: str, marks: Marks) -> tuple[Piece, ...]:
    """Return all of ``text``, a title, with its matches marked."""
    return _pieces(text, 0, len(text), matches(text, marks, _words_of_title(text)))


@lru_cache(maxsize=4_096)
def _words_of_title(title: str) -> tuple[Token, ...]:
    return tuple(tokens(title))


def passages(text: str, marks: Marks) -> tuple[tuple[Piece, ...], ...]:
    """Return at most two stretches of ``text`` that say most about what was looked for, else how it begins."""
    found = matches(text, marks)
    if not found:
        begin = _pieces(text, *_window(text, 0), [])
        return (begin,) if begin else ()
    windows = sorted(_best(text, found))
    return tuple(_pieces(text, start, end, found) for start, end in windows)


def matches(text: str, marks: Marks, words: Sequence[Token] | None = None) -> list[Match]:
    """Return where ``text``, whose ``words`` may be known, has what is to be marked, in order, without overlaps."""
    all_matches = _word_matches(text, marks, words) if marks.stems or marks.words else []
    if marks.phrases:
        found = list(tokens(text)) if words is None else words
        for phrase in marks.phrases:
            all_matches += _phrase_matches(found, phrase)
    apart: list[Match] = []
    for match in sorted(all_matches, key=lambda match: (match.start, -match.end)):
        if not apart or match.start >= apart[-1].end:
            apart.append(match)
    return apart


def _word_matches(text: str, marks: Marks, words: Sequence[Token] | None) -> list[Match]:
    # A word and its stem begin with the same two letters, but for a handful such as "dying" and "die": one is enough.
    likely = tokens_like(text, {word[:2] for word in marks.stems | marks.words}) if words is None else words
    return [Match(token.start, token.end, what) for token in likely if (what := _answers(token, marks))]


def _answers(token: Token, marks: Marks) -> str | None:
    for word in token.parts if token.joined is None else (*token.parts, token.joined):
        if (stemmed := stem(word)) in marks.stems:
            return stemmed
        if word in marks.words:
            return word
    return None


def _phrase_matches(found: Sequence[Token], phrase: Phrase) -> list[Match]:
    placed = [(word, token) for token in found for word in token.parts if word]
    return [
        Match(placed[at][1].start, placed[at + len(phrase.words) - 1][1].end, " ".join(phrase.words))
        for at in starts_of(phrase, [word for word, _ in placed])
    ]


def _best(text: str, found: list[Match]) -> list[tuple[int, int]]:
    """Choose windows greedily: most different words that are not shown yet, then most matches, then the earliest."""
    windows: list[tuple[int, int]] = []
    shown: set[str] = set()
    candidates = [_window(text, match.start) for match in found[:200]]
    inside = {window: [match for match in found if window[0] <= match.start < window[1]] for window in candidates}
    while len(windows) < MOST:
        free = [window for window in inside if all(window[1] <= start or window[0] >= end for start, end in windows)]
        if not free:
            break
        window = max(free, key=lambda w: (len({m.what for m in inside[w]} - shown), len(inside[w]), -w[0]))
        windows.append(window)
        shown |= {match.what for match in inside[window]}
    return windows


def _window(text: str, match: int) -> tuple[int, int]:
    start = _word_start(text, max(0, match - LEAD), match)
    end = _word_start(text, min(len(text), start + LENGTH), min(len(text), start + LENGTH + LEAD))
    return start, end


def _word_start(text: str, at: int, latest: int) -> int:
    """Return the first place from ``at`` on where no word is cut, but none after ``latest``."""
    if at in (0, len(text)):
        return at
    space = _SPACE.search(text, at, latest)
    return space.end() if space else latest


def _pieces(text: str, start: int, end: int, found: list[Match]) -> tuple[Piece, ...]:
    pieces, at = [Piece("…")] if start else [], start
    for match in found:
        if match.start < start or match.end > end:
            continue
        pieces += [Piece(_tidy(text[at : match.start])), Piece(_tidy(text[match.start : match.end]), is_match=True)]
        at = match.end
    pieces.append(Piece(_tidy(text[at:end].rstrip() if end < len(text) else text[at:end])))
    if end < len(text):
        pieces.append(Piece(" …"))
    return tuple(piece for piece in pieces if piece.text)


def _tidy(text: str) -> str:
    return _SPACE.sub(" ", text)
