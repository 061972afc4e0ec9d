"""What the numbers in search results stand for: strands, districts, indicators and people, of those one may know of."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models import (
    District,
    Indicator,
    IndicatorLink,
    Membership,
    PartnershipDistrict,
    Person,
    Post,
    Strand,
)
from app.policy import Actor, readable

MOST = 5_000

Names = Select[*tuple[Any, ...]]


def of(session: Session, actor: Actor, name: str, values: Sequence[str]) -> Mapping[str, str]:
    """Return the names behind ``values`` in the order that lists have them: one statement, or none for no values.

    Known are those of the actor's partnerships, and those of posts that they may read. Others might as well not exist.
    """
    if not values:
        return {}
    rows = session.execute(_named(name, actor), {"values": [int(value) for value in values]})
    return {str(row[0]): row[1] for row in rows}


def all_of(session: Session, actor: Actor, name: str) -> Mapping[str, Sequence[str]]:
    """Return everything of one sort that the actor may know of: number to all that it is called."""
    found: dict[str, list[str]] = {}
    for row in session.execute(_all(name, actor)):
        names = [given if isinstance(given, list) else [given] for given in row[1:]]
        found[str(row[0])] = [one for given in names for one in given if one]
    return found


@lru_cache(maxsize=1_024)
def _named(name: str, actor: Actor) -> Names:
    make, number = NAMED[name]
    return make(actor).where(number.in_(bindparam("values", expanding=True)))


@lru_cache(maxsize=256)
def _all(name: str, actor: Actor) -> Names:
    make, _ = NAMED[name]
    return make(actor).limit(MOST)


def _strands(actor: Actor) -> Names:
    seen = or_(Strand.partnership_id.in_(_places(actor)), _in_a_post(actor, Post.strand_id, Strand.id))
    return select(Strand.id, Strand.name).where(seen).order_by(Strand.position, Strand.id)


def _districts(actor: Actor) -> Names:
    own = exists().where(
        PartnershipDistrict.district_id == District.id, PartnershipDistrict.partnership_id.in_(_places(actor))
    )
    query = select(District.id, District.short_name, District.name).where(
        or_(own, _in_a_post(actor, Post.district_id, District.id))
    )
    return query.order_by(District.name, District.id)


def _authors(actor: Actor) -> Names:
    own = exists().where(Membership.person_id == Person.id, Membership.partnership_id.in_(_places(actor)))
    query = select(Person.id, Person.name).where(or_(own, _in_a_post(actor, Post.author_id, Person.id)))
    return query.order_by(Person.name, Person.id)


def _indicators(actor: Actor) -> Names:
    query = select(Indicator.id, Indicator.short, Indicator.name, Indicator.abbreviations).order_by(Indicator.name)
    if actor.parts:
        return query
    linked = exists().where(
        IndicatorLink.indicator_id == Indicator.id, IndicatorLink.post_id == Post.id, readable(actor)
    )
    return query.where(linked)


def _places(actor: Actor) -> list[int]:
    return [part.partnership_id for part in actor.parts]


def _in_a_post(
    actor: Actor,
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    number: InstrumentedAttribute[int],
) -> ColumnElement[bool]:
    return exists().where(column == number, readable(actor))


NAMED: Mapping[str, tuple[Callable[[Actor], Names], InstrumentedAttribute[int]]] = {
    "strand": (_strands, Strand.id),
    "district": (_districts, District.id),
    "author": (_authors, Person.id),
    "indicator": (_indicators, Indicator.id),
}
