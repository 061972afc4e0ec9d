"""Who may do what. Every rule of Braid is in this file, each beside its SQL twin.

Reading has one rule: *you may read what shares a label with you*. A draft carries its author's label alone; sharing
adds labels. So lists, search, feeds and counts all filter by the same set, and a change of membership needs no
re-index.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, or_, select

from app.kinds import kind_of
from app.lib import labels
from app.models import Adoption, Comment, Commitment, Membership, Partnership, Person, Post, PostAudience, StrandTerm
from app.models.person import Role


@dataclass(frozen=True, slots=True)
class Part:
    """What a person is in one partnership today."""

    partnership_id: int
    district_id: int
    role: str
    is_data_office: bool

    @property
    def writes(self) -> bool:
        """Whether they may change anything at all: observers only read."""
        return self.role != Role.OBSERVER


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever is acting: a person, or nobody, with the labels they hold today."""

    person_id: int | None = None
    audiences: frozenset[str] = frozenset({labels.PUBLIC})
    parts: tuple[Part, ...] = ()
    leads: frozenset[int] = frozenset()  # strands they lead
    teams: frozenset[int] = frozenset()  # strands they work on
    partnership_id: int | None = None  # the one they are looking at
    is_operator: bool = False  # a command given on the machine itself, by whoever runs it

    @classmethod
    def of(  # noqa: PLR0913, PLR0917
        cls,
        person: Person,
        memberships: Iterable[Membership],
        terms: Iterable[StrandTerm],
        strands: Iterable[tuple[int, int]],
        today: date,
        partnership_id: int | None = None,
    ) -> "Actor":
        """Work out what ``person`` is on ``today``.

        Args:
            person: who acts; someone departed holds nothing but what is public.
            memberships: theirs.
            terms: their terms on strands.
            strands: (strand id, partnership id) of every strand of those partnerships.
            today: the day that terms and memberships are judged by.
            partnership_id: the one they are looking at; else their first.
        """
        if person.departed_at is not None:
            return NOBODY
        parts = tuple(
            Part(m.partnership_id, m.district_id, m.role, m.is_data_office) for m in memberships if m.is_current(today)
        )
        home = {part.partnership_id: part for part in parts}
        where = dict(strands)
        current = [term for term in terms if term.is_current(today) and where.get(term.strand_id) in home]
        teams = {term.strand_id for term in current}
        sees = teams | {
            strand_id
            for strand_id, place in where.items()
            if place in home and home[place].role in {Role.MANAGER, Role.OBSERVER}
        }
        held = {labels.PUBLIC, labels.person(person.id)}
        held |= {labels.partnership(part.partnership_id) for part in parts}
        held |= {labels.district(part.partnership_id, part.district_id) for part in parts}
        held |= {labels.strand(strand_id) for strand_id in sees}
        chosen = partnership_id if partnership_id in home else next(iter(home), None)
        return cls(
            person.id,
            frozenset(held),
            parts,
            frozenset(term.strand_id for term in current if term.is_lead),
            frozenset(teams),
            chosen,
        )

    def part(self, partnership_id: int | None) -> Part | None:
        """Return what they are in a partnership, if anything."""
        return next((part for part in self.parts if part.partnership_id == partnership_id), None)

    @property
    def here(self) -> Part | None:
        """What they are in the partnership they are looking at."""
        return self.part(self.partnership_id)

    def writes(self, partnership_id: int | None) -> bool:
        """Whether they may add anything to a partnership."""
        part = self.part(partnership_id)
        return part is not None and part.writes

    def manages(self, partnership_id: int | None) -> bool:
        """Whether they manage a partnership."""
        part = self.part(partnership_id)
        return part is not None and part.role == Role.MANAGER

    def keeps_figures(self) -> bool:
        """Whether they may load figures: the data office of a partnership, or a manager."""
        return any(part.writes and (part.is_data_office or part.role == Role.MANAGER) for part in self.parts)


NOBODY = Actor()
OPERATOR = Actor(is_operator=True)


class Action(StrEnum):
    """The verbs that rules are about."""

    READ = "read"
    EDIT = "change"
    SHARE = "share"
    TRASH = "delete"
    COMMENT = "comment on"
    ADOPT = "record a trial of"


class Sharing(StrEnum):
    """Who can see a post."""

    DRAFT = "draft"
    DISTRICT = "district"
    STRAND = "strand"
    PARTNERSHIP = "partnership"
    PUBLIC = "public"


def labels_of(post: Post, sharing: Sharing, strand_id: int | None) -> set[str]:
    """Return the labels that ``post`` carries when it is shared like that and is in that strand."""
    held = {labels.person(post.author_id)}
    match sharing:
        case Sharing.DISTRICT:
            held.add(labels.district(post.partnership_id, post.district_id))
        case Sharing.STRAND:
            held.add(labels.strand(strand_id or 0))
        case Sharing.PARTNERSHIP:
            held.add(labels.partnership(post.partnership_id))
        case Sharing.PUBLIC:
            held |= {labels.PUBLIC, labels.partnership(post.partnership_id)}
        case Sharing.DRAFT:
            pass
    return held


class Denied(PermissionError):
    """The actor may not do that; ``reason`` is a sentence we can show them."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


REASONS = {
    Action.READ: "Only those it is shared with can read “{title}”.",
    Action.EDIT: "Only {editors} can change “{title}”. Leave a comment to suggest what should change.",
    Action.SHARE: "Only {editors} can decide who sees “{title}”.",
    Action.TRASH: "Only its author, a lead of its strand or a manager can delete “{title}”.",
    Action.COMMENT: "Observers can read “{title}” but not comment on it.",
    Action.ADOPT: "Observers can read “{title}” but not record a trial of it.",
}


def can(actor: Actor, action: Action, post: Post) -> bool:
    """Say whether ``actor`` may do ``action`` to ``post``."""
    readable_here = not actor.audiences.isdisjoint(post.audiences) and not post.is_trashed
    writes = actor.writes(post.partnership_id)
    match action:
        case Action.READ:
            return readable_here
        case Action.COMMENT:
            return readable_here and writes and post.is_shared
        case Action.ADOPT:
            return readable_here and writes and post.is_shared and post.kind == "practice"
        case Action.EDIT:
            return readable_here and writes and _edits(actor, post)
        case Action.SHARE | Action.TRASH:
            return readable_here and writes and _owns(actor, post)


def require(actor: Actor, action: Action, post: Post) -> int:
    """Return the actor's person id, or refuse.

    Raises:
        Denied: if ``can(actor, action, post)`` is false, or nobody is signed in.
    """
    if actor.person_id is None or not can(actor, action, post):
        team = kind_of(post).team_edits and post.strand_id is not None
        editors = "the strand’s team" if team else "its author, a lead of its strand or a manager"
        raise Denied(REASONS[action].format(title=post.title, editors=editors))
    return actor.person_id


def readable(actor: Actor, *, of_all: bool = False) -> ColumnElement[bool]:
    """Return the SQL twin of ``can(actor, READ, post)``, for lists, feeds, search and counts.

    Args:
        actor: who reads.
        of_all: whether the statement looks at all posts there are, not at the few it is narrowed to.
    """
    return and_(_shares_label(actor, of_all=of_all), Post.trashed_at.is_(None))


def restorable(actor: Actor) -> ColumnElement[bool]:
    """Return which posts in the trash ``actor`` may see and bring back: their own, and those they manage or lead."""
    managed = [part.partnership_id for part in actor.parts if part.role == Role.MANAGER]
    own = or_(
        Post.author_id == actor.person_id,
        Post.partnership_id.in_(managed),
        Post.strand_id.in_(sorted(actor.leads)),
    )
    return and_(_shares_label(actor), Post.trashed_at.is_not(None), own)


def may_restore(actor: Actor, post: Post) -> bool:
    """Say whether ``actor`` may bring ``post`` back from the trash; the Python twin of ``restorable``."""
    shares = not actor.audiences.isdisjoint(post.audiences)
    return shares and post.is_trashed and actor.writes(post.partnership_id) and _owns(actor, post)


def may_change_comment(actor: Actor, comment: Comment) -> bool:
    """Say whether ``actor`` may edit the words of ``comment``: only whoever said it."""
    return actor.person_id == comment.author_id and not comment.is_removed


def may_remove_comment(actor: Actor, comment: Comment, post: Post) -> bool:
    """Say whether ``actor`` may remove ``comment``: whoever said it, or a manager."""
    return not comment.is_removed and (actor.person_id == comment.author_id or actor.manages(post.partnership_id))


def may_change_adoption(actor: Actor, adoption: Adoption, post: Post) -> bool:
    """Say whether ``actor`` may change a record of a trial: its district's people, and managers."""
    part = actor.part(post.partnership_id)
    if part is None or not part.writes or not can(actor, Action.READ, post):
        return False
    return part.district_id == adoption.district_id or part.role == Role.MANAGER


def may_set_state(actor: Actor, meeting: Post, commitment: Commitment) -> bool:
    """Say whether ``actor`` may say how ``commitment`` stands: its owner, its district, whoever may change the note."""
    return can(actor, Action.READ, meeting) and may_set_state_in(
        actor,
        meeting.partnership_id,
        (meeting.author_id, meeting.strand_id),
        (commitment.owner_id, commitment.district_id),
    )


def may_set_state_in(
    actor: Actor, partnership_id: int, meeting: tuple[int, int | None], commitment: tuple[int | None, int | None]
) -> bool:
    """Say the same of a commitment in a note that a query found readable.

    Args:
        actor: who would change it.
        partnership_id: of the note.
        meeting: its author and strand.
        commitment: its owner and district.
    """
    part = actor.part(partnership_id)
    if part is None or not part.writes:
        return False
    (author_id, strand_id), (owner_id, district_id) = meeting, commitment
    own = owner_id == actor.person_id or district_id == part.district_id
    writes_it = author_id == actor.person_id or strand_id in actor.leads or strand_id in actor.teams
    return own or writes_it or part.role == Role.MANAGER


def require_manager(actor: Actor, partnership: Partnership) -> int:
    """Return the actor's person id, or refuse.

    Raises:
        Denied: if they do not manage the partnership.
    """
    if actor.person_id is None or not actor.manages(partnership.id):
        msg = f"Only a manager of {partnership.name} can do that."
        raise Denied(msg)
    return actor.person_id


def require_care(actor: Actor, partnership_id: int) -> int | None:
    """Return the id of a manager of the partnership, or None for whoever runs Braid on the machine itself.

    Raises:
        Denied: for anyone else.
    """
    if actor.is_operator:
        return None
    if actor.person_id is None or not actor.manages(partnership_id):
        msg = "Only a manager of this partnership can do that."
        raise Denied(msg)
    return actor.person_id


def require_writer(actor: Actor, partnership_id: int) -> Part:
    """Return what the actor is in the partnership, or refuse.

    Raises:
        Denied: if they only read there, or are not in it.
    """
    part = actor.part(partnership_id)
    if part is None or not part.writes:
        msg = "Observers read; they cannot add or change anything here. Ask a manager if that should change."
        raise Denied(msg)
    return part


def require_figures(actor: Actor) -> int:
    """Return the actor's person id, or refuse.

    Raises:
        Denied: if they are of no data office and manage nothing.
    """
    if actor.person_id is None or not actor.keeps_figures():
        msg = "Only a data office or a manager can load figures. Ask a manager for the data office flag."
        raise Denied(msg)
    return actor.person_id


def _shares_label(actor: Actor, *, of_all: bool = False) -> ColumnElement[bool]:
    return _holds_one_of(actor.audiences, of_all=of_all)


@lru_cache(maxsize=512)  # one page asks a dozen times for the same person
def _holds_one_of(audiences: frozenset[str], *, of_all: bool) -> ColumnElement[bool]:
    shares = select(PostAudience.post_id).where(
        PostAudience.post_id == Post.id, PostAudience.label.in_(sorted(audiences))
    )
    # OFFSET 0 has PostgreSQL ask it of each post that is looked at: it would rather collect all posts of all labels.
    return (shares if of_all else shares.offset(0)).exists()


def _owns(actor: Actor, post: Post) -> bool:
    return post.author_id == actor.person_id or post.strand_id in actor.leads or actor.manages(post.partnership_id)


def _edits(actor: Actor, post: Post) -> bool:
    return _owns(actor, post) or (kind_of(post).team_edits and post.strand_id in actor.teams)
