import random
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.differences import Stretch, compare, fold, is_changed, paragraphs


def shown(before: str, after: str) -> str:
    signs = {"same": "{}", "added": "[+{}]", "removed": "[-{}]", "folded": "[…{}]"}
    return "".join(signs[stretch.kind].format(stretch.text) for stretch in compare(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("same", "same", "same"),
        ("", "new", "[+new]"),
        ("old", "", "[-old]"),
        ("", "", ""),
        (
            "We meet on Monday at nine.",
            "We meet on Tuesday at nine.",
            "We meet on [-Monday][+Tuesday] at nine.",
        ),
        (
            "We meet on Monday morning at nine.",
            "We meet on Friday afternoon at nine.",
            "We meet on [-Monday morning][+Friday afternoon] at nine.",
        ),
        ("- one\n- two\n", "- one\n- more\n- two\n", "- one\n[+- more\n]- two\n"),
        (
            "A sentence written once.",
            "Something else altogether!",
            "[-A sentence written once.][+Something else altogether!]",
        ),
        ("It is long, and good.", "It is long and good.", "It is long[-,] and good."),
    ],
)
def test_shows_what_changed_in_words(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected


_TEXTS = st.text(alphabet="ab ,.\n", max_size=60)


@given(_TEXTS, _TEXTS)
def test_both_versions_can_be_read_from_it(before: str, after: str) -> None:
    stretches = compare(before, after)
    assert "".join(stretch.text for stretch in stretches if stretch.kind != "added") == before
    assert "".join(stretch.text for stretch in stretches if stretch.kind != "removed") == after
    assert is_changed(stretches) == (before != after)
    assert all(left.kind != right.kind for left, right in pairwise(stretches))


@given(_TEXTS, _TEXTS)
def test_paragraphs_and_folds_keep_every_word(before: str, after: str) -> None:
    stretches = compare(before, after)
    words = "".join("".join(stretch.text for stretch in stretches).split())
    assert "".join("".join(s.text for part in paragraphs(stretches) for s in part).split()) == words
    assert "".join(stretch.text for stretch in fold(stretches)) == "".join(stretch.text for stretch in stretches)


def test_a_long_paragraph_is_shown_as_a_whole() -> None:
    before, after = "old word " * 1000, "new word " * 1000
    assert compare(before, after) == (Stretch("removed", before), Stretch("added", after))


def test_paragraphs_keep_to_themselves() -> None:
    assert paragraphs(compare("One.\n\nTwo two two.\n\nThree.", "One.\n\nTwo two four.\n\nThree.")) == (
        (Stretch("same", "One."),),
        (Stretch("same", "Two two "), Stretch("removed", "two"), Stretch("added", "four"), Stretch("same", ".")),
        (Stretch("same", "Three."),),
    )


def test_what_did_not_change_folds_away_between_words() -> None:
    page = "\n".join(f"Line {number} of a long page." for number in range(60))
    kinds = [stretch.kind for stretch in fold(compare(page, page.replace("Line 30 ", "Row 30 ")))]
    assert kinds == ["folded", "same", "removed", "added", "same", "folded"]
    folded = fold(compare(page, page + " End"))
    assert [stretch.kind for stretch in folded] == ["folded", "same", "added"]
    assert folded[1].text.lstrip().startswith(("Line", "of", "a", "long", "page."))
    assert len(folded[1].text) < 100


@pytest.mark.parametrize("kinds", [2, 101, 1000, 10**9])
@pytest.mark.parametrize("between", ["\n", " "])
def test_is_quick_on_any_size(kinds: int, between: str) -> None:
    chance = random.Random(kinds)  # noqa: S311 - the same texts every time
    before, after = (between.join(f"{chance.randrange(kinds)}" for _ in range(40_000)) for _ in range(2))
    began = perf_counter()
    compare(before, after)
    compare(before[:8_000], after[:8_000])
    assert perf_counter() - began < 2
