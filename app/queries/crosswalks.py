"""Reading the crosswalk: the districts' own definitions, and what a data office found about comparing them."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, raiseload

from app.models import Comparison, DistrictDefinition


def definitions(
    session: Session, indicator_ids: Collection[int], district_ids: Collection[int]
) -> Sequence[DistrictDefinition]:
    """Return what some districts say in their own words about some indicators."""
    query = select(DistrictDefinition).where(
        DistrictDefinition.indicator_id.in_(indicator_ids), DistrictDefinition.district_id.in_(district_ids)
    )
    return session.scalars(
        query.order_by(DistrictDefinition.id).options(joinedload(DistrictDefinition.written_by), raiseload("*"))
    ).all()


def verdicts(
    session: Session, partnership_id: int | None, indicator_ids: Collection[int] | None = None
) -> dict[int, Comparison]:
    """Return the verdict that holds for each indicator that has one."""
    about = {} if indicator_ids is None else {"indicator_ids": list(indicator_ids)}
    found = session.scalars(_verdicts(partnership_id, is_about_some=indicator_ids is not None), about)
    return {one.indicator_id: one for one in found}


@lru_cache
def _verdicts(partnership_id: int | None, *, is_about_some: bool) -> Select[Comparison]:
    newest = (
        select(func.max(Comparison.id))
        .where(Comparison.partnership_id == partnership_id)
        .group_by(Comparison.indicator_id)
    )
    query = select(Comparison).where(Comparison.id.in_(newest))
    if is_about_some:
        query = query.where(Comparison.indicator_id.in_(bindparam("indicator_ids", expanding=True, type_=Integer)))
    return query.options(joinedload(Comparison.found_by), raiseload("*"))


def history(session: Session, partnership_id: int | None, indicator_id: int) -> Sequence[Comparison]:
    """Return every verdict on one indicator, the newest first."""
    query = select(Comparison).where(
        Comparison.partnership_id == partnership_id, Comparison.indicator_id == indicator_id
    )
    return session.scalars(
        query.order_by(Comparison.id.desc()).options(joinedload(Comparison.found_by), raiseload("*"))
    ).all()
