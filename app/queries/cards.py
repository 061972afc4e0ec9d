"""Posts, people and places as lists show them: the columns that are shown, and nothing else of their tables."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Table, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.models import Comment, District, Person, Post, Strand

POST: Table = Post.metadata.tables["post"]  # the core alone: ``Post`` would bring the tables of every kind
PRACTICE: Table = Post.metadata.tables["practice"]

LEAD = 400  # characters of a text at most, of which a card shows the first half

PERSON_COLUMNS = ("id", "name", "departed_at")
DISTRICT_COLUMNS = ("id", "name", "short_name", "colour")
STRAND_COLUMNS = ("id", "name", "colour", "icon", "position")
_CORE = ("id", "kind", "title", "partnership_id", "shared_at", "edited_at")
_OWN = (*_CORE, "state", "retired_reason", "problem", "comment_count")

Shown = RowMapping  # one row of an answer, by name


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person as a list names them."""

    id: int
    name: str
    departed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DistrictShown:
    """A district as a list names it."""

    id: int
    name: str
    short_name: str
    colour: int


@dataclass(frozen=True, slots=True)
class StrandShown:
    """A strand as a list names it."""

    id: int
    name: str
    colour: int
    icon: str
    position: int


@dataclass(frozen=True, slots=True)
class Card:
    """A post in a list. ``state``, ``retired_reason`` and ``problem`` are those of a practice."""

    id: int
    kind: str
    title: str
    partnership_id: int
    shared_at: datetime | None
    edited_at: datetime
    state: str | None
    retired_reason: str
    problem: str
    comment_count: int
    author: PersonShown
    district: DistrictShown
    strand: StrandShown | None


def few(column: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[int]:
    """Return ``column`` without its index, for statements that begin with few rows, each of which knows its post."""
    return column + 0


def columns_of(table: Any, names: tuple[str, ...], prefix: str) -> list[ColumnElement[Any]]:
    """Return columns of a table under names that begin with ``prefix``."""
    return [getattr(table, name).label(f"{prefix}_{name}") for name in names]


def person(row: Shown, prefix: str = "person") -> PersonShown | None:
    """Return the person of a row, if it has one."""
    if row[f"{prefix}_id"] is None:
        return None
    return PersonShown(*[row[f"{prefix}_{name}"] for name in PERSON_COLUMNS])


def district(row: Shown, prefix: str = "district") -> DistrictShown | None:
    """Return the district of a row, if it has one."""
    if row[f"{prefix}_id"] is None:
        return None
    return DistrictShown(*[row[f"{prefix}_{name}"] for name in DISTRICT_COLUMNS])


def strand(row: Shown, prefix: str = "strand") -> StrandShown | None:
    """Return the strand of a row, if it has one."""
    if row[f"{prefix}_id"] is None:
        return None
    return StrandShown(*[row[f"{prefix}_{name}"] for name in STRAND_COLUMNS])


@cache  # to put it together takes longer than to run it
def cards() -> Select[Any]:
    """Return the statement for cards of every post, to be narrowed by the caller, readers first of all."""
    author, place, line = aliased(Person), aliased(District), aliased(Strand)
    said = (
        select(func.count())
        .where(Comment.post_id == POST.c.id, Comment.removed_at.is_(None))
        .scalar_subquery()
        .label("comment_count")
    )
    texts = [
        func.substr(func.coalesce(PRACTICE.c[name], ""), 1, LEAD).label(name) for name in ("retired_reason", "problem")
    ]
    return (
        select(
            *[POST.c[name] for name in _CORE],
            PRACTICE.c.state,
            *texts,
            said,
            *columns_of(author, PERSON_COLUMNS, "person"),
            *columns_of(place, DISTRICT_COLUMNS, "district"),
            *columns_of(line, STRAND_COLUMNS, "strand"),
        )
        .select_from(POST)
        .outerjoin(PRACTICE, PRACTICE.c.id == POST.c.id)
        .join(author, author.id == POST.c.author_id)
        .join(place, place.id == POST.c.district_id)
        .outerjoin(line, line.id == POST.c.strand_id)
    )


def card(row: Shown) -> Card:
    """Return the card that a row of ``cards()`` holds."""
    by, place = person(row), district(row)
    if by is None or place is None:
        msg = "Every post has an author and a district."
        raise ValueError(msg)
    return Card(**{name: row[name] for name in _OWN}, author=by, district=place, strand=strand(row))
