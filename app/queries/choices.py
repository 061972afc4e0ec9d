"""What a form can point at, and the names of what it points at: people, districts, strands, indicators, decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, raiseload

from app.kinds import Shape
from app.models import (
    Decision,
    District,
    Indicator,
    MeetingNote,
    Membership,
    PartnershipDistrict,
    Person,
    Post,
    Strand,
    StudentGroup,
)
from app.policy import Actor, readable

DECISIONS = 200  # how many earlier decisions a form offers, the latest first
SHOWN = 90  # characters of a decision in a list


@dataclass(frozen=True, slots=True)
class Choices:
    """Ids to names, in the order a list shows them. Those of the people who have left are named and not offered."""

    strands: Mapping[int, str]
    people: Mapping[int, str]
    left: frozenset[int]
    districts: Mapping[int, str]
    groups: Mapping[str, str]
    indicators: Mapping[int, str]
    decisions: Mapping[int, str]

    def of(self, shape: Shape) -> Mapping[int, str] | Mapping[str, str]:
        """Return what a field of that shape can point at."""
        offered: Mapping[Shape, Mapping[int, str] | Mapping[str, str]] = {
            Shape.PERSON: self.people,
            Shape.PEOPLE: self.people,
            Shape.DISTRICT: self.districts,
            Shape.GROUP: self.groups,
            Shape.GROUPS: self.groups,
            Shape.INDICATOR: self.indicators,
            Shape.DECISION: self.decisions,
        }
        return offered[shape]


def for_partnership(
    session: Session, actor: Actor, partnership_id: int, today: date, *, besides: Post | None = None
) -> Choices:
    """Return what posts of a partnership can point at. Departed people keep their names, said to be departed.

    Decisions are those the actor may read, except those of the post that is being written.
    """
    people, left = _people(session, partnership_id, today)
    return Choices(
        dict(
            session.execute(
                select(Strand.id, Strand.name).where(Strand.partnership_id == partnership_id).order_by(Strand.position)
            ).all()
        ),
        people,
        left,
        dict(
            session.execute(
                select(District.id, District.name)
                .join(PartnershipDistrict, PartnershipDistrict.district_id == District.id)
                .where(PartnershipDistrict.partnership_id == partnership_id)
                .order_by(District.name)
            ).all()
        ),
        groups(session),
        dict(session.execute(select(Indicator.id, Indicator.name).order_by(Indicator.name)).all()),
        _decisions(session, actor, partnership_id, besides),
    )


def groups(session: Session) -> dict[str, str]:
    """Return the names of student groups by their code, in the order people read them."""
    query = select(StudentGroup.code, StudentGroup.name).order_by(StudentGroup.position, StudentGroup.name)
    return dict(session.execute(query).all())


def has_left(today: date) -> ColumnElement[bool]:
    """Return whether a member is departed or their time in the partnership is over."""
    return or_(Person.departed_at.is_not(None), func.coalesce(Membership.ends_on, today) < today)


def _people(session: Session, partnership_id: int, today: date) -> tuple[dict[int, str], frozenset[int]]:
    """Return everybody who is or was in a partnership, those who left last, and who has left."""
    left = has_left(today)
    query = (
        select(Person.id, Person.name, District.short_name, left.label("left"))
        .join(Membership, Membership.person_id == Person.id)
        .join(District, District.id == Membership.district_id)
        .where(Membership.partnership_id == partnership_id)
        .order_by(left, Person.name, Person.id)
    )
    rows = session.execute(query).all()
    names = {row.id: f"{row.name}, {row.short_name}" + (" (departed)" if row.left else "") for row in rows}
    return names, frozenset(row.id for row in rows if row.left)


def _decisions(session: Session, actor: Actor, partnership_id: int, besides: Post | None) -> dict[int, str]:
    query = (
        select(Decision.id, Decision.text, MeetingNote.met_on)
        .join(MeetingNote, MeetingNote.id == Decision.post_id)
        .where(readable(actor), Post.partnership_id == partnership_id)
        .order_by(MeetingNote.met_on.desc(), Decision.id.desc())
        .limit(DECISIONS)
    )
    if besides is not None:
        query = query.where(Decision.post_id != besides.id)
    return {
        decision_id: f"{met_on.isoformat()}: {text if len(text) <= SHOWN else text[:SHOWN].rsplit(' ', 1)[0] + ' …'}"
        for decision_id, text, met_on in session.execute(query)
    }


def decisions(session: Session, actor: Actor, ids: Iterable[int]) -> Mapping[int, tuple[str, Post]]:
    """Return the words of earlier decisions and the notes they stand in, of those that the actor may read."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    query = (
        select(Decision, MeetingNote)
        .join(MeetingNote, MeetingNote.id == Decision.post_id)
        .where(readable(actor), Decision.id.in_(wanted))
        .options(raiseload("*"))
    )
    return {decision.id: (decision.text, note) for decision, note in session.execute(query)}
