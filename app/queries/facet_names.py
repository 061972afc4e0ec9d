"""What the numbers in search results stand for: strands, districts, indicators and people, of those one may know of."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.lib.numbers import row_number
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


def of(session: Session, actor: Actor, values: Mapping[str, Sequence[str]]) -> Mapping[str, Mapping[str, str]]:
    """Return the names behind ``values``, by sort, in the order that lists have them: one statement, or none.

    Known are those of the actor's partnerships, and those of posts that they may read. Others might as well not exist.
    """
    found: dict[str, dict[str, str]] = {name: {} for name in NAMED}
    wanted = {name: [n for value in values.get(name, ()) if (n := row_number(value))] for name in NAMED}
    if any(wanted.values()):
        for name, number, called in session.execute(_named(actor), wanted):
            found[name][str(number)] = called
    return found


def all_of(session: Session, actor: Actor, name: str) -> Mapping[str, Sequence[str]]:
    """Return everything of one sort that the actor may know of: number to all that it is called."""
    found: dict[str, list[str]] = {}
    for row in session.execute(_all(name, actor)):
        names = [given if isinstance(given, list) else [given] for given in row[1:]]
        found[str(row[0])] = [one for given in names for one in given if one]
    return found


@lru_cache(maxsize=512)
def _named(actor: Actor) -> Names:
    """Return the statement for all sorts together: four small ones take three times as long."""
    parts = []
    for name, (make, number) in NAMED.items():
        label, place, words = _LISTED[name]
        columns = literal(name).label("sort"), number, label.label("label"), place.label("place"), words.label("words")
        wanted = make(actor).where(number.in_(bindparam(name, expanding=True)))
        parts.append(wanted.with_only_columns(*columns).order_by(None))
    every = union_all(*parts).subquery().c
    return select(every.sort, every.id, every.label).order_by(every.place, every.words, every.id)


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
# What lists call each, and by what number and words they order them.
_LISTED: Mapping[str, tuple[Any, Any, Any]] = {
    "strand": (Strand.name, Strand.position, literal("")),
    "district": (District.short_name, literal(0), District.name),
    "author": (Person.name, literal(0), Person.name),
    "indicator": (Indicator.short, literal(0), Indicator.name),
}
