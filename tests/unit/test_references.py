from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.markdown import to_html
from app.lib.references import indicators_in, people_in, posts_in, without_code

BASE = "https://braid.example.org/"


@pytest.mark.parametrize(
    "source",
    [
        "See [it](/posts/812-number-talks).",
        "See [it](/posts/812).",
        "See [it](</posts/812-number-talks> 'Number talks').",
        "See [it](/posts/812#comment-3) and [again](/posts/812?page=2).",
        "See [it][1].\n\n[1]: /posts/812-number-talks",
        'See <a href="/posts/812">it</a>.',
        "See https://braid.example.org/posts/812-number-talks.",
        "See <https://braid.example.org/posts/812>.",
        "See [it](https://braid.example.org/posts/812).",
        "- one\n\n    [it](/posts/812) in a list",
        "Use `[a](/posts/1)` or [it](/posts/812) or `` [b](/posts/2) ` ``.",
    ],
)
def test_finds_a_post(source: str) -> None:
    assert posts_in(source, base=BASE) == {812}


@pytest.mark.parametrize(
    "source",
    [
        "",
        "posts/812",
        "the path /posts/812 in a sentence",
        "[it](https://elsewhere.example/posts/812)",
        "[it](/posts/812abc)",
        "[it](/posts/new)",
        "[it](/blogposts/812)",
        "`[it](/posts/812)`",
        "```\n[it](/posts/812)\n```",
        "~~~~\n```\n[it](/posts/812)\n~~~\n~~~~",
        "> ```\n> [it](/posts/812)\n> ```",
        "```\n[it](/posts/812)",
        "Like this:\n\n    [it](/posts/812)\n\n    [it](/posts/813)",
        "[it](/posts/99999999999999999999)",
        "[it](/posts/9999999999999999999)",
    ],
)
def test_finds_no_post_where_there_is_no_link_to_one(source: str) -> None:
    assert posts_in(source, base=BASE) == set()


def test_other_addresses_count_only_if_they_are_ours() -> None:
    assert posts_in("[it](https://braid.example.org/posts/812)") == set()


def test_tells_people_indicators_and_posts_apart() -> None:
    source = "[@Ana](/people/12) moved [A-G](/indicators/5-a-g) with [talks](/posts/812) and [visits](/posts/9-visits)."
    assert people_in(source) == {12}
    assert indicators_in(source) == {5}
    assert posts_in(source) == {812, 9}


@given(st.lists(st.integers(1, 2**62)))
def test_finds_every_link(numbers: list[int]) -> None:
    assert posts_in(" and ".join(f"[x](/posts/{number}-title)" for number in numbers)) == set(numbers)


@given(st.text(alphabet="ab` \n~>-", max_size=60))
def test_code_that_the_page_shows_is_not_read(source: str) -> None:
    assert len(without_code(source)) <= 2 * len(source) + 2
    if "`" not in source and "~" not in source and "    " not in source:
        assert without_code(source).split() == source.split()


def test_agrees_with_the_page_on_what_is_code() -> None:
    source = "One `code` two ``a ` b`` three ` four\n\n```\nx\n```\n\nfive"
    assert without_code(source).split() == ["One", "two", "three", "four", "five"]
    assert "<code>code</code> two <code>a ` b</code> three ` four" in to_html(source)


@pytest.mark.parametrize("piece", ["`", "[", "](", "](/posts/", "[x]:", "` `` ", "/posts/1"])
def test_is_quick_on_any_text(piece: str) -> None:
    began = perf_counter()
    posts_in(piece * (200_000 // len(piece)) + "/posts/", base=BASE)
    assert perf_counter() - began < 20  # what is super-linear takes minutes
