"""Twelve ways people search, among a thousand posts: each finds what it should, all of it, and nothing else."""

from collections.abc import Iterator
from random import Random

import pytest

from app.search import SearchDocument, SearchIndex, SearchQuery, open_index

EVERYBODY = frozenset({"public"})
FILLER = (
    "students teachers meeting district school reading writing mathematics lesson visit team evidence plan week grade "
    "report figure survey family support coaching schedule principal classroom unit homework library garden bus"
)

# What is looked for, and texts that must be found for it.
WANTED: dict[str, tuple[str, ...]] = {
    "phrase": ("our theory of action is simple", "a theory of action in three parts"),
    "code": ("Section 504 plans were reviewed", "a 504 coordinator at every site"),
    "part of a word": ("the reclassification checklist", "reclassifying in spring"),
    "variant spelling": ("a walkthrough of the halls", "every walk-through took an hour"),
    "typo": ("placement rules changed", "course placement by counselors"),
    "inflection": ("they adopted the routine", "adoption took a year", "adopting it was easy"),
    "order": ("number talks every morning", "talks about number sense"),
    "two words apart": ("attendance fell, and after a long winter truancy rose",),
    "plural": ("one rubric for all", "two rubrics at once"),
    "A-G": ("A-G completion rose", "more A–G courses", "the A‑G list"),
    "accents": ("the élan of Señora Peña", "pena and others"),
    "abbreviation": ("every I.E.P. was read", "an IEP for each"),
}
NEAR = ("action of a theory", "plan a, then group g", "5.04 percent", "a place and a statement", "numbers alone")
QUESTIONS = {
    "phrase": '"theory of action"',
    "code": "504",
    "part of a word": "reclassif",
    "variant spelling": "walk-through",
    "typo": "placment",
    "inflection": "adopts",
    "order": "talks number",
    "two words apart": "truancy attendance",
    "plural": "rubrics",
    "A-G": "a-g",
    "accents": "pena",
    "abbreviation": "IEP",
}


def thousand() -> tuple[list[SearchDocument], dict[str, set[str]]]:
    """Return posts, some of which say what is wanted, and which those are."""
    random = Random(12)  # noqa: S311
    said = [(name, text) for name, texts in WANTED.items() for text in texts for _ in range(4)]
    said += [("", text) for text in NEAR for _ in range(10)]
    said += [("", "")] * (1_000 - len(said))
    random.shuffle(said)
    wanted: dict[str, set[str]] = {name: set() for name in WANTED}
    posts = []
    for number, (name, text) in enumerate(said, 1):
        around = [" ".join(random.choices(FILLER.split(), k=random.randint(10, 60))) for _ in range(2)]
        posts.append(
            SearchDocument(
                f"post:{number}",
                1,
                " ".join(random.choices(FILLER.split(), k=4)),
                f"{around[0]}. {text}. {around[1]}.",
                EVERYBODY,
                {},
                number,
            )
        )
        if name:
            wanted[name].add(f"post:{number}")
    return posts, wanted


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SearchIndex, dict[str, set[str]]]]:
    posts, wanted = thousand()
    index = open_index(f"whoosh:{tmp_path_factory.mktemp('twelve')}/index")
    with index.rebuilding() as fresh:
        fresh.apply(posts)
    yield index, wanted
    index.close()


@pytest.mark.parametrize("name", WANTED)
def test_it_finds_all_that_it_should(filled: tuple[SearchIndex, dict[str, set[str]]], name: str) -> None:
    index, wanted = filled
    question = QUESTIONS[name]
    if name == "typo":
        assert index.search(SearchQuery(question, EVERYBODY)).total == 0
        question = index.suggest(question, EVERYBODY) or ""
        assert question == "placement"

    page = index.search(SearchQuery(question, EVERYBODY, limit=100))

    assert {hit.key for hit in page.hits} == wanted[name]
    assert page.total == len(wanted[name]) > 0
    assert all(any(piece.is_match for part in hit.passages for piece in part) for hit in page.hits)
    assert page.notes == ()


def test_a_typo_beside_a_known_word_is_mended_and_said(filled: tuple[SearchIndex, dict[str, set[str]]]) -> None:
    index, wanted = filled

    page = index.search(SearchQuery("course placment", EVERYBODY, limit=100))

    assert page.corrected == "course placement"
    assert page.notes == ("No post has “placment”, so “placement” was searched for.",)
    assert {hit.key for hit in page.hits} < wanted["typo"]
    assert page.total == 4
