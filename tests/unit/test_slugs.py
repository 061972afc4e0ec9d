import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.slugs import slug


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Number talks", "number-talks"),
        ("Who’s in the room? Ana & Ben", "whos-in-the-room-ana-ben"),
        ("Größe – Ñandú, Łódź", "grosse-nandu-lodz"),
        ("A-G: K–8", "a-g-k-8"),
        ("数学", ""),
        ("", ""),
        ("x" * 70, "x" * 60),
    ],
)
def test_keeps_the_words_of_a_title(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_cuts_between_words() -> None:
    assert slug("shared " * 20) == "shared-" * 7 + "shared"


@given(st.text())
def test_fits_in_an_address(title: str) -> None:
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug(title))
    assert len(slug(title)) <= 60
