"""What a home page shows: what waits for me, who asked for me, my strands' posts, whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, cast, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from app.lib import references
from app.models import Comment, Membership, Partnership, Person, PostMention, Strand, WorkingCopy
from app.models.person import Role
from app.models.types import UtcDateTime
from app.policy import Actor, readable
from app.queries import cards
from app.queries.cards import POST, PersonShown, few

MOST_ASKED = 5
LOOKED_AT = 100  # comments with something that looks like a mention

_SINCE = bindparam("since", type_=UtcDateTime())


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the actor did in the partnership they look at, and how much of their own is not finished there."""

    has_written: bool
    drafts: int
    unsaved: int
    began_on: date
    seen_at: datetime | None  # their home page, last


@dataclass(frozen=True, slots=True)
class PostNamed:
    """A post in which somebody is named."""

    id: int
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody named me, in a post or in a comment under it."""

    by: PersonShown
    at: datetime
    post: PostNamed
    comment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A membership that is over, or has not begun, and the managers who can change that."""

    partnership: Partnership
    starts_on: date
    ends_on: date | None
    managers: Sequence[Person]


def my_strands(actor: Actor, strands: Sequence[Strand]) -> Sequence[Strand]:
    """Return those of a partnership's strands that the actor works on; all of them, for who works on none."""
    return [strand for strand in strands if strand.id in actor.teams] or strands


def waiting(session: Session, actor: Actor) -> Waiting:
    """Return what of the actor's own waits for them in the partnership they look at: one statement."""
    return Waiting(*session.execute(_waiting(actor)).one())


def asked_of(session: Session, actor: Actor, after: datetime) -> Sequence[Asking]:
    """Return where others in the partnership named the actor since ``after``, the latest first: one statement."""
    found: list[Asking] = []
    for row in session.execute(_asked(actor), {"since": after}).mappings():
        by, said = cards.person(row), row["comment_id"]
        if by and (said is None or actor.person_id in references.people_in(row["words"])):
            found.append(Asking(by, row["at"], PostNamed(row["post_id"], row["kind"], row["title"]), said))
    return found[:MOST_ASKED]


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


@lru_cache(maxsize=512)
def _waiting(actor: Actor) -> Select[Any]:
    own = POST.c.author_id == actor.person_id, few(POST.c.partnership_id) == actor.partnership_id
    drafts = select(func.count()).where(*own, POST.c.shared_at.is_(None), readable(actor))
    unsaved = select(func.count()).where(
        WorkingCopy.person_id == actor.person_id, WorkingCopy.partnership_id == actor.partnership_id
    )
    return select(
        exists().where(*own),
        drafts.scalar_subquery(),
        unsaved.scalar_subquery(),
        Membership.starts_on,
        Membership.home_seen_at,
    ).where(Membership.person_id == actor.person_id, Membership.partnership_id == actor.partnership_id)


@lru_cache(maxsize=512)
def _asked(actor: Actor) -> Select[Any]:
    asked = union_all(select(_in_posts(actor).subquery()), select(_in_comments(actor).subquery())).subquery("asked")
    by = aliased(Person)
    return (
        select(asked, POST.c.kind, POST.c.title, *cards.columns_of(by, cards.PERSON_COLUMNS, "person"))
        .select_from(asked)
        .join(POST, POST.c.id == asked.c.post_id)
        .join(by, by.id == asked.c.by_id)
        .order_by(asked.c.at.desc(), asked.c.post_id.desc(), asked.c.comment_id.desc())
    )


def _in_posts(actor: Actor) -> Select[Any]:
    return (
        select(
            POST.c.shared_at.label("at"),
            POST.c.id.label("post_id"),
            POST.c.author_id.label("by_id"),
            cast(null(), Integer).label("comment_id"),
            literal("", String).label("words"),
        )
        .join(PostMention, PostMention.post_id == POST.c.id)
        .where(
            PostMention.person_id == actor.person_id,
            readable(actor),
            few(POST.c.partnership_id) == actor.partnership_id,
            POST.c.shared_at > _SINCE,
            POST.c.author_id != actor.person_id,
        )
        .order_by(POST.c.shared_at.desc(), POST.c.id.desc())
        .limit(MOST_ASKED)
    )


def _in_comments(actor: Actor) -> Select[Any]:
    return (
        select(
            Comment.said_at.label("at"),
            POST.c.id.label("post_id"),
            Comment.author_id.label("by_id"),
            Comment.id.label("comment_id"),
            Comment.body.label("words"),
        )
        .join(POST, POST.c.id == Comment.post_id)
        .where(
            Comment.said_at > _SINCE,
            Comment.body.contains(f"/people/{actor.person_id}", autoescape=True),
            Comment.author_id != actor.person_id,
            Comment.removed_at.is_(None),
            readable(actor),
            few(POST.c.partnership_id) == actor.partnership_id,
            POST.c.shared_at.is_not(None),
        )
        .order_by(Comment.said_at.desc(), Comment.id.desc())
        .limit(LOOKED_AT)
    )
