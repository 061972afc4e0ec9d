"""Working out who is acting: the labels and parts of one person, in one statement."""

from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, String, and_, bindparam, exists, select
from sqlalchemy.orm import Session, joinedload

from app.models import InboxItem, Membership, Person, SignIn, Strand, StrandTerm
from app.policy import Actor
from app.queries import marks


class Returning(NamedTuple):
    """Somebody who comes with a cookie, and what every page of theirs asks besides."""

    sign_in: SignIn  # its person loaded
    outcomes: str  # the mark of figures; see queries/marks.py
    is_told: bool  # whether anything in their inbox is unread, of which they may not be able to read all


def of(session: Session, person: Person, today: date, partnership_id: int | None = None) -> Actor:
    """Return what ``person`` is on ``today``, looking at ``partnership_id`` if they are in it."""
    memberships: dict[Membership, None] = {}
    terms: dict[StrandTerm, None] = {}
    strands: list[tuple[int, int]] = []
    for membership, strand_id, term in session.execute(_standing(), {"person_id": person.id}):
        memberships.setdefault(membership)
        if strand_id is not None:
            strands.append((strand_id, membership.partnership_id))
        if term is not None:
            terms.setdefault(term)
    return Actor.of(person, memberships, terms, strands, today, partnership_id)


def by_email(session: Session, email: str, today: date, partnership_id: int | None = None) -> Actor | None:
    """Return the actor who signs in with ``email``, for commands given on the machine itself."""
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    return None if person is None else of(session, person, today, partnership_id)


def returning(session: Session, digest: str) -> Returning | None:
    """Return who holds a cookie, by the digest of its token, unless their sign-in has ended or they have left."""
    found = session.execute(_returning(), {"digest": digest}).one_or_none()
    return None if found is None or found[0].person.departed_at is not None else Returning(*found)


# Asked on every page: to put these together takes longer than to run them.


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    """Return the statement for the memberships of a person, the strands there, and their terms on them."""
    theirs = and_(StrandTerm.strand_id == Strand.id, StrandTerm.person_id == Membership.person_id)
    return (
        select(Membership, Strand.id, StrandTerm)
        .outerjoin(Strand, Strand.partnership_id == Membership.partnership_id)
        .outerjoin(StrandTerm, theirs)
        .where(Membership.person_id == bindparam("person_id", type_=Integer))
        .order_by(Membership.starts_on, Membership.id)
    )


@cache
def _returning() -> Select[SignIn, str, bool]:
    unread = exists().where(InboxItem.person_id == SignIn.person_id, InboxItem.read_at.is_(None))
    return (
        select(SignIn, marks.outcomes_beside().label("outcomes"), unread.label("is_told"))
        .where(SignIn.token_digest == bindparam("digest", type_=String), SignIn.ended_at.is_(None))
        .options(joinedload(SignIn.person))
    )
