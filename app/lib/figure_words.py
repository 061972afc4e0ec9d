"""What figures say, in careful sentences: what, where, since when, compared with what. Never why."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.lib.school_year import SchoolYear
from app.lib.stats import change, format_change
from app.lib.text import plural
from app.lib.told import Told, is_one_vintage

ENOUGH = 2  # years before and after a start, at least, before we say that something moved

RESTATED = "do not take the one from the other, and neither says why."

BETTER = {
    "higher": "Higher is better.",
    "lower": "Lower is better.",
    "neither": "Neither higher nor lower is better by itself.",
}


@dataclass(frozen=True, slots=True)
class Around:
    """The years that can be compared before and after a start. The year of the start counts for neither."""

    before: int
    after: int
    sentence: str
    ends: tuple[int, int] | None = None  # the years it speaks of, where there are enough


def standing(place: str, series: Sequence[Told], unit: str) -> str:
    """Return where one district stands, since when, compared with what; ``series`` has one figure a year."""
    if not series:
        return f"{place} has no figures for this group."
    visible = [figure for figure in series if figure.value is not None]
    if not visible:
        return f"{place}’s figures for this group are {series[-1].words}."
    last, newest = visible[-1], series[-1]
    small = " (a small sample)" if last.is_small else ""
    said = f"{place} stood at {last.words}{small} in {last.school_year}, {_compared(last, visible, unit)}."
    if newest.value is None:
        said += f" The figure for {newest.school_year} is {newest.words}."
    return said


def way(series: Sequence[Told], unit: str, direction: str) -> str:
    """Return the latest movement as better or worse, compared with what, and by how much; "" without a figure.

    It is taken from one release where the release gives both years.
    """
    visible = [figure for figure in series if figure.value is not None]
    if not visible:
        return ""
    last = visible[-1]
    before, where = last.prior, "the year before, in the same release"
    if before is None:
        earlier = [figure for figure in visible[:-1] if figure.segment == last.segment]
        if not earlier:
            return "no earlier year in the same definition"
        if not is_one_vintage(earlier[-1], last):
            return f"not compared with {earlier[-1].school_year}, which another release gives"
        before, where = earlier[-1].value, f"in {earlier[-1].school_year}, in the same definition"
    assert before is not None  # noqa: S101 - visible
    assert last.value is not None  # noqa: S101 - visible
    difference = change(before, last.value)
    if difference == 0:
        return f"the same as {where}"
    said = ("higher" if difference > 0 else "lower") if direction == "neither" else _judged(difference, direction)
    amount = moved(before, last.value, unit, last.places).removesuffix(" from")
    return f"{said} than {where}: {amount}"


def _judged(difference: Decimal, direction: str) -> str:
    return "better" if (difference > 0) == (direction == "higher") else "worse"


def moved(before: Decimal, after: Decimal, unit: str, places: int = 1) -> str:
    """Return a movement as words that a year can follow: "up 2.7 points from", "the same as in"."""
    difference = change(before, after)
    if difference == 0:
        return "the same as"
    amount = format_change(before, after, unit, places).lstrip("+−")
    return f"{'up' if difference > 0 else 'down'} {amount} from"


def around(place: str, series: Sequence[Told], began: int) -> Around:
    """Return how many years can be compared before and after the school year ``began``, and what they say."""
    visible = [figure for figure in series if figure.value is not None]
    if not visible:
        return Around(0, 0, f"{place} began in {SchoolYear(began)}. It has no figures that can be shown.")
    segment = visible[-1].segment
    same = [figure for figure in visible if figure.segment == segment]
    before = [figure for figure in same if figure.year < began]
    after = [figure for figure in same if figure.year > began]
    counted = f"{place} began in {SchoolYear(began)}: {plural(len(before), 'year', 'years')} before, {len(after)} after"
    if len(before) < ENOUGH or len(after) < ENOUGH:
        why = " in the same definition" if len(same) < len(visible) else ""
        return Around(len(before), len(after), f"{counted}{why}. Too few years to say whether anything moved.")
    first, last = before[-1], after[-1]
    assert first.value is not None  # noqa: S101 - visible
    assert last.value is not None  # noqa: S101 - visible
    ends = (first.year, last.year)
    said = f"It stood at {first.words} in {first.school_year} and at {last.words} in {last.school_year}"
    if last.prior is not None or not is_one_vintage(first, last):
        said = f"{counted}. {said}, in releases that restate each other: {RESTATED}"
    else:
        went = "stayed the same" if first.value == last.value else "moved"
        said = f"{counted}. {said}: it {went} after the start, which does not say why."
    return Around(len(before), len(after), said, ends)


def meanwhile(place: str, series: Sequence[Told], ends: tuple[int, int], *, tried: bool) -> str:
    """Return where another district stood in the same two years, as a comparison; ``tried`` if it had a trial too."""
    by_year = {figure.year: figure for figure in series if figure.value is not None}
    first, last = by_year.get(ends[0]), by_year.get(ends[1])
    who = f"{place}, which has a trial of its own," if tried else f"{place}, which has recorded no trial,"
    if first is None or last is None or first.segment != last.segment:
        return f"{who} has no figures of one definition for the same years."
    return f"{who} stood at {first.words} in {first.school_year} and at {last.words} in {last.school_year}."


def _compared(last: Told, visible: Sequence[Told], unit: str) -> str:
    """Return what the last figure is compared with. Two values of different releases are never subtracted."""
    earlier = [figure for figure in visible if figure.segment == last.segment and figure.year < last.year]
    if last.prior is not None and last.value is not None:
        way = moved(last.prior, last.value, unit, last.places)
        said = f"{way} the year before ({last.prior_words} in the same release)"
        return f"{said}; {earlier[0].school_year} was published as {earlier[0].words}" if earlier else said
    if not earlier or earlier[0].value is None or last.value is None:
        return "with no earlier year in the same definition to compare it with"
    first = earlier[0]
    if not is_one_vintage(first, last):
        return f"not compared with {first.words} in {first.school_year}: a change is only a change within one release"
    assert first.value is not None  # noqa: S101 - visible
    way = moved(first.value, last.value, unit, last.places)
    return f"{way} {first.words} in {first.school_year}, in the same definition"
