"""What the numbers in search results stand for: strands, districts, indicators and people, of those one may know of."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, exists, or_, select
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

Names = Select[int, str]


def of(session: Session, actor: Actor, name: str, values: Sequence[str]) -> Mapping[str, str]:
    """Return the names behind ``values`` in the order that lists have them: one statement, or none for no values.

    Known are those of the actor's partnerships, and those of posts that they may read. Others might as well not exist.
    """
    if not values:
        return {}
    query = NAMED[name](actor, [int(value) for value in values])
    return {str(number): called for number, called in session.execute(query)}


def _strands(actor: Actor, numbers: Sequence[int]) -> Names:
    seen = or_(Strand.partnership_id.in_(_places(actor)), _in_a_post(actor, Post.strand_id, Strand.id))
    return select(Strand.id, Strand.name).where(Strand.id.in_(numbers), seen).order_by(Strand.position, Strand.id)


def _districts(actor: Actor, numbers: Sequence[int]) -> Names:
    own = exists().where(
        PartnershipDistrict.district_id == District.id, PartnershipDistrict.partnership_id.in_(_places(actor))
    )
    query = select(District.id, District.short_name).where(
        District.id.in_(numbers), or_(own, _in_a_post(actor, Post.district_id, District.id))
    )
    return query.order_by(District.name, District.id)


def _authors(actor: Actor, numbers: Sequence[int]) -> Names:
    own = exists().where(Membership.person_id == Person.id, Membership.partnership_id.in_(_places(actor)))
    query = select(Person.id, Person.name).where(
        Person.id.in_(numbers), or_(own, _in_a_post(actor, Post.author_id, Person.id))
    )
    return query.order_by(Person.name, Person.id)


def _indicators(actor: Actor, numbers: Sequence[int]) -> Names:
    query = select(Indicator.id, Indicator.short).where(Indicator.id.in_(numbers)).order_by(Indicator.name)
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


NAMED = {"strand": _strands, "district": _districts, "author": _authors, "indicator": _indicators}
