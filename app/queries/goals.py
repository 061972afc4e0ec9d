"""Reading goals: those of a partnership, one with its targets, and the targets of an indicator."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from app.models import Goal, Indicator, Target
from app.policy import Actor

LIMIT = 100


def listing(session: Session, partnership_id: int | None, *, closed: bool = False) -> Sequence[Goal]:
    """Return the goals of a partnership in their order, the closed ones only when asked for."""
    query = _whole(partnership_id).where(Goal.closed_at.is_not(None) if closed else Goal.closed_at.is_(None))
    return session.scalars(query.order_by(Goal.position, Goal.id).limit(LIMIT)).all()


def one(session: Session, actor: Actor, goal_id: int) -> Goal | None:
    """Return a goal of the partnership that ``actor`` is looking at."""
    return session.scalars(_whole(actor.partnership_id).where(Goal.id == goal_id)).one_or_none()


def open_of(session: Session, partnership_id: int | None) -> Sequence[Goal]:
    """Return the open goals of a partnership, with their targets."""
    query = select(Goal).where(Goal.partnership_id == partnership_id, Goal.closed_at.is_(None))
    return session.scalars(query.order_by(Goal.position, Goal.id).options(_TARGETS, raiseload("*"))).all()


_TARGETS = selectinload(Goal.targets).joinedload(Target.district)


def _whole(partnership_id: int | None) -> Select[Goal]:
    indicator = joinedload(Goal.indicator)
    return (
        select(Goal)
        .where(Goal.partnership_id == partnership_id)
        .options(
            _TARGETS,
            indicator.selectinload(Indicator.versions),
            indicator.joinedload(Indicator.companion).raiseload("*"),
            joinedload(Goal.group),
            joinedload(Goal.strand).raiseload("*"),
            joinedload(Goal.set_by),
            raiseload("*"),
        )
    )
