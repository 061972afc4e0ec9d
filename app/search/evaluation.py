"""Which documents answer a question, in which order, with which facets: numpy over one view of the index."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from app.search.analysis import stem, tokens
from app.search.asking import Asked, Phrase, Word, starts_of
from app.search.postings import Floats, Ints
from app.search.protocol import Order, SearchQuery
from app.search.scoring import best, bm25, idf
from app.search.view import Mask, Readable, View

MOST_WORDS = 32
MANY_WORDS = 5
FEW = 10
"""From so many words on, fewer results than that are not enough."""
A_QUESTION = 8
"""From so many words on, no post is expected to have most of them."""
SHORTEST_PREFIX = 3
MOST_COMPLETIONS = 50
MOST_READ_THROUGH = 300
TITLE_WEIGHT = 0.5
EXACT_WEIGHT = 0.3
EXACT_WEIGHT_OF_FEW = 1.5
"""A word or three are meant as they are typed; a whole question is about something (docs/decisions)."""
FEW_WORDS = 3

_ALL_WORDS_FIRST = 1e6

RARER = f"Only the {MOST_WORDS} rarest words were searched for."
MOST = "No post has all of these words; showing posts with most of them."
ALSO_MOST = "Few posts have all of these words; posts with most of them follow."
SOME = "No post has all of these words; showing posts with some of them."
ALSO_SOME = "Few posts have all of these words; posts with some of them follow."
LOOSE_PHRASE = "No post has exactly these words in this order; showing posts with the words."


@dataclass(frozen=True, slots=True)
class Marks:
    """What to mark in titles and passages."""

    stems: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The answer before its texts are fetched."""

    total: int
    docs: tuple[tuple[int, float], ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    marks: Marks = Marks()


@dataclass(frozen=True, slots=True)
class _Unit:
    """One thing that a document should have: a word in any of its ways, or a phrase."""

    mask: Mask
    terms: tuple[tuple[str, str, float], ...]
    """Field, term, weight: what it adds to the score."""
    asked: Word | Phrase
    marks: Marks


@dataclass(frozen=True, slots=True)
class _Room:
    """Where the answer can be: what this reader may read, less what they do not want, and their filters."""

    allowed: Mask
    filters: Mapping[str, Mask]

    def within(self, mask: Mask, *, but: str = "") -> Mask:
        """Return the part of ``mask`` in here, whatever the filter called ``but`` says."""
        hit = mask & self.allowed
        for name, chosen in self.filters.items():
            if name != but:
                hit &= chosen
        return hit


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which documents to show, and why these."""

    mask: Mask
    units: list[_Unit]
    hit: Mask
    note: str | None = None
    first: Mask | None = None
    """Documents to show ahead of the others."""


def evaluate(view: View, asked: Asked, query: SearchQuery) -> Found:
    """Return what answers ``asked`` for the reader and page of ``query``."""
    readable = view.readable(query.audiences)
    if asked.has_nothing_to_find or not readable.count:
        return Found(0, (), {name: {} for name in query.facets}, asked.notes)
    room = _Room(readable.mask & ~_without(view, asked), _filters(view, asked, query))
    words, notes = _rarest(view, readable, asked)
    exactly = EXACT_WEIGHT if len(words) > FEW_WORDS else EXACT_WEIGHT_OF_FEW
    units = [_word_unit(view, readable, word, exactly) for word in words]
    choice = _choose(view, readable, room, units, asked.phrases, widen=query.order is Order.RELEVANCE)
    score = _scores(view, readable, choice.units)
    return Found(
        total=int(choice.hit.sum()),
        docs=_page(view, choice, score, query),
        facets={name: _counts(view, name, room.within(choice.mask, but=name)) for name in query.facets},
        notes=(*asked.notes, *notes, *((choice.note,) if choice.note else ())),
        marks=_marks(choice.units),
    )


def _filters(view: View, asked: Asked, query: SearchQuery) -> dict[str, Mask]:
    filters = {name: view.having(name, values) for name, values in query.filters.items() if values}
    for name, values in asked.fields.items():
        mask = view.having(name, values, folded=True)
        filters[name] = filters[name] & mask if name in filters else mask
    return filters


def _without(view: View, asked: Asked) -> Mask:
    out = np.zeros(view.size, np.bool_)
    for unwanted in asked.without:
        out |= _word_mask(view, unwanted) if isinstance(unwanted, Word) else _phrase_mask(view, unwanted)
    for name, values in asked.without_fields.items():
        out |= view.having(name, values, folded=True)
    return out


def _rarest(view: View, readable: Readable, asked: Asked) -> tuple[tuple[Word, ...], tuple[str, ...]]:
    if len(asked.words) <= MOST_WORDS:
        return asked.words, ()
    rarity = {word: int((_word_mask(view, word) & readable.mask).sum()) for word in asked.words}
    kept = set(sorted(asked.words, key=lambda word: (rarity[word] == 0, rarity[word]))[:MOST_WORDS])
    return tuple(word for word in asked.words if word in kept), (RARER,)


def _choose(  # noqa: PLR0913
    view: View, readable: Readable, room: _Room, units: list[_Unit], phrases: tuple[Phrase, ...], *, widen: bool
) -> _Choice:
    """Return documents with all words and phrases; the words of a phrase apart where that finds nothing."""
    choice = _relaxed([*units, *(_phrase_unit(view, phrase) for phrase in phrases)], room, widen=widen)
    if len(choice.units) == 1 and units:
        return replace(choice, first=_as_typed(view, units[0].asked))
    if choice.hit.any() or not phrases:
        return choice
    apart = [_word_unit(view, readable, word, EXACT_WEIGHT) for phrase in phrases for word in _words_of(phrase)]
    loose = _relaxed([*units, *apart], room, widen=widen)
    return replace(loose, note=LOOSE_PHRASE) if loose.hit.any() else loose


def _as_typed(view: View, asked: Word | Phrase) -> Mask:
    """Say which documents have a word in the form that was typed, or its plural: organ is not organization."""
    mask = np.zeros(view.size, np.bool_)
    if isinstance(asked, Word):
        for part in (part for way in asked.ways for part in way):
            for form in (part, f"{part}s", part.removesuffix("s")):
                mask[view.postings("exact", form).docs] = True
    return mask


def _relaxed(units: list[_Unit], room: _Room, *, widen: bool) -> _Choice:
    """Return documents with all units; with most or some of them where that finds nothing, or too little."""
    count = np.zeros(len(room.allowed), np.int64)
    for unit in units:
        count += unit.mask
    every = _having(count, len(units), units, room)
    found = int(every.hit.sum())
    if found and not (widen and len(units) >= MANY_WORDS and found < FEW):
        return every
    if len(units) < A_QUESTION:
        most = _having(count, len(units) // 2 + 1, units, room)
        if int(most.hit.sum()) > found:
            return replace(most, note=ALSO_MOST if found else MOST, first=every.hit)
        if found:
            return every
    some = _having(count, 1, units, room)
    if int(some.hit.sum()) == found:
        return every
    return replace(some, note=ALSO_SOME if found else SOME, first=every.hit)


def _having(count: Ints, least: int, units: list[_Unit], room: _Room) -> _Choice:
    mask = count >= least
    return _Choice(mask, units, room.within(mask))


def _word_unit(view: View, readable: Readable, word: Word, exactly: float) -> _Unit:
    mask = _word_mask(view, word)
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
    return _Unit(mask, tuple(terms), word, Marks(stems=frozenset(stems)))


def _begun_unit(view: View, readable: Readable, word: Word, prefix: str) -> _Unit:
    """Take a word that no post has as the beginning of others."""
    counts = {
        begun: int(readable.mask[view.postings("exact", begun).docs].sum()) for begun in view.starting(prefix, 500)
    }
    whole = sorted((begun for begun, count in counts.items() if count), key=lambda begun: -counts[begun])
    mask = np.zeros(view.size, np.bool_)
    for begun in whole[:MOST_COMPLETIONS]:
        mask[view.postings("exact", begun).docs] = True
    terms = tuple(("exact", begun, 1.0) for begun in whole[:MOST_COMPLETIONS])
    return _Unit(mask, terms, word, Marks(words=frozenset(whole)))


def _phrase_unit(view: View, phrase: Phrase) -> _Unit:
    terms = [("exact", word, 1.0) for word, _ in phrase.telling]
    terms += [("title", stem(word), TITLE_WEIGHT) for word, _ in phrase.telling]
    return _Unit(_phrase_mask(view, phrase), tuple(terms), phrase, Marks(phrases=(phrase,)))


def _words_of(phrase: Phrase) -> list[Word]:
    return [Word(((word,),)) for word, _ in phrase.telling]


def _word_mask(view: View, word: Word) -> Mask:
    mask = np.zeros(view.size, np.bool_)
    for way in word.ways:
        there = np.zeros(view.size, np.int64)
        for term in dict.fromkeys(stem(part) for part in way):
            there[view.postings("all", term).docs] += 1
        mask |= there == len({stem(part) for part in way})
    return mask


def _phrase_mask(view: View, phrase: Phrase) -> Mask:
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


def _scores(view: View, readable: Readable, units: list[_Unit]) -> Floats:
    total = np.zeros(view.size)
    for unit in units:
        for name, term, weight in unit.terms:
            docs, times = view.postings(name, term)
            having = int(readable.mask[docs].sum())
            if having:
                worth = weight * idf(readable.count, having)
                total[docs] += bm25(times, view.lengths[name][docs], readable.averages[name], worth)
    return total


def _page(view: View, choice: _Choice, score: Floats, query: SearchQuery) -> tuple[tuple[int, float], ...]:
    docs = np.flatnonzero(choice.hit)
    if query.order is Order.NEWEST or not choice.units:
        rank = view.days[docs].astype(np.float64)
    else:
        rank = score[docs]
        if choice.first is not None:
            rank = rank + _ALL_WORDS_FIRST * choice.first[docs]
    first = best(rank, view.days[docs], view.ties[docs], query.offset + query.limit)
    shown = docs[first[query.offset :]]
    return tuple(zip(shown.tolist(), score[shown].tolist(), strict=True))


def _counts(view: View, name: str, hit: Mask) -> dict[str, int]:
    table = view.facet(name)
    counts = np.bincount(table.codes[hit[table.docs]], minlength=len(table.values))
    return {value: int(count) for value, count in zip(table.values, counts, strict=True) if count}


def _marks(units: list[_Unit]) -> Marks:
    return Marks(
        stems=frozenset().union(*(unit.marks.stems for unit in units)),
        words=frozenset().union(*(unit.marks.words for unit in units)),
        phrases=tuple(phrase for unit in units for phrase in unit.marks.phrases),
    )
