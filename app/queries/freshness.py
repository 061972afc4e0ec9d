"""What the index does not know yet: changes that are committed and wait to be indexed."""

import time
from collections.abc import Collection
from functools import lru_cache

from sqlalchemy import Integer, Select, cast, exists, func, select
from sqlalchemy.orm import Session

from app.models import Job, Post
from app.policy import Actor, readable

LONGEST_WAIT = 0.8  # seconds
STEP = 0.05  # seconds

_KEY = "post:"


def stale(session: Session, actor: Actor) -> frozenset[str]:
    """Return the keys of posts that wait to be indexed and that ``actor`` may not read (any more).

    The engine leaves them out, so that totals, facets and passages are right before the index is: one statement.
    """
    return frozenset(session.scalars(_stale(actor)))


@lru_cache(maxsize=512)
def _stale(actor: Actor) -> Select[str]:
    number = cast(func.substr(Job.key, len(_KEY) + 1), Integer)
    known = exists().where(Post.id == number, readable(actor))
    return select(Job.key).where(Job.name == "index", Job.key.startswith(_KEY), ~known).distinct()


def wait_for(session: Session, keys: Collection[str]) -> None:
    """Wait until what was saved under ``keys`` can be found, 0.8 seconds at most."""
    until = time.monotonic() + LONGEST_WAIT
    query = select(Job.id).where(Job.name == "index", Job.key.in_(sorted(keys)), Job.given_up_at.is_(None)).limit(1)
    while session.scalar(query) is not None and time.monotonic() < until:
        session.rollback()  # so that the next look sees what others committed meanwhile
        time.sleep(STEP)
