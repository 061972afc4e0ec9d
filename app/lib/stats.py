"""Small, exact statistics for outcome indicators, and how figures are written."""

from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

_MINUS = "−"


def wilson(met: int, tested: int, *, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of a rate, as two fractions from 0 to 1, low then high.

    A plain ± misleads for small groups and near 0 % or 100 %, where most of our student groups are.

    Args:
        met: students who met the standard, 0 to ``tested``.
        tested: students with a score, at least 1.
        z: normal quantile; 1.96 gives a 95 % interval.

    Raises:
        ValueError: if ``met`` is not between 0 and ``tested``, or nobody was tested.

    Source:
        E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
        J. Am. Stat. Assoc. 22 (1927) 209-212.
    """
    if tested < 1 or not 0 <= met <= tested:
        msg = f"{met} of {tested} is not a rate"
        raise ValueError(msg)
    rate, spread = met / tested, z * z / tested
    centre = rate + spread / 2
    half = z * sqrt(rate * (1 - rate) / tested + spread / (4 * tested))
    low, high = (centre - half) / (1 + spread), (centre + half) / (1 + spread)
    return max(0.0, min(low, rate)), min(1.0, max(high, rate))  # rounding can push an end past the rate by one bit


def exact(value: float | Decimal) -> Decimal:
    """Return the number people read in ``value``: 0.1 is a tenth, not the nearest binary fraction."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def change(before: float | Decimal, after: float | Decimal) -> Decimal:
    """Return how far ``after`` is from ``before``, without the dust of binary fractions."""
    return exact(after) - exact(before)


def rounded(value: float | Decimal, places: int = 1) -> Decimal:
    """Return ``value`` at ``places`` decimals, halves away from zero, as people round; never minus zero."""
    result = exact(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def format_value(value: float | Decimal, unit: str, places: int = 1) -> str:
    """Return a figure as a page shows it: "82.9%", "+12.4 points", "28,119", "610".

    Args:
        value: the figure, finite.
        unit: "percent", "points" (a distance, so it carries its sign), "count" or an index such as "index_200_1000".
        places: decimals of percent and points; a count and an index have none.

    Raises:
        ValueError: if the unit is none of these.
    """
    if unit == "percent":
        return f"{_plain(rounded(value, places))}%"
    if unit == "points":
        return f"{_signed(rounded(value, places))} points"
    if unit == "count":
        return _plain(rounded(value, 0))
    if unit == "index" or unit.startswith("index_"):
        return str(rounded(value, 0)).replace("-", _MINUS)
    msg = f"“{unit}” is not a unit. Use percent, points, count or index."
    raise ValueError(msg)


def format_change(before: float | Decimal, after: float | Decimal, unit: str, places: int = 1) -> str:
    """Return a movement as a page shows it, always signed; between two percentages it is in points."""
    moved = change(before, after)
    if unit in {"percent", "points"}:
        return f"{_signed(rounded(moved, places))} points"
    return _signed(rounded(moved, 0))


def _plain(number: Decimal) -> str:
    """Return ``number`` with thousands separated and a real minus sign."""
    return f"{number:,}".replace("-", _MINUS)


def _signed(number: Decimal) -> str:
    """Return ``number`` with its sign; nothing is neither plus nor minus."""
    return f"+{_plain(number)}" if number > 0 else _plain(number)
