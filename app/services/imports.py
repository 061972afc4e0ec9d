"""Importing posts: as many as there are, with history, links and jobs, and safe to do again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import select

from app import contents
from app.models import Event, Post
from app.policy import Actor, Part, require_writer
from app.services import posts
from app.services.indexing import WHOLE
from app.services.post_files import Entry
from app.services.posts import thing
from app.work import Work

BATCH = 200  # posts a transaction


@dataclass(slots=True)
class Imported:
    """What became of posts of a file."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __iadd__(self, other: "Imported") -> Self:
        """Count another batch."""
        self.new += other.new
        self.changed += other.changed
        self.same += other.same
        return self


def batches(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Yield the posts of a file in portions, each for one unit of work."""
    for start in range(0, len(entries), BATCH):
        yield entries[start : start + BATCH]


def load(work: Work, entries: Sequence[Entry], partnership_id: int) -> Imported:
    """Import posts. One that the file says nothing new about is left alone, whatever people made of it meanwhile.

    Raises:
        Denied: if the actor only reads in this partnership.
    """
    require_writer(work.actor, partnership_id)
    held = _held(work, entries, partnership_id)
    said = _said(work, list(held.values()))
    fresh = [entry for entry in entries if entry.key not in held]
    changed = [entry for entry in entries if entry.key in held and said.get(held[entry.key]) != entry.digest]
    _add(work, fresh, partnership_id)
    _change(work, {held[entry.key]: entry for entry in changed})
    return Imported(len(fresh), len(changed), len(entries) - len(fresh) - len(changed))


def _held(work: Work, entries: Sequence[Entry], partnership_id: int) -> dict[str, int]:
    """Return the number of every post that was imported before, by key."""
    keys = [entry.key for entry in entries]
    query = select(Post.import_key, Post.id).where(
        Post.partnership_id == partnership_id, Post.import_key.in_(keys), Post.import_key.is_not(None)
    )
    return {key: number for key, number in work.session.execute(query) if key is not None}


def _said(work: Work, numbers: Sequence[int]) -> dict[int, str]:
    """Return the digest of what the file said of each post the last time."""
    query = select(Event.thing, Event.detail).where(
        Event.action == "post.imported", Event.thing.in_([f"post:{number}" for number in numbers])
    )
    rows = work.session.execute(query.order_by(Event.id))
    return {int(row[0].partition(":")[2]): row[1].get("digest", "") for row in rows}


def _add(work: Work, entries: Sequence[Entry], partnership_id: int) -> None:
    made: list[tuple[Entry, Post]] = []
    for entry in entries:
        writer = replace(work, actor=Actor(entry.author_id))
        part = Part(partnership_id, entry.district_id, "member", is_data_office=False)
        content = posts.new_content(entry.kind) | entry.content
        post = posts.begin(writer, entry.kind, content, part, created_at=entry.created_at)
        post.import_key = entry.key
        posts.open_to(post, entry.sharing, by=entry.author_id, at=entry.created_at)
        made.append((entry, post))
    posts.keep(work, [post for _, post in made])
    for entry, post in made:
        _record(work, entry, post)


def _change(work: Work, entries: dict[int, Entry]) -> None:
    found = work.session.scalars(select(Post).where(Post.id.in_(list(entries))).options(*WHOLE)).all()
    for post in found:
        entry = entries[post.id]
        if post.kind != entry.kind.code:
            msg = f"“{entry.key}” was imported as another kind of post ({post.kind}). Give it another key."
            raise ValueError(msg)
        posts.rewrite(work, post, contents.read(post) | entry.content, work.actor.person_id or 0)
        _record(work, entry, post)


def _record(work: Work, entry: Entry, post: Post) -> None:
    work.record("post.imported", thing(post), partnership_id=post.partnership_id, key=entry.key, digest=entry.digest)
