"""Keeping what somebody types, before they save it."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from app.models import Post, WorkingCopy
from app.policy import Action, require, require_writer
from app.work import Work

LONGEST = 2_000_000  # characters of all fields together


def keep(work: Work, key: str, kind: str, fields: Sequence[tuple[str, str]], post: Post | None) -> WorkingCopy:
    """Keep the fields of a form as they were typed, in place of what was kept under ``key`` before.

    Raises:
        Denied: if the actor may not change the post, or only reads here.
        ValueError: if it is more than we keep; the message is for people.
    """
    if sum(len(name) + len(value) for name, value in fields) > LONGEST:
        msg = "That is more text than we can keep. Shorten it, or save it in two posts."
        raise ValueError(msg)
    if post is not None:
        person_id = require(work.actor, Action.EDIT, post)
        place = post.partnership_id
    else:
        place = work.actor.partnership_id or 0
        require_writer(work.actor, place)
        person_id = work.actor.person_id or 0
    held = select(WorkingCopy).where(WorkingCopy.person_id == person_id, WorkingCopy.key == key)
    copy = work.session.scalar(held) or WorkingCopy(person_id=person_id, key=key)
    copy.kind, copy.partnership_id, copy.post_id = kind, place, post.id if post else None
    copy.title = dict(fields).get("title", "")[:200]
    copy.fields = [[name, value] for name, value in fields]
    copy.saved_at = work.now
    work.session.add(copy)
    work.session.flush()
    return copy


def drop(work: Work, key: str) -> None:
    """Forget what was kept under ``key``."""
    work.session.execute(
        delete(WorkingCopy).where(WorkingCopy.person_id == work.actor.person_id, WorkingCopy.key == key)
    )
