import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.paragraphs import Block, blocks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One line", [Block("p", ("One line",))]),
        ("One\ntwo\n\nthree", [Block("p", ("One", "two")), Block("p", ("three",))]),
        ("Agenda:\r\n- first\r\n- second", [Block("p", ("Agenda:",)), Block("ul", ("first", "second"))]),
        ("1. first\n2) second\n  goes on\nAfter", [Block("ol", ("first", "second goes on")), Block("p", ("After",))]),
        ("• a\n– b\n* c", [Block("ul", ("a", "b", "c"))]),
        ("2009. We began", [Block("p", ("2009. We began",))]),
        ("3. Third alone", [Block("p", ("3. Third alone",))]),
        ("-5 points since 2008\n–", [Block("p", ("-5 points since 2008", "–"))]),
    ],
)
def test_paragraphs_and_lists_as_typed(text: str, expected: list[Block]) -> None:
    assert blocks(text) == expected


@given(st.text(alphabet="ab 1.-\n", max_size=60))
def test_no_letter_is_lost(text: str) -> None:
    kept = "".join(line for block in blocks(text) for line in block.lines)

    assert [one for one in kept if one.isalpha()] == [one for one in text if one.isalpha()]
