"""Reading places: partnerships, districts and strands."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from app.models import District, Partnership, PartnershipDistrict, Strand, StrandTerm
from app.policy import Actor


def partnership(session: Session, actor: Actor) -> Partnership | None:
    """Return the partnership that ``actor`` is looking at, its districts loaded."""
    if actor.partnership_id is None:
        return None
    query = select(Partnership).where(Partnership.id == actor.partnership_id)
    return session.scalars(query.options(selectinload(Partnership.districts))).one()


def partnerships(session: Session, actor: Actor) -> Sequence[Partnership]:
    """Return every partnership that ``actor`` is in, by name."""
    ids = [part.partnership_id for part in actor.parts]
    query = select(Partnership).where(Partnership.id.in_(ids)).order_by(Partnership.name)
    return session.scalars(query.options(raiseload("*"))).all()


def strands(session: Session, partnership_id: int | None, *, closed: bool = False) -> Sequence[Strand]:
    """Return the strands of a partnership in their order, the closed ones only when asked for."""
    query = select(Strand).where(Strand.partnership_id == partnership_id)
    if not closed:
        query = query.where(Strand.closed_at.is_(None))
    return session.scalars(query.order_by(Strand.position, Strand.id).options(raiseload("*"))).all()


def strand(session: Session, actor: Actor, strand_id: int) -> Strand | None:
    """Return a strand of a partnership that ``actor`` is in, its terms, people and districts loaded."""
    mine = [part.partnership_id for part in actor.parts]
    query = select(Strand).where(Strand.id == strand_id, Strand.partnership_id.in_(mine))
    terms = selectinload(Strand.terms).options(joinedload(StrandTerm.person), joinedload(StrandTerm.district))
    return session.scalars(query.options(terms)).one_or_none()


def districts(session: Session, partnership_id: int | None) -> Sequence[District]:
    """Return the districts and other organizations of a partnership, by name."""
    query = (
        select(District)
        .join(PartnershipDistrict, PartnershipDistrict.district_id == District.id)
        .where(PartnershipDistrict.partnership_id == partnership_id)
    )
    return session.scalars(query.order_by(District.name).options(raiseload("*"))).all()


def district(session: Session, actor: Actor, district_id: int) -> District | None:
    """Return a district of a partnership that ``actor`` is in."""
    mine = [part.partnership_id for part in actor.parts]
    query = (
        select(District)
        .join(PartnershipDistrict, PartnershipDistrict.district_id == District.id)
        .where(District.id == district_id, PartnershipDistrict.partnership_id.in_(mine))
    )
    return session.scalars(query.distinct()).one_or_none()
