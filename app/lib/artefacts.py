"""Could it be an artefact? What in the figures themselves could make a movement that no student made.

Each function looks for one thing and says what it found with the numbers. None of them says that it *is* an artefact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from app.lib.figure_words import moved
from app.lib.school_year import SchoolYear
from app.lib.stats import change, format_value
from app.lib.text import plural
from app.lib.told import Counted

FEW = 60  # students: one more or less moves a rate by 1.7 points or more
SHIFT = Decimal(10)  # percent: a change of who is counted that is worth looking at
POINTS = Decimal(5)  # of a companion in percent
EXPLAINED = 3  # years that one entry names


class Again(Protocol):
    """A figure that was given differently later."""

    @property
    def year(self) -> int: ...  # noqa: D102
    @property
    def published(self) -> str: ...  # noqa: D102
    @property
    def now(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One thing to rule out before a movement is believed: its name, and the evidence in numbers."""

    kind: str
    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Series:
    """One district's figures, one a year, oldest first."""

    place: str
    figures: Sequence[Counted]

    @property
    def visible(self) -> list[Counted]:
        """The figures that have a value."""
        return [figure for figure in self.figures if figure.value is not None]


def breaks(starts: Iterable[tuple[int, str]], series: Sequence[Series]) -> list[Suspicion]:
    """Return the definitions that began anew within the years shown: (year, what the data office says of it)."""
    found = []
    for year, note in starts:
        told = [said for one in series if (said := _across(one, year))]
        if told:
            said = f"{note.rstrip('.')}. " if note else ""
            found.append(Suspicion("break", f"New definition in {SchoolYear(year)}", said + " ".join(told)))
    return found


def restatements(place: str, again: Sequence[Again]) -> list[Suspicion]:
    """Return what was published once and restated later, the newest first."""
    if not again:
        return []
    newest = sorted(again, key=lambda one: -one.year)
    told = [
        f"{SchoolYear(one.year)} was published as {one.published}, restated {one.now}" for one in newest[:EXPLAINED]
    ]
    more = (
        f"; {plural(len(newest) - EXPLAINED, 'earlier year', 'earlier years')} too" if len(newest) > EXPLAINED else ""
    )
    said = f"{place}: {'; '.join(told)}{more}. A change is only a change within one release."
    return [Suspicion("restatement", "Restated figures", said)]


def small(one: Series) -> list[Suspicion]:
    """Return the years in which few students are behind a figure, and how much one student moves it."""
    told = []
    for figure in reversed(one.visible):
        if figure.students is not None and 0 < figure.students < FEW:
            each = format_value(Decimal(100) / figure.students, "points").lstrip("+")
            told.append(f"{figure.school_year} counts {figure.students} students, so that one of them is {each}")
        elif figure.is_small:
            told.append(f"the source calls {figure.school_year} a small sample")
    if not told:
        return []
    return [Suspicion("small", "Small group", f"{one.place}: {'; '.join(told[:EXPLAINED])}.")]


def counted(one: Series) -> list[Suspicion]:
    """Return whether the number of students behind the figure changed between the first and the last year."""
    ends = _ends([figure for figure in one.visible if figure.students])
    if ends is None:
        return []
    first, last = ends
    assert first.students is not None  # noqa: S101 - chosen so
    assert last.students is not None  # noqa: S101
    share = change(first.students, last.students) / first.students * 100
    against = _against(first, last)
    if abs(share) < SHIFT and not against:
        return []
    said = (
        f"{one.place}: {first.students:,} were counted in {first.school_year} and {last.students:,} in "
        f"{last.school_year} ({format_value(share, 'points').removesuffix(' points')}%), while the figure went from "
        f"{first.words} to {last.words}.{against}"
    )
    return [Suspicion("composition", "Other students were counted", said)]


def companion(one: Series, name: str, beside: Series, unit: str) -> list[Suspicion]:
    """Return whether the companion, such as participation, moved over the same years."""
    theirs = {figure.year: figure for figure in beside.visible}
    ends = _ends([figure for figure in one.visible if figure.year in theirs])
    if ends is None:
        return []
    first, last = ends
    before, after = theirs[first.year], theirs[last.year]
    if before.value is None or after.value is None or before.segment != after.segment:
        return []
    if not _is_shift(before.value, after.value, unit):
        return []
    said = (
        f"{one.place}: {name} went from {before.words} in {first.school_year} to {after.words} in {last.school_year}, "
        f"while this figure went from {first.words} to {last.words}."
    )
    return [Suspicion("composition", "What stands beside it changed too", said)]


def disagreements(place: str, figures: Iterable[Counted]) -> list[Suspicion]:
    """Return the years for which two sources give different figures; both are latest vintages of their source."""
    by_year: dict[int, dict[str, Counted]] = {}
    for figure in figures:
        if figure.value is not None:
            by_year.setdefault(figure.year, {})[figure.source] = figure
    told = [
        f"{next(iter(named.values())).school_year}: " + " and ".join(f"{f.words} in {s}" for s, f in named.items())
        for _, named in sorted(by_year.items(), reverse=True)
        if len({figure.value for figure in named.values()}) > 1
    ]
    if not told:
        return []
    return [
        Suspicion("sources", "Two sources disagree", f"{place}, {'; '.join(told[:EXPLAINED])}. Say which you quote.")
    ]


def appearances(one: Series, everybody: Series, group: str) -> list[Suspicion]:
    """Return whether a group has figures for fewer years than all students have, and which are hidden."""
    all_years = [figure.year for figure in everybody.visible]
    mine = [figure.year for figure in one.visible]
    if not all_years or not mine:
        return []
    told = []
    if mine[0] > all_years[0]:
        told.append(f"figures begin in {SchoolYear(mine[0])}; all students have them from {SchoolYear(all_years[0])}")
    if mine[-1] < all_years[-1]:
        told.append(f"figures end in {SchoolYear(mine[-1])}; all students have them to {SchoolYear(all_years[-1])}")
    missing = [year for year in all_years if mine[0] < year < mine[-1] and year not in mine]
    if missing:
        told.append(f"there is nothing to show for {', '.join(map(str, map(SchoolYear, missing)))}")
    if not told:
        return []
    return [Suspicion("appeared", "Years are missing", f"{one.place}, {group.lower()}: {'; '.join(told)}.")]


def _across(one: Series, year: int) -> str:
    before = [figure for figure in one.visible if figure.year < year]
    after = [figure for figure in one.visible if figure.year >= year]
    if not before or not after:
        return ""
    return (
        f"{one.place} stood at {before[-1].words} in {before[-1].school_year} and at {after[0].words} in "
        f"{after[0].school_year}, which are not one series."
    )


def _ends(figures: Sequence[Counted]) -> tuple[Counted, Counted] | None:
    """Return the first and the last figure that may be compared."""
    if not figures:
        return None
    same = [figure for figure in figures if figure.segment == figures[-1].segment]
    return (same[0], same[-1]) if len(same) > 1 else None


def _against(first: Counted, last: Counted) -> str:
    """Say so where the rate and the number behind it went opposite ways."""
    if first.numerator is None or last.numerator is None or first.value is None or last.value is None:
        return ""
    rate, number = change(first.value, last.value), change(first.numerator, last.numerator)
    if rate * number >= 0:
        return ""
    way = moved(first.numerator, last.numerator, "count")
    return f" The number behind it went the other way: {way} {first.numerator:,} to {last.numerator:,}."


def _is_shift(before: Decimal, after: Decimal, unit: str) -> bool:
    difference = abs(change(before, after))
    if unit == "percent":
        return difference >= POINTS
    return before != 0 and difference / abs(before) * 100 >= SHIFT
