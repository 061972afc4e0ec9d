"""Reading indicators: one with its definition, and the list with what moved."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from app.models import Adoption, DefinitionNote, Indicator, IndicatorLink, Post
from app.policy import Actor, readable
from app.queries.cards import POST, few

MOST = 40  # trials told of on one indicator's page
MOST_AIMING = 60  # practices told of on a goal's page
BESIDE = joinedload(Indicator.companion).options(selectinload(Indicator.versions), raiseload("*"))
DEFINED = (
    selectinload(Indicator.versions),
    BESIDE,
    selectinload(Indicator.notes).joinedload(DefinitionNote.district),
    raiseload("*"),
)


class Titled(NamedTuple):
    """A post as a link needs it."""

    id: int
    title: str


class Trial(NamedTuple):
    """A trial, its district loaded, and the practice that was tried."""

    adoption: Adoption
    practice: Titled


def one(session: Session, indicator_id: int) -> Indicator | None:
    """Return an indicator with its versions, its districts' notes and its companion."""
    return session.scalars(select(Indicator).where(Indicator.id == indicator_id).options(*DEFINED)).one_or_none()


def listing(session: Session) -> Sequence[Indicator]:
    """Return every indicator with its versions, by line of work."""
    query = select(Indicator).order_by(Indicator.strand_name == "", Indicator.strand_name, Indicator.id)
    return session.scalars(query.options(selectinload(Indicator.versions), raiseload("*"))).all()


def defined(session: Session) -> Sequence[Indicator]:
    """Return every indicator as ``one`` does, by line of work."""
    query = select(Indicator).order_by(Indicator.strand_name == "", Indicator.strand_name, Indicator.id)
    return session.scalars(query.options(*DEFINED)).all()


def trials(session: Session, actor: Actor, indicator_id: int) -> Sequence[Trial]:
    """Return the trials of shared practices that ``actor`` may read and that aim at an indicator, the newest first."""
    rows = session.execute(_trials(actor), {"indicator_id": indicator_id})
    return [Trial(adoption, Titled(number, title)) for adoption, number, title in rows]


@lru_cache(maxsize=512)
def _trials(actor: Actor) -> Select[Any]:
    return (
        select(Adoption, POST.c.id, POST.c.title)
        .join(POST, POST.c.id == Adoption.post_id)
        .join(IndicatorLink, IndicatorLink.post_id == POST.c.id)
        .where(readable(actor), POST.c.shared_at.is_not(None), Adoption.removed_at.is_(None))
        .where(few(POST.c.partnership_id) == actor.partnership_id)
        .where(IndicatorLink.indicator_id == bindparam("indicator_id", type_=Integer))
        .order_by(Adoption.starts_on.desc(), Adoption.id.desc())
        .limit(MOST)
        .options(joinedload(Adoption.district), raiseload("*"))
    )


def aiming(
    session: Session, actor: Actor, indicator_id: int, limit: int = MOST_AIMING
) -> Sequence[tuple[IndicatorLink, Post]]:
    """Return the shared practices that ``actor`` may read and that aim at an indicator, with who set the evidence."""
    query = (
        select(IndicatorLink, Post)
        .join(Post, Post.id == IndicatorLink.post_id)
        .where(readable(actor), Post.shared_at.is_not(None), Post.kind == "practice")
        .where(Post.partnership_id == actor.partnership_id, IndicatorLink.indicator_id == indicator_id)
        .order_by(Post.shared_at.desc(), Post.id.desc())
        .limit(limit)
    )
    loaded = (joinedload(IndicatorLink.set_by), joinedload(Post.district), raiseload("*"))
    return [(link, post) for link, post in session.execute(query.options(*loaded)).all()]


def named(session: Session, words: str, limit: int = 8) -> Sequence[Indicator]:
    """Return indicators whose name, short name or code holds ``words``, for pointing at them while writing."""
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    fits = [column.ilike(pattern, escape="\\") for column in (Indicator.name, Indicator.short, Indicator.code)]
    query = select(Indicator).where(or_(*fits)).order_by(func.length(Indicator.name), Indicator.id).limit(limit)
    return session.scalars(query.options(raiseload("*"))).all()


def aimed_at(session: Session, actor: Actor) -> Counter[int]:
    """Return how many shared practices that ``actor`` may read point to each indicator."""
    return Counter(dict(session.execute(_aimed_at(actor)).all()))


@lru_cache(maxsize=512)
def _aimed_at(actor: Actor) -> Select[int, int]:
    number = few(IndicatorLink.indicator_id)  # not in the order of indicators: an index has the practices there are
    return (
        select(number, func.count())
        .join(POST, POST.c.id == IndicatorLink.post_id)
        .where(readable(actor, of_all=True), POST.c.shared_at.is_not(None), POST.c.kind == "practice")
        .where(POST.c.partnership_id == actor.partnership_id)
        .group_by(number)
    )
