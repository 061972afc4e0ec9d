from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.lexicon import letters_of, lexicon
from app.search.spelling import distance, within_one

letters = st.text(alphabet="abcdeé", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("placement", "placment", 1),
        ("talks", "tlaks", 1),
        ("talks", "walks", 1),
        ("rubric", "rubrics", 1),
        ("routine", "rutine", 1),
        ("attendance", "atendence", 2),
        ("same", "same", 0),
        ("abc", "xyz", 3),
    ],
)
def test_edits_are_counted_as_people_make_them(one: str, other: str, expected: int) -> None:
    assert distance(one, other) == distance(other, one) == expected
    assert within_one(one, other) == (expected <= 1)


@given(letters, letters)
def test_one_edit_is_a_distance_of_at_most_one(one: str, other: str) -> None:
    assert within_one(one, other) == (distance(one, other) <= 1)


@given(st.lists(letters, max_size=30, unique=True), letters, st.integers(1, 2))
def test_no_word_that_is_near_is_passed_over(words: list[str], word: str, edits: int) -> None:
    known = lexicon(words)

    found = set(known.like(word, edits))

    assert {other for other in known.words if distance(word, other) <= edits} <= found


def test_the_letters_of_a_word_are_a_small_number() -> None:
    random = Random(3)  # noqa: S311
    assert all(0 <= letters_of(chr(random.randrange(32, 70_000)) * 3) < 2**32 for _ in range(500))
