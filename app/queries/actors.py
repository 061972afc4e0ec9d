"""Working out who is acting: the labels and parts of one person, in three statements."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import Membership, Person, SignIn, Strand, StrandTerm
from app.policy import Actor


def of(session: Session, person: Person, today: date, partnership_id: int | None = None) -> Actor:
    """Return what ``person`` is on ``today``, looking at ``partnership_id`` if they are in it."""
    memberships = session.scalars(
        select(Membership).where(Membership.person_id == person.id).order_by(Membership.starts_on, Membership.id)
    ).all()
    terms = session.scalars(select(StrandTerm).where(StrandTerm.person_id == person.id)).all()
    places = [membership.partnership_id for membership in memberships]
    strands = session.execute(select(Strand.id, Strand.partnership_id).where(Strand.partnership_id.in_(places)))
    return Actor.of(person, memberships, terms, [(s, p) for s, p in strands], today, partnership_id)


def by_email(session: Session, email: str, today: date, partnership_id: int | None = None) -> Actor | None:
    """Return the actor who signs in with ``email``, for commands given on the machine itself."""
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    return None if person is None else of(session, person, today, partnership_id)


def signed_in(session: Session, digest: str) -> SignIn | None:
    """Return the sign-in that holds the digest of a cookie's token, its person loaded, if it has not ended."""
    query = select(SignIn).where(SignIn.token_digest == digest, SignIn.ended_at.is_(None))
    found = session.scalars(query.options(joinedload(SignIn.person))).one_or_none()
    return None if found is None or found.person.departed_at is not None else found
