"""Saying whether database, index and files agree, and queueing what mends them."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.kinds import KINDS
from app.lib.text import plural
from app.models import Comment, Job, Post, PostAudience, Revision
from app.search import IndexDamaged, SearchIndex
from app.services import indexing, jobs
from app.work import Work

FORGOTTEN = timedelta(minutes=10)  # how long a job may wait before somebody should ask where the worker is
SHOWN = 5  # examples in a sentence
CHUNK = 500  # posts compared at a time
OTHERS = 0o077  # bits of what others than the owner may do


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that does not agree.

    Attributes:
        sentence: what is wrong, and what to do if ``--mend`` cannot.
        repairs: (job, key) pairs that mend it.
    """

    sentence: str
    repairs: tuple[tuple[str, str], ...] = ()


def files(data: Path) -> list[Difference]:
    """Return what is wrong with the data folder itself."""
    secret = data / "secret"
    if os.name == "nt" or not secret.exists() or not secret.stat().st_mode & OTHERS:
        return []
    return [Difference(f"Others on this machine can read the secret key. Type: chmod 600 {secret}")]


def differences(work: Work, index: SearchIndex) -> list[Difference]:
    """Return everything that does not agree. What waits in job rows is not yet a difference."""
    session = work.session
    return [
        *_damaged(session),
        *_copies(session),
        *_kinds(session),
        *_labels(session),
        *_texts(session),
        *_index(session, index),
        *_jobs(work),
    ]


def mend(work: Work, found: Sequence[Difference]) -> int:
    """Queue the jobs that mend ``found`` and try again what was given up; return how many jobs wait now."""
    for name, key in dict.fromkeys(repair for difference in found for repair in difference.repairs):
        work.promise(name, key)
    jobs.take_up_again(work)
    work.session.flush()
    return jobs.ready(work.session, work.now)


def _damaged(session: Session) -> Iterator[Difference]:
    if session.get_bind().dialect.name != "sqlite":
        return
    said = session.scalars(text("PRAGMA integrity_check")).all()
    if said != ["ok"]:
        yield Difference(f"The database file is damaged: {said[0]}. Put a backup back with: braid restore FILE")
    broken = session.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        tables = _some(sorted({row[0] for row in broken}))
        yield Difference(f"{plural(len(broken), 'row points', 'rows point')} to nothing, in {tables}.")


def _copies(session: Session) -> Iterator[Difference]:
    """Compare each post with its copies: one for every number, the last one saying what the post says."""
    counted = (
        select(Post.id)
        .outerjoin(Revision, Revision.post_id == Post.id)
        .group_by(Post.id, Post.revision)
        .having(
            (func.count(Revision.id) != Post.revision)
            | (func.min(Revision.number) != 1)
            | (func.max(Revision.number) != Post.revision)
        )
        .order_by(Post.id)
    )
    if lacking := session.scalars(counted).all():
        yield Difference(f"The history of {_posts(lacking)} is not complete. A backup may have it.")
    if other := list(_unlike(session)):
        yield Difference(f"The last copy of {_posts(other)} does not say what the post says.")


def _unlike(session: Session) -> Iterator[int]:
    query = select(Post.id, Post.title, Post.body, Revision.content).join(
        Revision, (Revision.post_id == Post.id) & (Revision.number == Post.revision)
    )
    last = 0
    while rows := session.execute(query.where(Post.id > last).order_by(Post.id).limit(CHUNK)).all():
        last = rows[-1].id
        yield from (
            row.id for row in rows if (row.content.get("title"), row.content.get("body")) != (row.title, row.body)
        )


def _kinds(session: Session) -> Iterator[Difference]:
    core = Post.metadata.tables["post"]
    for kind in KINDS.values():
        own = Post.metadata.tables[kind.model.__tablename__]
        query = select(core.c.id).outerjoin(own, own.c.id == core.c.id).where(core.c.kind == kind.code)
        if lacking := session.scalars(query.where(own.c.id.is_(None)).order_by(core.c.id)).all():
            yield Difference(f"The fields of {_posts(lacking)} are missing. Put a backup back with: braid restore FILE")


def _labels(session: Session) -> Iterator[Difference]:
    query = select(Post.id).where(~select(PostAudience).where(PostAudience.post_id == Post.id).exists())
    if lacking := session.scalars(query.order_by(Post.id)).all():
        yield Difference(f"Nobody can read {_posts(lacking)}: not even the author is named.")


def _texts(session: Session) -> Iterator[Difference]:
    promised = set(session.scalars(select(Job.key).where(Job.name == "render")))
    lacking = [f"post:{number}" for number in session.scalars(select(Post.id).where(Post.html.is_(None)))]
    lacking += [f"comment:{number}" for number in session.scalars(select(Comment.id).where(Comment.html.is_(None)))]
    if forgotten := [key for key in lacking if key not in promised]:
        count = plural(len(forgotten), "text is", "texts are")
        yield Difference(f"{count} shown without formatting.", tuple(("render", key) for key in forgotten))


def _index(session: Session, index: SearchIndex) -> Iterator[Difference]:
    try:
        differ = indexing.differences(session, index)
    except IndexDamaged as error:
        yield Difference(str(error))
        return
    promised = set(session.scalars(select(Job.key).where(Job.name == "index")))
    if forgotten := [key for key in differ if key not in promised]:
        numbers = [int(key.partition(":")[2]) for key in forgotten]
        sentence = f"The search index does not agree with the database about {_posts(numbers)}."
        yield Difference(sentence, tuple(("index", key) for key in forgotten))


def _jobs(work: Work) -> Iterator[Difference]:
    given_up = work.session.execute(
        select(Job.name, Job.key, Job.last_error).where(Job.given_up_at.is_not(None)).order_by(Job.id)
    ).all()
    if given_up:
        listed = _some([f"{row.name} of {row.key} ({row.last_error})" for row in given_up])
        yield Difference(f"{plural(len(given_up), 'job was', 'jobs were')} given up: {listed}.")
    waiting = select(func.count()).select_from(Job)
    due = waiting.where(Job.run_at < work.now - FORGOTTEN, Job.given_up_at.is_(None))
    if late := work.session.scalar(due):
        sentence = (
            f"{plural(late, 'job waits', 'jobs wait')} for more than ten minutes. Start a worker with: braid work"
        )
        yield Difference(sentence)


def _posts(numbers: Sequence[int]) -> str:
    return f"{plural(len(numbers), 'post', 'posts')} ({_some([str(number) for number in numbers])})"


def _some(words: Sequence[str]) -> str:
    more = len(words) - SHOWN
    return ", ".join(words[:SHOWN]) + (f" and {more} more" if more > 0 else "")
