"""Reading meetings: the latest of each strand, what is still owed from them, and the next that is planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.models import Commitment, MeetingNote, Post, Strand
from app.policy import Actor, readable
from app.queries.cards import POST, Shown, few
from app.queries.commitments import OPEN, is_in

MOST = 4  # strands
MOST_NOTES = 5  # of a strand, the latest shared: the latest meeting is one of them
MOST_PLANNED = 3

_NOTE: Table = Post.metadata.tables["meeting_note"]
_KIND = MeetingNote.__mapper__.polymorphic_identity
_TODAY = bindparam("today", type_=Date())


@dataclass(frozen=True, slots=True)
class Note:
    """A meeting note as a list names it."""

    id: int
    kind: str
    title: str
    meeting_kind: str
    met_on: date
    strand_id: int | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """The latest meeting of a strand, and how much is owed from all of them."""

    strand: Strand
    note: Note | None
    owed: int


@dataclass(frozen=True, slots=True)
class Meetings:
    """The latest meetings of some strands, and what is planned for today or a later day, the soonest first."""

    latest: Sequence[Meeting]
    planned: Sequence[Note]


def of_strands(session: Session, actor: Actor, strands: Sequence[Strand], today: date) -> Meetings:
    """Return the meetings of ``strands`` that the actor may read of, the most recent strand first: one statement.

    A note whose day is today or later is of a meeting that is planned, with its agenda; the actor’s own drafts count.
    """
    if not strands:
        return Meetings([], [])
    query = _statement(actor, tuple(strand.id for strand in strands))
    rows = session.execute(query, {"today": today}).mappings().all()
    owed = {row["strand_id"]: row["count"] for row in rows if row["what"] == "owed"}
    held = {note.strand_id: note for note in sorted(_notes(rows, "held"), key=lambda note: (note.met_on, note.id))}
    listed = [Meeting(strand, held.get(strand.id), owed.get(strand.id, 0)) for strand in strands]
    latest = sorted(listed, key=lambda row: row.note.met_on if row.note else date.min, reverse=True)
    planned = sorted(_notes(rows, "planned"), key=lambda note: (note.met_on, note.id))
    return Meetings(latest[:MOST], planned[:MOST_PLANNED])


def _notes(rows: Iterable[Shown], what: str) -> Iterable[Note]:
    for row in rows:
        if row["what"] == what:
            yield Note(row["id"], str(_KIND), row["title"], row["meeting_kind"], row["met_on"], row["strand_id"])


@lru_cache(maxsize=512)
def _statement(actor: Actor, strand_ids: tuple[int, ...]) -> CompoundSelect[Any]:
    parts = [_planned(actor, strand_ids), _owed(actor, strand_ids), *[_held(actor, one) for one in strand_ids]]
    return union_all(*[select(part.subquery()) for part in parts])


def _of_a_note(what: str) -> Select[Any]:
    return (
        select(
            literal(what, String).label("what"),
            POST.c.strand_id,
            POST.c.id,
            POST.c.title,
            _NOTE.c.meeting_kind,
            _NOTE.c.met_on,
            literal(0, Integer).label("count"),
        )
        .select_from(POST)
        .join(_NOTE, _NOTE.c.id == POST.c.id)
    )


def _planned(actor: Actor, strand_ids: tuple[int, ...]) -> Select[Any]:
    # From the few that are to come, not from all that a strand has: hence no index of strands.
    return (
        _of_a_note("planned")
        .where(readable(actor), _NOTE.c.met_on >= _TODAY, few(POST.c.strand_id).in_(strand_ids))
        .order_by(_NOTE.c.met_on, POST.c.id)
        .limit(MOST_PLANNED)
    )


def _held(actor: Actor, strand_id: int) -> Select[Any]:
    """Return the latest notes of a strand, which an index has in order: no plan reads and sorts all of them."""
    latest = (
        _of_a_note("held")
        .where(readable(actor), POST.c.shared_at.is_not(None), POST.c.strand_id == strand_id, POST.c.kind == _KIND)
        .order_by(POST.c.shared_at.desc(), POST.c.id.desc())
        .limit(MOST_NOTES)
        .subquery()
    )
    return select(latest).where(latest.c.met_on <= _TODAY)


def _owed(actor: Actor, strand_ids: tuple[int, ...]) -> Select[*tuple[Any, ...]]:
    nothing = cast(null(), String)
    strand = few(POST.c.strand_id)  # grouped by the column itself, a plan would go through every post in that order
    return (
        select(
            literal("owed", String).label("what"),
            strand.label("strand_id"),
            cast(null(), Integer).label("id"),
            nothing.label("title"),
            nothing.label("meeting_kind"),
            cast(null(), Date).label("met_on"),
            func.count().label("count"),
        )
        .join(Commitment, Commitment.post_id == POST.c.id)
        .where(
            readable(actor),
            POST.c.shared_at.is_not(None),
            strand.in_(strand_ids),
            is_in(OPEN),
        )
        .group_by(strand)
    )
