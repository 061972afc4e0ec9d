"""On track or not, along a straight line, whichever way is better; and gaps from one source only."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.gaps import gap_sentence, gaps
from app.lib.tracks import Course, expected_at, track

ABSENCE = Course(2022, Decimal(34), 2026, Decimal(22), "lower", "percent")


@pytest.mark.parametrize(
    ("year", "latest", "says"),
    [
        (2024, "28", "On track"),
        (2024, "28.1", "Not on track"),
        (2022, "34", "No figure since the baseline"),
        (2026, "22", "Target reached"),
        (2027, "22.5", "Target not reached"),
        (None, None, "No figure to compare with the target"),
    ],
)
def test_lower_is_better_for_absence(year: int | None, latest: str | None, says: str) -> None:
    assert track(ABSENCE, year, None if latest is None else Decimal(latest)).words == says


def test_it_says_how_it_was_worked_out() -> None:
    found = track(ABSENCE, 2024, Decimal("30.9"))

    assert found.how == (
        "A straight line from 34.0% in 2022-23 to 22.0% in 2026-27 passes 28.0% in 2024-25; the figure is 30.9%."
    )


def test_without_a_target_or_a_baseline_nothing_is_judged() -> None:
    assert track(Course(2022, Decimal(1), None, None, "higher", "percent"), 2024, Decimal(2)).words == "No target yet"
    bare = Course(None, None, 2027, Decimal(90), "higher", "percent")
    assert track(bare, 2024, Decimal(80)).words == "No baseline to draw a line from"


@given(st.integers(-200, 200), st.integers(-200, 200), st.integers(1, 9))
def test_the_line_stays_between_its_ends(first: int, last: int, ahead: int) -> None:
    course = Course(2020, Decimal(first), 2030, Decimal(last), "higher", "points")

    assert min(first, last) <= expected_at(course, 2020 + ahead) <= max(first, last)


@dataclass(frozen=True)
class Stood:
    year: int
    value: Decimal | None
    source: str = "CDE"
    segment: int = 0
    version_id: int = 1

    @property
    def school_year(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02}"


def test_a_gap_is_taken_from_one_source_and_only_from_what_is_shown() -> None:
    group = [Stood(2022, Decimal(60)), Stood(2023, None), Stood(2024, Decimal(70)), Stood(2025, Decimal(1), "other")]
    everybody = [Stood(2022 + n, Decimal(80)) for n in range(4)]

    found = gaps(group, everybody)

    assert [(gap.year, gap.size) for gap in found] == [(2022, Decimal(-20)), (2024, Decimal(-10))]
    assert gap_sentence("Fresno", "English learners", found, "percent") == (
        "English learners in Fresno stood 10.0 points below all students in 2024-25, 20.0 points below in 2022-23: "
        "the gap narrowed by 10.0 points."
    )


def test_a_gap_of_an_index_is_in_points_and_never_across_a_break() -> None:
    found = gaps(
        [Stood(2011, Decimal(650)), Stood(2012, Decimal(640), segment=1)],
        [Stood(2011, Decimal(700)), Stood(2012, Decimal(700))],
    )

    assert gap_sentence("Fresno", "English learners", found, "index") == (
        "English learners in Fresno stood 60 points below all students in 2012-13; "
        "there is no earlier year to compare it with."
    )
    assert gap_sentence("Fresno", "English learners", [], "index").startswith("Fresno has no year")
