"""Reading places: partnerships, districts and strands."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from app.models import (
    District,
    Indicator,
    IndicatorLink,
    Membership,
    Partnership,
    PartnershipDistrict,
    Person,
    Post,
    Strand,
    StrandPlan,
    StrandTerm,
)
from app.models.partnership import OrganizationKind
from app.policy import Actor, readable

TEAM = 200  # people of one district on its page
LATEST = 200  # posts that say what a strand is about


def partnership(session: Session, partnership_id: int | None) -> Partnership | None:
    """Return a partnership, its districts loaded."""
    query = select(Partnership).where(Partnership.id == partnership_id)
    return session.scalars(query.options(selectinload(Partnership.districts))).one_or_none()


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


def measured(session: Session, partnership_id: int | None) -> Sequence[District]:
    """Return the organizations of a partnership that have students, and so figures, by name."""
    return [place for place in districts(session, partnership_id) if place.kind == OrganizationKind.DISTRICT]


def district(session: Session, actor: Actor, district_id: int) -> District | None:
    """Return a district of a partnership that ``actor`` is in."""
    mine = [part.partnership_id for part in actor.parts]
    query = (
        select(District)
        .join(PartnershipDistrict, PartnershipDistrict.district_id == District.id)
        .where(District.id == district_id, PartnershipDistrict.partnership_id.in_(mine))
    )
    return session.scalars(query.distinct()).one_or_none()


def current_plan(session: Session, actor: Actor, strand_id: int, year: int) -> StrandPlan | None:
    """Return the shared plan of a strand for the school year that starts in ``year``, if ``actor`` may read one."""
    query = select(StrandPlan).where(
        readable(actor), Post.shared_at.is_not(None), Post.strand_id == strand_id, StrandPlan.plan_year == year
    )
    return session.scalars(
        query.order_by(Post.shared_at.desc(), Post.id.desc()).limit(1).options(raiseload("*"))
    ).one_or_none()


def indicators_of(session: Session, actor: Actor, strand_id: int, limit: int = 12) -> Sequence[Indicator]:
    """Return the indicators that the latest posts of a strand are about, those named most often first."""
    latest = (
        select(Post.__table__.c.id)  # the table alone: Post brings those of every kind
        .where(readable(actor), Post.shared_at.is_not(None), Post.strand_id == strand_id)
        .order_by(Post.shared_at.desc(), Post.id.desc())
        .limit(LATEST)
    )
    named = (
        select(IndicatorLink.indicator_id, func.count().label("times"))
        .where(IndicatorLink.post_id.in_(latest))
        .group_by(IndicatorLink.indicator_id)
        .subquery()
    )
    query = select(Indicator).join(named, named.c.indicator_id == Indicator.id)
    query = query.order_by(named.c.times.desc(), Indicator.name).limit(limit)
    return session.scalars(query.options(raiseload("*"))).all()


def team_of(session: Session, actor: Actor, district_id: int, today: date) -> Sequence[Membership]:
    """Return the people of a district in the partnership that ``actor`` is looking at, by name."""
    query = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.partnership_id == actor.partnership_id,
            Membership.district_id == district_id,
            Person.departed_at.is_(None),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
        )
        .order_by(func.lower(Person.name), Person.id)
        .limit(TEAM)
    )
    return session.scalars(query.options(joinedload(Membership.person), raiseload("*"))).all()


def head_counts(session: Session, partnership_id: int | None, today: date) -> dict[int, int]:
    """Return how many people each district of a partnership has in it today."""
    query = (
        select(Membership.district_id, func.count())
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.partnership_id == partnership_id,
            Person.departed_at.is_(None),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
        )
        .group_by(Membership.district_id)
    )
    return dict(session.execute(query).all())


def term(session: Session, strand_id: int, term_id: int) -> StrandTerm | None:
    """Return one term on a strand that the caller has already read, its person loaded."""
    query = select(StrandTerm).where(StrandTerm.id == term_id, StrandTerm.strand_id == strand_id)
    return session.scalars(query.options(joinedload(StrandTerm.person))).one_or_none()
