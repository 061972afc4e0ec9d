"""Could it be an artefact? Everything that the figures of a page give reason to look at, with its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.figures import Figure
from app.lib import artefacts
from app.lib.artefacts import Suspicion
from app.models import District, Indicator, StudentGroup
from app.queries import figures


@dataclass(frozen=True, slots=True)
class Other:
    """Another indicator to hold against this one: its series by district."""

    indicator: Indicator
    series: Mapping[int, Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of one indicator and group.

    Attributes:
        found: every figure of the group, earlier vintages and second sources too.
        series: one figure a year, by district.
        everybody: the same for all students.
        companions: what is read beside it, such as participation.
        same: figures of the same thing from other sources.
    """

    indicator: Indicator
    group: StudentGroup
    districts: Sequence[District]
    found: Sequence[Figure]
    series: Mapping[int, Sequence[Figure]]
    everybody: Mapping[int, Sequence[Figure]]
    companions: Sequence[Other] = ()
    same: Sequence[Other] = ()


def suspicions(held: Held) -> list[Suspicion]:
    """Return what to rule out before a movement is believed, in one order always."""
    all_series = [_of(held.series, district) for district in held.districts]
    starts = [
        (version.valid_from, version.note or version.name)
        for version in held.indicator.versions
        if version.is_break and version.valid_from is not None
    ]
    found = artefacts.breaks(starts, all_series)
    again = figures.restated(held.found)
    for district in held.districts:
        mine = [one for one in again if one.district_id == district.id]
        found += artefacts.restatements(district.short_name, mine)
    for district in held.districts:
        found += artefacts.disagreements(district.short_name, _sources(held, district))
    for one in all_series:
        found += artefacts.counted(one)
    for beside in held.companions:
        for one, district in zip(all_series, held.districts, strict=True):
            theirs = _of(beside.series, district)
            found += artefacts.companion(one, beside.indicator.name, theirs, beside.indicator.unit)
    for one, district in zip(all_series, held.districts, strict=True):
        found += artefacts.small(one)
        found += artefacts.appearances(one, _of(held.everybody, district), held.group.name)
    return found


def _of(series: Mapping[int, Sequence[Figure]], district: District) -> artefacts.Series:
    return artefacts.Series(district.short_name, series.get(district.id, ()))


def _sources(held: Held, district: District) -> list[Figure]:
    own = [figure for figure in held.found if figure.is_latest and figure.district_id == district.id]
    for beside in held.same:
        own += [replace(figure, source=f"“{beside.indicator.name}”") for figure in beside.series.get(district.id, ())]
    return own
