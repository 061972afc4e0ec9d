"""Reading people: the directory of a partnership, one person, what they do and did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, raiseload

from app.models import Membership, Person, Strand, StrandTerm
from app.models.person import Role
from app.policy import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people a list is about; nothing means any."""

    words: str = ""
    district_id: int | None = None
    strand_id: int | None = None
    departed: bool = False  # those who have left too


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the directory.

    Attributes:
        members: their parts in the partnership, person, successor and district loaded.
        terms: the strands each person works on today.
        count: how many there are on all pages.
        number: of this page, from 1.
    """

    members: Sequence[Membership]
    terms: dict[int, list[StrandTerm]]
    count: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // PAGE))


def directory(session: Session, actor: Actor, wanted: Wanted, today: date, number: int = 1) -> Page:
    """Return people of the partnership that ``actor`` is looking at, by name: four statements at most."""
    query = _narrow(_members(actor), wanted, today)
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(max(number, 1), max(1, -(-count // PAGE)))
    rows = query.order_by(Person.departed_at.is_not(None), func.lower(Person.name), Membership.id)
    members = session.scalars(rows.limit(PAGE).offset(PAGE * (number - 1)).options(*_CARD)).all()
    return Page(members, terms_of(session, actor, [member.person_id for member in members], today), count, number)


def one(session: Session, actor: Actor, person_id: int) -> Person | None:
    """Return a person who is or was in a partnership that ``actor`` is in, their successor loaded."""
    mine = [part.partnership_id for part in actor.parts]
    in_it = exists().where(Membership.person_id == Person.id, Membership.partnership_id.in_(mine))
    query = select(Person).where(Person.id == person_id, or_(in_it, Person.id == actor.person_id))
    return session.scalars(query.options(joinedload(Person.successor))).one_or_none()


def parts(session: Session, actor: Actor, person_id: int) -> Sequence[Membership]:
    """Return what a person is and was in the partnerships that ``actor`` is in; those of others stay unsaid."""
    mine = [part.partnership_id for part in actor.parts]
    query = (
        select(Membership)
        .where(Membership.person_id == person_id, Membership.partnership_id.in_(mine))
        .order_by(Membership.starts_on, Membership.id)
    )
    return session.scalars(query.options(joinedload(Membership.partnership), joinedload(Membership.district))).all()


def terms(session: Session, actor: Actor, person_id: int) -> Sequence[StrandTerm]:
    """Return a person's times on strands of partnerships that ``actor`` is in, the latest first."""
    mine = [part.partnership_id for part in actor.parts]
    query = (
        select(StrandTerm)
        .join(Strand, Strand.id == StrandTerm.strand_id)
        .where(StrandTerm.person_id == person_id, Strand.partnership_id.in_(mine))
        .order_by(StrandTerm.starts_on.desc(), StrandTerm.id.desc())
    )
    return session.scalars(query.options(joinedload(StrandTerm.strand), joinedload(StrandTerm.district))).all()


def terms_of(session: Session, actor: Actor, person_ids: Sequence[int], today: date) -> dict[int, list[StrandTerm]]:
    """Return what each of some people works on today, in the partnership that ``actor`` is looking at."""
    query = (
        select(StrandTerm)
        .join(Strand, Strand.id == StrandTerm.strand_id)
        .where(
            StrandTerm.person_id.in_(person_ids),
            Strand.partnership_id == actor.partnership_id,
            Strand.closed_at.is_(None),
            *_current(today),
        )
        .order_by(Strand.position, StrandTerm.id)
    )
    found: dict[int, list[StrandTerm]] = {}
    for term in session.scalars(query.options(joinedload(StrandTerm.strand), raiseload("*"))):
        found.setdefault(term.person_id, []).append(term)
    return found


def membership(session: Session, actor: Actor, person_id: int) -> Membership | None:
    """Return what a person is in the partnership that ``actor`` is looking at."""
    query = select(Membership).where(
        Membership.person_id == person_id, Membership.partnership_id == actor.partnership_id
    )
    return session.scalars(query.options(*_CARD)).one_or_none()


def names(session: Session, actor: Actor, *, departed: bool = False) -> Sequence[Person]:
    """Return everybody of the partnership that ``actor`` is looking at, by name, to choose from."""
    query = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.partnership_id == actor.partnership_id)
        .order_by(func.lower(Person.name), Person.id)
    )
    if not departed:
        query = query.where(Person.departed_at.is_(None))
    return session.scalars(query.options(raiseload("*"))).all()


def managers(session: Session, partnership_id: int | None, today: date) -> Sequence[Person]:
    """Return who manages a partnership today, by name."""
    query = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.partnership_id == partnership_id,
            Membership.role == Role.MANAGER,
            Membership.starts_on <= today,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            Person.departed_at.is_(None),
        )
        .order_by(func.lower(Person.name), Person.id)
    )
    return session.scalars(query.options(raiseload("*"))).all()


_CARD = (
    joinedload(Membership.person).options(joinedload(Person.successor), raiseload("*")),
    joinedload(Membership.district),
    raiseload("*"),
)


def _members(actor: Actor) -> Select[Membership]:
    return (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.partnership_id == actor.partnership_id)
    )


def _narrow(query: Select[Membership], wanted: Wanted, today: date) -> Select[Membership]:
    if not wanted.departed:
        query = query.where(
            Person.departed_at.is_(None), or_(Membership.ends_on.is_(None), Membership.ends_on >= today)
        )
    if wanted.district_id is not None:
        query = query.where(Membership.district_id == wanted.district_id)
    if wanted.strand_id is not None:
        on_it = [StrandTerm.person_id == Person.id, StrandTerm.strand_id == wanted.strand_id]
        query = query.where(exists().where(*on_it, *(() if wanted.departed else _current(today))))
    for word in wanted.words.split()[:8]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(
            or_(*(column.ilike(pattern, escape="\\") for column in (Person.name, Person.title, Person.expertise)))
        )
    return query


def _current(today: date) -> tuple[ColumnElement[bool], ...]:
    return (StrandTerm.starts_on <= today, or_(StrandTerm.ends_on.is_(None), StrandTerm.ends_on >= today))
