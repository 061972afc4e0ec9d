"""Reading the figures of schools: those of one district, with nothing that would tell a hidden one."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, raiseload

from app.figures import Figure, read, untold
from app.lib.partitions import telling_schools
from app.models import District, Indicator, Observation


def of_district(session: Session, district_id: int) -> Sequence[District]:
    """Return the schools of a district, by name."""
    query = select(District).where(District.parent_id == district_id).order_by(District.name, District.cds_code)
    return session.scalars(query.options(raiseload("*"))).all()


def districts_with_any(session: Session, indicator: Indicator, district_ids: Collection[int]) -> set[int]:
    """Return which of some districts have schools with figures of an indicator."""
    school = District.__table__.alias("school")
    has_figures = exists().where(Observation.district_id == school.c.id, _about(indicator))
    query = select(school.c.parent_id).where(school.c.parent_id.in_(district_ids), has_figures).distinct()
    return set(session.scalars(query))


def reach(session: Session, indicator: Indicator, schools: Sequence[District]) -> tuple[set[str], list[int]]:
    """Return the student groups for which schools have figures, and the school years, the newest first."""
    where = (Observation.district_id.in_([school.id for school in schools]), _about(indicator))
    found = session.execute(select(Observation.group_code, Observation.school_year).where(*where).distinct()).all()
    return {group for group, _ in found}, sorted({year for _, year in found}, reverse=True)


def figures(  # noqa: PLR0913, PLR0917
    session: Session,
    indicator: Indicator,
    district_id: int,
    schools: Sequence[District],
    groups: Collection[str],
    year: int | None,
) -> list[Figure]:
    """Return the latest figures of all schools of a district, the newest year first, then by name and group.

    All of them are read even where a few are wanted: what may be shown of one depends on the others.
    """
    ids = [district_id, *(school.id for school in schools)]
    written = {indicator.id: (indicator.unit, indicator.decimals)}
    found = read(session, written, indicator.versions, ids, groups, year=year)
    numbers, whole = telling_schools(found, district_id)
    place = {school.id: at for at, school in enumerate(schools)}
    own = [untold(figure, numbers, whole) for figure in found if figure.district_id in place]
    return sorted(own, key=lambda one: (-one.year, place[one.district_id], one.group_code, one.source))


def _about(indicator: Indicator) -> ColumnElement[bool]:
    return and_(Observation.version_id.in_([version.id for version in indicator.versions]), Observation.is_latest)
