"""What a document should have to answer a question: each word in any of its ways, each phrase in order."""

from dataclasses import dataclass, replace

import numpy as np

from app.search.analysis import stem, tokens
from app.search.asking import Phrase, Word, starts_of
from app.search.postings import Ints
from app.search.synonyms import Concept
from app.search.view import Mask, Readable, View

SHORTEST_PREFIX = 3
MOST_COMPLETIONS = 50
MOST_READ_THROUGH = 300
TITLE_WEIGHT = 0.5
EXACT_WEIGHT = 0.3
EXACT_WEIGHT_OF_FEW = 1.5
"""A word or three are meant as they are typed; a whole question is about something (docs/decisions)."""
FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Marks:
    """What to mark in titles and passages."""

    stems: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that a document should have: a word in any of its ways, or a phrase."""

    mask: Mask
    terms: tuple[tuple[str, str, float], ...]
    """Field, term, weight: what it adds to the score."""
    asked: Word | Phrase | None
    marks: Marks
    others: tuple["Other", ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """Another way to say the same: a document scores for the way that suits it best, never for two."""

    mask: Mask
    terms: tuple[tuple[str, str, float], ...]


def word_unit(view: View, readable: Readable, word: Word, exactly: float) -> Unit:
    """Return what ``word`` asks for; ``exactly`` is what its exact form counts beside its stem."""
    mask = word_mask(view, word)
    exact = [part for way in word.ways for part in way]
    if (
        not (mask & readable.mask).any()
        and len(word.ways) == 1
        and len(exact) == 1
        and len(exact[0]) >= SHORTEST_PREFIX
    ):
        return _begun_unit(view, readable, word, exact[0])
    stems = list(dict.fromkeys(stem(part) for part in exact))
    weights = [("all", 1.0), ("title", TITLE_WEIGHT)]
    terms = [(name, term, weight * word.times) for term in stems for name, weight in weights]
    terms += [("exact", part, exactly * word.times) for part in exact]
    return Unit(mask, tuple(terms), word, Marks(stems=frozenset(stems)))


def _begun_unit(view: View, readable: Readable, word: Word, prefix: str) -> Unit:
    """Take a word that no post has as the beginning of others."""
    counts = {
        begun: int(readable.mask[view.postings("exact", begun).docs].sum()) for begun in view.starting(prefix, 500)
    }
    whole = sorted((begun for begun, count in counts.items() if count), key=lambda begun: -counts[begun])
    mask = np.zeros(view.size, np.bool_)
    for begun in whole[:MOST_COMPLETIONS]:
        mask[view.postings("exact", begun).docs] = True
    terms = tuple(("exact", begun, 1.0) for begun in whole[:MOST_COMPLETIONS])
    return Unit(mask, terms, word, Marks(words=frozenset(whole)))


def phrase_unit(view: View, phrase: Phrase) -> Unit:
    """Return what ``phrase`` asks for."""
    terms = [("exact", word, 1.0) for word, _ in phrase.telling]
    terms += [("title", stem(word), TITLE_WEIGHT) for word, _ in phrase.telling]
    return Unit(phrase_mask(view, phrase), tuple(terms), phrase, Marks(phrases=(phrase,)))


def concept_unit(view: View, readable: Readable, concept: Concept, exactly: float) -> Unit:
    """Return what ``concept`` asks for: all of its words, or any of what means the same."""
    own = [word_unit(view, readable, word, exactly) for word in concept.words]
    others = [_other(view, readable, other, exactly) for other in concept.others]
    mask = np.logical_and.reduce([unit.mask for unit in own])
    marks = all_marks([*own, *others])
    asked = concept.words[0] if len(concept.words) == 1 else None
    return Unit(
        np.logical_or.reduce([mask, *(other.mask for other in others)]),
        tuple(term for unit in own for term in unit.terms),
        asked,
        marks,
        tuple(Other(other.mask, other.terms) for other in others),
    )


def _other(view: View, readable: Readable, words: tuple[str, ...], exactly: float) -> Unit:
    if len(words) == 1:
        only = Word((words,))
        return replace(word_unit(view, readable, only, exactly), mask=word_mask(view, only))
    terms = [("all", stem(word), 1.0) for word, _ in Phrase(words).telling]
    return Unit(other_mask(view, words), tuple(terms), None, Marks(phrases=_one_or_many(words)))


def other_mask(view: View, words: tuple[str, ...]) -> Mask:
    """Say which documents have ``words``, a synonym: any form of one word, several in order, also in the plural."""
    if len(words) == 1:
        return word_mask(view, Word((words,)))
    one, many = _one_or_many(words)
    return phrase_mask(view, one) | phrase_mask(view, many)


def _one_or_many(words: tuple[str, ...]) -> tuple[Phrase, Phrase]:
    return Phrase(words), Phrase((*words[:-1], f"{words[-1]}s"))


def words_of(phrase: Phrase) -> list[Word]:
    """Return the words of ``phrase`` apart."""
    return [Word(((word,),)) for word, _ in phrase.telling]


def word_mask(view: View, word: Word) -> Mask:
    """Say which documents have ``word`` in any of its ways and forms."""
    mask = np.zeros(view.size, np.bool_)
    for way in word.ways:
        there = np.zeros(view.size, np.int64)
        for term in dict.fromkeys(stem(part) for part in way):
            there[view.postings("all", term).docs] += 1
        mask |= there == len({stem(part) for part in way})
    return mask


def phrase_mask(view: View, phrase: Phrase) -> Mask:
    """Say which documents have ``phrase``; its commonest words, which are not indexed, are looked up in the text."""
    mask = np.zeros(view.size, np.bool_)
    telling = phrase.telling
    starts: Ints | None = None
    for word, distance in telling:
        docs, positions = view.places(word)
        here = (docs << 32) + positions + (telling[-1][1] - distance)
        starts = here if starts is None else np.intersect1d(starts, here)
    docs = np.unique(starts >> 32) if starts is not None else np.empty(0, np.int64)
    if len(telling) < len(phrase.words) and len(docs) <= MOST_READ_THROUGH:
        docs = np.array([doc for doc in docs.tolist() if _reads(view, doc, phrase)], np.int64)
    mask[docs] = True
    return mask


def _reads(view: View, doc: int, phrase: Phrase) -> bool:
    _, *texts = view.shown(doc)
    words = ([part for token in tokens(text) for part in token.parts if part] for text in texts)
    return any(starts_of(phrase, found) for found in words)


def as_typed(view: View, asked: Word | Phrase | None) -> Mask:
    """Say which documents have a word in the form that was typed, or its plural: organ is not organization."""
    mask = np.zeros(view.size, np.bool_)
    if isinstance(asked, Word):
        for part in (part for way in asked.ways for part in way):
            for form in (part, f"{part}s", part.removesuffix("s")):
                mask[view.postings("exact", form).docs] = True
    return mask


def all_marks(units: list[Unit]) -> Marks:
    """Return what all of ``units`` want marked."""
    return Marks(
        stems=frozenset().union(*(unit.marks.stems for unit in units)),
        words=frozenset().union(*(unit.marks.words for unit in units)),
        phrases=tuple(phrase for unit in units for phrase in unit.marks.phrases),
    )
