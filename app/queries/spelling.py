"""Other spellings of a question, from the words of what its reader may read."""

from dataclasses import dataclass, replace

from app.queries.asked import Asked
from app.queries.reader import Reader
from app.search import SearchPage
from app.search.asking import plain_words
from app.search.spelling import respelling

FEW = 3  # with fewer results than that, another spelling may be what was meant


@dataclass(frozen=True, slots=True)
class Spelling:
    """The question as it may have been meant; ``is_sure`` if as it stands it finds nothing that has all of it."""

    asked: Asked
    is_sure: bool


def other(reader: Reader, asked: Asked, page: SearchPage) -> Spelling | None:
    """Return a better spelling of a question that found little or nothing, if there is one."""
    if asked.exact or not asked.words:
        return None
    if page.corrected:
        return Spelling(replace(asked, words=_as_typed(reader, asked, page.corrected)), is_sure=True)
    if page.total >= FEW and not page.relaxed:
        return None
    suggested = reader.index.suggest(asked.words, reader.actor.audiences, without=reader.stale)
    if not suggested:
        return None
    meant = asked.saying(suggested)
    if reader.count(meant, relax=False):
        return Spelling(meant, is_sure=not page.total or not reader.count(replace(asked, page=1), relax=False))
    return Spelling(meant, is_sure=True) if not page.total and reader.count(meant) else None


def _as_typed(reader: Reader, asked: Asked, corrected: str) -> str:
    """Return the question in its own words, with names in fields as they were typed, corrected as the engine did."""
    before, after = plain_words(reader.understood(asked).words), plain_words(corrected)
    changed = {word: other for (*_, word), (*_, other) in zip(before, after, strict=False) if word != other}
    return respelling(asked.words, changed)
