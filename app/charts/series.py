"""What a chart of figures over school years says, as plain data."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

ROOM = 0.12  # of the range, above and below the lines
HALF = 0.5  # a school year's figure stands in the middle of the year


@dataclass(frozen=True, slots=True)
class Point:
    """One year of one line; without a value it is a × on the axis, with the word that says why."""

    year: int
    value: float | None
    segment: int = 0
    is_small: bool = False
    missing: str = "no figure"


@dataclass(frozen=True, slots=True)
class Note:
    """A value beside a line: what a figure was restated to, or the target of a year."""

    year: int
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One district's figures. ``place`` decides its dash and symbol, ``hue`` (1 to 8, as the district's) its colour."""

    name: str
    points: tuple[Point, ...]
    place: int = 0
    hue: int = 1
    restated: tuple[Note, ...] = ()
    targets: tuple[Note, ...] = ()

    @property
    def visible(self) -> tuple[Point, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line with words, at a place between school years: 2007.5 is the start of 2008-09.

    With ``until`` it is a band from one place to another; without words it is explained elsewhere on the page.
    """

    at: float
    words: str
    is_break: bool = False
    until: float | None = None
    is_trial: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an axis spans: years, and values from low to high."""

    years: tuple[int, int]
    low: float
    high: float

    @property
    def left(self) -> float:
        """The place between school years where the axis begins."""
        return self.years[0] - HALF

    @property
    def right(self) -> float:
        """The place between school years where the axis ends."""
        return self.years[1] + HALF

    def holds(self, mark: Mark) -> bool:
        """Whether any of a mark lies on the axis."""
        return mark.at <= self.right and (mark.until or mark.at) >= self.left

    @classmethod
    def around(cls, lines: Iterable[Line], unit: str) -> Self:
        """Return bounds in which everything of ``lines`` has room. A percentage never runs past its ends."""
        years: list[int] = []
        values: list[float] = []
        for line in lines:
            beside = [*line.restated, *line.targets]
            years += [point.year for point in line.points] + [note.year for note in beside]
            values += [point.value for point in line.points if point.value is not None]
            values += [note.value for note in beside]
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        room = (high - low or abs(high) * 0.1 or 1.0) * ROOM
        floor = 0.0 if unit in {"percent", "count"} and low >= 0 else low - 2 * room
        roof = 100.0 if unit == "percent" and high <= 100 else high + room  # noqa: PLR2004
        return cls(
            (min(years, default=0), max(years, default=0)),
            max(floor, low - 2 * room),
            min(roof, high + room) if values else 1.0,
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole chart. ``description`` is what somebody who cannot see it hears.

    Attributes:
        bounds: given where several charts share one axis; else they fit this one.
        is_gap: whether the values are distances, so that nothing stands out at zero but a line.
    """

    description: str
    unit: str
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()
    bounds: Bounds | None = None
    is_gap: bool = False

    @property
    def span(self) -> Bounds:
        """What its axes span."""
        return self.bounds or Bounds.around(self.lines, self.unit)

    @property
    def drawn_marks(self) -> list[Mark]:
        """The marks that lie on its axis, by their place."""
        span = self.span
        return sorted((mark for mark in self.marks if span.holds(mark)), key=lambda mark: mark.at)


def runs(points: Iterable[Point]) -> list[list[Point]]:
    """Return stretches that a line may join: years that follow each other, in one definition, with nothing missing."""
    found: list[list[Point]] = []
    last: Point | None = None
    for point in sorted(points, key=lambda point: point.year):
        if point.value is None:
            continue
        if last is None or point.year != last.year + 1 or point.segment != last.segment:
            found.append([])
        found[-1].append(point)
        last = point
    return found
