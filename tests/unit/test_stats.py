from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.stats import change, format_change, format_value, rounded, wilson


@pytest.mark.parametrize(
    ("met", "tested", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_agrees_with_newcombe_1998_table_1(met: int, tested: int, low: float, high: float) -> None:
    assert wilson(met, tested) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_rate_is_always_inside(pair: tuple[int, int]) -> None:
    met, tested = pair
    low, high = wilson(met, tested)
    assert 0 <= low <= met / tested <= high <= 1


@pytest.mark.parametrize(("met", "tested"), [(12, 10), (-1, 10), (0, 0)])
def test_refuses_what_is_not_a_rate(met: int, tested: int) -> None:
    with pytest.raises(ValueError, match=f"{met} of {tested}"):
        wilson(met, tested)


@pytest.mark.parametrize(
    ("value", "expected"), [(0.25, "0.3"), (-0.25, "-0.3"), (2.675, "2.7"), (1.05, "1.1"), (-0.04, "0.0")]
)
def test_halves_go_away_from_zero(value: float, expected: str) -> None:
    assert str(rounded(value)) == expected


@given(st.decimals(-1000, 1000, places=3), st.integers(0, 2))
def test_rounding_moves_a_figure_by_half_a_step_at_most(value: Decimal, places: int) -> None:
    assert abs(rounded(value, places) - value) <= Decimal(5).scaleb(-places - 1)
    assert rounded(-value, places) == -rounded(value, places)


def test_a_change_has_no_binary_dust() -> None:
    assert change(78.3, 79.9) == Decimal("1.6")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (82.85, "percent", "82.9%"),
        (100, "percent", "100.0%"),
        (-83.6, "points", "−83.6 points"),
        (12.35, "points", "+12.4 points"),
        (0, "points", "0.0 points"),
        (28119, "count", "28,119"),
        (610.0, "index", "610"),
        (Decimal(1000), "index_200_1000", "1000"),
    ],
)
def test_writes_a_figure_with_its_unit(value: float | Decimal, unit: str, expected: str) -> None:
    assert format_value(value, unit) == expected


def test_says_which_units_there_are() -> None:
    with pytest.raises(ValueError, match=r"“miles” is not a unit\. Use percent, points, count or index\."):
        format_value(1, "miles")


@pytest.mark.parametrize(
    ("before", "after", "unit", "expected"),
    [
        (78.3, 79.9, "percent", "+1.6 points"),
        (44.5, 41.7, "percent", "−2.8 points"),
        (2516, 2516, "count", "0"),
        (610, 589, "index_200_1000", "−21"),
    ],
)
def test_writes_a_movement_with_its_sign(before: float, after: float, unit: str, expected: str) -> None:
    assert format_change(before, after, unit) == expected
