"""Writing posts: keeping, merging, sharing, deleting, bringing back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app import contents
from app.contents import Content
from app.kinds import KINDS, Kind
from app.lib import labels, references
from app.lib.merging import merge_content
from app.models import Person, Post, PostLink, PostMention, Revision, WorkingCopy
from app.models.practice import Practice
from app.policy import Action, Denied, Part, Sharing, can, labels_of, may_restore, require, require_writer
from app.work import Work


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save.

    Attributes:
        post: the post, changed unless there are conflicts.
        conflicts: fields that somebody else changed too, in a way that cannot be merged; nothing was saved then.
        merged: whether somebody else's changes were joined with these.
        theirs: what the post says now, where there are conflicts.
    """

    post: Post
    conflicts: tuple[str, ...] = ()
    merged: bool = False
    theirs: Content | None = None


def create(  # noqa: PLR0913
    work: Work,
    kind: Kind,
    content: Content,
    *,
    partnership_id: int,
    draft_key: str | None = None,
    created_at: datetime | None = None,
) -> Post:
    """Start a post as a private draft of the actor. Sent twice with one ``draft_key``, it is saved once.

    Raises:
        Denied: if the actor only reads in this partnership.
    """
    if draft_key:
        twice = work.session.scalar(
            select(Post).where(Post.draft_key == draft_key, Post.author_id == work.actor.person_id)
        )
        if twice is not None:
            return twice
    part = require_writer(work.actor, partnership_id)
    post = begin(work, kind, content, part, created_at=created_at)
    post.draft_key = draft_key
    keep(work, [post])
    work.record("post.created", thing(post), partnership_id=partnership_id, kind=post.kind)
    return post


def begin(work: Work, kind: Kind, content: Content, part: Part, *, created_at: datetime | None = None) -> Post:
    """Return a new post of the actor, a private draft that is not in the database before ``keep``."""
    author_id = work.actor.person_id or 0
    post = kind.model(
        partnership_id=part.partnership_id,
        district_id=part.district_id,
        author_id=author_id,
        edited_by_id=author_id,
        created_at=created_at or work.now,
        edited_at=work.now,
        version=1,
        revision=1,
    )
    post.audiences[:] = [labels.person(author_id)]
    contents.write(post, content, by=author_id, now=work.now)
    return post


def keep(work: Work, posts: Sequence[Post]) -> None:
    """Put new posts into the database with their first copies and their links: a few statements, however many."""
    work.session.add_all(posts)
    work.session.flush()
    for post in posts:
        _add_copy(work, post)
    _read_references(work, posts)


def save(work: Work, post: Post, content: Content, *, base: int) -> Saved:
    """Save what somebody typed into a form that started from revision ``base``.

    What others saved in between is merged; what cannot be merged is reported and nothing is saved.

    Raises:
        Denied: if the actor may not change it.
    """
    author_id = require(work.actor, Action.EDIT, post)
    now_says = contents.read(post)
    merged = False
    if base != post.revision:
        started_from = work.session.scalar(
            select(Revision.content).where(Revision.post_id == post.id, Revision.number == base)
        )
        outcome = merge_content(started_from or now_says, content, now_says)
        if outcome.conflicts:
            return Saved(post, outcome.conflicts, theirs=now_says)
        content, merged = outcome.content, True
    if not _differs(now_says, content):
        return Saved(post, merged=merged)
    if content["strand_id"] != post.strand_id and not can(work.actor, Action.SHARE, post):
        msg = f"Only its author, a lead of its strand or a manager can move “{post.title}” to another strand."
        raise Denied(msg)
    rewrite(work, post, content, author_id)
    work.record("post.saved", thing(post), partnership_id=post.partnership_id, revision=post.revision)
    return Saved(post, merged=merged)


def restore(work: Work, post: Post, number: int) -> None:
    """Make ``post`` say again what it said in revision ``number``. The history keeps everything.

    It stays in its strand unless the actor may decide who sees it: that goes with the strand.

    Raises:
        Denied: if the actor may not change it.
        LookupError: if there is no such revision.
    """
    author_id = require(work.actor, Action.EDIT, post)
    content = work.session.scalar(
        select(Revision.content).where(Revision.post_id == post.id, Revision.number == number)
    )
    if content is None:
        msg = f"There is no version {number} of this post."
        raise LookupError(msg)
    if not can(work.actor, Action.SHARE, post):
        content = {**content, "strand_id": post.strand_id}
    rewrite(work, post, content, author_id, restores=number)
    work.record("post.restored", thing(post), partnership_id=post.partnership_id, restored=number)


def share(work: Work, post: Post, sharing: Sharing) -> None:
    """Decide who can see ``post``. Back to a draft is possible: others then no longer see it.

    Raises:
        Denied: if the actor may not decide that.
        ValueError: if it has no strand to share with; the message is for people.
    """
    person_id = require(work.actor, Action.SHARE, post)
    if sharing == Sharing.STRAND and post.strand_id is None:
        msg = "Choose a strand for this post before you share it with a strand’s team."
        raise ValueError(msg)
    before = sharing_of(post)
    open_to(post, sharing, by=person_id, at=work.now)
    post.version += 1
    work.record("post.shared", thing(post), partnership_id=post.partnership_id, before=before, after=sharing)


def open_to(post: Post, sharing: Sharing, *, by: int, at: datetime) -> None:
    """Make ``post`` carry the labels of ``sharing``. The caller has asked who may, and records it."""
    _replace_labels(post, sharing)
    if sharing == Sharing.DRAFT:
        post.shared_at, post.shared_by_id = None, None
    else:
        post.shared_at, post.shared_by_id = post.shared_at or at, by


def confirm(work: Work, post: Practice) -> None:
    """Say that a practice is still true today.

    Raises:
        Denied: if the actor may not change it.
    """
    post.confirmed_by_id = require(work.actor, Action.EDIT, post)
    post.confirmed_on = work.now.date()
    post.version += 1
    work.record("post.confirmed", thing(post), partnership_id=post.partnership_id)


def trash(work: Work, post: Post) -> None:
    """Put ``post`` into the trash, where it stays for ninety days.

    Raises:
        Denied: if the actor may not delete it.
    """
    post.trashed_by_id = require(work.actor, Action.TRASH, post)
    post.trashed_at = work.now
    post.version += 1
    work.record("post.trashed", thing(post), partnership_id=post.partnership_id)


def untrash(work: Work, post: Post) -> None:
    """Take ``post`` out of the trash: it is again where it was, shared as it was.

    Raises:
        Denied: if the actor may not bring it back.
    """
    if not may_restore(work.actor, post):
        msg = f"Only its author, a lead of its strand or a manager can bring back “{post.title}”."
        raise Denied(msg)
    post.trashed_at, post.trashed_by_id = None, None
    post.version += 1
    work.record("post.untrashed", thing(post), partnership_id=post.partnership_id)


def sharing_of(post: Post) -> Sharing:
    """Return who can see ``post``, from its labels."""
    held = set(post.audiences)
    if labels.PUBLIC in held:
        return Sharing.PUBLIC
    if labels.partnership(post.partnership_id) in held:
        return Sharing.PARTNERSHIP
    if any(label.startswith("strand:") for label in held):
        return Sharing.STRAND
    if any(label.startswith("district:") for label in held):
        return Sharing.DISTRICT
    return Sharing.DRAFT


def thing(post: Post) -> str:
    """Return the name of ``post`` in events, jobs and the search index."""
    return f"post:{post.id}"


def refresh_copy(work: Work, post: Post, author_id: int) -> None:
    """Keep a new copy of ``post`` after one of its rows was changed outside its form (a commitment was closed)."""
    post.revision += 1
    post.version += 1
    post.edited_at, post.edited_by_id = work.now, author_id
    _keep_copy(work, post)


def rewrite(work: Work, post: Post, content: Content, author_id: int, restores: int | None = None) -> None:
    """Make ``post`` say ``content`` as its next revision. The caller has asked who may, and records it."""
    sharing = sharing_of(post)
    contents.write(post, content, by=author_id, now=work.now)
    if sharing == Sharing.STRAND:
        _replace_labels(post, sharing if post.strand_id is not None else Sharing.DRAFT)
    post.html = None
    post.edited_at, post.edited_by_id = work.now, author_id
    post.revision += 1
    post.version += 1
    work.session.flush()
    _keep_copy(work, post, restores)
    _forget_references(work, post)
    _read_references(work, [post])
    work.session.execute(delete(WorkingCopy).where(WorkingCopy.post_id == post.id, WorkingCopy.person_id == author_id))


def new_content(kind: Kind) -> Content:
    """Return what an empty post of ``kind`` says."""
    content: Content = {"title": "", "body": kind.template, "strand_id": None, "tags": []}
    content |= {field.name: [] if field.shape in {"groups", "people"} else "" for field in kind.fields}
    return content | {rows.name: [] for rows in kind.every_rows()}


def kind_called(code: str) -> Kind:
    """Return the kind with that code.

    Raises:
        LookupError: if there is none.
    """
    if code not in KINDS:
        msg = f"There is no kind of post called “{code}”. Use one of: {', '.join(KINDS)}."
        raise LookupError(msg)
    return KINDS[code]


def _replace_labels(post: Post, sharing: Sharing) -> None:
    wanted = labels_of(post, sharing, post.strand_id)
    for label in set(post.audiences) - wanted:
        post.audiences.remove(label)
    for label in sorted(wanted - set(post.audiences)):
        post.audiences.append(label)


def _keep_copy(work: Work, post: Post, restores: int | None = None) -> None:
    work.session.flush()
    _add_copy(work, post, restores)


def _add_copy(work: Work, post: Post, restores: int | None = None) -> None:
    work.session.add(
        Revision(
            post_id=post.id,
            number=post.revision,
            author_id=post.edited_by_id,
            saved_at=work.now,
            content=contents.read(post),
            restores=restores,
        )
    )


def _forget_references(work: Work, post: Post) -> None:
    work.session.execute(delete(PostLink).where(PostLink.post_id == post.id))
    work.session.execute(delete(PostMention).where(PostMention.post_id == post.id))


def _read_references(work: Work, posts: Sequence[Post]) -> None:
    """Read the links in the texts: to posts and people that exist, whoever may read them."""
    links: set[tuple[int, int]] = set()
    mentions: set[tuple[int, int]] = set()
    for post in posts:
        said = "\n\n".join([post.body, *contents.words(contents.read(post), post)])
        links |= {(post.id, to) for to in references.posts_in(said) - {post.id}}
        mentions |= {(post.id, who) for who in references.people_in(said)}
    if links:
        there = set(work.session.scalars(select(Post.id).where(Post.id.in_({to for _, to in links}))))
        work.session.add_all(PostLink(post_id=here, to_post_id=to) for here, to in sorted(links) if to in there)
    if mentions:
        known = set(work.session.scalars(select(Person.id).where(Person.id.in_({who for _, who in mentions}))))
        work.session.add_all(PostMention(post_id=here, person_id=who) for here, who in sorted(mentions) if who in known)


def _differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Say whether saving would change anything: new rows have no id yet, so ids do not count."""
    return _bare(before) != _bare(after)


def _bare(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [_without_id(row) for row in value] if isinstance(value, list) else (value or "")
        for name, value in content.items()
    }


def _without_id(row: Any) -> Any:
    return {name: value or "" for name, value in row.items() if name != "id"} if isinstance(row, dict) else row
