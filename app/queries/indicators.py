"""Reading indicators: one with its definition, and the list with what moved."""

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from app.models import DefinitionNote, Indicator, IndicatorLink, Post
from app.policy import Actor, readable

DEFINED = (
    selectinload(Indicator.versions),
    joinedload(Indicator.companion).raiseload("*"),
    selectinload(Indicator.notes).joinedload(DefinitionNote.district),
    raiseload("*"),
)


def one(session: Session, indicator_id: int) -> Indicator | None:
    """Return an indicator with its versions, its districts' notes and its companion."""
    return session.scalars(select(Indicator).where(Indicator.id == indicator_id).options(*DEFINED)).one_or_none()


def listing(session: Session) -> Sequence[Indicator]:
    """Return every indicator with its versions, by line of work."""
    query = select(Indicator).order_by(Indicator.strand_name == "", Indicator.strand_name, Indicator.id)
    return session.scalars(query.options(selectinload(Indicator.versions), raiseload("*"))).all()


def by_ids(session: Session, ids: Collection[int]) -> Sequence[Indicator]:
    """Return some indicators with their versions."""
    query = select(Indicator).where(Indicator.id.in_(ids)).order_by(Indicator.id)
    return session.scalars(query.options(selectinload(Indicator.versions), raiseload("*"))).all()


def named(session: Session, words: str, limit: int = 8) -> Sequence[Indicator]:
    """Return indicators whose name, short name or code holds ``words``, for pointing at them while writing."""
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    fits = [column.ilike(pattern, escape="\\") for column in (Indicator.name, Indicator.short, Indicator.code)]
    query = select(Indicator).where(or_(*fits)).order_by(func.length(Indicator.name), Indicator.id).limit(limit)
    return session.scalars(query.options(raiseload("*"))).all()


def aimed_at(session: Session, actor: Actor) -> Counter[int]:
    """Return how many shared practices that ``actor`` may read point to each indicator."""
    query = (
        select(IndicatorLink.indicator_id, func.count())
        .join(Post, Post.id == IndicatorLink.post_id)
        .where(readable(actor), Post.shared_at.is_not(None), Post.kind == "practice")
        .where(Post.partnership_id == actor.partnership_id)
        .group_by(IndicatorLink.indicator_id)
    )
    return Counter(dict(session.execute(query).all()))
