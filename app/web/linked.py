"""What a post's page says of the indicators it points to: charts around its trials, and its measures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from app.charts import Picture
from app.figures import ALL, Figure, by_district, chosen_group
from app.kinds import ESSA, EVIDENCE, EXPECTED
from app.lib import figure_words
from app.lib.artefacts import Suspicion
from app.lib.figure_words import Around
from app.lib.school_year import SchoolYear
from app.lib.stats import format_value
from app.lib.tracks import Course, Track, track
from app.models import Adoption, District, Indicator, IndicatorLink, Measure, Post, Practice, StrandPlan, StudentGroup
from app.models.indicator import EssaTier, Evidence, Expected
from app.pictures import Surroundings, marks_trials, picture, unmarked_trials
from app.web import catalogue, here, kept
from app.web.figures import Beside, Companion, beside, companion_of
from app.web.suspicions import Held, Other, suspicions


@dataclass(frozen=True, slots=True)
class Tried:
    """What stands around one district's start, and where the others stood meanwhile."""

    around: Around
    meanwhile: Sequence[str]


@dataclass(frozen=True, slots=True)
class Linked:
    """One indicator that a post points to."""

    link: IndicatorLink
    group: StudentGroup
    label: str
    sides: Sequence[Beside]
    companion: Companion | None
    trials: Sequence[Tried]
    suspicions: Sequence[Suspicion]
    sentence: str
    svg: Markup
    marks_trials: bool
    notes: str  # how to read the marks of the chart

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.link.indicator


@dataclass(frozen=True, slots=True)
class Measured:
    """How one measure of a plan stands."""

    latest: Figure | None
    track: Track
    companion: Companion | None


@dataclass(frozen=True, slots=True)
class Stood:
    """Where the districts stand on an indicator, whoever asks and whichever post points to it."""

    sides: Sequence[Beside]
    companion: Companion | None
    suspicions: Sequence[Suspicion]


@dataclass(frozen=True, slots=True)
class Known:
    """What was read once for all indicators of a post."""

    districts: Sequence[District]
    groups: Mapping[str, StudentGroup]
    found: Mapping[int, Sequence[Figure]]
    around: Surroundings


def for_post(post: Post) -> list[Linked]:
    """Return what a post's page shows of each indicator it points to, with its trials marked on the charts."""
    if not post.indicator_links:
        return []
    wanted = list(post.student_groups) if isinstance(post, Practice) else []
    places = catalogue.of_partnership(post.partnership_id)
    districts = places.measured
    ids = [link.indicator_id for link in post.indicator_links]
    defined = {number: catalogue.defined()[number] for number in ids}
    companions = [one.companion for one in defined.values() if one.companion and one.companion.id not in defined]
    known = Known(
        districts,
        catalogue.groups(),
        kept.of_many([*defined.values(), *companions], [d.id for d in districts], {ALL, *wanted}),
        Surroundings(
            post.adoptions if isinstance(post, Practice) else (),
            catalogue.annotations_about(post.partnership_id, ids),
            places.goals_about(ids),
        ),
    )
    return [_linked(link, defined[link.indicator_id], known, wanted) for link in post.indicator_links]


def for_measures(post: StrandPlan) -> dict[int, Measured]:
    """Return how each measure of a plan stands, by the measure's number."""
    if not post.measures:
        return {}
    defined = {measure.indicator_id: catalogue.defined()[measure.indicator_id] for measure in post.measures}
    companions = [one.companion for one in defined.values() if one.companion and one.companion.id not in defined]
    groups = {ALL, *(measure.group_code for measure in post.measures)}
    where = {measure.district_id for measure in post.measures}
    found = kept.of_many([*defined.values(), *companions], where, groups)
    return {measure.id: _measured(measure, defined[measure.indicator_id], found) for measure in post.measures}


def in_words(measure: Measure, value: Decimal | None) -> str:
    """Return a baseline or a target of a plan, in the unit of its indicator."""
    return "–" if value is None else format_value(value, measure.indicator.unit, measure.indicator.decimals)


def label(link: IndicatorLink) -> str:
    """Return what a post means to do to an indicator, and on what evidence."""
    evidence = EVIDENCE[Evidence(link.evidence)]
    if link.essa_tier:
        evidence = f"{evidence}, {ESSA[EssaTier(link.essa_tier)]}"
    return f"Expected to {EXPECTED[Expected(link.expected)]}. Evidence: {evidence.lower()}"


def _measured(measure: Measure, indicator: Indicator, found: Mapping[int, Sequence[Figure]]) -> Measured:
    same = [figure for figure in found[indicator.id] if figure.group_code == measure.group_code]
    series = by_district(same, [measure.district_id])[measure.district_id]
    visible = [figure for figure in series if not figure.is_hidden]
    last = visible[-1] if visible else None
    course = Course(
        measure.baseline_year,
        measure.baseline,
        measure.target_year,
        measure.target,
        indicator.direction,
        indicator.unit,
        indicator.decimals,
    )
    stands = track(course, last.year if last else None, last.value if last else None)
    return Measured(
        series[-1] if series else None,
        stands,
        companion_of(indicator.companion, [measure.district], found, measure.group_code),
    )


def _linked(link: IndicatorLink, indicator: Indicator, known: Known, wanted: Sequence[str]) -> Linked:
    code = chosen_group(wanted, known.found[indicator.id])
    group = known.groups.get(code) or StudentGroup(code=ALL, name="All students", short="All")
    key = ("stood", indicator.id, group.code, tuple(district.id for district in known.districts))
    stood = kept.kept(key, lambda: _stood(indicator, group, known))
    series = {side.district.id: side.series for side in stood.sides}
    chart = picture(indicator, group, known.districts, series, known.around)
    drawn = here.charts().picture(chart) if chart.lines else Markup("")
    sentence = " ".join(side.sentence for side in stood.sides if side.series)
    trials = [_tried(adoption, known, series) for adoption in known.around.adoptions]
    return Linked(
        link,
        group,
        label(link),
        stood.sides,
        stood.companion,
        trials,
        stood.suspicions,
        sentence or "There are no figures for it here yet.",
        drawn,
        marks_trials([chart]),
        _notes(chart, series, known.around),
    )


def _notes(chart: Picture, series: Mapping[int, Sequence[Figure]], around: Surroundings) -> str:
    """Return how to read the marks of a chart: only those that are there, and which trials are not."""
    is_marked = any(not mark.is_break for mark in chart.drawn_marks)
    is_hidden = any(figure.is_hidden for figures in series.values() for figure in figures)
    said = [
        "Marks say when something began or ended, not what it did." if is_marked else "",
        unmarked_trials([chart], {number for number, figures in series.items() if figures}, around),
        "× is a year without a figure to show." if is_hidden else "",
    ]
    return " ".join(filter(None, said))


def _stood(indicator: Indicator, group: StudentGroup, known: Known) -> Stood:
    everything = known.found[indicator.id]
    found = [figure for figure in everything if figure.group_code == group.code]
    sides, series = beside(indicator, known.districts, found)
    companion = companion_of(indicator.companion, known.districts, known.found, group.code)
    held = Held(
        indicator,
        group,
        known.districts,
        found,
        series,
        by_district([f for f in everything if f.group_code == ALL], [d.id for d in known.districts]),
        [_held(companion)] if companion else [],
    )
    return Stood(sides, companion, suspicions(held))


def _held(companion: Companion) -> Other:
    return Other(companion.indicator, {side.district.id: side.series for side in companion.sides})


def _tried(adoption: Adoption, known: Known, series: Mapping[int, Sequence[Figure]]) -> Tried:
    began = SchoolYear.of(adoption.starts_on).start
    around = figure_words.around(adoption.district.short_name, series.get(adoption.district_id, []), began)
    if around.ends is None:
        return Tried(around, ())
    tried = {other.district_id for other in known.around.adoptions}
    return Tried(
        around,
        [
            figure_words.meanwhile(other.short_name, series[other.id], around.ends, tried=other.id in tried)
            for other in known.districts
            if other.id != adoption.district_id and series.get(other.id)
        ],
    )
