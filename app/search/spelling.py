"""What somebody meant to type: the closest word of what this reader may read, the commonest where several are.

Held against every word within one or two letters, so a word that stands only in a hidden post changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace

from app.search.analysis import STOP_WORDS, stem
from app.search.asking import MOST_WORDS, Asked, Word, plain_words
from app.search.lexicon import SHORTEST
from app.search.view import Readable, View

SHORTEST_MISSPELT = 4
LONG = 8
"""From so many letters on, two of them may be wrong."""
RARE = 2
MUCH_COMMONER = 20
MOST_CORRECTED = 8
MOST_LOOKED_AT = 16
"""Words of one question that are held against others: each takes a look at every word there is."""
MOST_WEIGHED = 500


def meant(view: View, readable: Readable, word: str) -> str | None:
    """Return the word of readable documents that ``word`` probably is, or None."""
    best = _closest(view, readable, word)
    return best[0] if best else None


def respelt(view: View, readable: Readable, asked: Asked) -> tuple[Asked, dict[str, str]]:
    """Return ``asked`` with unknown words taken for the closest known ones, and which those are.

    Only beside a word or phrase that is known: where nothing is, the question stays as it was typed.
    """
    absent = [word for word in asked.words if _is_absent(view, readable, word)]
    looked = absent[:MOST_LOOKED_AT]
    unknown = [word for word in looked if not _is_begun(view, readable, word)]
    none_is_known = len(absent) == len(asked.words) + len(asked.phrases) and len(unknown) == len(looked)
    if not unknown or none_is_known:
        return asked, {}
    others = {word: meant(view, readable, word.ways[0][0]) for word in unknown[:MOST_CORRECTED]}
    changed = {word.ways[0][0]: other for word, other in others.items() if other is not None}
    times: dict[tuple[tuple[str, ...], ...], int] = {}
    for word in asked.words:
        other = others.get(word)
        ways = word.ways if other is None else ((other,),)
        times[ways] = times.get(ways, 0) + word.times
    words = tuple(Word(ways, count) for ways, count in times.items())
    return replace(asked, words=words, said=tuple(changed.get(word, word) for word in asked.said)), changed


def told(changed: Mapping[str, str]) -> tuple[str, ...]:
    """Return what to tell the reader about words that were taken for others."""
    return tuple(f"No post has “{word}”, so “{other}” was searched for." for word, other in changed.items())


def respelling(typed: str, changed: Mapping[str, str]) -> str:
    """Return ``typed`` with words replaced."""
    said = typed
    for start, end, word in reversed(plain_words(typed)):
        if word in changed:
            said = f"{said[:start]}{changed[word]}{said[end:]}"
    return said


def _is_absent(view: View, readable: Readable, word: Word) -> bool:
    """Say whether no readable document has ``word`` in any form; a word with signs inside may be many things."""
    if len(word.ways) > 1 or len(word.ways[0]) > 1:
        return False
    part = word.ways[0][0]
    return part.isalpha() and not view.count(readable, "all", stem(part))


def _is_begun(view: View, readable: Readable, word: Word) -> bool:
    """Say whether a word of readable documents begins like ``word``."""
    part = word.ways[0][0]
    if len(part) < SHORTEST:  # words that begin with two letters are so many that one will be among them
        return True
    return any(view.count(readable, "exact", begun) for begun in view.starting(part, MOST_WEIGHED))


def suggestion(view: View, readable: Readable, typed: str) -> str | None:
    """Return ``typed`` with the words that nobody wrote, or hardly anybody, as they were probably meant."""
    said, changed, looked = typed, 0, 0
    for start, end, word in reversed(plain_words(typed)[:MOST_WORDS]):
        if changed == MOST_CORRECTED or looked == MOST_LOOKED_AT:
            break
        if word in STOP_WORDS or len(word) < SHORTEST_MISSPELT:
            continue
        written = view.count(readable, "all", stem(word))
        if written > RARE:
            continue
        looked += 1
        other = _rather(view, readable, word, written)
        if other is not None:
            said = f"{said[:start]}{other}{said[end:]}"
            changed += 1
    return said if changed else None


def _rather(view: View, readable: Readable, word: str, written: int) -> str | None:
    best = _closest(view, readable, word)
    if best is None or (written and best[1] < MUCH_COMMONER * written):
        return None
    return best[0]


def _closest(view: View, readable: Readable, word: str) -> tuple[str, int] | None:
    """Return the best word at the least distance, and how many readable documents have it."""
    if not (len(word) >= SHORTEST_MISSPELT and word.isalpha()):
        return None
    for edits in (1, 2) if len(word) >= LONG else (1,):
        near = [other for other in view.like(word, edits) if _is_near(word, other, edits)]
        if len(near) > MOST_WEIGHED:
            near.sort(key=lambda other: (other[0] != word[0], abs(len(other) - len(word)), other))
        counts = {other: view.count(readable, "exact", other) for other in near[:MOST_WEIGHED]}
        found = {other: count for other, count in counts.items() if count}
        if found:
            best = max(found, key=lambda other: (found[other] * (2 if other[0] == word[0] else 1), other))
            return best, found[best]
    return None


def _is_near(word: str, other: str, edits: int) -> bool:
    if len(other) < SHORTEST or other == word:
        return False
    return within_one(word, other) if edits == 1 else other[0] == word[0] and distance(word, other) <= edits


def within_one(one: str, other: str) -> bool:
    """Say whether one letter added, left out, changed, or two neighbours exchanged make ``other`` of ``one``."""
    if len(one) > len(other):
        one, other = other, one
    at = 0
    while at < len(one) and one[at] == other[at]:
        at += 1
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    exchanged = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return one[at + 1 :] == other[at + 1 :] or exchanged


def distance(one: str, other: str) -> int:
    """Return how many letters added, left out, changed, or exchanged with a neighbour lie between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        older, before, row = before, row, [at]
        for to, there in enumerate(other, 1):
            least = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != there))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == there:
                least = min(least, older[to - 2] + 1)
            row.append(least)
    return row[-1]
