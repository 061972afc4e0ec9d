"""Reading commitments: mine, a strand's, those carried into a meeting."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, raiseload, selectinload

from app.models import Commitment, MeetingNote, Post
from app.models.meeting import CLOSED
from app.policy import Actor, readable

LIMIT = 200


def one(session: Session, actor: Actor, commitment_id: int) -> Commitment | None:
    """Return the commitment if ``actor`` may read the meeting note it stands in."""
    return session.scalars(_readable(actor).where(Commitment.id == commitment_id)).one_or_none()


def mine(session: Session, actor: Actor, *, closed: bool = False, limit: int = LIMIT) -> Sequence[Commitment]:
    """Return what the actor promised: what is owed by its day, or what is closed with the latest first."""
    query = _readable(actor).where(Commitment.owner_id == actor.person_id)
    return session.scalars(_ordered(query, closed=closed).limit(limit)).all()


def of_district(session: Session, actor: Actor, district_id: int, limit: int = LIMIT) -> Sequence[Commitment]:
    """Return what a district owes in the partnership that ``actor`` is looking at."""
    query = _readable(actor).where(
        Commitment.district_id == district_id, MeetingNote.partnership_id == actor.partnership_id
    )
    return session.scalars(_ordered(query, closed=False).limit(limit)).all()


def open_in_strand(
    session: Session, actor: Actor, strand_id: int, before: date | None = None, limit: int = LIMIT
) -> Sequence[Commitment]:
    """Return what is still owed from a strand's meetings, those before a day if one is given."""
    query = _readable(actor).where(MeetingNote.strand_id == strand_id)
    if before is not None:
        query = query.where(MeetingNote.met_on < before)
    return session.scalars(_ordered(query, closed=False).limit(limit)).all()


def _readable(actor: Actor) -> Select[Commitment]:
    return (
        select(Commitment)
        .join(MeetingNote, MeetingNote.id == Commitment.post_id)
        .where(readable(actor), Post.shared_at.is_not(None))
        .options(
            contains_eager(Commitment.meeting).options(
                joinedload(MeetingNote.strand), selectinload(MeetingNote.shared_with), raiseload("*")
            ),
            joinedload(Commitment.owner),
            joinedload(Commitment.district),
            joinedload(Commitment.owed_to),
        )
    )


def _ordered(query: Select[Commitment], *, closed: bool) -> Select[Commitment]:
    if closed:
        return query.where(Commitment.state.in_(CLOSED)).order_by(Commitment.closed_on.desc(), Commitment.id.desc())
    return query.where(Commitment.state.not_in(CLOSED)).order_by(
        Commitment.due_on.is_(None), Commitment.due_on, Commitment.id
    )
