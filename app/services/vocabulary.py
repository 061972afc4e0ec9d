"""Changing the field's vocabulary of a partnership: adding sets, changing, removing, restoring what Braid brings."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from app.lib import tokens, vocabulary
from app.lib.slugs import slug
from app.models import VocabularySet
from app.policy import require_care
from app.work import Work

MOST = 500  # sets of one partnership


def add(work: Work, partnership_id: int, words: Sequence[str]) -> VocabularySet:
    """Add a set of words that mean the same.

    Raises:
        Denied: if the actor does not manage the partnership.
        ValueError: if there are too many sets already; the message is for people.
    """
    require_care(work.actor, partnership_id)
    if len(_rows(work, partnership_id)) >= MOST:
        msg = f"There are {MOST} sets of your own already. Remove one that nobody needs first."
        raise ValueError(msg)
    key = f"{slug(words[0])[:40]}-{tokens.new()[:8]}".lower()
    return _say(work, partnership_id, key, words, "vocabulary.added")


def change(work: Work, partnership_id: int, key: str, words: Sequence[str]) -> VocabularySet:
    """Say which words a set holds from now on.

    Raises:
        Denied: if the actor does not manage the partnership.
    """
    return _say(work, partnership_id, key, words, "vocabulary.changed")


def remove(work: Work, partnership_id: int, key: str, words: Sequence[str]) -> None:
    """Let a set no longer count; ``bring_back`` undoes it.

    Raises:
        Denied: if the actor does not manage the partnership.
    """
    row = _say(work, partnership_id, key, words, "vocabulary.removed")
    row.removed_at = work.now


def bring_back(work: Work, partnership_id: int, key: str) -> None:
    """Let a removed set count again, with the words it had.

    Raises:
        Denied: if the actor does not manage the partnership.
        LookupError: if it was never removed.
    """
    row = _row(work, partnership_id, key)
    if row is None:
        msg = "No such set was removed."
        raise LookupError(msg)
    _say(work, partnership_id, key, row.words, "vocabulary.changed")


def restore(work: Work, partnership_id: int, key: str | None = None) -> None:
    """Make one set, or every set that Braid brings, again what Braid brings. One's own sets stay.

    Raises:
        Denied: if the actor does not manage the partnership.
    """
    require_care(work.actor, partnership_id)
    keys = list(vocabulary.shipped()) if key is None else [key] if key in vocabulary.shipped() else []
    gone = delete(VocabularySet).where(VocabularySet.partnership_id == partnership_id, VocabularySet.key.in_(keys))
    work.session.execute(gone)
    work.record("vocabulary.restored", f"partnership:{partnership_id}", partnership_id=partnership_id, set=key)


def _say(work: Work, partnership_id: int, key: str, words: Sequence[str], action: str) -> VocabularySet:
    person_id = require_care(work.actor, partnership_id)
    row = _row(work, partnership_id, key) or VocabularySet(partnership_id=partnership_id, key=key)
    row.words = list(words)
    row.changed_by_id, row.changed_at, row.removed_at = person_id or 0, work.now, None
    work.session.add(row)
    work.session.flush()
    work.record(action, f"partnership:{partnership_id}", partnership_id=partnership_id, words=", ".join(words)[:200])
    return row


def _row(work: Work, partnership_id: int, key: str) -> VocabularySet | None:
    wanted = VocabularySet.partnership_id == partnership_id, VocabularySet.key == key
    return work.session.scalar(select(VocabularySet).where(*wanted))


def _rows(work: Work, partnership_id: int) -> Sequence[int]:
    return work.session.scalars(select(VocabularySet.id).where(VocabularySet.partnership_id == partnership_id)).all()
