"""Whether a figure is on the straight line from a baseline to a target, in words that say how that was worked out."""

from dataclasses import dataclass
from decimal import Decimal

from app.lib.stats import format_value, rounded


@dataclass(frozen=True, slots=True)
class Course:
    """From where, by when, to where. ``direction`` is "higher", "lower" or "neither" is better."""

    baseline_year: int | None
    baseline: Decimal | None
    target_year: int | None
    target: Decimal | None
    direction: str
    unit: str
    places: int = 1  # decimals that figures are written with

    def written(self, value: Decimal) -> str:
        """Return a value as a page shows it."""
        return format_value(value, self.unit, self.places)


@dataclass(frozen=True, slots=True)
class Track:
    """What to say. ``tone`` is "good", "warn" or "neutral"; ``how`` says how it was worked out."""

    words: str
    tone: str
    how: str = ""


def track(course: Course, year: int | None, latest: Decimal | None) -> Track:
    """Say where the latest figure stands against the straight line from baseline to target."""
    if course.target is None or course.target_year is None:
        return Track("No target yet", "neutral")
    if year is None or latest is None:
        return Track("No figure to compare with the target", "neutral")
    if year >= course.target_year:
        reached = _reached(course, latest, course.target)
        words = "Target reached" if reached else "Target not reached"
        return Track(words, "good" if reached else "warn", f"{_written(year)} is the year of the target or later.")
    if course.baseline is None or course.baseline_year is None or course.baseline_year >= course.target_year:
        return Track("No baseline to draw a line from", "neutral")
    if year <= course.baseline_year:
        return Track("No figure since the baseline", "neutral", f"The latest figure is that of {_written(year)}.")
    expected = expected_at(course, year)
    on_it = _reached(course, latest, expected)
    how = (
        f"A straight line from {course.written(course.baseline)} in {_written(course.baseline_year)} to "
        f"{course.written(course.target)} in {_written(course.target_year)} passes "
        f"{course.written(expected)} in {_written(year)}; the figure is {course.written(latest)}."
    )
    return Track("On track" if on_it else "Not on track", "good" if on_it else "warn", how)


def expected_at(course: Course, year: int) -> Decimal:
    """Return where the straight line passes in ``year``; the course has both ends."""
    assert course.baseline is not None  # noqa: S101 - as promised
    assert course.target is not None  # noqa: S101
    assert course.baseline_year is not None  # noqa: S101
    assert course.target_year is not None  # noqa: S101
    share = Decimal(year - course.baseline_year) / Decimal(course.target_year - course.baseline_year)
    return rounded(course.baseline + (course.target - course.baseline) * share, 4)


def _reached(course: Course, value: Decimal, wanted: Decimal) -> bool:
    """Whether a value is as good as wanted: where neither way is better, the target says which way was meant."""
    falls = course.direction == "lower" or (
        course.direction == "neither" and course.baseline is not None and wanted < course.baseline
    )
    return value <= wanted if falls else value >= wanted


def _written(year: int) -> str:
    return f"{year}-{(year + 1) % 100:02}"
