"""One reader before the search engine: every question carries their labels, the field's words, and what is stale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.policy import Actor
from app.queries import freshness, hits, understanding, vocabulary
from app.queries.asked import FACETS, Asked
from app.queries.hits import Hit
from app.queries.understanding import Names, Understood
from app.search import Order, SearchIndex, SearchPage, SearchQuery

TRIES = 3  # how often to ask again because the database says no to something the index has


@dataclass
class Reader:
    """Whoever asks. Made once a request."""

    session: Session
    actor: Actor
    index: SearchIndex
    synonyms: Mapping[str, tuple[str, ...]]
    stale: frozenset[str]
    names: Names
    _understood: dict[str, Understood] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, actor: Actor, index: SearchIndex) -> "Reader":
        """Return the reader that ``actor`` is."""
        synonyms = vocabulary.alternatives(session, actor)
        return cls(session, actor, index, synonyms, freshness.stale(session, actor), Names(session, actor))

    def understood(self, asked: Asked) -> Understood:
        """Return the question with names made numbers, and what to say about it."""
        if asked.words not in self._understood:
            self._understood[asked.words] = understanding.read(self.names, asked.words)
        return self._understood[asked.words]

    def page(self, asked: Asked, size: int, *, relax: bool = True) -> tuple[SearchPage, Sequence[Hit]]:
        """Return one page of results and its posts. What the database does not let them read is not counted either.

        Raises:
            IndexDamaged: if the engine cannot read its index.
        """
        found: Sequence[Hit] = []
        for _ in range(TRIES):
            page = self.index.search(self._query(asked, size, relax=relax))
            keys = [hit.key for hit in page.hits]
            found = hits.by_ids(self.session, self.actor, [int(key.removeprefix("post:")) for key in keys])
            missing = set(keys) - {f"post:{post.id}" for post in found}
            if not missing:
                break
            self.stale |= missing
        return page, found

    def count(self, asked: Asked, *, relax: bool = True) -> int:
        """Return how many posts a question finds."""
        return self.index.search(self._query(asked, 1, relax=relax, whole=False)).total

    def numbers(self, asked: Asked, most: int) -> tuple[int, Sequence[int]]:
        """Return how many posts have exactly what is asked for, and the numbers of the first ``most``."""
        page = self.index.search(self._query(asked, most, relax=False, whole=False))
        return page.total, [int(hit.key.removeprefix("post:")) for hit in page.hits]

    def _query(self, asked: Asked, size: int, *, relax: bool, whole: bool = True) -> SearchQuery:
        return SearchQuery(
            self.understood(asked).words,
            self.actor.audiences,
            filters={name: frozenset(values) for name, values in asked.chosen.items()},
            order=Order.NEWEST if asked.newest else Order.RELEVANCE,
            offset=(asked.page - 1) * size,
            limit=size,
            facets=tuple(FACETS) if whole else (),
            passages=whole,
            synonyms=self.synonyms,
            relax=relax,
            without=self.stale,
            correct=relax and not asked.exact,
        )
