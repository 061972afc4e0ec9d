"""The one gate through which every figure leaves, and the series that pages and charts are made from.

A row of the table of observations is never handed to a page, a chart or a file: ``shown`` makes a ``Figure`` of it,
which carries the value only where the source published one. Queries and services both read through here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.lib import partitions
from app.lib.school_year import SchoolYear
from app.lib.stats import format_value
from app.models import DefinitionVersion, FigureSource, ImportBatch, Observation
from app.models.indicator import SHOWN, FigureStatus

HIDDEN = {
    FigureStatus.SUPPRESSED: "hidden to protect students",
    FigureStatus.NOT_AVAILABLE: "not available",
    FigureStatus.NOT_TESTED: "not tested",
    FigureStatus.HELD: "waits for the data office",
}
ALL = "all"  # the group of all students


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as anybody may see it. ``value``, ``numerator`` and ``students`` are None where it is hidden.

    Attributes:
        unit: what it counts in, which decides how it is written.
        segment: figures of one indicator may be compared only where this is the same: it grows at every break.
        prior: the year before, as this same release gives it.
    """

    indicator_id: int
    district_id: int
    group_code: str
    year: int
    value: Decimal | None
    unit: str
    status: str
    numerator: Decimal | None
    students: Decimal | None
    prior: Decimal | None
    version_id: int
    segment: int
    source: str
    release: str
    note: str
    vintage: int
    is_latest: bool
    file_name: str
    row_number: int
    batch_id: int
    line: str = ""  # what the source is a release of: its releases restate each other
    places: int = 1  # decimals that it is written with
    is_unsaid: bool = False  # its number of students is left out, since a hidden group would follow from it

    @property
    def words(self) -> str:
        """The figure as a page shows it, or why there is none."""
        return (
            HIDDEN[FigureStatus(self.status)]
            if self.value is None
            else format_value(self.value, self.unit, self.places)
        )

    @property
    def prior_words(self) -> str:
        """The year before as a page shows it, as this same release gives it."""
        return "" if self.prior is None else format_value(self.prior, self.unit, self.places)

    @property
    def is_hidden(self) -> bool:
        """Whether there is no value to show."""
        return self.value is None

    @property
    def is_small(self) -> bool:
        """Whether the source warns that few students are behind it."""
        return self.status == FigureStatus.SMALL_SAMPLE

    @property
    def school_year(self) -> str:
        """The year as people write it."""
        return str(SchoolYear(self.year))


def shown(
    observation: Observation | Row[*tuple[Any, ...]],
    *,
    unit: str,
    places: int = 1,
    indicator_id: int = 0,
    segment: int = 0,
) -> Figure:
    """Let one observation out, without what its source hides."""
    o = observation
    visible = o.status in SHOWN
    return Figure(
        indicator_id,
        o.district_id,
        o.group_code,
        o.school_year,
        o.value if visible else None,
        unit,
        o.status,
        o.numerator if visible else None,
        o.denominator if visible else None,
        o.prior if visible else None,
        o.version_id,
        segment,
        getattr(o, "source_name", ""),
        getattr(o, "release", ""),
        o.note if visible else "",
        o.vintage,
        o.is_latest,
        getattr(o, "file_name", ""),
        o.row_number,
        o.batch_id,
        getattr(o, "line", ""),
        places,
    )


COLUMNS = (
    Observation.district_id,
    Observation.group_code,
    Observation.school_year,
    Observation.version_id,
    Observation.vintage,
    Observation.is_latest,
    Observation.status,
    Observation.value,
    Observation.numerator,
    Observation.denominator,
    Observation.prior,
    Observation.note,
    Observation.row_number,
    FigureSource.name.label("source_name"),
    FigureSource.release,
    ImportBatch.file_name,
    Observation.batch_id,
    FigureSource.line,
)


def read(  # noqa: PLR0913
    session: Session,
    written: Mapping[int, tuple[str, int]],
    versions: Iterable[DefinitionVersion],
    district_ids: Collection[int],
    groups: Collection[str],
    *,
    earlier: bool = False,
    year: int | None = None,
) -> list[Figure]:
    """Return the figures of some indicators for some districts and groups, in one statement, oldest year first.

    Whatever else was asked for, a figure comes out the same: without what would tell a hidden one by subtraction.

    Args:
        session: to read with.
        written: the unit and the decimals of each indicator wanted, by its number.
        versions: theirs, in order.
        district_ids: whose figures.
        groups: codes of student groups.
        earlier: whether to return earlier vintages too.
        year: the only school year wanted, else every one.
    """
    of = {version.id: version.indicator_id for version in versions}
    parts = segments(versions)
    needed = partitions.around(groups)
    query = _query(list(of), district_ids, needed)
    if not earlier and partitions.PARTS.isdisjoint(needed):
        query = query.where(Observation.is_latest)
    elif not earlier:
        query = query.where(Observation.is_latest | (Observation.status == FigureStatus.HELD))
    if year is not None:
        query = query.where(Observation.school_year == year)
    found = []
    for row in session.execute(query):
        indicator_id = of[row.version_id]
        unit, places = written[indicator_id]
        segment = parts[row.version_id]
        found.append(shown(row, unit=unit, places=places, indicator_id=indicator_id, segment=segment))
    return _safe(found, set(groups))


def _safe(found: Sequence[Figure], groups: Collection[str]) -> list[Figure]:
    """Return the figures of some groups, without what would tell a hidden one and those that wait for the office."""
    numbers, whole = partitions.telling(f for f in found if f.is_latest or f.status == FigureStatus.HELD)
    wanted = [f for f in found if f.group_code in groups and f.status != FigureStatus.HELD]
    if not numbers and not whole:
        return wanted
    return [untold(f, numbers, whole) for f in wanted]


def untold(figure: Figure, numbers: Collection[object], whole: Collection[object]) -> Figure:
    """Return a figure without its number of students, or without all that it says, if it is among these."""
    key = partitions.key(figure)
    if key in whole and not figure.is_hidden:
        hidden = replace(figure, value=None, numerator=None, students=None, prior=None, note="")
        return replace(hidden, status=FigureStatus.SUPPRESSED)
    return replace(figure, numerator=None, students=None, is_unsaid=True) if key in numbers else figure


def _query(
    version_ids: Sequence[int], district_ids: Collection[int], groups: Collection[str]
) -> Select[*tuple[Any, ...]]:
    o = Observation
    return (
        select(*COLUMNS)
        .join(FigureSource, FigureSource.id == o.source_id)
        .join(ImportBatch, ImportBatch.id == o.batch_id)
        .where(o.version_id.in_(version_ids), o.district_id.in_(district_ids), o.group_code.in_(groups))
        .order_by(o.school_year, o.district_id, o.source_id, o.vintage)
    )


def segments(versions: Iterable[DefinitionVersion]) -> dict[int, int]:
    """Return, by version, the stretch of years whose figures may be compared with each other."""
    counted: dict[int, int] = {}
    found: dict[int, int] = {}
    for version in sorted(versions, key=lambda v: (v.indicator_id, v.valid_from or 0, v.id)):
        counted[version.indicator_id] = counted.get(version.indicator_id, 0) + int(version.is_break)
        found[version.id] = counted[version.indicator_id]
    return found


def one_a_year(figures: Iterable[Figure]) -> list[Figure]:
    """Return one latest figure for each year: where two sources tell of one year, the one that was loaded last."""
    by_year: dict[int, Figure] = {}
    for figure in figures:
        kept = by_year.get(figure.year)
        if figure.is_latest and (kept is None or _rank(figure) >= _rank(kept)):
            by_year[figure.year] = figure
    return [by_year[year] for year in sorted(by_year)]


def _rank(figure: Figure) -> tuple[int, int]:
    return figure.segment, figure.batch_id


def by_district(figures: Iterable[Figure], district_ids: Iterable[int]) -> dict[int, list[Figure]]:
    """Return one series for each district, empty ones too."""
    kept: dict[int, list[Figure]] = {number: [] for number in district_ids}
    for figure in figures:
        if figure.district_id in kept:
            kept[figure.district_id].append(figure)
    return {number: one_a_year(series) for number, series in kept.items()}


def chosen_group(wanted: Iterable[str], figures: Iterable[Figure]) -> str:
    """Return the one group a post's chart is about: the first it serves that has figures to show, else all."""
    visible = {figure.group_code for figure in figures if not figure.is_hidden}
    return next((code for code in sorted(wanted) if code in visible), ALL)
