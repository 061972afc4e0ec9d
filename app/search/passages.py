"""The places of a text that answer a question, with the match marked where it stands."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from heapq import merge
from itertools import islice
from typing import NamedTuple

from app.lib.memory import Memory
from app.search.analysis import LONGEST_WORD, RUN, Token, fold, stem, tokens, tokens_between
from app.search.asking import Phrase, starts_of
from app.search.marks import Marks
from app.search.protocol import BETWEEN_FIELDS, Piece

LENGTH = 220
LEAD = 60
MOST = 2
MOST_MATCHES = 400
MOST_KEPT = 3_000_000
"""Characters of texts: some 15 MB."""
MOST_BEGINNINGS = 60
"""With more of them it is quicker to read every word."""
A_SENTENCE = 40
"""A text that shows no match is shown from its first line of so many characters on: headings say little."""

_LIST_SIGN = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_SPACE = re.compile(r"\s+")
_LETTERS = re.compile(r"[^\W_]+")
_SIGNS = "'.,-"
_SIGN_INSIDE = re.compile(r"['.,-](?<=[^\W_].)['.,-]*(?=[^\W_])")
# All words begin as their stem does but for its last letter: study and studi, hoping and hope, ability and abl.
_LAST_LETTER_DIFFERS = ("i", "e", "bl")
_CUT = 3  # letters
_OTHER_BEGINNINGS = {"die": "dy", "lie": "ly", "tie": "ty"}  # dying, lying, tying


class Match(NamedTuple):
    """A stretch of text that was looked for, and the word or phrase that it answers."""

    start: int
    end: int
    what: str


class Window(NamedTuple):
    """A stretch of one line of a text, and whether that line begins and ends with it."""

    start: int
    end: int
    is_begun: bool
    is_ended: bool


class Text:
    """A text as it is read for every question: folded, and its words that have signs inside or between them."""

    def __init__(self, text: str) -> None:
        self.folded = fold(text)

    @cached_property
    def signed(self) -> tuple[Token, ...]:
        """The words where there are signs between letters or digits, in order."""
        return tuple(_signed(self.folded))


_texts = Memory(MOST_KEPT)


def marked(text: str, marks: Marks) -> tuple[Piece, ...]:
    """Return all of ``text``, a title, with its matches marked."""
    words = _words_of_title(text)
    found = [Match(token.start, token.end, what) for token in words if (what := _answers(token, marks))]
    for phrase in marks.phrases:
        found += _phrase_matches(words, phrase)
    return _pieces(text, Window(0, len(text), is_begun=True, is_ended=True), _apart(found))


@lru_cache(maxsize=4_096)
def _words_of_title(title: str) -> tuple[Token, ...]:
    return tuple(tokens(title))


def passages(text: str, marks: Marks) -> tuple[tuple[Piece, ...], ...]:
    """Return at most two stretches of ``text`` that say most about what was looked for, else how it begins.

    None of them reaches across the end of a line: there ends a paragraph, an item of a list, a tag or a name.
    """
    found = matches(text, marks)
    if found:
        return tuple(_pieces(text, window, found) for window in sorted(_best(text, found)))
    begin = _pieces(text, _window(text, *_beginning(text)), [])
    return (begin,) if begin else ()


def matches(text: str, marks: Marks) -> list[Match]:
    """Return where ``text`` has what is to be marked, in order, without overlaps; of very many the first."""
    known = read(text)
    found = _word_matches(known, marks) if marks.stems or marks.words else []
    if marks.phrases:
        found += _matches_of_phrases(known, marks.phrases)
    return _apart(found)


def read(text: str) -> Text:
    """Return ``text`` as it was read before: the posts that one question finds, the next one often finds as well."""
    known: Text | None = _texts.get(text)
    if known is None:
        known = Text(text)
        _texts.put(text, known, len(text))
    return known


def _apart(found: list[Match]) -> list[Match]:
    apart: list[Match] = []
    for match in sorted(found, key=lambda match: (match.start, -match.end)):
        if not apart or match.start >= apart[-1].end:
            apart.append(match)
    return apart


def _word_matches(text: Text, marks: Marks) -> list[Match]:
    looked = _beginnings(marks.stems, marks.words)
    if looked is None:
        return _first(tokens_between(text.folded, 0, len(text.folded)), marks)
    return sorted([*_first(text.signed, marks), *_first(_plain(text.folded, looked), marks)])[:MOST_MATCHES]


def _first(words: Iterable[Token], marks: Marks) -> list[Match]:
    found = (Match(word.start, word.end, what) for word in words if (what := _answers(word, marks)))
    return list(islice(found, MOST_MATCHES))


@lru_cache(maxsize=256)
def _beginnings(stems: frozenset[str], words: frozenset[str]) -> frozenset[str] | None:
    """Return what every word begins with that has one of ``stems`` or is one of ``words``; None if that is too much."""
    found = words | {_OTHER_BEGINNINGS[word] for word in stems & _OTHER_BEGINNINGS.keys()}
    found |= {word[:-1] if len(word) >= _CUT and word.endswith(_LAST_LETTER_DIFFERS) else word for word in stems}
    return None if len(found) > MOST_BEGINNINGS else found - {""}


def _signed(folded: str) -> Iterator[Token]:
    """Yield the words of ``folded`` that stand where there are signs between letters or digits."""
    done = 0
    for sign in _SIGN_INSIDE.finditer(folded):
        start = sign.start()
        if start >= done:
            while start > done and folded[start - 1].isalnum():
                start -= 1
            run = RUN.match(folded, start)
            if run is not None:
                done = run.end()
                yield from tokens_between(folded, start, done)


def _plain(folded: str, looked: Iterable[str]) -> Iterator[Token]:
    """Yield the other words of ``folded`` that begin as one of ``looked`` does, in order."""
    latest = -1
    for start in merge(*(_places(folded, beginning) for beginning in looked)):
        if start == latest:  # “on” and “one” begin the same word
            continue
        latest = start
        if not start or not folded[start - 1].isalnum():
            word = _LETTERS.match(folded, start)
            if word is not None and not _has_signs(folded, *word.span()):
                yield Token(start, word.end(), (word.group()[:LONGEST_WORD],), None)


def _places(folded: str, beginning: str) -> Iterator[int]:
    """Yield where ``beginning`` stands; to look for a few of them one by one is quicker than for all at once."""
    at = folded.find(beginning)
    while at >= 0:
        yield at
        at = folded.find(beginning, at + len(beginning))


def _has_signs(folded: str, start: int, end: int) -> bool:
    """Say whether signs join a word to another one."""
    before, after = start, end
    while before and folded[before - 1] in _SIGNS:
        before -= 1
    while after < len(folded) and folded[after] in _SIGNS:
        after += 1
    return (0 < before < start and folded[before - 1].isalnum()) or (
        end < after < len(folded) and folded[after].isalnum()
    )


def _end_of_word(folded: str, at: int) -> int:
    end = folded.find(" ", at)
    return len(folded) if end < 0 else end


def _answers(token: Token, marks: Marks) -> str | None:
    for word in token.parts if token.joined is None else (*token.parts, token.joined):
        if (stemmed := stem(word)) in marks.stems:
            return stemmed
        if word in marks.words:
            return word
    return None


def _matches_of_phrases(text: Text, phrases: Sequence[Phrase]) -> list[Match]:
    folded = text.folded
    found: list[Match] = []
    signed: set[str] | None = None
    every: list[Token] | None = None
    for phrase in phrases:
        here = _plain_phrases(folded, phrase)
        if not here and _written_with_signs(phrase.words).search(folded):
            signed = _words_with_signs(text) if signed is None else signed
            if not signed.isdisjoint(phrase.words):  # “Fresno's plan” is “fresno plan”: read it word by word
                every = list(tokens_between(folded, 0, len(folded))) if every is None else every
                here = _phrase_matches(every, phrase)
        found += (match for match in here if BETWEEN_FIELDS not in folded[match.start : match.end])
    return found


def _words_with_signs(text: Text) -> set[str]:
    written = (token for token in text.signed if not text.folded[token.start : token.end].isalnum())
    return {part for token in written for part in token.parts}


def _plain_phrases(folded: str, phrase: Phrase) -> list[Match]:
    """Return where the words of a phrase stand as they are, with nothing but signs and spaces between."""
    if phrase.words[0] not in folded:
        return []
    found: list[Match] = []
    for place in islice(_written(phrase.words).finditer(folded), MOST_MATCHES):
        start, end = max(0, folded.rfind(" ", 0, place.start())), _end_of_word(folded, place.end())
        found += _phrase_matches(list(tokens_between(folded, start, end)), phrase)
    return found


@lru_cache(maxsize=256)
def _written(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?:'s)?[\W_]+".join(map(re.escape, words)))


@lru_cache(maxsize=256)
def _written_with_signs(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what is found wherever the words stand, be it with signs inside or between them: i.e.p., fresno's plan."""
    letters = (f"[{_SIGNS}]*".join(map(re.escape, word)) for word in words)
    cut = (each + "[^\\W_]*" * (len(word) >= LONGEST_WORD) for each, word in zip(letters, words, strict=True))
    return re.compile(r"(?:'s)?[\W_]*".join(cut))


def _phrase_matches(found: Sequence[Token], phrase: Phrase) -> list[Match]:
    placed = [(word, token) for token in found for word in token.parts if word]
    return [
        Match(placed[at][1].start, placed[at + len(phrase.words) - 1][1].end, " ".join(phrase.words))
        for at in starts_of(phrase, [word for word, _ in placed])
    ]


def _best(text: str, found: list[Match]) -> list[Window]:
    """Choose windows greedily: most different words that are not shown yet, then most matches, then the earliest."""
    starts = [match.start for match in found]
    inside: dict[Window, list[Match]] = {}
    for match in found[:200]:
        window = _window(text, match.start, match.end)
        inside[window] = found[bisect_left(starts, window.start) : bisect_left(starts, window.end)]
    windows: list[Window] = []
    shown: set[str] = set()
    while len(windows) < MOST:
        free = [one for one in inside if all(one.end <= taken.start or one.start >= taken.end for taken in windows)]
        if not free:
            break
        window = max(free, key=lambda w: (len({m.what for m in inside[w]} - shown), len(inside[w]), -w.start))
        windows.append(window)
        shown |= {match.what for match in inside[window]}
    return windows


def _beginning(text: str) -> tuple[int, int]:
    """Return the first line that is a sentence, else the first one."""
    at = 0
    for line in islice(text.splitlines(keepends=True), MOST_MATCHES):
        if len(line) >= A_SENTENCE:
            return at, at
        at += len(line)
    return 0, 0


def _window(text: str, start: int, end: int) -> Window:
    """Return what to show around a match: as much of its line as there is room for."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    begin = max(first, min(start - LEAD, last - LENGTH))
    begin = begin if begin == first else _word_start(text, begin, start)
    finish = min(last, begin + LENGTH)
    finish = finish if finish == last else max(end, _word_start(text, finish, min(last, finish + LEAD)))
    is_begun = begin == first
    sign = _LIST_SIGN.match(text, begin, start) if is_begun else None
    return Window(sign.end() if sign else begin, finish, is_begun, finish == last)


def _word_start(text: str, at: int, latest: int) -> int:
    """Return the first place from ``at`` on where no word is cut, but none after ``latest``."""
    space = _SPACE.search(text, at, latest)
    return space.end() if space else latest


def _pieces(text: str, window: Window, found: list[Match]) -> tuple[Piece, ...]:
    pieces, at = [] if window.is_begun else [Piece("…")], window.start
    for match in found:
        if match.start < window.start or match.end > window.end:
            continue
        pieces += [Piece(_tidy(text[at : match.start])), Piece(_tidy(text[match.start : match.end]), is_match=True)]
        at = match.end
    pieces.append(Piece(_tidy(text[at : window.end].rstrip())))
    if not window.is_ended:
        pieces.append(Piece(" …"))
    return tuple(piece for piece in pieces if piece.text)


def _tidy(text: str) -> str:
    return _SPACE.sub(" ", text)
