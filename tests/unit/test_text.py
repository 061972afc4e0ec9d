import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.text import initials, inside, join_words, names, plural, shorten


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("Number talks", 12, "Number talks"),
        ("Number talks work", 12, "Number…"),
        ("Number talks work", 13, "Number talks…"),
        ("Number, talks", 9, "Number…"),
        ("Incomprehensible", 6, "Incom…"),
        ("two\n\n  lines", 20, "two lines"),
    ],
)
def test_shortens_between_words(text: str, most: int, expected: str) -> None:
    assert shorten(text, most) == expected


@given(st.text(), st.integers(1, 40))
def test_never_longer_than_asked(text: str, most: int) -> None:
    assert len(shorten(text, most)) <= most


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Ruiz", "AR"),
        ("Dr. Ana María de la Cruz", "AC"),
        ("ben", "B"),
        ("“Ann” O’Day", "AO"),
        ("ßeta", "S"),
        ("", "?"),
        ("42", "?"),
    ],
)
def test_takes_the_first_and_the_last_initial(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_counts_with_the_right_noun() -> None:
    assert [plural(n, "practice", "practices") for n in (0, 1, 2400)] == [
        "0 practices",
        "1 practice",
        "2,400 practices",
    ]


def test_joins_words_as_a_sentence_does() -> None:
    assert [join_words(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert join_words(["adopt", "adapt"], last="or") == "adopt or adapt"


def test_names_a_few_and_counts_the_rest() -> None:
    assert names(["Ana", "Ben", "Cy"]) == "Ana, Ben and Cy"
    assert names(["Ana", "Ben", "Cy", "Di"]) == "Ana, Ben, Cy and 1 other"
    assert names(["Ana", "Ben", "Cy", "Di"], most=1) == "Ana and 3 others"


def test_a_name_inside_a_sentence_begins_small_unless_it_never_does() -> None:
    assert inside("All students") == "all students"
    assert inside("English learners") == "English learners"
    assert inside("Grades TK–K") == "grades TK–K"
    assert inside("") == ""
