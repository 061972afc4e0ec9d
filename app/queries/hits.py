"""Posts as search results and lists of related posts show them: the columns that are shown, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.models import District, Person, Post, Strand
from app.policy import Actor, readable
from app.queries import cards
from app.queries.cards import POST, DistrictShown, PersonShown, StrandShown

LEAD = 400  # characters of why a practice was retired
_PRACTICE: Table = Post.metadata.tables["practice"]
_MEETING: Table = Post.metadata.tables["meeting_note"]
_CORE = ("id", "kind", "title", "school_year", "created_at", "shared_at")
_OWN = (*_CORE, "met_on", "state", "retired_reason")


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found. ``met_on`` is that of a meeting; ``state`` and ``retired_reason`` those of a practice."""

    id: int
    kind: str
    title: str
    school_year: int
    created_at: datetime
    shared_at: datetime | None
    met_on: date | None
    state: str | None
    retired_reason: str
    author: PersonShown
    district: DistrictShown
    strand: StrandShown | None


def by_ids(session: Session, actor: Actor, ids: Sequence[int]) -> Sequence[Hit]:
    """Return those of ``ids`` that ``actor`` may read, in the order given: one statement, or none for none."""
    if not ids:
        return []
    rows = session.execute(_read(actor), {"ids": list(ids)}).mappings()
    found = {row["id"]: _hit(row) for row in rows}
    return [found[number] for number in ids if number in found]


@lru_cache(maxsize=512)
def _read(actor: Actor) -> Select[Any]:
    author, place, line = aliased(Person), aliased(District), aliased(Strand)
    return (
        select(
            *[POST.c[name] for name in _CORE],
            _MEETING.c.met_on,
            _PRACTICE.c.state,
            func.substr(func.coalesce(_PRACTICE.c.retired_reason, ""), 1, LEAD).label("retired_reason"),
            *cards.columns_of(author, cards.PERSON_COLUMNS, "person"),
            *cards.columns_of(place, cards.DISTRICT_COLUMNS, "district"),
            *cards.columns_of(line, cards.STRAND_COLUMNS, "strand"),
        )
        .select_from(POST)
        .outerjoin(_MEETING, _MEETING.c.id == POST.c.id)
        .outerjoin(_PRACTICE, _PRACTICE.c.id == POST.c.id)
        .join(author, author.id == POST.c.author_id)
        .join(place, place.id == POST.c.district_id)
        .outerjoin(line, line.id == POST.c.strand_id)
        .where(readable(actor), POST.c.id.in_(bindparam("ids", expanding=True)))
    )


def _hit(row: cards.Shown) -> Hit:
    author, district = cards.person(row), cards.district(row)
    if author is None or district is None:
        msg = "Every post has an author and a district."
        raise ValueError(msg)
    own = {name: row[name] for name in _OWN}
    return Hit(**own, author=author, district=district, strand=cards.strand(row))
