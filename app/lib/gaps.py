"""How far a group of students stands from all students, year by year, and what that says in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.lib.stats import change, format_value, rounded
from app.lib.told import Stood


@dataclass(frozen=True, slots=True)
class Gap:
    """One year: the group's figure less that of all students, both from one source and one definition."""

    year: int
    school_year: str
    size: Decimal
    segment: int


def gaps(group: Sequence[Stood], everybody: Sequence[Stood]) -> list[Gap]:
    """Return the gap of each year for which one source gives both figures; nothing else is subtracted."""
    of_all = {(figure.year, figure.source, figure.version_id): figure.value for figure in everybody}
    found = []
    for figure in group:
        other = of_all.get((figure.year, figure.source, figure.version_id))
        if figure.value is not None and other is not None:
            found.append(Gap(figure.year, figure.school_year, change(other, figure.value), figure.segment))
    return sorted(found, key=lambda gap: gap.year)


def gap_words(size: Decimal, unit: str) -> str:
    """Return a gap as words: "12.3 points below"."""
    if rounded(size) == 0:
        return "level with"
    return f"{_amount(size, unit)} {'above' if size > 0 else 'below'}"


def gap_sentence(place: str, group: str, found: Sequence[Gap], unit: str) -> str:
    """Return what the gap did, from the first comparable year to the last; never why."""
    if not found:
        return f"{place} has no year in which one source gives a figure for {group.lower()} and for all students."
    last = found[-1]
    same = [gap for gap in found if gap.segment == last.segment]
    first = same[0]
    now = f"{gap_words(last.size, unit)} all students in {last.school_year}"
    if first.year == last.year:
        return f"{group} in {place} stood {now}; there is no earlier year to compare it with."
    then = f"{gap_words(first.size, unit)} in {first.school_year}"
    return f"{group} in {place} stood {now}, {then}: {_moved(first, last, unit)}."


def _moved(first: Gap, last: Gap, unit: str) -> str:
    difference = rounded(abs(last.size) - abs(first.size))
    if difference == 0:
        return "the gap is as wide as it was"
    return f"the gap {'widened' if difference > 0 else 'narrowed'} by {_amount(difference, unit)}"


def _amount(size: Decimal, unit: str) -> str:
    written = format_value(abs(size), "count" if unit in {"count", "index"} else "points").lstrip("+")
    return f"{written} points" if unit == "index" else written
