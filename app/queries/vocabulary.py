"""Reading the field's vocabulary as a partnership has it: what Braid brings, and what managers made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.lib import vocabulary
from app.models import VocabularySet
from app.policy import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """Words that mean the same."""

    key: str
    words: tuple[str, ...]
    is_shipped: bool  # Braid brings a set of this key
    is_changed: bool  # the partnership changed, added or removed it
    is_removed: bool = False


def entries(session: Session, partnership_id: int) -> Sequence[Entry]:
    """Return every set of a partnership by its first word, those it removed too: one statement."""
    made = {row.key: row for row in session.scalars(_rows(partnership_id))}
    shipped = vocabulary.shipped()
    found = [Entry(key, words, is_shipped=True, is_changed=False) for key, words in shipped.items() if key not in made]
    for row in made.values():
        words = tuple(row.words)
        found.append(Entry(row.key, words, row.key in shipped, is_changed=True, is_removed=row.removed_at is not None))
    return sorted(found, key=lambda entry: (entry.words[0].lower(), entry.key))


def entry(session: Session, partnership_id: int, key: str) -> Entry | None:
    """Return one set of a partnership."""
    return next((one for one in entries(session, partnership_id) if one.key == key), None)


def row(session: Session, partnership_id: int, key: str) -> VocabularySet | None:
    """Return what a partnership made of a set, if anything."""
    return session.scalars(_rows(partnership_id).where(VocabularySet.key == key)).one_or_none()


def alternatives(session: Session, actor: Actor) -> Mapping[str, tuple[str, ...]]:
    """Return every word with those that mean the same, where ``actor`` looks; for a stranger, as Braid brings them."""
    sets = dict(vocabulary.shipped())
    if actor.partnership_id is not None:
        for key, words, removed_at in session.execute(_made(), {"place": actor.partnership_id}):
            sets[key] = () if removed_at is not None else tuple(words)
    return vocabulary.alternatives(tuple(sets.values()))


@cache
def _made() -> Select[*tuple[Any, ...]]:
    columns = VocabularySet.key, VocabularySet.words, VocabularySet.removed_at
    return select(*columns).where(VocabularySet.partnership_id == bindparam("place")).order_by(VocabularySet.id)


def _rows(partnership_id: int) -> Select[VocabularySet]:
    return select(VocabularySet).where(VocabularySet.partnership_id == partnership_id)
