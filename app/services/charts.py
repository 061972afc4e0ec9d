"""Drawing charts ahead, so that no page waits for one."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from app.charts import Charts
from app.figures import ALL, Figure, by_district, chosen_group, read
from app.lib import labels
from app.lib.gaps import gaps
from app.models import (
    Adoption,
    Annotation,
    DefinitionVersion,
    District,
    Goal,
    Indicator,
    IndicatorLink,
    Observation,
    PartnershipDistrict,
    Post,
    PostAudience,
    Practice,
    PracticeGroup,
    StudentGroup,
    Target,
)
from app.pictures import Series, Surroundings, district_panels, gap_picture, group_panels, picture
from app.work import Work

TRIALS = 60  # as the pages read them
DEFINED = (selectinload(Indicator.versions), raiseload("*"))


def make(work: Work, keys: Sequence[str], charts: Charts) -> None:
    """Draw the charts that ``keys`` name: "indicator:ID", "indicators" for all, "batch:ID" for what came, "post:ID".

    A batch may bring hundreds: those of all students are drawn at once, and each indicator gets a job for its groups,
    so that other jobs find their turn in between. Safe to run twice: what is drawn already is found by its hash.
    """
    numbers: dict[str, set[int]] = {"indicator": set(), "batch": set(), "post": set()}
    for key in keys:
        kind, _, number = key.partition(":")
        if kind in numbers and number.isdigit():
            numbers[kind].add(int(number))
    brought = _brought(work.session, numbers["batch"])
    if "indicators" in keys:
        brought |= set(work.session.scalars(select(Indicator.id)))
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
    groups = session.scalars(select(StudentGroup).order_by(StudentGroup.position, StudentGroup.code)).all()
    for partnership_id, districts in _partnerships(session).items():
        around = _surroundings(session, partnership_id, [indicator.id for indicator in indicators])
        for indicator in indicators:
            tried = _trials(session, partnership_id, indicator.id)
            around = replace(around, adoptions=[a for a, _ in tried], titles={a.post_id: title for a, title in tried})
            _draw_page(session, indicator, groups, districts, around, charts, only)


def _draw_page(  # noqa: PLR0913, PLR0917
    session: Session,
    indicator: Indicator,
    groups: Sequence[StudentGroup],
    districts: Sequence[District],
    around: Surroundings,
    charts: Charts,
    only: str | None,
) -> None:
    """Draw what an indicator's page shows: each district, each group, and each group's gap."""
    found = _read(session, indicator, districts, {group.code for group in groups})
    by_group: dict[str, Series] = {
        group.code: by_district([f for f in found if f.group_code == group.code], [d.id for d in districts])
        for group in groups
    }
    for group in groups:
        series = by_group[group.code]
        if only in {None, group.code} and any(series.values()):
            charts.panels(district_panels(indicator, group, districts, series, around))
    if only is not None:
        return
    charts.panels(group_panels(indicator, groups, districts, by_group))
    for group in groups:
        apart = {d.id: gaps(by_group[group.code][d.id], by_group[ALL][d.id]) for d in districts if ALL in by_group}
        if group.code != ALL and any(apart.values()):
            charts.picture(gap_picture(indicator, group, districts, apart))


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
    around = _surroundings(session, post.partnership_id, [indicator.id for indicator in indicators], adoptions)
    for indicator in indicators:
        code = chosen_group(wanted, _read(session, indicator, districts, {ALL, *wanted}))
        if code in groups:
            series = by_district(_read(session, indicator, districts, {code}), [d.id for d in districts])
            if any(series.values()):
                charts.picture(picture(indicator, groups[code], districts, series, around))


def _trials(session: Session, partnership_id: int, indicator_id: int) -> Sequence[tuple[Adoption, str]]:
    """Return the trials that everybody in a partnership may read, in the order in which pages read them."""
    everybody = exists().where(
        PostAudience.post_id == Practice.id,
        PostAudience.label.in_([labels.PUBLIC, labels.partnership(partnership_id)]),
    )
    query = (
        select(Adoption, Practice.title)
        .join(Practice, Practice.id == Adoption.post_id)
        .join(IndicatorLink, IndicatorLink.post_id == Practice.id)
        .where(everybody, Practice.shared_at.is_not(None), Practice.trashed_at.is_(None))
        .where(Adoption.removed_at.is_(None), Practice.partnership_id == partnership_id)
        .where(IndicatorLink.indicator_id == indicator_id)
        .order_by(Adoption.starts_on.desc(), Adoption.id.desc())
        .options(joinedload(Adoption.district), raiseload("*"))
    )
    return [(adoption, title) for adoption, title in session.execute(query.limit(TRIALS)).all()]


def _surroundings(
    session: Session, partnership_id: int, ids: Sequence[int], adoptions: Sequence[Adoption] = ()
) -> Surroundings:
    """Return what stands on charts of a partnership beside the figures, in the order in which pages read it."""
    said = (
        select(Annotation)
        .where(Annotation.partnership_id == partnership_id, Annotation.removed_at.is_(None))
        .where(or_(Annotation.indicator_id.is_(None), Annotation.indicator_id.in_(ids)))
        .order_by(Annotation.starts_on, Annotation.id)
    )
    meant = (
        select(Goal)
        .where(Goal.partnership_id == partnership_id, Goal.closed_at.is_(None), Goal.indicator_id.in_(ids))
        .order_by(Goal.position, Goal.id)
        .options(selectinload(Goal.targets).joinedload(Target.district), raiseload("*"))
    )
    return Surroundings(adoptions, session.scalars(said).all(), session.scalars(meant).all())


def _read(session: Session, indicator: Indicator, districts: Sequence[District], groups: set[str]) -> list[Figure]:
    written = {indicator.id: (indicator.unit, indicator.decimals)}
    return read(session, written, indicator.versions, [district.id for district in districts], groups)


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
