"""Working out who is acting: the labels and parts of one person, in three statements."""

from datetime import date
from functools import cache

from sqlalchemy import Integer, Select, String, bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.models import Membership, Person, SignIn, Strand, StrandTerm
from app.policy import Actor

_PERSON_ID = bindparam("person_id", type_=Integer)


def of(session: Session, person: Person, today: date, partnership_id: int | None = None) -> Actor:
    """Return what ``person`` is on ``today``, looking at ``partnership_id`` if they are in it."""
    who = {"person_id": person.id}
    memberships = session.scalars(_memberships(), who).all()
    terms = session.scalars(_terms(), who).all()
    places = [membership.partnership_id for membership in memberships]
    strands = session.execute(_strands(), {"places": places})
    return Actor.of(person, memberships, terms, [(s, p) for s, p in strands], today, partnership_id)


def by_email(session: Session, email: str, today: date, partnership_id: int | None = None) -> Actor | None:
    """Return the actor who signs in with ``email``, for commands given on the machine itself."""
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    return None if person is None else of(session, person, today, partnership_id)


def signed_in(session: Session, digest: str) -> SignIn | None:
    """Return the sign-in that holds the digest of a cookie's token, its person loaded, if it has not ended."""
    found = session.scalars(_signed_in(), {"digest": digest}).one_or_none()
    return None if found is None or found.person.departed_at is not None else found


# Asked on every page: to put these together takes longer than to run them.


@cache
def _memberships() -> Select[Membership]:
    query = select(Membership).where(Membership.person_id == _PERSON_ID)
    return query.order_by(Membership.starts_on, Membership.id)


@cache
def _terms() -> Select[StrandTerm]:
    return select(StrandTerm).where(StrandTerm.person_id == _PERSON_ID)


@cache
def _strands() -> Select[int, int]:
    places = bindparam("places", expanding=True, type_=Integer)
    return select(Strand.id, Strand.partnership_id).where(Strand.partnership_id.in_(places))


@cache
def _signed_in() -> Select[SignIn]:
    query = select(SignIn).where(SignIn.token_digest == bindparam("digest", type_=String), SignIn.ended_at.is_(None))
    return query.options(joinedload(SignIn.person))
