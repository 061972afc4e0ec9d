"""Everything a page says about one indicator and one group of students: its figures, charts, gaps and doubts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.figures import ALL, Figure, by_district
from app.lib.artefacts import Suspicion
from app.lib.gaps import Gap, gap_sentence, gap_words, gaps
from app.lib.school_year import SchoolYear
from app.models import Adoption, Annotation, District, Goal, Indicator, Practice, StudentGroup
from app.pictures import Surroundings, district_panels, gap_picture, group_panels, picture
from app.queries import annotations, figures, goals, indicators, places
from app.queries.figures import Restated
from app.web import here
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """One indicator for one group, as far as the reader may know it."""

    indicator: Indicator
    group: StudentGroup
    groups: Sequence[StudentGroup]
    districts: Sequence[District]
    found: Sequence[Figure]
    by_group: Mapping[str, Series]
    sides: Sequence[Beside]
    companions: Sequence[Companion]
    same: Sequence[Companion]
    around: Surroundings
    trials: Sequence[tuple[Adoption, Practice]]
    annotations: Sequence[Annotation]
    goals: Sequence[Goal]
    suspicions: Sequence[Suspicion]

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

    def district_charts(self) -> list[tuple[Beside, Markup]]:
        """Return a chart for each district that has figures, on one axis."""
        with_figures = [side for side in self.sides if side.series]
        drawn = district_panels(self.indicator, self.group, self.districts, self.series, self.around)
        return [(side, here.charts().panel(one)) for side, one in zip(with_figures, drawn, strict=True)]

    def group_charts(self, codes: Sequence[str] | None = None) -> list[tuple[StudentGroup, Markup]]:
        """Return a chart for each student group that has figures, every district on it, on one axis."""
        wanted = [
            group
            for group in self.groups
            if any(self.by_group.get(group.code, {}).values()) and (codes is None or group.code in codes)
        ]
        drawn = group_panels(self.indicator, self.groups, self.districts, self.by_group)
        with_figures = [group for group in self.groups if any(self.by_group.get(group.code, {}).values())]
        svgs = {group.code: one for group, one in zip(with_figures, drawn, strict=True)}
        return [(group, here.charts().panel(svgs[group.code])) for group in wanted]

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
    districts = places.measured(session, actor.partnership_id)
    ids = [district.id for district in districts]
    groups = figures.groups_of(session, indicator.versions, ids)
    by_code = {group.code: group for group in groups}
    group = by_code.get(wanted) or by_code.get(ALL) or next(iter(groups), None)
    if group is None:
        return None
    everything = figures.of(session, indicator, ids, list(by_code))
    others = indicators.same_as(session, indicator)
    near = [*others, *([indicator.companion] if indicator.companion else [])]
    beside_it = figures.of_many(session, near, ids, {group.code, ALL})
    trials = indicators.trials(session, actor, indicator.id)
    said = annotations.of(session, actor.partnership_id, [indicator.id])
    meant = goals.targets_of(session, actor.partnership_id, [indicator.id])
    of_each = {code: [figure for figure in everything if figure.group_code == code] for code in by_code}
    by_group = {code: by_district(found, ids) for code, found in of_each.items()}
    sides, series = beside(indicator, districts, of_each[group.code])
    companion = companion_of(indicator.companion, districts, beside_it, group.code)
    same = [Companion(one, beside(one, districts, _of(beside_it[one.id], group))[0]) for one in others]
    held = Held(
        indicator,
        group,
        districts,
        of_each[group.code],
        series,
        by_group.get(ALL, {}),
        [_other(companion)] if companion and companion.indicator.id not in {one.id for one in others} else [],
        [_other(one) for one in same],
    )
    around = Surroundings(
        [adoption for adoption, _ in trials], said, meant, {practice.id: practice.title for _, practice in trials}
    )
    return Outcome(
        indicator,
        group,
        groups,
        districts,
        of_each[group.code],
        by_group,
        sides,
        [companion] if companion else [],
        [one for one in same if any(side.series for side in one.sides)],
        around,
        trials,
        said,
        meant,
        suspicions(held),
    )


def _of(found: Sequence[Figure], group: StudentGroup) -> list[Figure]:
    return [figure for figure in found if figure.group_code == group.code]


def _other(companion: Companion) -> Other:
    return Other(companion.indicator, {side.district.id: side.series for side in companion.sides})
