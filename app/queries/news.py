"""What others did since somebody was last here, of what they may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.models import Adoption, Comment, Commitment, District, Person, Strand
from app.models.meeting import CommitmentState
from app.models.types import UtcDateTime
from app.policy import Actor, readable
from app.queries import cards
from app.queries.cards import POST, DistrictShown, PersonShown, Shown, StrandShown

MOST = 7
LOOKED_AT = 40  # comments read at most, which are told together where they stand under one post

_SINCE = bindparam("since", type_=UtcDateTime())
_DAY = bindparam("day", type_=Date())


@dataclass(frozen=True, slots=True)
class PostNamed:
    """A post that something happened to."""

    id: int
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened to a post."""

    what: str  # shared, commented, tried or closed
    at: datetime
    post: PostNamed
    strand: StrandShown | None
    people: tuple[PersonShown, ...] = ()  # who did it, the latest first
    district: DistrictShown | None = None  # for which district
    verdict: str = ""  # of a trial
    text: str = ""  # what was promised
    anchor: str | None = None  # the place on the post's page


@dataclass(frozen=True, slots=True)
class Group:
    """What is new in one strand."""

    strand: StrandShown | None
    news: Sequence[News]


def since(session: Session, actor: Actor, moment: datetime) -> Sequence[Group]:
    """Return what others did after ``moment`` in the partnership that ``actor`` looks at: seven at most, by strand.

    One statement, whatever happened.
    """
    rows = session.execute(_statement(actor), {"since": moment, "day": moment.date()}).mappings()
    latest = sorted(_told(rows), key=lambda news: (news.at, news.post.id), reverse=True)[:MOST]
    by_strand = sorted(latest, key=lambda news: _place(news.strand))
    return [
        Group(group[0].strand, group)
        for _, found in groupby(by_strand, key=lambda news: news.strand and news.strand.id)
        if (group := list(found))
    ]


def _place(strand: StrandShown | None) -> tuple[int, int]:
    return (strand.position, strand.id) if strand else (1_000_000, 0)


def _told(rows: Iterable[Shown]) -> Iterable[News]:
    """Return what the rows say, the comments under one post together."""
    commented: dict[int, News] = {}
    for row in rows:
        news = _news(row)
        if news.what != "commented":
            yield news
        elif (before := commented.get(news.post.id)) is None:
            commented[news.post.id] = news
        elif news.people[0] not in before.people:
            commented[news.post.id] = replace(before, people=(*before.people, *news.people))
    yield from commented.values()


def _news(row: Shown) -> News:
    what, by = row["what"], cards.person(row)
    at = row["at"] or datetime.combine(row["day"], time(), UTC)
    anchor = f"{_ANCHORS[what]}-{row['number']}" if what in _ANCHORS else None
    return News(
        what,
        at,
        PostNamed(row["post_id"], row["kind"], row["title"]),
        cards.strand(row),
        (by,) if by else (),
        cards.district(row),
        row["verdict"],
        row["words"],
        anchor,
    )


_ANCHORS = {"commented": "comment", "tried": "adoption", "closed": "commitment"}


@lru_cache(maxsize=512)  # putting the words of the statement together takes longer than the answer
def _statement(actor: Actor) -> Select[Any]:
    parts = [part.subquery() for part in (_shared(actor), _commented(actor), _tried(actor), _closed(actor))]
    happened = union_all(*[select(part) for part in parts]).subquery("happened")
    by, place, line = aliased(Person), aliased(District), aliased(Strand)
    return (
        select(
            happened,
            POST.c.kind,
            POST.c.title,
            *cards.columns_of(by, cards.PERSON_COLUMNS, "person"),
            *cards.columns_of(place, cards.DISTRICT_COLUMNS, "district"),
            *cards.columns_of(line, cards.STRAND_COLUMNS, "strand"),
        )
        .select_from(happened)
        .join(POST, POST.c.id == happened.c.post_id)
        .outerjoin(by, by.id == happened.c.by_id)
        .outerjoin(place, place.id == happened.c.at_id)
        .outerjoin(line, line.id == POST.c.strand_id)
        .where(POST.c.partnership_id == actor.partnership_id)
        .order_by(happened.c.at.desc(), happened.c.number.desc())
    )


def _happened(  # noqa: PLR0913
    what: str,
    at: SQLColumnExpression[Any],
    *,
    number: SQLColumnExpression[int],
    by: SQLColumnExpression[Any],
    place: SQLColumnExpression[Any],
    day: SQLColumnExpression[Any] | None = None,
    verdict: SQLColumnExpression[Any] | None = None,
    words: SQLColumnExpression[Any] | None = None,
) -> Select[Any]:
    """Return the columns that every kind of news has, the same for each so that they stand in one answer."""
    return select(
        literal(what, String).label("what"),
        at.label("at"),
        (cast(null(), Date) if day is None else day).label("day"),
        POST.c.id.label("post_id"),
        number.label("number"),
        by.label("by_id"),
        place.label("at_id"),
        (literal("", String) if verdict is None else verdict).label("verdict"),
        (literal("", String) if words is None else words).label("words"),
    )


def _shared(actor: Actor) -> Select[Any]:
    return (
        _happened("shared", POST.c.shared_at, number=POST.c.id, by=POST.c.author_id, place=POST.c.district_id)
        .where(
            readable(actor),
            POST.c.partnership_id == actor.partnership_id,
            POST.c.shared_at > _SINCE,
            POST.c.shared_by_id != actor.person_id,
        )
        .order_by(POST.c.shared_at.desc(), POST.c.id.desc())
        .limit(MOST)
    )


def _commented(actor: Actor) -> Select[Any]:
    return (
        _happened("commented", Comment.said_at, number=Comment.id, by=Comment.author_id, place=cast(null(), Integer))
        .join(POST, POST.c.id == Comment.post_id)
        .where(
            *_shared_posts(actor),
            Comment.said_at > _SINCE,
            Comment.author_id != actor.person_id,
            Comment.removed_at.is_(None),
        )
        .order_by(Comment.said_at.desc(), Comment.id.desc())
        .limit(LOOKED_AT)
    )


def _tried(actor: Actor) -> Select[Any]:
    columns = _happened(
        "tried",
        Adoption.recorded_at,
        number=Adoption.id,
        by=Adoption.recorded_by_id,
        place=Adoption.district_id,
        verdict=func.coalesce(Adoption.verdict, ""),
    )
    return (
        columns.join(POST, POST.c.id == Adoption.post_id)
        .where(
            *_shared_posts(actor),
            Adoption.recorded_at > _SINCE,
            Adoption.recorded_by_id != actor.person_id,
            Adoption.removed_at.is_(None),
        )
        .order_by(Adoption.recorded_at.desc(), Adoption.id.desc())
        .limit(MOST)
    )


def _closed(actor: Actor) -> Select[Any]:
    columns = _happened(
        "closed",
        cast(null(), UtcDateTime),
        number=Commitment.id,
        by=Commitment.owner_id,
        place=Commitment.district_id,
        day=Commitment.closed_on,
        words=Commitment.text,
    )
    return (
        columns.join(POST, POST.c.id == Commitment.post_id)
        .where(
            *_shared_posts(actor),
            Commitment.state == CommitmentState.DONE,
            Commitment.closed_on >= _DAY,
            Commitment.owner_id.is_distinct_from(actor.person_id),
        )
        .order_by(Commitment.closed_on.desc(), Commitment.id.desc())
        .limit(MOST)
    )


def _shared_posts(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    # Not by partnership, which ``_statement`` does: its index would tempt SQLite to read every post before what is new.
    return readable(actor), POST.c.shared_at.is_not(None)
