"""Reading what was typed and not saved yet."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import WorkingCopy
from app.policy import Actor


def kept(session: Session, actor: Actor, key: str) -> WorkingCopy | None:
    """Return what the actor typed into the form called ``key``, if it was not saved since."""
    query = select(WorkingCopy).where(WorkingCopy.person_id == actor.person_id, WorkingCopy.key == key)
    return session.scalars(query).one_or_none()


def unsaved(session: Session, actor: Actor, limit: int = 50) -> Sequence[WorkingCopy]:
    """Return every form the actor typed into and did not save, the latest first."""
    query = select(WorkingCopy).where(WorkingCopy.person_id == actor.person_id)
    return session.scalars(query.order_by(WorkingCopy.saved_at.desc(), WorkingCopy.id.desc()).limit(limit)).all()
