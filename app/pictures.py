"""Charts of figures: which lines and marks a picture has. Pages and the job that draws ahead agree through it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from app.charts import Line, Mark, Picture, Point
from app.figures import Figure
from app.lib.figure_words import BETTER, standing
from app.lib.school_year import SchoolYear
from app.models import Adoption, District, Indicator, StudentGroup
from app.models.indicator import FigureStatus
from app.models.practice import Verdict

HALF = 0.5  # a school year's figure stands in the middle of the year
YEAR = 365
SHORT = {
    FigureStatus.SUPPRESSED: "hidden",
    FigureStatus.NOT_AVAILABLE: "not available",
    FigureStatus.NOT_TESTED: "not tested",
}


def picture(
    indicator: Indicator,
    group: StudentGroup,
    districts: Sequence[District],
    series: Mapping[int, Sequence[Figure]],
    adoptions: Iterable[Adoption] = (),
) -> Picture:
    """Return the chart of one indicator for one group: a line for each district that has figures."""
    drawn = [(place, district) for place, district in enumerate(districts) if series.get(district.id)]
    lines = tuple(Line(d.short_name, tuple(map(_point, series[d.id])), place) for place, d in drawn)
    sentences = [standing(d.short_name, series[d.id], indicator.unit) for _, d in drawn]
    about = f"Line chart. {indicator.name}, {group.name}. {BETTER[indicator.direction]}"
    marks = (*_breaks(indicator, series), *_starts(adoptions))
    return Picture(" ".join([about, *sentences]), indicator.unit, lines, marks)


def _point(figure: Figure) -> Point:
    value = None if figure.value is None else float(figure.value)
    return Point(figure.year, value, figure.segment, figure.is_small, SHORT.get(FigureStatus(figure.status), ""))


def _breaks(indicator: Indicator, series: Mapping[int, Sequence[Figure]]) -> list[Mark]:
    years = [figure.year for figures in series.values() for figure in figures]
    return [
        Mark(version.valid_from - HALF, "new definition", is_break=True)
        for version in indicator.versions
        if version.is_break and version.valid_from is not None and years and min(years) < version.valid_from
    ]


def _starts(adoptions: Iterable[Adoption]) -> list[Mark]:
    found = []
    for adoption in adoptions:
        name = adoption.district.short_name
        found.append(Mark(_at(adoption.starts_on), f"{name} began"))
        if adoption.ends_on is not None:
            stopped = "gave it up" if adoption.verdict == Verdict.ABANDON else "ended its trial"
            found.append(Mark(_at(adoption.ends_on), f"{name} {stopped}"))
    return found


def _at(day: date) -> float:
    """Return where a day stands between the figures of school years."""
    year = SchoolYear.of(day)
    return round(year.start - HALF + (day - year.first_day).days / YEAR, 2)
