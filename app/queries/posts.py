"""Reading posts: one at a time with all that hangs on it, and lists that never cost more for being longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload, undefer
from sqlalchemy.orm.interfaces import ORMOption

from app.models import (
    Adoption,
    Attendee,
    Comment,
    Commitment,
    Decision,
    IndicatorLink,
    Measure,
    MeetingNote,
    PlanAction,
    Post,
    PostLink,
    PostTag,
    Practice,
    PracticeContact,
    Revision,
    StrandPlan,
)
from app.policy import Actor, readable, restorable

PAGE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

CARD: tuple[ORMOption, ...] = (
    joinedload(Post.author),
    joinedload(Post.district),
    joinedload(Post.strand),
    raiseload("*"),
)

WHOLE: tuple[ORMOption, ...] = (
    undefer(Post.html),
    joinedload(Post.author),
    joinedload(Post.edited_by),
    joinedload(Post.district),
    joinedload(Post.strand),
    joinedload(Post.shared_by),
    selectinload(Post.tagged),
    selectinload(Post.indicator_links).options(joinedload(IndicatorLink.indicator), joinedload(IndicatorLink.set_by)),
    joinedload(Practice.confirmed_by),
    selectinload(Practice.serves),
    selectinload(Practice.asked).joinedload(PracticeContact.person),
    selectinload(Practice.adoptions).options(joinedload(Adoption.district), joinedload(Adoption.recorded_by)),
    selectinload(MeetingNote.attendees).options(joinedload(Attendee.district), joinedload(Attendee.person)),
    selectinload(MeetingNote.decisions).options(joinedload(Decision.confirms), joinedload(Decision.reverses)),
    selectinload(MeetingNote.commitments).options(
        joinedload(Commitment.owner), joinedload(Commitment.district), joinedload(Commitment.owed_to)
    ),
    selectinload(MeetingNote.questions),
    selectinload(StrandPlan.drivers),
    selectinload(StrandPlan.actions).joinedload(PlanAction.owner),
    selectinload(StrandPlan.measures).options(
        joinedload(Measure.indicator), joinedload(Measure.group), joinedload(Measure.district)
    ),
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a list begins: just after this post, newest first."""

    at: datetime
    post_id: int

    def __str__(self) -> str:
        """Return it as it stands in an address."""
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.post_id}"

    @classmethod
    def parse(cls, text: str | None) -> "Cursor | None":
        """Read it from an address; None for what is no cursor."""
        at, _, post_id = (text or "").partition("-")
        try:
            return cls(EPOCH + timedelta(microseconds=int(at)), int(post_id))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of posts; ``more`` is where the next begins, if there is one."""

    posts: Sequence[Post]
    more: Cursor | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts a list is about; None means any."""

    partnership_id: int | None = None
    kind: str | None = None
    strand_id: int | None = None
    district_id: int | None = None
    author_id: int | None = None
    school_year: int | None = None
    tag: str | None = None
    indicator_id: int | None = None
    state: str | None = None


def one(session: Session, actor: Actor, post_id: int) -> Post | None:
    """Return the post with all that hangs on it, or None if it does not exist *or* ``actor`` may not know it does."""
    return session.scalars(select(Post).where(readable(actor), Post.id == post_id).options(*WHOLE)).one_or_none()


def trashed(session: Session, actor: Actor, post_id: int) -> Post | None:
    """Return the post in the trash that ``actor`` may bring back, or None."""
    return session.scalars(select(Post).where(restorable(actor), Post.id == post_id).options(*WHOLE)).one_or_none()


def feed(session: Session, actor: Actor, wanted: Wanted, after: Cursor | None = None) -> Page:
    """Return shared posts that ``actor`` may read, the newest first: one statement, whatever their number."""
    query = _narrow(select(Post).where(readable(actor), Post.shared_at.is_not(None)), wanted)
    if after is not None:
        query = query.where(or_(Post.shared_at < after.at, and_(Post.shared_at == after.at, Post.id < after.post_id)))
    query = query.order_by(Post.shared_at.desc(), Post.id.desc()).limit(PAGE + 1)
    posts = session.scalars(query.options(*CARD)).all()
    last = posts[PAGE - 1] if len(posts) > PAGE else None
    more = Cursor(last.shared_at, last.id) if last is not None and last.shared_at is not None else None
    return Page(posts[:PAGE], more)


def drafts(session: Session, actor: Actor, limit: int = 100) -> Sequence[Post]:
    """Return the actor's own posts that nobody else sees yet, the latest first."""
    query = select(Post).where(readable(actor), Post.shared_at.is_(None), Post.author_id == actor.person_id)
    return session.scalars(query.order_by(Post.edited_at.desc(), Post.id.desc()).limit(limit).options(*CARD)).all()


def in_trash(session: Session, actor: Actor, limit: int = 200) -> Sequence[Post]:
    """Return what ``actor`` may bring back from the trash, the latest first."""
    query = select(Post).where(restorable(actor)).order_by(Post.trashed_at.desc(), Post.id.desc()).limit(limit)
    return session.scalars(query.options(joinedload(Post.trashed_by), *CARD)).all()


def backlinks(session: Session, actor: Actor, post_id: int, limit: int = 50) -> Sequence[Post]:
    """Return shared posts whose text points to this one, the newest first."""
    query = (
        select(Post)
        .join(PostLink, PostLink.post_id == Post.id)
        .where(PostLink.to_post_id == post_id, readable(actor), Post.shared_at.is_not(None))
        .order_by(Post.shared_at.desc(), Post.id.desc())
        .limit(limit)
    )
    return session.scalars(query.options(*CARD)).all()


def by_ids(session: Session, actor: Actor, ids: Sequence[int]) -> Sequence[Post]:
    """Return those of ``ids`` that ``actor`` may read, in the order given."""
    found = session.scalars(select(Post).where(readable(actor), Post.id.in_(ids)).options(*CARD))
    by_id = {post.id: post for post in found}
    return [by_id[i] for i in ids if i in by_id]


def titled(session: Session, actor: Actor, words: str, limit: int = 8) -> Sequence[Post]:
    """Return posts whose title holds ``words``, for pointing at them while writing."""
    query = (
        select(Post)
        .where(readable(actor), Post.shared_at.is_not(None), Post.title.icontains(words, autoescape=True))
        .order_by(Post.shared_at.desc(), Post.id.desc())
        .limit(limit)
    )
    return session.scalars(query.options(*CARD)).all()


def revisions(session: Session, post_id: int) -> Sequence[Revision]:
    """Return every kept copy of a post, the latest first, authors loaded. The caller has already read the post."""
    query = select(Revision).where(Revision.post_id == post_id).order_by(Revision.number.desc())
    return session.scalars(query.options(joinedload(Revision.author))).all()


def comment_counts(session: Session, post_ids: Sequence[int]) -> dict[int, int]:
    """Return how many comments stand under each post that the caller may read."""
    query = (
        select(Comment.post_id, func.count())
        .where(Comment.post_id.in_(post_ids), Comment.removed_at.is_(None))
        .group_by(Comment.post_id)
    )
    return dict(session.execute(query).all())


def _narrow(query: Select[Post], wanted: Wanted) -> Select[Post]:
    same = {
        Post.partnership_id: wanted.partnership_id,
        Post.strand_id: wanted.strand_id,
        Post.district_id: wanted.district_id,
        Post.author_id: wanted.author_id,
        Post.school_year: wanted.school_year,
        Post.kind: wanted.kind,
    }
    for column, value in same.items():
        if value is not None:
            query = query.where(column == value)
    if wanted.tag:
        query = query.where(Post.tagged.any(PostTag.tag == wanted.tag))
    if wanted.indicator_id is not None:
        query = query.where(Post.indicator_links.any(IndicatorLink.indicator_id == wanted.indicator_id))
    if wanted.state:
        query = query.where(Practice.state == wanted.state)
    return query
