"""Charts of figures: which lines and marks a picture has. Pages and the job that draws ahead agree through it."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from app.charts import HALF, Bounds, Line, Mark, Note, Picture, Point
from app.figures import Figure
from app.lib.figure_words import BETTER, standing
from app.lib.gaps import Gap, gap_sentence
from app.lib.school_year import SchoolYear
from app.lib.stats import format_value
from app.lib.text import join_words, shorten
from app.models import Adoption, Annotation, District, Goal, Indicator, StudentGroup
from app.models.indicator import FigureStatus
from app.models.practice import Verdict

YEAR = 365
MOST = 4  # trials with words on one small chart
MOST_NAMED = 3  # practices in a sentence
LONGEST = 24  # characters of a practice's title there
SHORT = {
    FigureStatus.SUPPRESSED: "hidden",
    FigureStatus.NOT_AVAILABLE: "not available",
    FigureStatus.NOT_TESTED: "not tested",
}

Series = Mapping[int, Sequence[Figure]]  # one figure a year, by district


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is marked on a chart beside its figures: trials, words of the data office, goals with their targets.

    ``titles`` names the practices that were tried, by number, where a chart is about more than one.
    """

    adoptions: Sequence[Adoption] = ()
    annotations: Sequence[Annotation] = ()
    goals: Sequence[Goal] = ()
    titles: Mapping[int, str] = field(default_factory=dict)


ALONE = Surroundings()


def picture(
    indicator: Indicator,
    group: StudentGroup,
    districts: Sequence[District],
    series: Series,
    around: Surroundings = ALONE,
) -> Picture:
    """Return the chart of one indicator for one group: a line for each district that has figures."""
    drawn = [(place, district) for place, district in enumerate(districts) if series.get(district.id)]
    lines = tuple(_line(indicator, group, d, place, series[d.id], around) for place, d in drawn)
    sentences = [standing(d.short_name, series[d.id], indicator.unit) for _, d in drawn]
    marks = _marks(indicator, series, around, {d.id for _, d in drawn}, Bounds.around(lines, indicator.unit))
    return Picture(" ".join([_about(indicator, group), *sentences]), indicator.unit, lines, marks)


def district_panels(
    indicator: Indicator,
    group: StudentGroup,
    districts: Sequence[District],
    series: Series,
    around: Surroundings = ALONE,
) -> list[Picture]:
    """Return a chart for each district that has figures, all on one axis, each with its own marks."""
    drawn = [(place, district) for place, district in enumerate(districts) if series.get(district.id)]
    lines = [_line(indicator, group, d, place, series[d.id], around) for place, d in drawn]
    bounds = Bounds.around(lines, indicator.unit)
    return [
        Picture(
            f"{_about(indicator, group)} {standing(d.short_name, series[d.id], indicator.unit)}",
            indicator.unit,
            (line,),
            _marks(indicator, series, around, {d.id}, bounds),
            bounds,
        )
        for line, (_, d) in zip(lines, drawn, strict=True)
    ]


def group_panels(
    indicator: Indicator, groups: Sequence[StudentGroup], districts: Sequence[District], by_group: Mapping[str, Series]
) -> list[Picture]:
    """Return a chart for each student group with every district on it, all on one axis; breaks are lines only."""
    places = list(enumerate(districts))
    drawn = [
        (group, [_quiet(_line(indicator, group, d, n, held[d.id], ALONE)) for n, d in places if held.get(d.id)])
        for group in groups
        if (held := by_group.get(group.code)) and any(held.values())
    ]
    bounds = Bounds.around([line for _, lines in drawn for line in lines], indicator.unit)
    found = []
    for group, lines in drawn:
        held = by_group[group.code]
        said = [standing(d.short_name, held[d.id], indicator.unit) for d in districts if held.get(d.id)]
        marks = tuple(Mark(mark.at, "", mark.is_break) for mark in _breaks(indicator, held))
        found.append(Picture(" ".join([_about(indicator, group), *said]), indicator.unit, tuple(lines), marks, bounds))
    return found


def gap_picture(
    indicator: Indicator, group: StudentGroup, districts: Sequence[District], found: Mapping[int, Sequence[Gap]]
) -> Picture:
    """Return the chart of how far a group stands from all students, a line for each district."""
    lines = tuple(
        Line(
            d.short_name,
            tuple(Point(gap.year, float(gap.size), gap.segment) for gap in found[d.id]),
            place,
            d.colour,
        )
        for place, d in enumerate(districts)
        if found.get(d.id)
    )
    said = [gap_sentence(d.short_name, group.name, found[d.id], indicator.unit) for d in districts if found.get(d.id)]
    about = f"Line chart. {indicator.name}: {group.name} less all students. At nought there is no gap."
    return Picture(" ".join([about, *said]), indicator.unit, lines, (), _with_nought(lines), is_gap=True)


def marks_trials(pictures: Iterable[Picture]) -> bool:
    """Whether the start or the end of a trial is marked on any of some charts."""
    return any(mark.is_trial for picture in pictures for mark in picture.drawn_marks)


def unmarked_trials(pictures: Sequence[Picture], districts: Container[int], around: Surroundings) -> str:
    """Return which trials in ``districts`` lie outside the years of some charts of one axis, in words."""
    if not pictures:
        return ""
    span = pictures[0].span
    early: list[Adoption] = []
    late: list[Adoption] = []
    for adoption in around.adoptions:
        marks = _starts([adoption], around.titles)
        if adoption.district_id in districts and not any(map(span.holds, marks)):
            (late if marks[0].at > span.right else early).append(adoption)
    outside = {"before the first figure": early, "after the last figure": late}
    return " ".join(_began(found, where, around.titles) for where, found in outside.items() if found)


def _began(adoptions: Sequence[Adoption], where: str, titles: Mapping[int, str]) -> str:
    named = {
        f"of “{titles[adoption.post_id]}”" if titles else f"in {adoption.district.short_name}" for adoption in adoptions
    }
    years = [str(year) for year in sorted({adoption.starts_on.year for adoption in adoptions})]
    when = join_words(years) if len(years) <= MOST_NAMED else f"the years from {years[0]} to {years[-1]}"
    trials = "The trial" if len(adoptions) == 1 else "The trials"
    if len(named) > MOST_NAMED:
        trials, named = f"{len(adoptions)} trials", set()
    return f"{' '.join([trials, *([join_words(sorted(named))] if named else [])])} began in {when}, {where}."


def _with_nought(lines: Sequence[Line]) -> Bounds:
    """Return bounds that hold the line of no gap too."""
    fitted = Bounds.around(lines, "points")
    return Bounds(fitted.years, min(fitted.low, -1.0), max(fitted.high, 1.0))


def _about(indicator: Indicator, group: StudentGroup) -> str:
    return f"Line chart. {indicator.name}, {group.name}. {BETTER[indicator.direction]}"


def _line(  # noqa: PLR0913, PLR0917
    indicator: Indicator,
    group: StudentGroup,
    district: District,
    place: int,
    figures: Sequence[Figure],
    around: Surroundings,
) -> Line:
    targets = tuple(
        Note(
            target.school_year,
            float(target.value),
            f"target {format_value(target.value, indicator.unit, indicator.decimals)}",
        )
        for goal in around.goals
        if goal.group_code == group.code and goal.indicator_id == indicator.id
        for target in goal.targets
        if target.district_id == district.id
    )
    points = tuple(map(_point, figures))
    return Line(district.short_name, points, place, district.colour, tuple(_restated(figures)), targets)


def _quiet(line: Line) -> Line:
    """Return a line for a small chart, where words about single years would lie on each other."""
    return replace(line, restated=tuple(replace(note, words="") for note in line.restated))


def _point(figure: Figure) -> Point:
    value = None if figure.value is None else float(figure.value)
    return Point(
        figure.year, value, figure.segment, figure.is_small, SHORT.get(FigureStatus(figure.status), "no figure")
    )


def _restated(figures: Sequence[Figure]) -> Iterable[Note]:
    """Yield what the next year's release says instead, where it says something else."""
    by_year = {figure.year: figure for figure in figures}
    for figure in figures:
        later = by_year.get(figure.year + 1)
        if figure.value is None or later is None or later.prior is None or later.segment != figure.segment:
            continue
        if later.prior != figure.value:
            yield Note(figure.year, float(later.prior), f"restated {later.prior_words}")


def _marks(
    indicator: Indicator, series: Series, around: Surroundings, districts: set[int], span: Bounds
) -> tuple[Mark, ...]:
    tried = [_starts([one], around.titles) for one in around.adoptions if one.district_id in districts]
    starts = [marks for marks in tried if any(map(span.holds, marks))]
    if around.titles:
        starts = starts[:MOST]  # the newest; the page lists them all
    said = [
        note
        for note in around.annotations
        if note.indicator_id in {None, indicator.id} and (note.district_id is None or note.district_id in districts)
    ]
    return (*_breaks(indicator, series), *_said(said), *chain.from_iterable(starts))


def _said(annotations: Iterable[Annotation]) -> list[Mark]:
    return [Mark(_at(a.starts_on), a.words, until=None if a.ends_on is None else _at(a.ends_on)) for a in annotations]


def _breaks(indicator: Indicator, series: Series) -> list[Mark]:
    years = [figure.year for figures in series.values() for figure in figures]
    return [
        Mark(version.valid_from - HALF, "new definition", is_break=True)
        for version in indicator.versions
        if version.is_break and version.valid_from is not None and years and min(years) < version.valid_from
    ]


def _starts(adoptions: Iterable[Adoption], titles: Mapping[int, str]) -> list[Mark]:
    found = []
    for adoption in adoptions:
        title = titles.get(adoption.post_id)
        name = f"“{shorten(title, LONGEST)}”:" if title else adoption.district.short_name
        found.append(Mark(_at(adoption.starts_on), f"{name} began", is_trial=True))
        if adoption.ends_on is not None:
            stopped = "gave it up" if adoption.verdict == Verdict.ABANDON else "ended its trial"
            found.append(Mark(_at(adoption.ends_on), f"{name} {stopped}", is_trial=True))
    return found


def _at(day: date) -> float:
    """Return where a day stands between the figures of school years."""
    year = SchoolYear.of(day)
    return round(year.start - HALF + (day - year.first_day).days / YEAR, 2)
