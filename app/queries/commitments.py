"""Reading commitments: mine, a strand's, those carried into a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, Table, bindparam, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, raiseload, selectinload

from app.models import Commitment, District, MeetingNote, Person, Post
from app.models.meeting import CLOSED, CommitmentState
from app.policy import Actor, may_set_state_in, readable
from app.queries import cards
from app.queries.cards import POST, DistrictShown, PersonShown, Shown, few

LIMIT = 200

_NOTE: Table = Post.metadata.tables["meeting_note"]
_DISTRICT = bindparam("district", type_=Integer)
_STRAND = bindparam("strand", type_=Integer)
_BEFORE = bindparam("before", type_=Date)
OPEN = tuple(state for state in CommitmentState if state not in CLOSED)
_OWN = ("id", "post_id", "text", "state", "due_on", "closed_on", "owner_id", "district_id")


@dataclass(frozen=True, slots=True)
class Owed:
    """A commitment in a list, with the note it stands in and whether the reader may say how it stands."""

    id: int
    post_id: int
    partnership_id: int
    text: str
    state: str
    due_on: date | None
    closed_on: date | None
    owner_id: int | None
    district_id: int | None
    owner: PersonShown | None
    district: DistrictShown | None
    owed_to: DistrictShown | None
    meeting: str  # the title of the note
    may_close: bool

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is owed."""
        return self.state in CLOSED

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and it is still owed."""
        return not self.is_closed and self.due_on is not None and self.due_on < today


def one(session: Session, actor: Actor, commitment_id: int) -> Commitment | None:
    """Return the commitment if ``actor`` may read the meeting note it stands in."""
    query = (
        select(Commitment)
        .join(MeetingNote, MeetingNote.id == Commitment.post_id)
        .where(readable(actor), Post.shared_at.is_not(None), Commitment.id == commitment_id)
        .options(
            contains_eager(Commitment.meeting).options(
                joinedload(MeetingNote.strand), selectinload(MeetingNote.shared_with), raiseload("*")
            ),
            joinedload(Commitment.owner),
            joinedload(Commitment.district),
            joinedload(Commitment.owed_to),
        )
    )
    return session.scalars(query).one_or_none()


def mine(
    session: Session, actor: Actor, limit: int = LIMIT, *, closed: bool = False, here: bool = False
) -> Sequence[Owed]:
    """Return what the actor promised: what is owed by its day, or what is closed, the latest first.

    In all partnerships they are in, or only in the one they look at, ``here``.
    """
    return _read(session, actor, _mine(actor, limit, closed=closed, here=here))


def owed_elsewhere(session: Session, actor: Actor) -> int:
    """Return how much the actor still owes in the partnerships that they do not look at."""
    if len(actor.parts) < 2:  # noqa: PLR2004
        return 0
    return session.scalar(_owed_elsewhere(actor)) or 0


def of_district(session: Session, actor: Actor, district_id: int, limit: int = LIMIT) -> Sequence[Owed]:
    """Return what a district owes in the partnership that ``actor`` is looking at."""
    return _read(session, actor, _of_district(actor, limit), district=district_id)


def open_in_strand(
    session: Session, actor: Actor, strand_id: int, before: date | None = None, limit: int = LIMIT
) -> Sequence[Owed]:
    """Return what is still owed from a strand's meetings, those before a day if one is given."""
    day = {} if before is None else {"before": before}
    return _read(session, actor, _in_strand(actor, limit, dated=before is not None), strand=strand_id, **day)


def _read(session: Session, actor: Actor, query: Select[Any], **given: Any) -> Sequence[Owed]:
    return [_owed(actor, row) for row in session.execute(query, given).mappings()]


def _owed(actor: Actor, row: Shown) -> Owed:
    return Owed(
        **{name: row[name] for name in _OWN},
        partnership_id=row["partnership_id"],
        owner=cards.person(row, "promised_by"),
        district=cards.district(row, "for"),
        owed_to=cards.district(row, "owed_to"),
        meeting=row["title"],
        may_close=may_set_state_in(
            actor,
            row["partnership_id"],
            (row["author_id"], row["strand_id"]),
            (row["owner_id"], row["district_id"]),
        ),
    )


@lru_cache(maxsize=512)
def _mine(actor: Actor, limit: int, *, closed: bool, here: bool) -> Select[Any]:
    query = _readable(actor).where(Commitment.owner_id == actor.person_id)
    if here:
        query = query.where(few(POST.c.partnership_id) == actor.partnership_id)
    return _ordered(query, limit, closed=closed)


@lru_cache(maxsize=512)
def _owed_elsewhere(actor: Actor) -> Select[Any]:
    elsewhere = [part.partnership_id for part in actor.parts if part.partnership_id != actor.partnership_id]
    return (
        select(func.count())
        .select_from(Commitment)
        .join(POST, POST.c.id == Commitment.post_id)
        .where(
            Commitment.owner_id == actor.person_id,
            is_in(OPEN),
            readable(actor),
            POST.c.shared_at.is_not(None),
            few(POST.c.partnership_id).in_(elsewhere),
        )
    )


@lru_cache(maxsize=512)
def _of_district(actor: Actor, limit: int) -> Select[Any]:
    query = _readable(actor).where(
        Commitment.district_id == _DISTRICT, few(POST.c.partnership_id) == actor.partnership_id
    )
    return _ordered(query, limit)


@lru_cache(maxsize=512)
def _in_strand(actor: Actor, limit: int, *, dated: bool) -> Select[Any]:
    query = _readable(actor).where(few(POST.c.strand_id) == _STRAND)
    if dated:
        # asked of each, so that no plan begins with all meetings before that day
        query = query.where(select(_NOTE.c.met_on).where(_NOTE.c.id == POST.c.id).scalar_subquery() < _BEFORE)
    return _ordered(query, limit)


def _readable(actor: Actor) -> Select[Any]:
    owner, place, other = aliased(Person), aliased(District), aliased(District)
    return (
        select(
            *[getattr(Commitment, name) for name in _OWN],
            *[POST.c[name] for name in ("title", "partnership_id", "author_id", "strand_id")],
            *cards.columns_of(owner, cards.PERSON_COLUMNS, "promised_by"),
            *cards.columns_of(place, cards.DISTRICT_COLUMNS, "for"),
            *cards.columns_of(other, cards.DISTRICT_COLUMNS, "owed_to"),
        )
        .join(POST, POST.c.id == Commitment.post_id)
        .outerjoin(owner, owner.id == Commitment.owner_id)
        .outerjoin(place, place.id == Commitment.district_id)
        .outerjoin(other, other.id == Commitment.owed_to_id)
        .where(readable(actor), POST.c.shared_at.is_not(None))
    )


def is_in(states: Sequence[CommitmentState]) -> ColumnElement[bool]:
    """Return whether a commitment is in one of some states, written out: that few are open is what plans turn on."""
    return Commitment.state.in_(bindparam(None, states, expanding=True, literal_execute=True))


def _ordered(query: Select[Any], limit: int, *, closed: bool = False) -> Select[Any]:
    if closed:
        query = query.where(is_in(CLOSED)).order_by(Commitment.closed_on.desc(), Commitment.id.desc())
    else:
        query = query.where(is_in(OPEN)).order_by(Commitment.due_on.is_(None), Commitment.due_on, Commitment.id)
    return query.limit(limit)
