"""Our scores are Whoosh's: the same numbers, query by query, as its own BM25F searcher."""

from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.query import Or, Term
from whoosh.scoring import BM25F

from app.search import Order, SearchDocument, SearchQuery, open_index
from app.search.analysis import stem
from app.search.scoring import newest, newest_of_many
from app.search.storage import opened
from app.search.units import EXACT_WEIGHT, EXACT_WEIGHT_OF_FEW, FEW_WORDS, TITLE_WEIGHT

EVERYBODY = frozenset({"public"})
WORDS = ("number", "talks", "talking", "adoption", "adopted", "a-g", "504", "placement", "café", "walk-through")


class Robertson(BM25F):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's scorer with the idf that Braid uses."""

    def idf(self, searcher: Any, fieldname: str, text: str) -> float:
        having = searcher.get_parent().doc_frequency(fieldname, text)
        return log(1 + (searcher.doc_count_all() - having + 0.5) / (having + 0.5))


def whoosh_scores(folder: Path, words: list[str]) -> dict[str, float]:
    exactly = EXACT_WEIGHT if len(words) > FEW_WORDS else EXACT_WEIGHT_OF_FEW
    weights = [("all", 1.0), ("title", TITLE_WEIGHT)]
    terms = [Term(name, stem(word), boost=weight) for word in words for name, weight in weights]
    terms += [Term("exact", word, boost=exactly) for word in words]
    with opened(folder).searcher(weighting=Robertson()) as searcher:
        found = searcher.search(Or(terms), limit=None, optimize=False)
        return {hit["shown_key"]: hit.score for hit in found}


texts = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    batches=st.lists(st.lists(st.tuples(texts, texts), min_size=1, max_size=5), min_size=1, max_size=3),
    words=st.lists(
        st.sampled_from([word for word in WORDS if word not in {"café", "walk-through"}]),
        min_size=1,
        max_size=4,
        unique=True,
    ),
)
def test_scores_are_those_of_whoosh(batches: list[list[tuple[str, str]]], words: list[str]) -> None:
    with TemporaryDirectory() as place:
        index = open_index(f"whoosh:{place}")
        number = 0
        for batch in batches:
            documents = []
            for title, text in batch:
                number += 1
                documents.append(SearchDocument(f"post:{number}", 1, title, text, EVERYBODY, {}, 0))
            index.apply(documents)

        page = index.search(SearchQuery(" ".join(words), EVERYBODY, limit=100))
        index.close()

        expected = whoosh_scores(Path(place) / "index-000001", words)
        assert {hit.key: hit.score for hit in page.hits} == {
            hit.key: pytest.approx(expected[hit.key], rel=1e-6) for hit in page.hits
        }
        if len(words) > 1 and not page.relaxed:  # what is exact or complete comes first, whatever the score
            assert [hit.score for hit in page.hits] == sorted((hit.score for hit in page.hits), reverse=True)


def test_hidden_posts_move_no_score(tmp_path: Path) -> None:
    seen = [SearchDocument(f"post:{n}", 1, f"Talk {n}", "number talks " * n, EVERYBODY, {}, n) for n in range(1, 6)]
    hidden = [
        SearchDocument(f"post:{n}", 1, "Talks", "talks " * 50, frozenset({"person:1"}), {}, n) for n in range(6, 30)
    ]
    alone, mixed = open_index(f"whoosh:{tmp_path}/alone"), open_index(f"whoosh:{tmp_path}/mixed")
    alone.apply(seen)
    mixed.apply([*hidden, *seen])

    for order in Order:
        query = SearchQuery("number talks", EVERYBODY, order=order)
        assert alone.search(query) == mixed.search(query)
    alone.close()
    mixed.close()


@given(st.integers(1, 4000), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_the_newest_are_the_same_whichever_way_they_are_found(size: int, first: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    ages = chance.permutation(size)
    docs = np.flatnonzero(chance.random(size) < chance.random())
    mask = np.zeros(size, np.bool_)
    mask[docs] = True

    found = newest(ages, docs, first)

    assert found.tolist() == sorted(docs.tolist(), key=lambda doc: int(ages[doc]))[:first]
    assert newest_of_many(np.argsort(ages), mask, first).tolist() == found.tolist()
