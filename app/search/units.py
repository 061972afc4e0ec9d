"""What a document should have to answer a question: each word in any of its ways, each phrase in order."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.search.analysis import stem
from app.search.asking import Phrase, Word
from app.search.marks import Marks
from app.search.passages import matches
from app.search.postings import Floats, Ints, Mask, Scored
from app.search.scoring import bm25, idf, repeated
from app.search.synonyms import Concept
from app.search.view import Readable, View

SHORTEST_PREFIX = 3
MOST_COMPLETIONS = 50
OF_MANY = 5
"""Completions of each part of a word in a question of many words."""
MOST_BEGUN = 2_000
MOST_READ_THROUGH = 300
TITLE_WEIGHT = 0.65
EXACT_WEIGHT = 0.2
EXACT_WEIGHT_OF_FEW = 1.5
"""A word or three are meant as they are typed; a whole question is about something (docs/decisions)."""
FEW_WORDS = 3
SYNONYM_WEIGHT = 0.8

Term = tuple[str, str, float]
"""Field, term, weight: what adds to the score."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that a document should have, and where this reader finds it."""

    docs: Ints
    score: Floats
    asked: Word | Phrase | None
    marks: Marks


def word_unit(view: View, readable: Readable, word: Word, exactly: float) -> Unit:
    """Return what ``word`` asks for; ``exactly`` is what its exact form counts beside its stem."""
    found = word_found(view, readable, word, exactly)
    exact = [part for way in word.ways for part in way]
    marks = Marks(stems=frozenset(stem(part) for part in exact))
    if len(exact) == 1 and _may_be_begun(view, readable, exact[0], found, exactly):
        begun, words = _begun(view, readable, exact[0], MOST_COMPLETIONS if exactly == EXACT_WEIGHT_OF_FEW else OF_MANY)
        found, marks = _either(view, found, begun), Marks(marks.stems, frozenset(words))
    score = found.score if word.times == 1 else found.score * repeated(word.times)
    return Unit(found.docs, score, word, marks)


def _may_be_begun(view: View, readable: Readable, word: str, found: Scored, exactly: float) -> bool:
    """Say whether ``word`` may be the beginning of one: nobody wrote it, or among a few words, not in this form."""
    if len(word) < SHORTEST_PREFIX:
        return False
    return not len(found.docs) or (exactly == EXACT_WEIGHT_OF_FEW and not view.count(readable, "exact", word))


def word_found(view: View, readable: Readable, word: Word, exactly: float) -> Scored:
    """Return where ``word`` is, in any of its ways and forms, and what it scores there when asked for once."""
    exact = [part for way in word.ways for part in way]
    weights = (("all", 1.0), ("title", TITLE_WEIGHT))
    terms: list[Term] = [(name, term, weight) for term in dict.fromkeys(map(stem, exact)) for name, weight in weights]
    terms += [("exact", part, exactly) for part in exact]
    return view.scored(
        (readable.number, word.ways, exactly),
        lambda: scored(view, readable, _word_docs(view, word), terms),
    )


def _begun(view: View, readable: Readable, prefix: str, most: int) -> tuple[Scored, list[str]]:
    """Return where the ``most`` commonest words that begin with ``prefix`` are, and which those are."""
    counts = {begun: view.count(readable, "exact", begun) for begun in view.starting(prefix, MOST_BEGUN)}
    whole = sorted((begun for begun, count in counts.items() if count), key=lambda begun: (-counts[begun], begun))
    kept = whole[:most]
    docs = np.unique(np.concatenate([np.empty(0, np.int64), *(view.postings("exact", begun).docs for begun in kept)]))
    return scored(view, readable, docs, [("exact", begun, 1.0) for begun in kept]), kept


def _either(view: View, one: Scored, other: Scored) -> Scored:
    if not len(one.docs) or not len(other.docs):
        return one if len(one.docs) else other
    total = np.zeros(view.size)
    total[one.docs] = one.score
    total[other.docs] = np.maximum(total[other.docs], other.score)
    docs = np.union1d(one.docs, other.docs)
    return Scored(docs, total[docs])


def phrase_unit(view: View, readable: Readable, phrase: Phrase) -> Unit:
    """Return what ``phrase`` asks for."""
    terms: list[Term] = [("exact", word, 1.0) for word, _ in phrase.telling]
    terms += [("title", stem(word), TITLE_WEIGHT) for word, _ in phrase.telling]
    return Unit(*scored(view, readable, phrase_docs(view, phrase), terms), phrase, Marks(phrases=(phrase,)))


def concept_unit(view: View, readable: Readable, concept: Concept, exactly: float) -> Unit:
    """Return what ``concept`` asks for: all of its words, or any of what means the same.

    Each document scores for the way that suits it best, and a rare synonym says no more than the word typed.
    """
    own = [word_unit(view, readable, word, exactly) for word in concept.words]
    total, count = np.zeros(view.size), np.zeros(view.size, np.int64)
    for unit in own:
        total[unit.docs] += unit.score
        count[unit.docs] += 1
    total[count < len(own)] = 0
    best = float(total.max(initial=0.0))
    for words in concept.others:
        other = other_found(view, readable, words, exactly)
        most = float(other.score.max(initial=0.0))
        share = SYNONYM_WEIGHT * (min(1.0, best / most) if best and most else 1.0)
        total[other.docs] = np.maximum(total[other.docs], share * other.score)
    docs = np.flatnonzero(total)
    marks = [unit.marks for unit in own] + [_other_marks(words) for words in concept.others]
    return Unit(docs, total[docs], concept.words[0] if len(own) == 1 else None, all_marks(marks))


def other_found(view: View, readable: Readable, words: tuple[str, ...], exactly: float) -> Scored:
    """Return where ``words``, a synonym, are: any form of one word, several in order, also in the plural."""
    if len(words) == 1:
        return word_found(view, readable, Word((words,)), exactly)
    terms: list[Term] = [("all", stem(word), 1.0) for word, _ in Phrase(words).telling]
    docs = np.union1d(*(phrase_docs(view, phrase) for phrase in _one_or_many(words)))
    return scored(view, readable, docs, terms)


def _other_marks(words: tuple[str, ...]) -> Marks:
    return Marks(stems=frozenset({stem(words[0])})) if len(words) == 1 else Marks(phrases=_one_or_many(words))


def _one_or_many(words: tuple[str, ...]) -> tuple[Phrase, Phrase]:
    return Phrase(words), Phrase((*words[:-1], f"{words[-1]}s"))


def scored(view: View, readable: Readable, docs: Ints, terms: Iterable[Term]) -> Scored:
    """Return the readable ones of ``docs`` with what ``terms`` score there."""
    kept = docs[readable.mask[docs]]
    if not len(kept):
        return Scored(kept, np.zeros(0))
    total = np.zeros(view.size)
    for name, term, weight in terms:
        there, times = view.postings(name, term)
        having = int(np.count_nonzero(readable.mask[there]))
        if having:
            worth = weight * idf(readable.count, having)
            total[there] += bm25(times, view.lengths[name][there], readable.averages[name], worth)
    return Scored(kept, total[kept])


def words_of(phrase: Phrase) -> list[Word]:
    """Return the words of ``phrase`` apart."""
    return [Word(((word,),)) for word, _ in phrase.telling]


def found_by(view: View, wanted: Word | Phrase) -> Mask:
    """Say which documents have ``wanted``, whoever may read them."""
    mask = np.zeros(view.size, np.bool_)
    mask[_word_docs(view, wanted) if isinstance(wanted, Word) else phrase_docs(view, wanted)] = True
    return mask


def _word_docs(view: View, word: Word) -> Ints:
    """Return the documents that have ``word`` in any of its ways and forms."""
    ways = []
    for way in word.ways:
        stems = list(dict.fromkeys(map(stem, way)))
        docs = view.postings("all", stems[0]).docs
        for other in stems[1:]:
            docs = np.intersect1d(docs, view.postings("all", other).docs, assume_unique=True)
        ways.append(docs)
    return ways[0] if len(ways) == 1 else np.unique(np.concatenate(ways))


def phrase_docs(view: View, phrase: Phrase) -> Ints:
    """Return the documents with ``phrase``; its commonest words, which are not indexed, are looked up in the text."""
    telling = phrase.telling
    starts: Ints | None = None
    for word, distance in telling:
        docs, positions = view.places(word)
        here = (docs.astype(np.int64) << 32) + positions + (telling[-1][1] - distance)
        starts = here if starts is None else np.intersect1d(starts, here)
    docs = np.unique(starts >> 32) if starts is not None else np.empty(0, np.int64)
    if len(telling) < len(phrase.words) and len(docs) <= MOST_READ_THROUGH:
        docs = np.array([doc for doc in docs.tolist() if _reads(view, doc, phrase)], np.int64)
    return docs


def _reads(view: View, doc: int, phrase: Phrase) -> bool:
    _, *texts = view.shown(doc)
    return any(matches(text, Marks(phrases=(phrase,))) for text in texts)


def as_typed(view: View, asked: Word | Phrase | None) -> Mask:
    """Say which documents have a word in the form that was typed, or its plural: organ is not organization."""
    mask = np.zeros(view.size, np.bool_)
    if isinstance(asked, Word):
        for part in (part for way in asked.ways for part in way):
            for form in (part, f"{part}s", part.removesuffix("s")):
                mask[view.postings("exact", form).docs] = True
    return mask


def all_marks(marks: Iterable[Marks]) -> Marks:
    """Return all of ``marks`` as one."""
    kept = list(marks)
    return Marks(
        stems=frozenset().union(*(one.stems for one in kept)),
        words=frozenset().union(*(one.words for one in kept)),
        phrases=tuple(phrase for one in kept for phrase in one.phrases),
    )
