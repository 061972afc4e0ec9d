"""Words that mean the same: which of them stand in a question, and what is looked for beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.search.analysis import STOP_WORDS, stem, tokens
from app.search.asking import Asked, Word

MOST_OTHERS = 12


@dataclass(frozen=True, slots=True)
class Concept:
    """Words of a question, next to each other, that can be said in other ways."""

    words: tuple[Word, ...]
    others: tuple[tuple[str, ...], ...]
    """What means the same, as the words it is made of."""
    names: tuple[str, ...]
    """The same as somebody wrote it."""


def concepts(asked: Asked, synonyms: Mapping[str, tuple[str, ...]]) -> tuple[list[Concept], list[Word]]:
    """Return what in a question has synonyms, the longest first, and the words that have none."""
    if not synonyms:
        return [], list(asked.words)
    free = {word.ways[0][0]: word for word in asked.words if len(word.ways) == 1 and len(word.ways[0]) == 1}
    found = []
    for key, others in _keys(synonyms, asked.said):
        said = [word for word in key if word not in STOP_WORDS]
        own = [next((typed for typed in free if stem(typed) == stem(word)), None) for word in said]
        present = [word for word in own if word is not None]
        if present and len(present) == len(said):
            ways = [(name, _parts(name)) for name in others]
            kept = [(name, parts) for name, parts in ways if set(parts) - STOP_WORDS][:MOST_OTHERS]
            words = tuple(free.pop(word) for word in dict.fromkeys(present))
            found.append(Concept(words, tuple(parts for _, parts in kept), tuple(name for name, _ in kept)))
    taken = {word for concept in found for word in concept.words}
    return found, [word for word in asked.words if word not in taken]


def _keys(
    synonyms: Mapping[str, tuple[str, ...]], said: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield the words of each key that stands in ``said``, with what means the same, the longest first."""
    stems = [stem(word) for word in said]
    starts = {first: [at for at, word in enumerate(stems) if word == first] for first in stems if first}
    keys = [
        (parts, others) for name, others in synonyms.items() if (parts := _parts(name)) and stem(parts[0]) in starts
    ]
    for parts, others in sorted(keys, key=lambda key: -len(key[0])):
        wanted = [stem(part) for part in parts]
        if any(stems[at : at + len(wanted)] == wanted for at in starts[wanted[0]]):
            yield parts, others


@lru_cache(maxsize=8_192)
def _parts(name: str) -> tuple[str, ...]:
    return tuple(part for token in tokens(name) for part in token.parts if part)
