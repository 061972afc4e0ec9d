"""What others did since somebody was last here, of what they may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import groupby

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, raiseload

from app.models import Adoption, Comment, Commitment, District, MeetingNote, Person, Post, Strand
from app.models.meeting import CommitmentState
from app.policy import Actor, readable
from app.queries.posts import CARD

MOST = 7
LOOKED_AT = 40  # comments read at most, which are told together where they stand under one post


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened to a post."""

    what: str  # shared, commented, tried or closed
    at: datetime
    post: Post
    people: tuple[Person, ...] = ()  # who did it, the latest first
    district: District | None = None  # for which district
    verdict: str = ""  # of a trial
    text: str = ""  # what was promised
    anchor: str | None = None  # the place on the post's page


@dataclass(frozen=True, slots=True)
class Group:
    """What is new in one strand."""

    strand: Strand | None
    news: Sequence[News]


def since(session: Session, actor: Actor, moment: datetime) -> Sequence[Group]:
    """Return what others did after ``moment`` in the partnership that ``actor`` looks at: seven at most, by strand.

    Four statements, whatever happened.
    """
    everything = [
        *_shared(session, actor, moment),
        *_commented(session, actor, moment),
        *_tried(session, actor, moment),
        *_closed(session, actor, moment),
    ]
    here = [news for news in everything if news.post.partnership_id == actor.partnership_id]
    latest = sorted(here, key=lambda news: (news.at, news.post.id), reverse=True)[:MOST]
    by_strand = sorted(latest, key=lambda news: _place(news.post.strand))
    return [
        Group(group[0].post.strand, group)
        for _, found in groupby(by_strand, key=lambda news: news.post.strand_id)
        if (group := list(found))
    ]


def _place(strand: Strand | None) -> tuple[int, int]:
    return (strand.position, strand.id) if strand else (1_000_000, 0)


def _shared(session: Session, actor: Actor, moment: datetime) -> Iterable[News]:
    query = (
        select(Post)
        .where(
            readable(actor),
            Post.partnership_id == actor.partnership_id,
            Post.shared_at > moment,
            Post.shared_by_id != actor.person_id,
        )
        .order_by(Post.shared_at.desc(), Post.id.desc())
        .limit(MOST)
    )
    for post in session.scalars(query.options(*CARD)):
        if post.shared_at is not None:
            yield News("shared", post.shared_at, post, (post.author,), post.district)


def _commented(session: Session, actor: Actor, moment: datetime) -> Iterable[News]:
    query = (
        select(Comment, Post)
        .join(Post, Post.id == Comment.post_id)
        .where(
            *_shared_posts(actor),
            Comment.said_at > moment,
            Comment.author_id != actor.person_id,
            Comment.removed_at.is_(None),
        )
        .order_by(Comment.said_at.desc(), Comment.id.desc())
        .limit(LOOKED_AT)
        .options(joinedload(Comment.author), *CARD)
    )
    told: dict[int, News] = {}
    for comment, post in session.execute(query):
        news = told.setdefault(post.id, News("commented", comment.said_at, post, anchor=f"comment-{comment.id}"))
        if comment.author not in news.people:
            told[post.id] = replace(news, people=(*news.people, comment.author))
    return told.values()


def _tried(session: Session, actor: Actor, moment: datetime) -> Iterable[News]:
    query = (
        select(Adoption, Post)
        .join(Post, Post.id == Adoption.post_id)
        .where(
            *_shared_posts(actor),
            Adoption.recorded_at > moment,
            Adoption.recorded_by_id != actor.person_id,
            Adoption.removed_at.is_(None),
        )
        .order_by(Adoption.recorded_at.desc(), Adoption.id.desc())
        .limit(MOST)
        .options(joinedload(Adoption.recorded_by), joinedload(Adoption.district), *CARD)
    )
    for adoption, practice in session.execute(query):
        anchor = f"adoption-{adoption.id}"
        by = (adoption.recorded_by,)
        yield News(
            "tried", adoption.recorded_at, practice, by, adoption.district, adoption.verdict or "", anchor=anchor
        )


def _closed(session: Session, actor: Actor, moment: datetime) -> Iterable[News]:
    query = (
        _commitments()
        .where(
            *_shared_posts(actor),
            Commitment.state == CommitmentState.DONE,
            Commitment.closed_on >= moment.date(),
            Commitment.owner_id.is_distinct_from(actor.person_id),
        )
        .order_by(Commitment.closed_on.desc(), Commitment.id.desc())
        .limit(MOST)
    )
    for commitment in session.scalars(query):
        at = datetime.combine(commitment.closed_on or moment.date(), time(), UTC)
        by = (commitment.owner,) if commitment.owner else ()
        anchor = f"commitment-{commitment.id}"
        yield News("closed", at, commitment.meeting, by, commitment.district, text=commitment.text, anchor=anchor)


def _commitments() -> Select[Commitment]:
    meeting = contains_eager(Commitment.meeting).options(
        joinedload(MeetingNote.strand), joinedload(MeetingNote.district), raiseload("*")
    )
    return (
        select(Commitment)
        .join(MeetingNote, MeetingNote.id == Commitment.post_id)
        .options(meeting, joinedload(Commitment.owner), joinedload(Commitment.district))
    )


def _shared_posts(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    # Not by partnership, which ``since`` does: its index would tempt SQLite to read every post before what is new.
    return readable(actor), Post.shared_at.is_not(None)
