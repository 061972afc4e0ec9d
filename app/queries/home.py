"""What a home page shows: the latest meetings, who asked for me, my strands' posts, whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, CompoundSelect, Select, Table, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, joinedload, raiseload

from app.lib import references
from app.models import Comment, Commitment, MeetingNote, Membership, Partnership, Person, Post, PostMention, Strand
from app.models.meeting import CLOSED, CommitmentState
from app.models.person import Role
from app.policy import Actor, readable
from app.queries.posts import CARD

MOST_MEETINGS = 4
MOST_NOTES = 5  # of a strand, the latest shared: the latest meeting is one of them
MOST_ASKED = 5
MOST_POSTS = 10
POSTS: Table = Post.metadata.tables["post"]  # for counting: ``Post`` would bring the tables of every kind
LOOKED_AT = 100  # comments with something that looks like a mention


Numbers = Select[int] | CompoundSelect[int]


@dataclass(frozen=True, slots=True)
class Meeting:
    """The latest meeting of a strand, and how much is owed from all of them."""

    strand: Strand
    note: MeetingNote | None
    owed: int


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody named me, in a post or in a comment under it."""

    by: Person
    at: datetime
    post: Post
    comment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A membership that is over, or has not begun, and the managers who can change that."""

    partnership: Partnership
    starts_on: date
    ends_on: date | None
    managers: Sequence[Person]


def has_written(session: Session, actor: Actor) -> bool:
    """Say whether the actor ever wrote a post."""
    return bool(session.scalar(select(exists().where(Post.author_id == actor.person_id))))


def my_strands(actor: Actor, strands: Sequence[Strand]) -> Sequence[Strand]:
    """Return those of a partnership's strands that the actor works on; all of them, for who works on none."""
    return [strand for strand in strands if strand.id in actor.teams] or strands


def meetings(session: Session, actor: Actor, strands: Sequence[Strand]) -> Sequence[Meeting]:
    """Return the latest meeting of each strand, the most recent first, and what is still owed: two statements."""
    notes = _latest_of_each(actor, strands, MOST_NOTES, Post.kind == MeetingNote.__mapper__.polymorphic_identity)
    latest = select(MeetingNote).where(MeetingNote.id.in_(notes)).order_by(MeetingNote.met_on, MeetingNote.id)
    found = {note.strand_id: note for note in session.scalars(latest.options(raiseload("*")))}
    open_ones = (
        select(Commitment.post_id, func.count().label("count"))
        .where(Commitment.state.in_([state for state in CommitmentState if state not in CLOSED]))
        .group_by(Commitment.post_id)
        .subquery()
    )
    counts = (
        select(POSTS.c.strand_id, func.sum(open_ones.c.count))
        .join(open_ones, open_ones.c.post_id == POSTS.c.id)
        .where(readable(actor), POSTS.c.shared_at.is_not(None))
        .group_by(POSTS.c.strand_id)
    )
    owed = {strand_id: int(count) for strand_id, count in session.execute(counts)}
    rows = [Meeting(strand, found.get(strand.id), owed.get(strand.id, 0)) for strand in strands]
    return sorted(rows, key=lambda row: row.note.met_on if row.note else date.min, reverse=True)[:MOST_MEETINGS]


def asked_of(session: Session, actor: Actor, after: datetime) -> Sequence[Asking]:
    """Return where others named the actor since ``after``, the latest first: two statements."""
    in_posts = (
        select(Post)
        .join(PostMention, PostMention.post_id == Post.id)
        .where(
            PostMention.person_id == actor.person_id,
            readable(actor),
            Post.shared_at > after,
            Post.author_id != actor.person_id,
        )
        .order_by(Post.shared_at.desc(), Post.id.desc())
        .limit(MOST_ASKED)
    )
    asking = [
        Asking(post.author, post.shared_at, post) for post in session.scalars(in_posts.options(*CARD)) if post.shared_at
    ]
    return sorted([*asking, *_asked_in_comments(session, actor, after)], key=lambda one: one.at, reverse=True)[
        :MOST_ASKED
    ]


def newest(session: Session, actor: Actor, strands: Sequence[Strand]) -> Sequence[Post]:
    """Return the newest shared posts of some strands that the actor may read: one statement."""
    query = (
        select(Post)
        .where(Post.id.in_(_latest_of_each(actor, strands, MOST_POSTS)))
        .order_by(Post.shared_at.desc(), Post.id.desc())
        .limit(MOST_POSTS)
    )
    return session.scalars(query.options(*CARD)).all()


def ended(session: Session, person: Person, today: date) -> Sequence[Ended]:
    """Return the partnerships that a person is in on paper but not today, each with whom to ask."""
    mine = select(Membership).where(Membership.person_id == person.id).order_by(Membership.starts_on.desc())
    memberships = session.scalars(mine.options(joinedload(Membership.partnership))).all()
    managing = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.partnership_id.in_([membership.partnership_id for membership in memberships]),
            Membership.role == Role.MANAGER,
            Membership.starts_on <= today,
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
            Person.departed_at.is_(None),
        )
        .order_by(Person.name)
    )
    managers: dict[int, list[Person]] = {}
    for manager in session.scalars(managing.options(joinedload(Membership.person))):
        managers.setdefault(manager.partnership_id, []).append(manager.person)
    return [
        Ended(part.partnership, part.starts_on, part.ends_on, managers.get(part.partnership_id, []))
        for part in memberships
        if not part.is_current(today)
    ]


def _latest_of_each(actor: Actor, strands: Sequence[Strand], most: int, *more: ColumnElement[bool]) -> Numbers:
    """Return the newest posts of each strand, which an index has in order: no plan reads and sorts all of them."""
    shared = [
        select(Post.__table__.c.id)
        .where(readable(actor), Post.shared_at.is_not(None), Post.strand_id == strand.id, *more)
        .order_by(Post.shared_at.desc(), Post.id.desc())
        .limit(most)
        .subquery()
        for strand in strands
    ]
    return union_all(*[select(one.c.id) for one in shared]) if shared else select(literal(0))


def _asked_in_comments(session: Session, actor: Actor, after: datetime) -> Sequence[Asking]:
    query = (
        select(Comment, Post)
        .join(Post, Post.id == Comment.post_id)
        .where(
            Comment.said_at > after,
            Comment.body.contains(f"/people/{actor.person_id}", autoescape=True),
            Comment.author_id != actor.person_id,
            Comment.removed_at.is_(None),
            readable(actor),
            Post.shared_at.is_not(None),
        )
        .order_by(Comment.said_at.desc(), Comment.id.desc())
        .limit(LOOKED_AT)
        .options(joinedload(Comment.author), *CARD)
    )
    return [
        Asking(comment.author, comment.said_at, post, comment.id)
        for comment, post in session.execute(query)
        if actor.person_id in references.people_in(comment.body)
    ]
