"""What several people looked for and did not find."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import UnfoundSearch

LEAST = 3  # different people, before words are shown to anybody
PAGE = 100


@dataclass(frozen=True, slots=True)
class Unfound:
    """Words, how many different people looked for them, and when last. Never who."""

    words: str
    people: int
    last_at: datetime


def listing(session: Session, partnership_id: int) -> Sequence[Unfound]:
    """Return what at least three people of a partnership did not find, what most looked for first."""
    people, last = func.count(), func.max(UnfoundSearch.searched_at)
    query = (
        select(UnfoundSearch.words, people, last)
        .where(UnfoundSearch.partnership_id == partnership_id)
        .group_by(UnfoundSearch.words)
        .having(people >= LEAST)
        .order_by(people.desc(), last.desc(), UnfoundSearch.words)
        .limit(PAGE)
    )
    return [Unfound(words, count, at) for words, count, at in session.execute(query)]
