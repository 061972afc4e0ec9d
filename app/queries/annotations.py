"""Reading annotations: those that stand on some charts, and all of a partnership."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlalchemy import Integer, Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload, raiseload

from app.models import Annotation
from app.policy import Actor

LIMIT = 500


def of(session: Session, partnership_id: int | None, indicator_ids: Collection[int]) -> Sequence[Annotation]:
    """Return what stands on the charts of some indicators, those of every indicator too, oldest day first."""
    return session.scalars(_about(partnership_id), {"indicator_ids": list(indicator_ids)}).all()


def annotated(session: Session, partnership_id: int | None) -> frozenset[int | None]:
    """Return the numbers of the indicators that something stands on, None if something stands on all of them."""
    query = select(Annotation.indicator_id).where(
        Annotation.partnership_id == partnership_id, Annotation.removed_at.is_(None)
    )
    return frozenset(session.scalars(query.distinct()))


def listing(session: Session, partnership_id: int | None) -> Sequence[Annotation]:
    """Return every annotation of a partnership, the newest day first."""
    query = _standing(partnership_id).order_by(Annotation.starts_on.desc(), Annotation.id.desc())
    return session.scalars(query.limit(LIMIT)).all()


def one(session: Session, actor: Actor, annotation_id: int) -> Annotation | None:
    """Return an annotation of the partnership that ``actor`` is looking at."""
    return session.scalars(_standing(actor.partnership_id).where(Annotation.id == annotation_id)).one_or_none()


@lru_cache
def _about(partnership_id: int | None) -> Select[Annotation]:
    wanted = bindparam("indicator_ids", expanding=True, type_=Integer)
    query = _standing(partnership_id).where(or_(Annotation.indicator_id.is_(None), Annotation.indicator_id.in_(wanted)))
    return query.order_by(Annotation.starts_on, Annotation.id)


def _standing(partnership_id: int | None) -> Select[Annotation]:
    return (
        select(Annotation)
        .where(Annotation.partnership_id == partnership_id, Annotation.removed_at.is_(None))
        .options(
            joinedload(Annotation.district),
            joinedload(Annotation.written_by),
            joinedload(Annotation.indicator).raiseload("*"),
            raiseload("*"),
        )
    )
