"""What a writer can point at by name."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, raiseload

from app.models import District, Indicator, Membership, Person
from app.policy import Actor
from app.queries.choices import has_left

FEW = 6


def people(session: Session, actor: Actor, words: str, today: date) -> Sequence[tuple[Person, str]]:
    """Return people of the partnership that ``actor`` is looking at and who have not left, with their district."""
    query = (
        select(Person, District.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(District, District.id == Membership.district_id)
        .where(Membership.partnership_id == actor.partnership_id, _holds(Person.name, words), ~has_left(today))
        .order_by(Person.name, Person.id)
        .limit(FEW)
        .options(raiseload("*"))
    )
    return session.execute(query).all()


def indicators(session: Session, words: str) -> Sequence[Indicator]:
    """Return indicators by name or short name."""
    query = select(Indicator).where(or_(_holds(Indicator.name, words), _holds(Indicator.short, words)))
    return session.scalars(query.order_by(Indicator.name).limit(FEW).options(raiseload("*"))).all()


def _holds(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    return column.icontains(words, autoescape=True)
