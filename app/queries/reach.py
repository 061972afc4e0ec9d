"""How many people would see a post, for each way of sharing it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.models import Membership, Person, Post, StrandTerm
from app.models.person import Role


def of(session: Session, post: Post, today: date) -> Mapping[str, int]:
    """Return the number of people besides its author who would see ``post`` in their district, strand, partnership."""
    current = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.partnership_id == post.partnership_id,
            Membership.starts_on <= today,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            Person.departed_at.is_(None),
            Person.id != post.author_id,
        )
    )
    on_strand = select(StrandTerm.person_id).where(
        StrandTerm.strand_id == post.strand_id,
        StrandTerm.starts_on <= today,
        or_(StrandTerm.ends_on.is_(None), StrandTerm.ends_on >= today),
    )
    ways = {
        "district": current.where(Membership.district_id == post.district_id),
        "strand": current.where(
            or_(Membership.role.in_([Role.MANAGER, Role.OBSERVER]), Membership.person_id.in_(on_strand))
        ),
        "partnership": current,
    }
    return {
        way: session.scalar(select(func.count()).select_from(query.distinct().subquery())) or 0
        for way, query in ways.items()
    }
