"""Reading annotations: those that stand on some charts, and all of a partnership."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, raiseload

from app.models import Annotation
from app.policy import Actor

LIMIT = 500


def of(session: Session, partnership_id: int | None, indicator_ids: Collection[int]) -> Sequence[Annotation]:
    """Return what stands on the charts of some indicators, those of every indicator too, oldest day first."""
    query = _standing(partnership_id).where(
        or_(Annotation.indicator_id.is_(None), Annotation.indicator_id.in_(indicator_ids))
    )
    return session.scalars(query.order_by(Annotation.starts_on, Annotation.id)).all()


def listing(session: Session, partnership_id: int | None) -> Sequence[Annotation]:
    """Return every annotation of a partnership, the newest day first."""
    query = _standing(partnership_id).order_by(Annotation.starts_on.desc(), Annotation.id.desc())
    return session.scalars(query.limit(LIMIT)).all()


def one(session: Session, actor: Actor, annotation_id: int) -> Annotation | None:
    """Return an annotation of the partnership that ``actor`` is looking at."""
    return session.scalars(_standing(actor.partnership_id).where(Annotation.id == annotation_id)).one_or_none()


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
