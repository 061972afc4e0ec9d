"""Everything a page says about one indicator and one group of students: its figures, charts, gaps and doubts."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from app.charts import Picture
from app.figures import ALL, Figure, by_district
from app.lib.artefacts import Suspicion
from app.lib.gaps import Gap, gap_sentence, gap_words, gaps
from app.lib.rollups import Together, together, together_words
from app.lib.school_year import SchoolYear
from app.models import Annotation, District, Goal, Indicator, StudentGroup
from app.pictures import (
    Surroundings,
    district_panels,
    gap_picture,
    group_panels,
    marks_trials,
    picture,
    unmarked_trials,
)
from app.queries import figures, indicators
from app.queries.figures import Restated
from app.queries.indicators import Trial
from app.web import catalogue, here, kept
from app.web.figures import Beside, Companion, beside, companion_of
from app.web.suspicions import Held, Other, suspicions

FIRST_GAPS = ("english_learners", "african_american", "socioeconomically_disadvantaged")  # if all students are chosen

Series = Mapping[int, Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class GroupGap:
    """How far one group stands from all students in one district: the first and the last comparable year."""

    group: StudentGroup
    district: District
    first: Gap
    last: Gap
    unit: str

    @property
    def words(self) -> tuple[str, str]:
        """The first gap and the last as words."""
        return gap_words(self.first.size, self.unit), gap_words(self.last.size, self.unit)


@dataclass(frozen=True, slots=True)
class GapStory:
    """The gap of one group as a chart and a sentence."""

    group: StudentGroup
    sentence: str
    svg: Markup


@dataclass(frozen=True)
class Outcome:
    """One indicator for one group, as far as the reader may know it.

    Attributes:
        of_each: every figure, earlier vintages too, by group.
        by_group: one figure a year, by group and district.
    """

    indicator: Indicator
    group: StudentGroup
    groups: Sequence[StudentGroup]
    districts: Sequence[District]
    of_each: Mapping[str, Sequence[Figure]]
    by_group: Mapping[str, Series]
    trials: Sequence[Trial]
    annotations: Sequence[Annotation]
    goals: Sequence[Goal]

    @property
    def key(self) -> Hashable:
        """What everything depends on that does not depend on who reads: all but trials."""
        return self.indicator.id, self.group.code, tuple(district.id for district in self.districts)

    @property
    def found(self) -> Sequence[Figure]:
        """Every figure of the chosen group."""
        return self.of_each[self.group.code]

    @property
    def around(self) -> Surroundings:
        """What is marked on its charts."""
        titles = {practice.id: practice.title for _, practice in self.trials}
        return Surroundings([adoption for adoption, _ in self.trials], self.annotations, self.goals, titles)

    @cached_property
    def sides(self) -> Sequence[Beside]:
        """The districts side by side."""
        return kept.kept(("beside", self.key), lambda: beside(self.indicator, self.districts, self.found)[0])

    @property
    def companions(self) -> Sequence[Companion]:
        """What is read beside it: one indicator or none."""
        one = companion_of(self.indicator.companion, self.districts, self._near, self.group.code)
        return [one] if one else []

    @property
    def same(self) -> Sequence[Companion]:
        """The same thing from other sources, where they have figures of this group."""
        return [one for one in self._same if any(side.series for side in one.sides)]

    @property
    def suspicions(self) -> Sequence[Suspicion]:
        """What to rule out before a movement is believed."""
        others = {one.id for one in self._others}
        held = Held(
            self.indicator,
            self.group,
            self.districts,
            self.found,
            self.series,
            self.by_group.get(ALL, {}),
            [_other(one) for one in self.companions if one.indicator.id not in others],
            [_other(one) for one in self._same],
        )
        return suspicions(held)

    @cached_property
    def _others(self) -> Sequence[Indicator]:
        """The indicators that measure the same thing from another source."""
        root = self.indicator.same_as_id or self.indicator.id
        known = catalogue.defined().values()
        return [one for one in known if root in {one.id, one.same_as_id} and one.id != self.indicator.id]

    @cached_property
    def _near(self) -> Mapping[int, Sequence[Figure]]:
        """The figures of every indicator that is read beside this one."""
        near = [*self._others, *([self.indicator.companion] if self.indicator.companion else [])]
        return kept.of_many(near, [district.id for district in self.districts], {self.group.code, ALL})

    @cached_property
    def _same(self) -> Sequence[Companion]:
        return [
            Companion(one, beside(one, self.districts, _of(self._near[one.id], self.group))[0]) for one in self._others
        ]

    @property
    def series(self) -> Series:
        """One figure a year of the chosen group, by district."""
        return self.by_group.get(self.group.code, {})

    @property
    def rows(self) -> list[Figure]:
        """The latest vintages of the chosen group, every source, newest year first."""
        latest = [figure for figure in self.found if figure.is_latest]
        return sorted(latest, key=lambda figure: (-figure.year, figure.district_id, figure.source))

    @property
    def together(self) -> list[Together]:
        """The districts as one, where one source gives numbers for all of them."""
        return together(self.found, {district.id for district in self.districts})

    @property
    def together_words(self) -> str:
        """What the districts are called as one."""
        return together_words(len(self.districts))

    @property
    def restated(self) -> list[Restated]:
        """What was published once and given differently later."""
        return figures.restated(self.found)

    @property
    def two_sources(self) -> list[str]:
        """The years for which two sources stand beside each other."""
        seen: dict[tuple[int, int], set[str]] = {}
        for figure in self.rows:
            seen.setdefault((figure.year, figure.district_id), set()).add(figure.source)
        return [str(SchoolYear(year)) for year in sorted({y for (y, _), sources in seen.items() if len(sources) > 1})]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Where the figures shown come from, with their releases, the newest first."""
        return list(dict.fromkeys((figure.source, figure.release) for figure in self.rows))

    @property
    def sentence(self) -> str:
        """Where each district stands."""
        return " ".join(side.sentence for side in self.sides if side.series)

    @cached_property
    def panels(self) -> Sequence[Picture]:
        """A chart for each district that has figures, on one axis."""
        return district_panels(self.indicator, self.group, self.districts, self.series, self.around)

    @property
    def marks_trials(self) -> bool:
        """Whether a trial is marked on the charts of the districts."""
        return marks_trials(self.panels)

    @property
    def marks_targets(self) -> bool:
        """Whether the target of a goal stands on the charts of the districts."""
        return any(line.targets for picture in self.panels for line in picture.lines)

    @property
    def unmarked_trials(self) -> str:
        """The trials outside the years of the charts, in words."""
        return unmarked_trials(self.panels, {d.id for d in self.districts if self.series.get(d.id)}, self.around)

    def district_charts(self) -> list[tuple[Beside, Markup]]:
        """Return a chart for each district that has figures, on one axis."""
        with_figures = [side for side in self.sides if side.series]
        return list(zip(with_figures, here.charts().panels(self.panels), strict=True))

    def group_charts(self, codes: Sequence[str] | None = None) -> list[tuple[StudentGroup, Markup]]:
        """Return a chart for each student group that has figures, every district on it, on one axis."""
        with_figures = [group for group in self.groups if any(self.by_group.get(group.code, {}).values())]
        drawn = here.charts().panels(group_panels(self.indicator, self.groups, self.districts, self.by_group))
        return [
            (group, svg) for group, svg in zip(with_figures, drawn, strict=True) if codes is None or group.code in codes
        ]

    def whole_picture(self) -> Markup:
        """Return the chart with every district on it."""
        return here.charts().picture(picture(self.indicator, self.group, self.districts, self.series, self.around))

    def gap_stories(self) -> list[GapStory]:
        """Return the gap of the chosen group, or of the first groups that have one where all students are chosen."""
        wanted = FIRST_GAPS if self.group.code == ALL else (self.group.code,)
        stories = []
        for group in self.groups:
            apart = self._apart(group) if group.code in wanted else {}
            if any(apart.values()):
                said = [
                    gap_sentence(d.short_name, group.name, apart[d.id], self.indicator.unit)
                    for d in self.districts
                    if apart[d.id]
                ]
                drawn = here.charts().picture(gap_picture(self.indicator, group, self.districts, apart))
                stories.append(GapStory(group, " ".join(said), drawn))
        return stories[:2]

    def gap_table(self) -> list[GroupGap]:
        """Return the first and the last gap of every group and district."""
        rows = []
        for group in self.groups:
            for district in self.districts if group.code != ALL else ():
                found = self._apart(group)[district.id]
                if found:
                    same = [gap for gap in found if gap.segment == found[-1].segment]
                    rows.append(GroupGap(group, district, same[0], found[-1], self.indicator.unit))
        return rows

    def _apart(self, group: StudentGroup) -> dict[int, list[Gap]]:
        mine, everybody = self.by_group.get(group.code, {}), self.by_group.get(ALL, {})
        return {d.id: gaps(mine.get(d.id, ()), everybody.get(d.id, ())) for d in self.districts}


def outcome(indicator: Indicator, wanted: str) -> Outcome | None:
    """Read everything about one indicator for a group, else for all students; nothing if there are no figures.

    The indicator's versions and companion are loaded. The number of statements does not depend on what there is.
    """
    actor, session = here.actor(), here.session()
    around = catalogue.of_partnership(actor.partnership_id)
    districts = around.measured
    ids = [district.id for district in districts]
    every = catalogue.groups().values()
    key = ("series", indicator.id, tuple(ids))
    of_each, by_group = kept.kept(key, lambda: _read(indicator, ids, every), lambda found: _weight(found[0]))
    groups = [group for group in every if group.code in of_each]
    by_code = {group.code: group for group in groups}
    group = by_code.get(wanted) or by_code.get(ALL) or next(iter(groups), None)
    if group is None:
        return None
    return Outcome(
        indicator,
        group,
        groups,
        districts,
        of_each,
        by_group,
        indicators.trials(session, actor, indicator.id),
        catalogue.annotations_about(actor.partnership_id, [indicator.id]),
        around.goals_about([indicator.id]),
    )


def _read(
    indicator: Indicator, district_ids: Sequence[int], groups: Iterable[StudentGroup]
) -> tuple[dict[str, list[Figure]], dict[str, dict[int, list[Figure]]]]:
    """Return every figure by group, and one a year by group and district."""
    found: dict[str, list[Figure]] = {}
    for figure in figures.of(here.session(), indicator, district_ids, [group.code for group in groups]):
        found.setdefault(figure.group_code, []).append(figure)
    return found, {code: by_district(series, district_ids) for code, series in found.items()}


def _weight(found: Mapping[str, Sequence[Figure]]) -> int:
    """Return about how many bytes figures take."""
    return 500 * (1 + sum(len(series) for series in found.values()))


def _of(found: Sequence[Figure], group: StudentGroup) -> list[Figure]:
    return [figure for figure in found if figure.group_code == group.code]


def _other(companion: Companion) -> Other:
    return Other(companion.indicator, {side.district.id: side.series for side in companion.sides})
