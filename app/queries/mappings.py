"""Reading the mappings that a partnership keeps, and what they said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload

from app.models import Event, Person, SavedMapping
from app.policy import Actor

MOST = 50


@dataclass(frozen=True, slots=True)
class Version:
    """What a mapping said once."""

    id: int
    at: datetime
    by: str
    name: str
    words: dict[str, Any]


def listing(session: Session, actor: Actor) -> Sequence[SavedMapping]:
    """Return the mappings of the partnership, by name."""
    query = select(SavedMapping).where(SavedMapping.partnership_id == actor.partnership_id)
    return session.scalars(
        query.order_by(SavedMapping.name).options(joinedload(SavedMapping.changed_by), raiseload("*"))
    ).all()


def one(session: Session, actor: Actor, mapping_id: int) -> SavedMapping | None:
    """Return one mapping of the partnership."""
    query = select(SavedMapping).where(
        SavedMapping.id == mapping_id, SavedMapping.partnership_id == actor.partnership_id
    )
    return session.scalars(query.options(joinedload(SavedMapping.changed_by), raiseload("*"))).one_or_none()


def named(session: Session, actor: Actor, name: str) -> SavedMapping | None:
    """Return the mapping of the partnership that has a name."""
    query = select(SavedMapping).where(SavedMapping.name == name, SavedMapping.partnership_id == actor.partnership_id)
    return session.scalars(query.options(raiseload("*"))).one_or_none()


def versions(session: Session, mapping: SavedMapping) -> list[Version]:
    """Return what a mapping said, newest first: as it is now, and as it was."""
    query = (
        select(Event.id, Event.at, Person.name, Event.detail)
        .join(Person, Person.id == Event.actor_id)
        .where(Event.thing == f"mapping:{mapping.id}", Event.action == "mapping.saved")
        .where(Event.partnership_id == mapping.partnership_id)
        .order_by(Event.id.desc())
        .limit(MOST)
    )
    return [
        Version(number, at, by, detail["name"], detail["words"])
        for number, at, by, detail in session.execute(query)
        if "words" in detail
    ]
