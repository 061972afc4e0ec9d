"""Figures for pages: the districts side by side, and what is read beside an indicator."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.figures import Figure, by_district
from app.lib import figure_words
from app.lib.sparkline import Sparkline, sparkline
from app.models import District, Indicator

HUES = 8  # that the style sheet knows


@dataclass(frozen=True, slots=True)
class Beside:
    """One district's figures as a page sets them beside another's. ``hue`` is the district's own, 1 to 8."""

    district: District
    hue: int
    series: Sequence[Figure]
    line: Sparkline
    way: str
    sentence: str

    @property
    def latest(self) -> Figure | None:
        """The newest figure, hidden or not."""
        return self.series[-1] if self.series else None


@dataclass(frozen=True, slots=True)
class Companion:
    """An indicator that is read beside another one, such as participation beside a rate."""

    indicator: Indicator
    sides: Sequence[Beside]


def beside(
    indicator: Indicator, districts: Sequence[District], found: Iterable[Figure], until: int | None = None
) -> tuple[list[Beside], dict[int, list[Figure]]]:
    """Return the districts side by side, never ranked, and their series, those up to a school year if one is given."""
    wanted = [figure for figure in found if until is None or figure.year <= until]
    series = by_district(wanted, [district.id for district in districts])
    sides = [
        Beside(
            district,
            (district.colour - 1) % HUES + 1,
            series[district.id],
            sparkline([None if f.value is None else float(f.value) for f in series[district.id]]),
            figure_words.way(series[district.id], indicator.unit, indicator.direction),
            figure_words.standing(district.short_name, series[district.id], indicator.unit),
        )
        for district in districts
    ]
    return sides, series


def companion_of(
    other: Indicator | None,
    districts: Sequence[District],
    found: Mapping[int, Sequence[Figure]],
    group: str,
    until: int | None = None,
) -> Companion | None:
    """Return ``other`` as what is read beside an indicator, for the same group or else for all students.

    Nothing where it has no figures.

    ``found`` holds the figures of every indicator that may be one, by its number.
    """
    if other is None:
        return None
    theirs = found.get(other.id, ())
    of_group = [figure for figure in theirs if figure.group_code == group]
    sides, series = beside(other, districts, of_group or [f for f in theirs if f.group_code == "all"], until)
    return Companion(other, sides) if any(series.values()) else None
