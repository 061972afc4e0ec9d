from hypothesis import given
from hypothesis import strategies as st

from app.search.merging import FULL_TIER, MOST_SEGMENTS, MOST_WHEN_BUSY, MOST_WHEN_IDLE, TIERS, chosen, idle


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


def test_a_save_merges_nothing_as_long_as_there_is_time_to_tidy() -> None:
    assert chosen([(1, 1)] * MOST_SEGMENTS) == set()


def test_a_thousand_saves_without_a_pause_stay_in_few_segments_and_move_each_document_a_few_times() -> None:
    _, most, moved = saves([1] * 1_000)

    assert most <= MOST_SEGMENTS + 1
    assert moved <= 8 * 1_000


def test_a_large_import_is_merged_little() -> None:
    _, most, moved = saves([500] * 200)

    assert most <= MOST_SEGMENTS + 1
    assert moved <= 4 * 100_000


def test_a_save_drops_emptied_segments_and_leaves_hollow_ones_to_idle_times() -> None:
    sizes = [(0, 900), (100, 900), (5_000, 9_000), (800, 900)]

    assert (chosen(sizes), idle(sizes)) == ({0}, {0, 1})


@given(st.lists(st.integers(1, 3_000), max_size=60))
def test_one_save_never_waits_for_long(sizes: list[int]) -> None:
    merged = chosen([(size, size) for size in sizes])

    assert len(merged) == 2 or sum(sizes[at] for at in merged) <= MOST_WHEN_BUSY


def test_idle_merging_ends_with_few_segments_and_never_takes_long() -> None:
    sizes = [1] * 30 + [300] * 8 + [5_000] * 3
    while merged := idle([(size, size) for size in sizes]):
        moved = sum(sizes[at] for at in merged)
        assert moved <= MOST_WHEN_IDLE
        sizes = [size for at, size in enumerate(sizes) if at not in merged] + [moved]
    assert len(sizes) <= FULL_TIER * len(TIERS)


def test_ten_thousand_saves_with_pauses_move_each_document_a_few_times() -> None:
    sizes, moved = [5_000], 0
    for _ in range(10_000):
        sizes.append(1)
        while merged := idle([(size, size) for size in sizes]):
            now = sum(sizes[at] for at in merged)
            sizes = [size for at, size in enumerate(sizes) if at not in merged] + [now]
            moved += now

    assert (moved <= 5 * 10_000, len(sizes) <= MOST_SEGMENTS) == (True, True)


def test_past_the_most_segments_a_save_merges_a_few() -> None:
    merged = chosen([(2_500, 2_500)] * (MOST_SEGMENTS + 1))

    assert len(merged) == 2
