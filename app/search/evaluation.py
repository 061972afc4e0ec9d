"""Which documents answer a question, in which order, with which facets: numpy over one view of the index."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from app.search.asking import Asked, Phrase, Word
from app.search.postings import Floats, Ints
from app.search.protocol import Order, SearchQuery
from app.search.scoring import best, bm25, idf
from app.search.spelling import respelt, told
from app.search.synonyms import Concept, concepts
from app.search.units import (
    EXACT_WEIGHT,
    EXACT_WEIGHT_OF_FEW,
    FEW_WORDS,
    Marks,
    Unit,
    all_marks,
    as_typed,
    concept_unit,
    other_mask,
    phrase_mask,
    phrase_unit,
    word_mask,
    word_unit,
    words_of,
)
from app.search.view import Mask, Readable, View

MOST_WORDS = 32
MANY_WORDS = 5
FEW = 10
"""From so many words on, fewer results than that are not enough."""
A_QUESTION = 8
"""From so many words on, no post is expected to have most of them."""

SYNONYM_WEIGHT = 0.8

_ALL_WORDS_FIRST = 1e6

RARER = f"Only the {MOST_WORDS} rarest words were searched for."
MOST = "No post has all of these words; showing posts with most of them."
ALSO_MOST = "Few posts have all of these words; posts with most of them follow."
SOME = "No post has all of these words; showing posts with some of them."
ALSO_SOME = "Few posts have all of these words; posts with some of them follow."
LOOSE_PHRASE = "No post has exactly these words in this order; showing posts with the words."


@dataclass(frozen=True, slots=True)
class Found:
    """The answer before its texts are fetched."""

    total: int
    docs: tuple[tuple[int, float], ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    marks: Marks = field(default_factory=Marks)
    also: tuple[str, ...] = ()
    relaxed: str = ""
    corrected: Mapping[str, str] = field(default_factory=dict)
    """Words that were taken for others."""


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
    units: list[Unit]
    hit: Mask
    note: str | None = None
    first: Mask | None = None
    """Documents to show ahead of the others."""


def evaluate(view: View, asked: Asked, query: SearchQuery) -> Found:
    """Return what answers ``asked`` for the reader and page of ``query``."""
    readable = view.readable(query.audiences, query.without)
    if asked.has_nothing_to_find or not readable.count:
        return Found(0, (), {name: {} for name in query.facets}, asked.notes)
    room = _Room(readable.mask & ~_without(view, asked), _filters(view, asked, query))
    asked, corrected = respelt(view, readable, asked) if query.correct else (asked, {})
    groups, others = concepts(asked, query.synonyms)
    words, notes = _rarest(view, readable, others)
    exactly = EXACT_WEIGHT if len(asked.words) > FEW_WORDS else EXACT_WEIGHT_OF_FEW
    units = [concept_unit(view, readable, group, exactly) for group in groups]
    units += [word_unit(view, readable, word, exactly) for word in words]
    choice = _choose(view, readable, room, units, asked.phrases, query)
    score = _scores(view, readable, choice.units)
    return Found(
        total=int(np.count_nonzero(choice.hit)),
        docs=_page(view, choice, score, query),
        facets={name: _counts(view, name, room.within(choice.mask, but=name)) for name in query.facets},
        notes=(*asked.notes, *notes, *told(corrected), *((choice.note,) if choice.note else ())),
        marks=all_marks(choice.units),
        also=_also(view, readable, groups),
        relaxed=choice.note or "",
        corrected=corrected,
    )


def _also(view: View, readable: Readable, groups: list[Concept]) -> tuple[str, ...]:
    """Return the synonyms that somebody wrote where this reader may read it."""
    ways = {name: others for group in groups for name, others in zip(group.names, group.others, strict=True)}
    return tuple(name for name, words in ways.items() if (other_mask(view, words) & readable.mask).any())


def _filters(view: View, asked: Asked, query: SearchQuery) -> dict[str, Mask]:
    filters = {name: view.having(name, values) for name, values in query.filters.items() if values}
    for name, values in asked.fields.items():
        mask = view.having(name, values, folded=True)
        filters[name] = filters[name] & mask if name in filters else mask
    return filters


def _without(view: View, asked: Asked) -> Mask:
    out = np.zeros(view.size, np.bool_)
    for unwanted in asked.without:
        out |= word_mask(view, unwanted) if isinstance(unwanted, Word) else phrase_mask(view, unwanted)
    for name, values in asked.without_fields.items():
        out |= view.having(name, values, folded=True)
    return out


def _rarest(view: View, readable: Readable, words: list[Word]) -> tuple[list[Word], tuple[str, ...]]:
    if len(words) <= MOST_WORDS:
        return words, ()
    rarity = {word: int((word_mask(view, word) & readable.mask).sum()) for word in words}
    kept = set(sorted(words, key=lambda word: (rarity[word] == 0, rarity[word]))[:MOST_WORDS])
    return [word for word in words if word in kept], (RARER,)


def _choose(  # noqa: PLR0913, PLR0917
    view: View, readable: Readable, room: _Room, units: list[Unit], phrases: tuple[Phrase, ...], query: SearchQuery
) -> _Choice:
    """Return documents with all words and phrases; the words of a phrase apart where that finds nothing."""
    choice = _relaxed([*units, *(phrase_unit(view, phrase) for phrase in phrases)], room, query)
    if len(choice.units) == 1 and units:
        return replace(choice, first=as_typed(view, units[0].asked))
    if choice.hit.any() or not phrases or not query.relax:
        return choice
    apart = [word_unit(view, readable, word, EXACT_WEIGHT) for phrase in phrases for word in words_of(phrase)]
    loose = _relaxed([*units, *apart], room, query)
    return replace(loose, note=LOOSE_PHRASE) if loose.hit.any() else loose


def _relaxed(units: list[Unit], room: _Room, query: SearchQuery) -> _Choice:
    """Return documents with all units; with most or some of them where that finds nothing, or too little."""
    count = np.zeros(len(room.allowed), np.int64)
    for unit in units:
        count += unit.mask
    every = _having(count, len(units), units, room)
    if not query.relax:
        return every
    found = int(every.hit.sum())
    widen = query.order is Order.RELEVANCE
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


def _having(count: Ints, least: int, units: list[Unit], room: _Room) -> _Choice:
    mask = count >= least
    return _Choice(mask, units, room.within(mask))


def _scores(view: View, readable: Readable, units: list[Unit]) -> Floats:
    total = np.zeros(view.size)
    for unit in units:
        if unit.others:
            total += _best_way(view, readable, unit)
        else:
            _add(view, readable, unit.terms, total)
    return total


def _best_way(view: View, readable: Readable, unit: Unit) -> Floats:
    """Score the way of saying it that suits each document best; a rare synonym says no more than the word typed."""
    score = np.zeros(view.size)
    worth = _add(view, readable, unit.terms, score)
    for other in unit.others:
        way = np.zeros(view.size)
        worth_here = _add(view, readable, other.terms, way)
        share = SYNONYM_WEIGHT * (min(1.0, worth / worth_here) if worth and worth_here else 1.0)
        np.maximum(score, np.where(other.mask, share * way, 0.0), out=score)
    return score


def _add(view: View, readable: Readable, terms: tuple[tuple[str, str, float], ...], total: Floats) -> float:
    """Add what ``terms`` score to ``total`` and return what they are worth together."""
    worths = 0.0
    for name, term, weight in terms:
        docs, times = view.postings(name, term)
        having = int(np.count_nonzero(readable.mask[docs]))
        if having:
            worth = weight * idf(readable.count, having)
            total[docs] += bm25(times, view.lengths[name][docs], readable.averages[name], worth)
            worths += worth
    return worths


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
