"""Figures for pages: districts side by side, and what a post's indicators did around its trials."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from app.figures import ALL, Figure, by_district, chosen_group
from app.kinds import ESSA, EVIDENCE, EXPECTED
from app.lib import figure_words
from app.lib.figure_words import Around
from app.lib.school_year import SchoolYear
from app.lib.sparkline import Sparkline, sparkline
from app.lib.stats import format_value
from app.models import Adoption, District, Indicator, IndicatorLink, Measure, Post, Practice, StrandPlan, StudentGroup
from app.models.indicator import EssaTier, Evidence, Expected
from app.pictures import picture
from app.queries import figures, indicators, places
from app.web import here

HUES = "abcd"


@dataclass(frozen=True, slots=True)
class Beside:
    """One district's figures as a page sets them beside another's."""

    district: District
    hue: str
    series: Sequence[Figure]
    line: Sparkline
    since: str
    sentence: str

    @property
    def latest(self) -> Figure | None:
        """The newest figure, hidden or not."""
        return self.series[-1] if self.series else None


@dataclass(frozen=True, slots=True)
class Linked:
    """One indicator that a post points to."""

    link: IndicatorLink
    group: StudentGroup
    label: str
    sides: Sequence[Beside]
    trials: Sequence[Around]
    sentence: str
    svg: Markup

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.link.indicator

    @property
    def is_hidden_somewhere(self) -> bool:
        """Whether any year of it has no value."""
        return any(figure.is_hidden for side in self.sides for figure in side.series)


def beside(
    indicator: Indicator, districts: Sequence[District], found: Iterable[Figure]
) -> tuple[list[Beside], dict[int, list[Figure]]]:
    """Return the districts side by side, never ranked, and their series."""
    series = by_district(found, [district.id for district in districts])
    sides = [
        Beside(
            district,
            HUES[place % len(HUES)],
            series[district.id],
            sparkline([None if f.value is None else float(f.value) for f in series[district.id]]),
            figure_words.since_last(series[district.id], indicator.unit),
            figure_words.standing(district.short_name, series[district.id], indicator.unit),
        )
        for place, district in enumerate(districts)
    ]
    return sides, series


def for_post(post: Post) -> list[Linked]:
    """Return what a post's page shows of each indicator it points to, with its trials marked on the charts."""
    if not post.indicator_links:
        return []
    session = here.session()
    adoptions = post.adoptions if isinstance(post, Practice) else []
    wanted = list(post.student_groups) if isinstance(post, Practice) else []
    districts = places.measured(session, post.partnership_id)
    defined = indicators.by_ids(session, [link.indicator_id for link in post.indicator_links])
    found = figures.of_many(session, defined, [district.id for district in districts], {ALL, *wanted})
    groups = {group.code: group for group in figures.groups(session)}
    return [
        _linked(link, districts, found[link.indicator_id], groups, wanted, adoptions) for link in post.indicator_links
    ]


def for_measures(post: StrandPlan) -> dict[int, Figure]:
    """Return the newest figure of each measure of a plan, by the measure's number."""
    if not post.measures:
        return {}
    session = here.session()
    defined = indicators.by_ids(session, [measure.indicator_id for measure in post.measures])
    places_wanted = {measure.district_id for measure in post.measures}
    found = figures.of_many(session, defined, places_wanted, {measure.group_code for measure in post.measures})
    latest: dict[int, Figure] = {}
    for measure in post.measures:
        same = [figure for figure in found[measure.indicator_id] if figure.group_code == measure.group_code]
        series = by_district(same, [measure.district_id])[measure.district_id]
        if series:
            latest[measure.id] = series[-1]
    return latest


def in_words(measure: Measure, value: Decimal | None) -> str:
    """Return a baseline or a target of a plan, in the unit of its indicator."""
    return "–" if value is None else format_value(value, measure.indicator.unit)


def _linked(  # noqa: PLR0913, PLR0917
    link: IndicatorLink,
    districts: Sequence[District],
    found: Sequence[Figure],
    groups: Mapping[str, StudentGroup],
    wanted: Sequence[str],
    adoptions: Sequence[Adoption],
) -> Linked:
    group = groups.get(chosen_group(wanted, found)) or StudentGroup(code=ALL, name="All students", short="All")
    sides, series = beside(link.indicator, districts, [figure for figure in found if figure.group_code == group.code])
    drawn = Markup("")
    if any(series.values()):
        drawn = here.charts().picture(picture(link.indicator, group, districts, series, adoptions))
    trials = [
        figure_words.around(
            adoption.district.short_name,
            series.get(adoption.district_id, []),
            SchoolYear.of(adoption.starts_on).start,
        )
        for adoption in adoptions
    ]
    sentence = " ".join(side.sentence for side in sides if side.series) or "There are no figures for it here yet."
    return Linked(link, group, label(link), sides, trials, sentence, drawn)


def label(link: IndicatorLink) -> str:
    """Return what a post means to do to an indicator, and on what evidence."""
    evidence = EVIDENCE[Evidence(link.evidence)]
    if link.essa_tier:
        evidence = f"{evidence}, {ESSA[EssaTier(link.essa_tier)]}"
    return f"Expected to {EXPECTED[Expected(link.expected)]}. Evidence: {evidence.lower()}"
