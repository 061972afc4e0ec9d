"""What is to be marked in titles and passages, because a question looked for it."""

from dataclasses import dataclass

from app.search.asking import Phrase


@dataclass(frozen=True, slots=True)
class Marks:
    """What to mark in titles and passages."""

    stems: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    phrases: tuple[Phrase, ...] = ()
