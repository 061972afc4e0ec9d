"""Drawing charts ahead, so that no page waits for one."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from app.charts import Charts
from app.figures import ALL, Figure, by_district, chosen_group, read
from app.models import (
    Adoption,
    DefinitionVersion,
    District,
    Indicator,
    IndicatorLink,
    Observation,
    PartnershipDistrict,
    Post,
    Practice,
    PracticeGroup,
    StudentGroup,
)
from app.pictures import picture
from app.work import Work

DEFINED = (selectinload(Indicator.versions), raiseload("*"))


def make(work: Work, keys: Sequence[str], charts: Charts) -> None:
    """Draw the charts that ``keys`` name: "indicator:ID", "batch:ID" for all it brought, "post:ID".

    A batch may bring hundreds: those of all students are drawn at once, and each indicator gets a job for its groups,
    so that other jobs find their turn in between. Safe to run twice: what is drawn already is found by its hash.
    """
    numbers: dict[str, set[int]] = {"indicator": set(), "batch": set(), "post": set()}
    for key in keys:
        kind, _, number = key.partition(":")
        if kind in numbers and number.isdigit():
            numbers[kind].add(int(number))
    brought = _brought(work.session, numbers["batch"])
    _draw_indicators(work.session, brought, charts, only=ALL)
    for indicator_id in sorted(brought):
        work.promise("charts", f"indicator:{indicator_id}")
    _draw_indicators(work.session, numbers["indicator"], charts)
    for post_id in sorted(numbers["post"]):
        _draw_post(work.session, post_id, charts)


def _draw_indicators(session: Session, ids: set[int], charts: Charts, *, only: str | None = None) -> None:
    indicators = session.scalars(
        select(Indicator).where(Indicator.id.in_(ids)).order_by(Indicator.id).options(*DEFINED)
    ).all()
    wanted = select(StudentGroup).order_by(StudentGroup.position, StudentGroup.code)
    if only is not None:
        wanted = wanted.where(StudentGroup.code == only)
    groups = session.scalars(wanted).all()
    for districts in _partnerships(session).values():
        for indicator in indicators:
            for group in groups:
                _draw(session, indicator, group, districts, (), charts)


def _draw_post(session: Session, post_id: int, charts: Charts) -> None:
    post = session.get(Post, post_id)
    if post is None:
        return
    query = (
        select(Indicator)
        .join(IndicatorLink, IndicatorLink.indicator_id == Indicator.id)
        .where(IndicatorLink.post_id == post_id)
        .order_by(Indicator.id)
    )
    indicators = session.scalars(query.options(*DEFINED)).all()
    districts = _partnerships(session).get(post.partnership_id, [])
    adoptions: Sequence[Adoption] = ()
    wanted: list[str] = []
    if isinstance(post, Practice):
        trials = select(Adoption).where(Adoption.post_id == post_id).order_by(Adoption.starts_on, Adoption.id)
        adoptions = session.scalars(trials.options(joinedload(Adoption.district))).all()
        wanted = [serving.group_code for serving in _serves(session, post)]
    groups = {group.code: group for group in session.scalars(select(StudentGroup))}
    for indicator in indicators:
        code = chosen_group(wanted, _read(session, indicator, districts, {ALL, *wanted}))
        if code in groups:
            _draw(session, indicator, groups[code], districts, adoptions, charts)


def _draw(  # noqa: PLR0913, PLR0917
    session: Session,
    indicator: Indicator,
    group: StudentGroup,
    districts: Sequence[District],
    adoptions: Iterable[Adoption],
    charts: Charts,
) -> None:
    series = by_district(_read(session, indicator, districts, {group.code}), [district.id for district in districts])
    if any(series.values()):
        charts.picture(picture(indicator, group, districts, series, adoptions))


def _read(session: Session, indicator: Indicator, districts: Sequence[District], groups: set[str]) -> list[Figure]:
    units = {indicator.id: indicator.unit}
    return read(session, units, indicator.versions, [district.id for district in districts], groups)


def _serves(session: Session, practice: Practice) -> Sequence[PracticeGroup]:
    query = select(PracticeGroup).where(PracticeGroup.post_id == practice.id).order_by(PracticeGroup.group_code)
    return session.scalars(query).all()


def _brought(session: Session, batches: set[int]) -> set[int]:
    query = (
        select(DefinitionVersion.indicator_id)
        .join(Observation, Observation.version_id == DefinitionVersion.id)
        .where(Observation.batch_id.in_(batches))
        .distinct()
    )
    return set(session.scalars(query))


def _partnerships(session: Session) -> dict[int, list[District]]:
    """Return the districts of each partnership in the order of every chart: by name."""
    query = (
        select(PartnershipDistrict.partnership_id, District)
        .join(District, District.id == PartnershipDistrict.district_id)
        .order_by(District.name)
    )
    found: dict[int, list[District]] = {}
    for partnership_id, district in session.execute(query):
        found.setdefault(partnership_id, []).append(district)
    return found
