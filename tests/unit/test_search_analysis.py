import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.analysis import fold, stem, times_of, tokens


def words(text: str) -> list[str]:
    return [word for token in tokens(text) for word in token.parts]


@pytest.mark.parametrize("typed", ["A-G", "a-g", "A–G", "A‑G"])
def test_a_g_is_one_word_however_it_is_written(typed: str) -> None:
    assert words(f"the {typed} courses") == ["the", "a-g", "courses"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("K-8 and TK-5", ["k-8", "and", "tk-5"]),
        ("grades 6–12", ["grades", "6-12"]),
        ("A-G-required", ["a-g", "required"]),
        ("an I.E.P. or IEP", ["an", "iep", "or", "iep"]),
        ("Section 504, ELD", ["section", "504", "eld"]),
        ("1,200 of 3.5", ["1200", "of", "3.5"]),
        ("the teacher’s café", ["the", "teacher", "cafe"]),
        ("O’Day", ["oday"]),
        ("soft\u00adware", ["software"]),
        ("word—another", ["word", "another"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_codes_numbers_and_names_stay_together(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_hyphenated_word_is_also_one() -> None:
    [token] = tokens("walk-through")

    assert (token.parts, token.joined) == (("walk", "through"), "walkthrough")


def test_forms_of_a_word_share_a_stem_and_codes_do_not() -> None:
    assert stem("adoption") == stem("adopted") == stem("adopts")
    assert stem("k-8") == "k-8"


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_a_word_is_found_again_where_its_token_says(text: str) -> None:
    for token in tokens(text):
        [again, *rest] = tokens(text[token.start : token.end])
        assert (again.parts, rest) == (token.parts, [])


@pytest.mark.parametrize("part", ["a-", "1,", "a.", "a'", "1.1,", "-", "'"])
def test_crafted_text_takes_no_longer_than_it_is_long(part: str) -> None:
    started = time.process_time()
    count = sum(1 for _ in tokens(part * 100_000 + "x"))

    assert count > 0
    assert time.process_time() - started < 5


@given(st.text(alphabet="aAbz19'’-–.,` \n_é\u00adß²漢İΣ", max_size=60))
def test_words_are_counted_as_they_are_read(text: str) -> None:
    assert times_of(text) == Counter(filter(None, words(text)))


@given(st.text(max_size=60))
def test_folding_a_text_folds_each_of_its_characters(text: str) -> None:
    assert fold(text) == "".join(map(fold, text))
