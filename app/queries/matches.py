"""People and indicators that a question names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.models import District, Indicator, Membership, Person
from app.policy import Actor
from app.queries.asked import Asked
from app.search.analysis import STOP_WORDS, fold

MOST = 3
LEAST = 3  # letters, to be the beginning of a word: EL is not Elena
MOST_WORDS = 6  # of a name, a title or a question
MOST_LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody, or an indicator: its number, what it is called, and more in a few words."""

    id: int
    name: str
    detail: str
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """What a question may be naming."""

    people: Sequence[Match] = ()
    indicators: Sequence[Match] = ()


def of(session: Session, actor: Actor, asked: Asked, today: date) -> Named:
    """Return people and indicators whose name, title, expertise, question or abbreviation has every word."""
    if asked.chosen or asked.page > 1 or not actor.parts:
        return Named()
    words = telling(asked.words)
    if not words or len(words) > MOST_WORDS:
        return Named()
    return Named(people(session, actor, words, today), indicators(session, actor, words))


def telling(words: str) -> list[str]:
    """Return the words that say something, folded; none for a question with signs of its own."""
    if any(part.startswith("-") or ":" in part for part in words.split()):
        return []
    found = re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", fold(words))
    return [word for word in found if word not in STOP_WORDS or "-" in word]


def people(session: Session, actor: Actor, words: Sequence[str], today: date, least: int = LEAST) -> Sequence[Match]:
    """Return people of the partnership that ``actor`` is looking at; by name first, those who have left last."""
    over = or_(Person.departed_at.is_not(None), func.coalesce(Membership.ends_on, today) < today)
    query = (
        select(Person.id, Person.name, Person.title, Person.expertise, District.short_name, over)
        .join(Membership, Membership.person_id == Person.id)
        .join(District, District.id == Membership.district_id)
        .where(Membership.partnership_id == actor.partnership_id)
        .order_by(over, func.lower(Person.name), Person.id)
        .limit(MOST_LOOKED_AT)
    )
    found: list[tuple[bool, int, Match]] = []
    for number, name, title, expertise, district, gone in session.execute(query):
        where = _where(words, [name], [title, expertise], least)
        if where is not None:
            detail = ", ".join(filter(None, (title, district)))
            found.append((bool(gone), where, Match(number, name, detail, has_left=bool(gone))))
    return [one for *_, one in sorted(found, key=lambda each: each[:2])][:MOST]


def indicators(session: Session, actor: Actor, words: Sequence[str], least: int = LEAST) -> Sequence[Match]:
    """Return indicators; by name or abbreviation first. Whoever is in no partnership sees no indicators."""
    if not actor.parts:
        return []
    columns = Indicator.id, Indicator.name, Indicator.short, Indicator.abbreviations, Indicator.question
    found: list[tuple[int, Match]] = []
    for number, name, short, abbreviations, question in session.execute(select(*columns).order_by(Indicator.name)):
        where = _where(words, [name, short, *abbreviations], [question], least)
        if where is not None:
            found.append((where, Match(number, name, question)))
    return [one for _, one in sorted(found, key=lambda each: each[0])][:MOST]


def has_all(words: Sequence[str], name: str) -> bool:
    """Say whether every word, or its beginning, is in ``name``."""
    return _where(words, [name], [], 1) is not None


def _where(words: Sequence[str], names: Sequence[str], others: Sequence[str], least: int) -> int | None:
    """Return 0 if the names have every word or its beginning, 1 if the rest has what they lack, None otherwise."""
    for rank, texts in enumerate((names, [*names, *others])):
        there = {part for said in texts for part in _parts(said)}
        if all(any(_is(word, part, least) for part in there) for word in words):
            return rank
    return None


@lru_cache(maxsize=20_000)
def _parts(said: str) -> frozenset[str]:
    whole = re.findall(r"[^\W_]+(?:[-'’/][^\W_]+)*", fold(said))
    return frozenset({*whole, *(part for word in whole for part in re.split(r"[-'’/]", word))})


def _is(word: str, part: str, least: int) -> bool:
    return part == word or (len(word) >= least and part.startswith(word))
