"""Whom to ask in the other districts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import District, Person, Strand, StrandTerm
from app.policy import Actor

MOST = 4


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody who leads a strand in another district."""

    person_id: int
    name: str
    district: str
    strand: str


def to_ask(session: Session, actor: Actor, strand_ids: Collection[int], today: date) -> Sequence[Partner]:
    """Return who leads strands in the other districts: of ``strand_ids``, else of mine, else of any."""
    part = actor.here
    if part is None:
        return []
    query = (
        select(Person.id, Person.name, District.short_name, Strand.name)
        .join(StrandTerm, StrandTerm.person_id == Person.id)
        .join(Strand, Strand.id == StrandTerm.strand_id)
        .join(District, District.id == StrandTerm.district_id)
        .where(
            Strand.partnership_id == part.partnership_id,
            Strand.closed_at.is_(None),
            StrandTerm.is_lead,
            StrandTerm.district_id != part.district_id,
            StrandTerm.starts_on <= today,
            or_(StrandTerm.ends_on.is_(None), StrandTerm.ends_on >= today),
            Person.departed_at.is_(None),
        )
        .order_by(Strand.id.not_in(sorted(strand_ids or actor.teams)), Strand.position, Person.name, Person.id)
        .limit(MOST)
    )
    return [Partner(*row) for row in session.execute(query)]
