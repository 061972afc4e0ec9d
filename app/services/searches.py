"""Keeping what people searched for: their own past searches, and words that nobody found.

None of it is worth waiting for while somebody else writes.
"""

from functools import cache

from sqlalchemy import Integer, Select, Update, bindparam, delete, select, update

from app.lib import text
from app.lib.vocabulary import plain
from app.models import PastSearch, UnfoundSearch
from app.services.patience import note_briefly, try_briefly
from app.work import Work

MOST_PAST = 20  # searches kept for a person
LONGEST_PAST = 200  # characters
LONGEST_UNFOUND = 120


def note(work: Work, words: str) -> None:
    """Remember what the actor searched for, in place of the oldest of what they searched before."""
    person_id = work.actor.person_id
    words = text.shorten(words, LONGEST_PAST)
    if person_id is None or not words:
        return
    past = work.session.execute(_past(), {"person_id": person_id}).all()
    if past and past[0].words == words:  # the next page, or a filter: nothing new
        return
    place = next((one for one in past if one.words == words), past[-1] if len(past) >= MOST_PAST else None)
    if place is None:
        note_briefly(work.session, PastSearch, {"person_id": person_id, "words": words}, {"searched_at": work.now})
    else:
        try_briefly(work.session, _again(), {"place": place.id, "said": words, "now": work.now})


@cache  # asked with every search
def _past() -> Select[int, str]:
    query = select(PastSearch.id, PastSearch.words).where(PastSearch.person_id == bindparam("person_id", type_=Integer))
    return query.order_by(PastSearch.searched_at.desc(), PastSearch.id.desc())


@cache
def _again() -> Update:
    table = PastSearch.metadata.tables[PastSearch.__tablename__]
    changed = update(table).where(table.c.id == bindparam("place"))
    return changed.values(words=bindparam("said"), searched_at=bindparam("now"))


def forget(work: Work) -> None:
    """Forget what the actor searched for."""
    work.session.execute(delete(PastSearch).where(PastSearch.person_id == work.actor.person_id))


def not_found(work: Work, words: str) -> None:
    """Count that the actor looked for ``words`` and found nothing."""
    words = plain(words)
    person_id, place = work.actor.person_id, work.actor.partnership_id
    if person_id is None or place is None or not words or len(words) > LONGEST_UNFOUND:
        return
    by = {"partnership_id": place, "words": words, "person_id": person_id}
    note_briefly(work.session, UnfoundSearch, by, {"searched_at": work.now})
