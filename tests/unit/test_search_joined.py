"""What is kept from one commit to the next says the same as reading everything anew."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.search.joined import JoinedCache
from app.search.postings import NO_POSTINGS, Postings

WORDS = ("number", "talks")


@dataclass(frozen=True)
class Part:
    """A segment of which each document has the words of its number: bit 0 is the first word."""

    docs: tuple[int, ...]

    @property
    def size(self) -> int:
        return len(self.docs)

    def postings(self, word: str) -> Postings:
        having = [at for at, bits in enumerate(self.docs) if bits >> WORDS.index(word) & 1]
        return Postings(np.array(having, np.int32), np.array([self.docs[at] for at in having], np.float32))


def ask(cache: JoinedCache, word: str) -> tuple[list[int], list[float]]:
    found = cache.get((word,), NO_POSTINGS, lambda part: cast("Part", part).postings(word))
    return found.docs.tolist(), found.times.tolist()


parts = st.lists(st.integers(0, 3), min_size=1, max_size=4).map(lambda docs: Part(tuple(docs)))
commits = st.tuples(st.sets(st.integers(0, 6)), st.lists(parts, max_size=2), st.sets(st.sampled_from(WORDS)))


@given(st.lists(commits, min_size=1, max_size=8))
def test_kept_is_as_good_as_read_anew(history: list[tuple[set[int], list[Part], set[str]]]) -> None:
    kept = JoinedCache()
    segments: list[Any] = []
    for gone, new, asked in history:
        segments = [part for at, part in enumerate(segments) if at not in gone] + new
        kept.follow(segments)
        anew = JoinedCache()
        anew.follow(segments)
        for word in sorted(asked):
            assert ask(kept, word) == ask(anew, word)


def test_what_is_gone_without_anything_in_its_place_is_forgotten() -> None:
    cache = JoinedCache()
    part: Any = Part((1, 1))
    cache.follow([part])
    assert ask(cache, "number") == ([0, 1], [1.0, 1.0])

    cache.follow([])

    assert ask(cache, "number") == ([], [])
