"""Other spellings of a question, from the words of what its reader may read."""

import re
from dataclasses import dataclass, replace

from app.queries.asked import Asked
from app.queries.reader import Reader
from app.search import SearchPage

FEW = 3  # with fewer results than that, another spelling may be what was meant
MOST_NEW = 8  # words that are spelled differently


@dataclass(frozen=True, slots=True)
class Spelling:
    """The question as it may have been meant; ``is_sure`` if as it stands it finds nothing that has all of it."""

    asked: Asked
    is_sure: bool


def other(reader: Reader, asked: Asked, page: SearchPage) -> Spelling | None:
    """Return a better spelling of a question that found little or nothing, if there is one."""
    if asked.exact or not asked.words:
        return None
    if page.corrected and reader.understood(asked).words == asked.words:
        return Spelling(replace(asked, words=page.corrected), is_sure=True)
    if page.total >= FEW and not page.relaxed:
        return None
    suggested = reader.index.suggest(asked.words, reader.actor.audiences)
    if not suggested or not _is_there(reader, asked.words, suggested):
        return None
    meant = asked.saying(suggested)
    if reader.count(meant, relax=False):
        return Spelling(meant, is_sure=not page.total or not reader.count(replace(asked, page=1), relax=False))
    return Spelling(meant, is_sure=True) if not page.total and reader.count(meant) else None


def _is_there(reader: Reader, typed: str, suggested: str) -> bool:
    """Say whether every new word is in a post that they may read now, even where the index is behind."""
    before = set(re.findall(r"\w+", typed.lower()))
    new = [word for word in re.findall(r"\w+", suggested.lower()) if word not in before]
    return bool(new) and all(reader.count(Asked(f'"{word}"'), relax=False) for word in new[:MOST_NEW])
