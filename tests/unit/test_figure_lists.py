"""Lists of what a file holds, page by page; and rows that say what an earlier one says."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.lib import figure_lists
from app.lib.figure_lists import KINDS, PAGE, Entry, Lists
from app.lib.figure_repeats import Repeats


def test_every_page_of_every_list(tmp_path: Path) -> None:
    counts = dict(zip(KINDS, (0, 1, PAGE, 3 * PAGE + 7), strict=True))
    with Lists(tmp_path) as lists:
        for kind, count in counts.items():
            for row in range(count):
                lists.add[kind](Entry(row, now=("reported", row * 10_000)))

    for kind, count in counts.items():
        pages = [figure_lists.page(tmp_path, kind, number) for number in range(1, 9)]
        assert [entry.row for page in pages for entry in page] == list(range(count)), kind
        assert all(entry.now == ("reported", entry.row * 10_000) for page in pages for entry in page)
        assert max(len(page) for page in pages) <= PAGE


def test_a_list_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert figure_lists.page(tmp_path, "new", 1) == []


def test_begun_again_it_forgets(tmp_path: Path) -> None:
    for row in (1, 2):
        with Lists(tmp_path) as lists:
            lists.add["new"](Entry(row))

    assert [entry.row for entry in figure_lists.page(tmp_path, "new", 1)] == [2]


KEYS = st.tuples(
    st.integers(-3, 3), st.integers(-3, 3), st.sampled_from(["all", "el"]), st.integers(2000, 2002), st.integers(-3, 3)
)


@given(st.lists(KEYS, max_size=60))
def test_each_repetition_is_told_with_the_row_before_it(keys: list[tuple[int, int, str, int, int]]) -> None:
    repeats = Repeats()
    last: dict[tuple[int, int, str, int, int], int] = {}
    expected: list[tuple[int, int]] = []
    for row, key in enumerate(keys, 2):
        repeats.add(row, key)
        if key in last:
            expected.append((row, last[key]))
        last[key] = row

    assert list(repeats.found(1000)) == expected
    assert len(repeats.found(1)) == min(len(expected), 1)
