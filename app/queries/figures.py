"""Reading figures for pages. Every figure leaves through ``shown``, which hides what its source hides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, raiseload

from app.figures import ALL, Figure, by_district, one_a_year, read, shown
from app.models import Indicator, StudentGroup

__all__ = ["ALL", "Figure", "Restated", "by_district", "of", "of_many", "one_a_year", "restated", "shown"]


@dataclass(frozen=True, slots=True)
class Restated:
    """A figure that a later release, or a later load, gives differently."""

    district_id: int
    year: int
    published: str
    now: str
    source: str


def of(session: Session, indicator: Indicator, district_ids: Collection[int], groups: Collection[str]) -> list[Figure]:
    """Return every figure of some groups, earlier vintages too. The indicator's versions are loaded."""
    return read(
        session,
        {indicator.id: (indicator.unit, indicator.decimals)},
        indicator.versions,
        district_ids,
        groups,
        earlier=True,
    )


def of_many(
    session: Session, indicators: Sequence[Indicator], district_ids: Collection[int], groups: Collection[str]
) -> dict[int, list[Figure]]:
    """Return the latest figures of several indicators, by indicator. Their versions are loaded."""
    versions = [version for indicator in indicators for version in indicator.versions]
    found: dict[int, list[Figure]] = {indicator.id: [] for indicator in indicators}
    written = {indicator.id: (indicator.unit, indicator.decimals) for indicator in indicators}
    for figure in read(session, written, versions, district_ids, groups):
        found[figure.indicator_id].append(figure)
    return found


def groups(session: Session) -> Sequence[StudentGroup]:
    """Return every student group, in order."""
    query = select(StudentGroup).order_by(StudentGroup.position, StudentGroup.code)
    return session.scalars(query.options(raiseload("*"))).all()


def restated(figures: Sequence[Figure]) -> list[Restated]:
    """Return what was published once and given differently later, oldest first.

    Two things restate: a later vintage of the same figure, and a later release that gives the year before anew.
    """
    latest = {
        (figure.district_id, figure.year): figure for figure in figures if figure.is_latest and not figure.is_hidden
    }
    found: dict[tuple[int, int, str], Restated] = {}
    for figure in figures:
        after = latest.get((figure.district_id, figure.year))
        if figure.is_latest or figure.is_hidden or after is None or after.words == figure.words:
            continue
        if after.source == figure.source:
            found[_about(figure)] = _again(figure, after.words, f"{after.file_name}, loaded later")
        elif after.line and after.line == figure.line:
            found[_about(figure)] = _again(figure, after.words, after.source)
    for (district_id, year), figure in latest.items():
        before = latest.get((district_id, year - 1))
        if before is not None and _differs(before.value, figure.prior) and before.segment == figure.segment:
            found[_about(before)] = _again(before, figure.prior_words, figure.source)
    return sorted(found.values(), key=lambda restated: (restated.year, restated.district_id))


def _again(figure: Figure, now: str, source: str) -> Restated:
    return Restated(figure.district_id, figure.year, figure.words, now, source)


def _about(figure: Figure) -> tuple[int, int, str]:
    return figure.district_id, figure.year, figure.words


def _differs(published: Decimal | None, later: Decimal | None) -> bool:
    return published is not None and later is not None and published != later
