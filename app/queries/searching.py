"""Searching: what somebody asks, put to the engine with their labels, and read from the database once more."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from app.kinds import KINDS, PRACTICE_STATES
from app.lib.school_year import SchoolYear
from app.models import Post
from app.models.practice import Verdict
from app.policy import Actor
from app.queries import facet_names, posts
from app.search import Order, Piece, SearchIndex, SearchPage, SearchQuery
from app.search.asking import LONGEST_QUESTION

PAGE = 20
LAST_PAGE = 1_000_000  # far beyond any; keeps what people type in an address from becoming a huge number
MOST_CHOSEN = 20  # values of one facet
MOST_VALUES = 8  # of one facet on a page, besides those that are chosen
MOST_DROPS = 6  # ways out of an empty page

FACETS = {
    "kind": "Kind",
    "strand": "Strand",
    "district": "District",
    "year": "School year",
    "state": "Where a practice is",
    "verdict": "After a trial",
    "indicator": "Indicator",
    "author": "Person",
    "tag": "Tag",
}
VERDICTS = {Verdict.ADOPT: "Adopted", Verdict.ADAPT: "Adapted", Verdict.ABANDON: "Abandoned"}

Chosen = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, as an address says it."""

    words: str = ""
    chosen: Chosen = field(default_factory=dict)  # facet to values, in the order they were chosen
    newest: bool = False
    page: int = 1

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> "Asked":
        """Read it from the names and values of an address; what makes no sense is left out."""
        words, newest, page = "", False, 1
        chosen: dict[str, dict[str, None]] = {}
        for name, value in pairs:
            if name == "q":
                words = value.strip()[: LONGEST_QUESTION + 1]  # one more than is searched for, so that it is said
            elif name == "order":
                newest = value == Order.NEWEST
            elif name == "page":
                page = _page_number(value)
            elif name in FACETS and _makes_sense(name, value) and len(chosen.get(name, ())) < MOST_CHOSEN:
                chosen.setdefault(name, {}).setdefault(value.strip())
        return cls(words, {name: tuple(chosen[name]) for name in FACETS if name in chosen}, newest, page)

    def pairs(self) -> dict[str, str | list[str]]:
        """Return it as an address holds it, without what goes without saying."""
        said: dict[str, str | list[str]] = {"q": self.words} if self.words else {}
        said |= {name: list(values) for name, values in self.chosen.items() if values}
        if self.newest:
            said["order"] = str(Order.NEWEST)
        if self.page > 1:
            said["page"] = str(self.page)
        return said

    def without(self, name: str, value: str) -> "Asked":
        """Return the same question without one of the chosen values, from its first page."""
        kept = {
            facet: tuple(one for one in values if (facet, one) != (name, value))
            for facet, values in self.chosen.items()
        }
        return replace(self, chosen={facet: values for facet, values in kept.items() if values}, page=1)


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

    post: Post
    title: tuple[Piece, ...]
    passages: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """What could be dropped from a question that found nothing, and how many posts that would find."""

    label: str
    asked: Asked
    count: int


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


def found(session: Session, actor: Actor, index: SearchIndex, asked: Asked, *, size: int = PAGE) -> Results:
    """Return the page of ``size`` results that ``asked`` names, or the last one there is.

    Everything is limited to what ``actor`` may read: by the engine, and once more by the database, whose answer counts.

    Raises:
        IndexDamaged: if the engine cannot read its index.
    """
    page = index.search(_query(actor, asked, size))
    names = _names(session, actor, asked, page)
    known = _known(asked, names)
    if known != asked.chosen:
        asked = replace(asked, chosen=known)
        page = index.search(_query(actor, asked, size))
        names = _names(session, actor, asked, page)
    pages = max(1, -(-page.total // size))
    if asked.page > pages:
        asked = replace(asked, page=pages)
        page = index.search(_query(actor, asked, size))
    return Results(
        asked,
        page.total,
        _results(session, actor, page),
        [facet for name in FACETS if (facet := _facet(name, asked, page, names)).values],
        [
            Chip(names[name].get(value, value), asked.without(name, value))
            for name, values in asked.chosen.items()
            for value in values
        ],
        page.notes,
        [] if page.total else _drops(actor, index, asked, names),
        pages,
    )


def _query(actor: Actor, asked: Asked, size: int) -> SearchQuery:
    return SearchQuery(
        asked.words,
        actor.audiences,
        filters={name: frozenset(values) for name, values in asked.chosen.items()},
        order=Order.NEWEST if asked.newest else Order.RELEVANCE,
        offset=(asked.page - 1) * size,
        limit=size,
        facets=tuple(FACETS),
    )


def _results(session: Session, actor: Actor, page: SearchPage) -> list[Result]:
    hits = {int(hit.key.removeprefix("post:")): hit for hit in page.hits if hit.key.startswith("post:")}
    readable = posts.by_ids(session, actor, list(hits))
    return [Result(post, hits[post.id].title, hits[post.id].passages) for post in readable]


def _shown(name: str, asked: Asked, page: SearchPage) -> dict[str, int]:
    """Return the values of a facet that a page shows, with their counts: the chosen ones and the commonest."""
    counts = page.facets.get(name, {})
    commonest = sorted(counts, key=lambda value: (-counts[value], value))[: _room(name)]
    return {value: counts.get(value, 0) for value in dict.fromkeys([*asked.chosen.get(name, ()), *commonest])}


def _room(name: str) -> int:
    return 2 * MOST_VALUES if name in {"strand", "year"} else MOST_VALUES


def _names(session: Session, actor: Actor, asked: Asked, page: SearchPage) -> dict[str, Mapping[str, str]]:
    """Return what the values are called, of those that the actor may know of."""
    shown = {name: list(_shown(name, asked, page)) for name in FACETS}
    return {
        "kind": {code: kind.plural for code, kind in KINDS.items()},
        "year": {value: str(SchoolYear(int(value))) for value in shown["year"]},
        "state": {str(state): words for state, words in PRACTICE_STATES.items()},
        "verdict": {str(verdict): words for verdict, words in VERDICTS.items()},
        "tag": {tag: tag for tag in shown["tag"]},
        **{name: facet_names.of(session, actor, name, shown[name]) for name in facet_names.NAMED},
    }


def _known(asked: Asked, names: Mapping[str, Mapping[str, str]]) -> Chosen:
    kept = {name: tuple(v for v in values if v in names[name]) for name, values in asked.chosen.items()}
    return {name: values for name, values in kept.items() if values}


def _facet(name: str, asked: Asked, page: SearchPage, names: Mapping[str, Mapping[str, str]]) -> Facet:
    called, chosen = names[name], asked.chosen.get(name, ())
    values = [
        Value(value, called[value], count, value in chosen)
        for value, count in _shown(name, asked, page).items()
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


def _drops(actor: Actor, index: SearchIndex, asked: Asked, names: Mapping[str, Mapping[str, str]]) -> list[Drop]:
    """Return what to leave out of a question that found nothing, the most helpful first; each is one small search."""
    ways = [
        (f"without “{names[name].get(value, value)}”", asked.without(name, value))
        for name, values in asked.chosen.items()
        for value in values
    ][:MOST_DROPS]
    if len(ways) > 1:
        ways.append(("without any of these", replace(asked, chosen={}, page=1)))
    if asked.words and asked.chosen:
        ways.append((f"without the words “{asked.words[:60]}”", replace(asked, words="", page=1)))
    drops = []
    for label, way in ways:
        count = index.search(replace(_query(actor, way, 1), facets=(), passages=False)).total
        if count:
            drops.append(Drop(label, way, count))
    return sorted(drops, key=lambda drop: drop.asked.words != asked.words)


def _makes_sense(name: str, value: str) -> bool:
    value = value.strip()
    match name:
        case "kind":
            return value in KINDS
        case "state":
            return value in set(PRACTICE_STATES)
        case "verdict":
            return value in set(VERDICTS)
        case "tag":
            return 0 < len(value) <= 40  # noqa: PLR2004
        case "year":
            return _is_number(value, 4) and 1990 <= int(value) <= 2100  # noqa: PLR2004
        case _:
            return _is_number(value, 12)


def _is_number(value: str, digits: int) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= digits and str(int(value)) == value


def _page_number(value: str) -> int:
    """Return the page an address names: the first for what is no number, and one past the end for what is too much."""
    if not (value.isascii() and value.isdigit()):
        return 1
    return max(1, int(value)) if len(value) <= 6 else LAST_PAGE  # noqa: PLR2004
