"""Remembering which posts somebody opened, so that they find them again."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from app.models import Reading
from app.policy import Actor
from app.services.patience import note_briefly
from app.work import Work

AGAIN = timedelta(minutes=30)  # whoever opens a post again within this time is still reading it


def is_due(session: Session, actor: Actor, post_id: int, now: datetime) -> bool:
    """Whether it is to be noted that the actor opens a post: not if it was within the last half hour."""
    if actor.person_id is None:
        return False
    before = session.scalar(_before(), {"person_id": actor.person_id, "post_id": post_id})
    return before is None or before <= now - AGAIN


def note(work: Work, post_id: int) -> None:
    """Note that the actor opens a post that they may read."""
    by = {"person_id": work.actor.person_id, "post_id": post_id}
    note_briefly(work.session, Reading, by, {"read_at": work.now})


@cache  # asked on every page of a post
def _before() -> Select[datetime]:
    mine = (
        Reading.person_id == bindparam("person_id", type_=Integer),
        Reading.post_id == bindparam("post_id", type_=Integer),
    )
    return select(Reading.read_at).where(*mine)
