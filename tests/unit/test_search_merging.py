from hypothesis import given
from hypothesis import strategies as st

from app.search.merging import ENOUGH_SEGMENTS, MOST_AT_ONCE, MOST_SEGMENTS, MOST_WHEN_IDLE, chosen, idle


def saves(batches: list[int]) -> tuple[list[int], int, int]:
    """Return the segments after these commits, the most there ever were, and how many documents were merged."""
    sizes: list[int] = []
    most = merged_in_all = 0
    for batch in batches:
        merged = chosen([(size, size) for size in sizes])
        moved = sum(sizes[at] for at in merged)
        merged_in_all += moved
        sizes = [size for at, size in enumerate(sizes) if at not in merged] + [batch + moved]
        most = max(most, len(sizes))
    return sizes, most, merged_in_all


def test_a_thousand_single_saves_stay_in_few_segments_and_move_each_document_a_few_times() -> None:
    _, most, moved = saves([1] * 1_000)

    assert most <= 24
    assert moved <= 4 * 1_000


def test_a_large_import_is_merged_little() -> None:
    _, most, moved = saves([500] * 200)

    assert most <= MOST_SEGMENTS + 1
    assert moved <= 2 * 100_000


def test_emptied_segments_go() -> None:
    assert chosen([(0, 900), (100, 900), (5_000, 9_000), (800, 900)]) == {0, 1}


@given(
    st.lists(st.integers(1, 3_000).flatmap(lambda n: st.tuples(st.integers(n // 2 + 1, n), st.just(n))), max_size=30)
)
def test_one_save_never_waits_for_long(sizes: list[tuple[int, int]]) -> None:
    assert sum(sizes[at][0] for at in chosen(sizes)) <= 3 * MOST_AT_ONCE


def test_idle_merging_ends_with_few_segments_and_never_takes_long() -> None:
    sizes = [1] * 30 + [700] * 4 + [5_000] * 3
    while merged := idle([(size, size) for size in sizes]):
        moved = sum(sizes[at] for at in merged)
        assert moved <= MOST_WHEN_IDLE
        sizes = [size for at, size in enumerate(sizes) if at not in merged] + [moved]
    assert len(sizes) <= ENOUGH_SEGMENTS


def test_past_the_most_segments_a_save_merges_a_few() -> None:
    merged = chosen([(2_500, 2_500)] * (MOST_SEGMENTS + 1))

    assert len(merged) == 2
