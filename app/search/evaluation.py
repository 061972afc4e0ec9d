"""Which documents answer a question, in which order, with which facets: numpy over one view of the index."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from app.search.asking import Asked, Word
from app.search.marks import Marks
from app.search.postings import Floats, Ints, Mask
from app.search.protocol import Order, SearchQuery
from app.search.scoring import best, newest, newest_of_many
from app.search.spelling import respelt, told
from app.search.synonyms import Concept, concepts
from app.search.units import (
    EXACT_WEIGHT,
    EXACT_WEIGHT_OF_FEW,
    FEW_WORDS,
    Unit,
    all_marks,
    as_typed,
    concept_unit,
    found_by,
    other_found,
    phrase_unit,
    word_found,
    word_unit,
    words_of,
)
from app.search.view import Readable, View

MOST_WORDS = 32
SEVERAL_WORDS = 3
FEW = 10
"""From so many words on, fewer results than that are not enough."""
A_QUESTION = 4
"""From so many words on, a question is about something: the best match first, whichever of the words it has."""

_ALL_WORDS_FIRST = 1e6
_HALVINGS = 16
"""So many steps it takes to look a document up in an ordered list; a table of all documents is better for many."""

FEW_IN_ALL = 20
"""A part of all documents; of fewer it takes less to order them than to go through all by age."""

RARER = f"Only the {MOST_WORDS} rarest words were searched for."
MOST = "No post has all of these words; showing posts with most of them."
ALSO_MOST = "Few posts have all of these words; posts with most of them follow."
SOME = "No post has all of these words; showing posts with some of them."
ALSO_SOME = "Posts with all of these words and posts with some of them, the closest first."
LOOSE_PHRASE = "No post has exactly these words in this order; showing posts with the words."
LOOSE_WORD = "No post has exactly this word; showing posts with other forms of it."


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
class _Choice:
    """Which documents to show, and why these."""

    docs: Ints
    """Those with enough of the words, before filters."""
    units: list[Unit]
    hits: Ints
    note: str = ""
    first: Mask | None = None
    """Documents to show ahead of the others."""


@dataclass(frozen=True, slots=True)
class _Room:
    """Where the answer can be: what this reader may read, less what they do not want, and their filters."""

    allowed: Mask
    filters: Mapping[str, Mask]

    def within(self, docs: Ints, *, but: str = "") -> Ints:
        """Return the part of ``docs`` in here, whatever the filter called ``but`` says."""
        kept = docs[self.allowed[docs]]
        for name, chosen in self.filters.items():
            if name != but:
                kept = kept[chosen[kept]]
        return kept

    def but(self, name: str, choice: _Choice) -> Ints:
        """Return what would be found without the filter called ``name``."""
        return self.within(choice.docs, but=name) if name in self.filters else choice.hits


def evaluate(view: View, asked: Asked, query: SearchQuery) -> Found:
    """Return what answers ``asked`` for the reader and page of ``query``."""
    readable = view.readable(query.audiences, query.without)
    if asked.has_nothing_to_find or not readable.count:
        return Found(0, (), {name: {} for name in query.facets}, asked.notes)
    room = _Room(_allowed(view, readable, asked), _filters(view, asked, query))
    asked, corrected = respelt(view, readable, asked) if query.correct else (asked, {})
    groups, others = concepts(asked, query.synonyms)
    words, notes = _rarest(view, readable, others)
    exactly = EXACT_WEIGHT if len(asked.words) > FEW_WORDS else EXACT_WEIGHT_OF_FEW
    units = [concept_unit(view, readable, group, exactly) for group in groups]
    units += [word_unit(view, readable, word, exactly) for word in words]
    choice = _choose(view, readable, room, units, query, asked)
    return Found(
        total=len(choice.hits),
        docs=_page(view, readable, choice, query),
        facets={name: _counts(view, name, room.but(name, choice)) for name in query.facets},
        notes=(*asked.notes, *notes, *told(corrected), *((choice.note,) if choice.note else ())),
        marks=all_marks(unit.marks for unit in choice.units) if query.passages else Marks(),
        also=_also(view, readable, groups, exactly),
        relaxed=choice.note,
        corrected=corrected,
    )


def _also(view: View, readable: Readable, groups: list[Concept], exactly: float) -> tuple[str, ...]:
    """Return the synonyms that somebody wrote where this reader may read it."""
    ways = {name: others for group in groups for name, others in zip(group.names, group.others, strict=True)}
    return tuple(name for name, words in ways.items() if len(other_found(view, readable, words, exactly).docs))


def _filters(view: View, asked: Asked, query: SearchQuery) -> dict[str, Mask]:
    filters = {name: view.having(name, values) for name, values in query.filters.items() if values}
    for name, values in asked.fields.items():
        mask = view.having(name, values, folded=True)
        filters[name] = filters[name] & mask if name in filters else mask
    return filters


def _allowed(view: View, readable: Readable, asked: Asked) -> Mask:
    allowed = readable.mask
    for unwanted in asked.without:
        allowed = allowed & ~found_by(view, unwanted)
    for name, values in asked.without_fields.items():
        allowed = allowed & ~view.having(name, values, folded=True)
    return allowed


def _rarest(view: View, readable: Readable, words: list[Word]) -> tuple[list[Word], tuple[str, ...]]:
    if len(words) <= MOST_WORDS:
        return words, ()
    rarity = {word: len(word_found(view, readable, word, EXACT_WEIGHT).docs) for word in words}
    kept = set(sorted(words, key=lambda word: (rarity[word] == 0, rarity[word]))[:MOST_WORDS])
    return [word for word in words if word in kept], (RARER,)


def _choose(  # noqa: PLR0913, PLR0917
    view: View, readable: Readable, room: _Room, units: list[Unit], query: SearchQuery, asked: Asked
) -> _Choice:
    """Return documents with all words and phrases; the words of a phrase apart where that finds nothing."""
    phrases = [phrase_unit(view, readable, phrase) for phrase in asked.phrases]
    choice = _relaxed(view, room, [*units, *phrases], query)
    if len(choice.units) == 1 and units:
        by_relevance = query.order is Order.RELEVANCE
        return replace(choice, first=as_typed(view, units[0].asked)) if by_relevance else choice
    if len(choice.hits) or not phrases or not query.relax:
        return choice
    apart = [word_unit(view, readable, word, EXACT_WEIGHT) for one in asked.phrases for word in words_of(one)]
    loose = _relaxed(view, room, [*units, *apart], query)
    note = LOOSE_PHRASE if any(len(one.words) > 1 for one in asked.phrases) else LOOSE_WORD
    return replace(loose, note=note) if len(loose.hits) else loose


def _relaxed(view: View, room: _Room, units: list[Unit], query: SearchQuery) -> _Choice:
    """Return documents with all units; with most or some of them where that finds nothing, or too little."""
    every = _with_all(view, units, room)
    found = len(every.hits)
    if not query.relax or len(units) < 2:  # noqa: PLR2004
        return every
    if found >= FEW and len(units) < A_QUESTION:
        return every
    return _widened(view, room, every, query)


def _widened(view: View, room: _Room, every: _Choice, query: SearchQuery) -> _Choice:
    """Return documents with most or some of the units where ``every``, those with all, are too few."""
    units, found = every.units, len(every.hits)
    count = np.zeros(view.size, np.int16)
    for unit in units:
        count[unit.docs] += 1
    widen = query.order is Order.RELEVANCE
    if len(units) >= A_QUESTION and (widen or not found):
        some = _having(count, 1, units, room)
        return every if len(some.hits) == found else replace(some, note=ALSO_SOME if found else SOME)
    if found and not (widen and len(units) >= SEVERAL_WORDS and found < FEW):
        return every
    most = _having(count, len(units) // 2 + 1, units, room)
    if len(most.hits) > found:
        return replace(most, note=ALSO_MOST if found else MOST, first=_mask(view, every.hits))
    if found:
        return every
    some = _having(count, 1, units, room)
    return replace(some, note=SOME) if len(some.hits) else every


def _with_all(view: View, units: list[Unit], room: _Room) -> _Choice:
    if not units:
        every = np.flatnonzero(room.allowed)
        return _Choice(every, units, room.within(every))
    fewest, *others = sorted((unit.docs for unit in units), key=len)
    for docs in others:
        fewest = fewest[_are_in(view, fewest, docs)]
    return _Choice(fewest, units, room.within(fewest))


def _are_in(view: View, few: Ints, docs: Ints) -> Mask:
    """Say of each of ``few`` whether it is one of ``docs``, which are in order."""
    if len(few) * _HALVINGS > len(docs):
        return _mask(view, docs)[few]
    found: Mask = docs[_places(few, docs)] == few
    return found


def _places(few: Ints, docs: Ints) -> Ints:
    """Return where in ``docs`` each of ``few`` stands, or would stand."""
    return np.minimum(np.searchsorted(docs, few.astype(docs.dtype)), len(docs) - 1)


def _having(count: Ints, least: int, units: list[Unit], room: _Room) -> _Choice:
    docs = np.flatnonzero(count >= least)
    return _Choice(docs, units, room.within(docs))


def _mask(view: View, docs: Ints) -> Mask:
    mask = np.zeros(view.size, np.bool_)
    mask[docs] = True
    return mask


def _page(view: View, readable: Readable, choice: _Choice, query: SearchQuery) -> tuple[tuple[int, float], ...]:
    hits = choice.hits
    if not len(hits) or not query.limit:
        return ()
    last = query.offset + query.limit
    if query.order is Order.NEWEST or not choice.units:
        shown = _newest(view, hits, last)[query.offset :]
        return _told(shown, _scores(view, choice.units, shown))
    score = _scores(view, choice.units, hits)
    rank = score * view.recency(readable.newest)[hits]
    if choice.first is not None:
        rank = rank + _ALL_WORDS_FIRST * choice.first[hits]
    first = best(rank, view.ages[hits], last)[query.offset :]
    return _told(hits[first], score[first])


def _newest(view: View, hits: Ints, last: int) -> Ints:
    if len(hits) * FEW_IN_ALL < view.size:
        return newest(view.ages, hits, last)
    return newest_of_many(view.by_age, _mask(view, hits), last)


def _told(docs: Ints, score: Floats) -> tuple[tuple[int, float], ...]:
    return tuple(zip(docs.tolist(), score.tolist(), strict=True))


def _scores(view: View, units: list[Unit], docs: Ints) -> Floats:
    """Return what each of ``docs`` scores for all ``units`` together."""
    total: Floats = np.zeros(len(docs))
    for unit in units:
        if len(units) == 1 and np.array_equal(unit.docs, docs):
            return unit.score
        if len(docs) * _HALVINGS <= len(unit.docs):
            at = _places(docs, unit.docs)
            total += np.where(unit.docs[at] == docs, unit.score[at], 0.0)
        elif len(unit.docs):
            every = np.zeros(view.size)
            every[unit.docs] = unit.score
            total += every[docs]
    return total


def _counts(view: View, name: str, hits: Ints) -> dict[str, int]:
    table = view.facet(name)
    alone = view.alone(name)
    codes = table.codes[_mask(view, hits)[table.docs]] if alone is None else alone[hits]
    counts = np.bincount(codes, minlength=len(table.values))
    return {value: count for value, count in zip(table.values, counts.tolist(), strict=False) if count}
