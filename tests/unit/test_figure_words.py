"""Sentences about figures: what, where, since when, compared with what; never why."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.figure_words import around, meanwhile, moved, standing, way
from app.lib.school_year import SchoolYear
from app.lib.sparkline import EDGE, HEIGHT, WIDTH, sparkline
from app.lib.stats import format_value


@dataclass(frozen=True)
class Told:
    year: int
    value: Decimal | None
    unit: str = "percent"
    segment: int = 0
    prior: Decimal | None = None
    is_small: bool = False
    version_id: int = 1
    source: str = "CDE"
    vintage: int = 1
    places: int = 1
    line: str = ""

    @property
    def school_year(self) -> str:
        return str(SchoolYear(self.year))

    @property
    def words(self) -> str:
        return "hidden to protect students" if self.value is None else format_value(self.value, self.unit)

    @property
    def prior_words(self) -> str:
        return "" if self.prior is None else format_value(self.prior, self.unit)


def years(start: int, *values: str | None, segment: int = 0) -> list[Told]:
    return [
        Told(start + place, None if value is None else Decimal(value), segment=segment)
        for place, value in enumerate(values)
    ]


def test_it_says_since_when_and_compared_with_what() -> None:
    assert standing("Fresno", years(2022, "82.3", "83.1", "85"), "percent") == (
        "Fresno stood at 85.0% in 2024-25, up 2.7 points from 82.3% in 2022-23, in the same definition."
    )


def test_a_small_sample_is_said() -> None:
    said = standing("Fresno", [Told(2024, Decimal("52.6"), is_small=True)], "percent")

    assert said.startswith("Fresno stood at 52.6% (a small sample) in 2024-25")


def test_two_published_values_are_never_subtracted_where_the_release_gives_both_years() -> None:
    """Fresno's API: 2012 was published as 723 and restated 726, and 2013 is 723."""
    series = [Told(2011, Decimal(723), "index"), Told(2012, Decimal(723), "index", prior=Decimal(726))]

    assert standing("Fresno", series, "index") == (
        "Fresno stood at 723 in 2012-13, down 3 from the year before (726 in the same release); "
        "2011-12 was published as 723."
    )
    assert way(series, "index", "higher") == "worse than the year before, in the same release: down 3"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"vintage": 2}),
        ({"vintage": 2}, {}),
        ({"source": "2011 Growth", "line": "API"}, {"source": "2012 Base", "line": "API"}),
        ({"source": "2011 file", "vintage": 2}, {"source": "2012 file"}),
    ],
)
def test_no_change_is_taken_from_one_vintage_to_another(before: dict[str, str], after: dict[str, str]) -> None:
    """Fresno's API of 2012, restated 726 by a release that does not give 2011 anew."""
    series = [Told(2010, Decimal(716), "index", **before), Told(2011, Decimal(726), "index", **after)]  # type: ignore[arg-type]

    said = standing("Fresno", series, "index")

    assert said == (
        "Fresno stood at 726 in 2011-12, not compared with 716 in 2010-11: "
        "a change is only a change within one release."
    )
    assert way(series, "index", "higher") == "not compared with 2010-11, which another release gives"


def test_years_around_a_start_are_not_subtracted_across_vintages() -> None:
    later = [Told(2012 + n, Decimal(60 + n), vintage=2) for n in range(2)]

    said = around("Fresno", [*years(2009, "50", "51"), *later], 2011).sentence

    assert said.endswith("do not take the one from the other, and neither says why.")


def test_nothing_is_compared_across_a_break() -> None:
    series = [*years(2014, "40", "41"), *years(2016, "55", segment=1)]

    assert standing("Fresno", series, "percent") == (
        "Fresno stood at 55.0% in 2016-17, with no earlier year in the same definition to compare it with."
    )
    assert way(series, "percent", "higher") == "no earlier year in the same definition"


def test_a_hidden_newest_year_is_said_and_never_a_zero() -> None:
    said = standing("Fresno", years(2022, "82.3", "83.1", None), "percent")

    assert said.endswith("The figure for 2024-25 is hidden to protect students.")
    assert " 0%" not in said


def test_where_everything_is_hidden_nothing_is_told() -> None:
    assert standing("Fresno", years(2022, None, None), "percent") == (
        "Fresno’s figures for this group are hidden to protect students."
    )
    assert way(years(2022, None), "percent", "higher") == ""
    assert standing("Fresno", [], "percent") == "Fresno has no figures for this group."


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [("10", "12.5", "up 2.5 points from"), ("12.5", "10", "down 2.5 points from"), ("10", "10", "the same as")],
)
def test_a_movement_is_said_in_words(before: str, after: str, says: str) -> None:
    assert moved(Decimal(before), Decimal(after), "percent") == says


@pytest.mark.parametrize(
    ("direction", "says"),
    [
        ("higher", "worse than in 2023-24, in the same definition: down 2.5 points"),
        ("lower", "better than in 2023-24, in the same definition: down 2.5 points"),
        ("neither", "lower than in 2023-24, in the same definition: down 2.5 points"),
    ],
)
def test_a_way_is_better_or_worse_only_where_one_is(direction: str, says: str) -> None:
    assert way(years(2023, "30", "27.5"), "percent", direction) == says


def test_nothing_moved_is_neither_better_nor_worse() -> None:
    assert way(years(2023, "30", "30"), "percent", "lower") == "the same as in 2023-24, in the same definition"


def test_the_other_district_is_a_comparison_only_within_one_definition() -> None:
    other = [*years(2021, "60", "61"), *years(2023, "70", segment=1)]

    assert meanwhile("Long Beach", other, (2021, 2022), tried=False) == (
        "Long Beach, which has recorded no trial, stood at 60.0% in 2021-22 and at 61.0% in 2022-23."
    )
    assert meanwhile("Long Beach", other, (2021, 2023), tried=True) == (
        "Long Beach, which has a trial of its own, has no figures of one definition for the same years."
    )


def test_years_around_a_start_are_counted_and_no_cause_is_claimed() -> None:
    found = around("Fresno", years(2020, "80", "81", "82", "84", "85"), 2022)

    assert (found.before, found.after) == (2, 2)
    assert found.sentence == (
        "Fresno began in 2022-23: 2 years before, 2 after. It stood at 81.0% in 2021-22 and at 85.0% in 2024-25: "
        "it moved after the start, which does not say why."
    )
    assert "because" not in found.sentence


def test_figures_that_restate_each_other_are_set_side_by_side_and_not_subtracted() -> None:
    series = [Told(2005 + n, Decimal(600 + n), "index", prior=Decimal(590 + n)) for n in range(6)]

    said = around("Fresno", series, 2008).sentence

    assert said.endswith(
        "in releases that restate each other: do not take the one from the other, and neither says why."
    )
    assert "moved" not in said


def test_with_too_few_years_it_says_so() -> None:
    found = around("Fresno", years(2022, "80", "81", "82"), 2023)

    assert found.sentence == (
        "Fresno began in 2023-24: 1 year before, 1 after. Too few years to say whether anything moved."
    )


def test_years_of_another_definition_are_not_counted() -> None:
    series = [*years(2012, "40", "41", "43"), *years(2015, "55", "56", "57", segment=1)]

    assert around("Fresno", series, 2015).sentence == (
        "Fresno began in 2015-16: 0 years before, 2 after in the same definition. "
        "Too few years to say whether anything moved."
    )


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=30))
def test_a_sparkline_stays_inside_its_box_and_breaks_at_gaps(values: list[float | None]) -> None:
    drawn = sparkline(values)

    spots = [tuple(map(float, pair.split(","))) for line in drawn.lines for pair in line.split()]
    assert all(EDGE <= x <= WIDTH - EDGE and EDGE <= y <= HEIGHT - EDGE for x, y in spots)
    assert (drawn.end is None) == all(value is None for value in values)
    known = [value is not None for value in values]
    assert len(drawn.lines) == sum(
        here and after and not before
        for before, here, after in zip([False, *known], known, [*known[1:], False], strict=False)
    )
