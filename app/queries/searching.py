"""Searching: what somebody asks, put to the engine with their labels, and read from the database once more."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest

from sqlalchemy.orm import Session

from app.kinds import KINDS, PRACTICE_STATES
from app.lib import vocabulary
from app.lib.school_year import SchoolYear
from app.policy import Actor
from app.queries import facet_names, spelling
from app.queries.asked import FACETS, VERDICTS, Asked, Chosen
from app.queries.hits import Hit
from app.queries.reader import Reader
from app.search import Piece, SearchIndex, SearchPage

__all__ = ["FACETS", "VERDICTS", "Asked", "Results", "found"]

PAGE = 20
MOST_VALUES = 8  # of one facet on a page, besides those that are chosen
MOST_DROPS = 6  # ways out of an empty page

_PART = re.compile(r'-?(?:[^\W\d_]{1,20}:(?!//))?(?:"[^"]*"|[^\s"]+)')


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet, with how many posts have it."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the results."""

    name: str
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One chosen value, and the question without it."""

    label: str
    without: Asked


@dataclass(frozen=True, slots=True)
class Result:
    """One post that was found."""

    post: Hit
    title: tuple[Piece, ...]
    passages: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """What could be dropped from a question that found nothing, and how many posts that would find."""

    label: str
    asked: Asked
    count: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the engine and the database say to a question: the values of facets to show, and what they are called."""

    page: SearchPage
    posts: Sequence[Hit]
    counts: Mapping[str, Mapping[str, int]]
    names: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found; ``asked`` is the question as it was understood."""

    asked: Asked
    total: int
    found: Sequence[Result]
    facets: Sequence[Facet]
    chips: Sequence[Chip]
    notes: tuple[str, ...]
    drops: Sequence[Drop]
    pages: int
    typed: Asked | None = None  # what was typed, where it was taken to be misspelled
    meant: Asked | None = None  # what may have been meant instead
    also: tuple[str, ...] = ()  # words that mean the same and were searched for
    only: tuple[str, Asked] | None = None  # the words that brought them, and the question without them


def found(session: Session, actor: Actor, index: SearchIndex, asked: Asked, *, size: int = PAGE) -> Results:
    """Return the page of ``size`` results that ``asked`` names, or the last one there is.

    Everything is limited to what ``actor`` may read: by the engine, and once more by the database, whose answer counts.
    A question that finds nothing is asked again as it may have been meant.

    Raises:
        IndexDamaged: if the engine cannot read its index.
    """
    reader = Reader.of(session, actor, index)
    answer = _answer(reader, asked, size)
    known = _known(asked, answer.names)
    if known != asked.chosen:
        asked = replace(asked, chosen=known)
        answer = _answer(reader, asked, size)
    other, typed = spelling.other(reader, asked, answer.page), None
    if other is not None and other.is_sure:
        typed, asked, other = replace(asked, exact=True, page=1), other.asked, None
        answer = _answer(reader, asked, size)
    pages = max(1, -(-answer.page.total // size))
    if asked.page > pages:
        asked = replace(asked, page=pages)
        answer = _answer(reader, asked, size)
    page, names = answer.page, answer.names
    return Results(
        asked,
        page.total,
        _results(page, answer.posts),
        [facet for name in FACETS if (facet := _facet(name, asked, answer)).values],
        [
            Chip(names[name].get(value, value), asked.without(name, value))
            for name, values in asked.chosen.items()
            for value in values
        ],
        tuple(dict.fromkeys([*reader.understood(asked).notes, *page.notes])),
        [] if page.total else _drops(reader, asked, names),
        pages,
        typed=typed,
        meant=other.asked if other else None,
        also=page.also,
        only=_only(reader, asked) if page.also else None,
    )


def _answer(reader: Reader, asked: Asked, size: int) -> _Answer:
    page, posts = reader.page(asked, size)
    counts = {name: _shown(name, asked, page) for name in FACETS}
    return _Answer(page, posts, counts, _names(reader, counts))


def _only(reader: Reader, asked: Asked) -> tuple[str, Asked] | None:
    """Return the words that brought others with them, and the question that keeps the others out."""
    used = vocabulary.used(asked.words, reader.synonyms)
    quoted = vocabulary.exactly(asked.words, used)
    return None if quoted == asked.words else (", ".join(_as_typed(asked.words, used)), asked.saying(quoted))


def _as_typed(question: str, used: Sequence[str]) -> list[str]:
    spaced = " ".join(question.split())
    starts = {word: spaced.lower().find(word) for word in used}
    return [spaced[at : at + len(word)] for word, at in sorted(starts.items(), key=lambda pair: pair[1]) if at >= 0]


def _results(page: SearchPage, posts: Sequence[Hit]) -> list[Result]:
    hits = {hit.key: hit for hit in page.hits}
    return [Result(post, hits[f"post:{post.id}"].title, hits[f"post:{post.id}"].passages) for post in posts]


def _shown(name: str, asked: Asked, page: SearchPage) -> dict[str, int]:
    """Return the values of a facet that a page shows, with their counts: the chosen ones and the commonest."""
    counts = page.facets.get(name, {})
    commonest = nsmallest(_room(name), counts, key=lambda value: (-counts[value], value))
    return {value: counts.get(value, 0) for value in dict.fromkeys([*asked.chosen.get(name, ()), *commonest])}


def _room(name: str) -> int:
    return 2 * MOST_VALUES if name in {"strand", "year"} else MOST_VALUES


def _names(reader: Reader, counts: Mapping[str, Mapping[str, int]]) -> dict[str, Mapping[str, str]]:
    """Return what the values are called, of those that the actor may know of."""
    return {
        "kind": {code: kind.plural for code, kind in KINDS.items()},
        "year": {value: str(SchoolYear(int(value))) for value in counts["year"]},
        "state": {str(state): words for state, words in PRACTICE_STATES.items()},
        "verdict": {str(verdict): words for verdict, words in VERDICTS.items()},
        "tag": {tag: tag for tag in counts["tag"]},
        **facet_names.of(reader.session, reader.actor, {name: list(counts[name]) for name in facet_names.NAMED}),
    }


def _known(asked: Asked, names: Mapping[str, Mapping[str, str]]) -> Chosen:
    kept = {name: tuple(v for v in values if v in names[name]) for name, values in asked.chosen.items()}
    return {name: values for name, values in kept.items() if values}


def _facet(name: str, asked: Asked, answer: _Answer) -> Facet:
    called, chosen = answer.names[name], asked.chosen.get(name, ())
    values = [
        Value(value, called[value], count, value in chosen)
        for value, count in answer.counts[name].items()
        if value in called
    ]
    return Facet(name, FACETS[name], tuple(sorted(values, key=_order(name, list(called)))))


def _order(name: str, called: list[str]) -> Callable[[Value], tuple[int, str]]:
    """Return how the values of a facet are ordered: as we list them, newest year first, else the commonest first."""
    if name in {"kind", "state", "verdict", "strand", "district"}:
        return lambda value: (called.index(value.value), "")
    if name == "year":
        return lambda value: (-int(value.value), "")
    return lambda value: (-value.count, value.label)


def _drops(reader: Reader, asked: Asked, names: Mapping[str, Mapping[str, str]]) -> list[Drop]:
    """Return what to leave out of a question that found nothing, the most helpful first; each is one small search."""
    ways = [
        (f"without “{names[name].get(value, value)}”", asked.without(name, value))
        for name, values in asked.chosen.items()
        for value in values
    ][:MOST_DROPS]
    if len(ways) > 1:
        ways.append(("without any of these", replace(asked, chosen={}, page=1)))
    ways += _shorter(asked)
    if asked.words and asked.chosen:
        ways.append((f"without the words “{asked.words[:60]}”", asked.saying("")))
    drops = []
    for label, way in ways:
        count = reader.count(way)
        if count:
            drops.append(Drop(label, way, count))
    return sorted(drops, key=lambda drop: drop.asked.words != asked.words)


def _shorter(asked: Asked) -> list[tuple[str, Asked]]:
    """Return the ways to leave out one of the words, fields, phrases and unwanted words of a question."""
    parts = _PART.findall(asked.words)
    plain = [part for part in parts if not _has_signs(part)]
    signed = [part for part in parts if _has_signs(part)]
    each = [*signed[:MOST_DROPS], *plain[: max(0, MOST_DROPS - len(signed))]] if len(parts) > 1 else []
    ways = [(part, _less(parts, [part])) for part in dict.fromkeys(each)]
    if signed and len(plain) > 1:  # where no post has any of the words, to leave out one of them would not help
        ways.append((" ".join(plain), _less(parts, plain)))
    return [(f"without “{_bare(part)}”", asked.saying(rest)) for part, rest in ways if rest]


def _has_signs(part: str) -> bool:
    return part.startswith("-") or ":" in part or '"' in part


def _less(parts: Sequence[str], dropped: Sequence[str]) -> str:
    return " ".join(part for part in parts if part not in dropped)


def _bare(part: str) -> str:
    return part.replace('"', "").strip()[:60]
