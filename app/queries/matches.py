"""People and indicators that a question names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, or_, select
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
    found: list[tuple[bool, int, Match]] = []
    given = {"place": actor.partnership_id, "today": today}
    wanted = _wanted(words, least)
    for number, name, title, expertise, district, gone in session.execute(_people(), given):
        where = _where(wanted, (name,), (title, expertise))
        if where is not None:
            detail = ", ".join(filter(None, (title, district)))
            found.append((bool(gone), where, Match(number, name, detail, has_left=bool(gone))))
    return [one for *_, one in sorted(found, key=lambda each: each[:2])][:MOST]


def indicators(session: Session, actor: Actor, words: Sequence[str], least: int = LEAST) -> Sequence[Match]:
    """Return indicators; by name or abbreviation first. Whoever is in no partnership sees no indicators."""
    if not actor.parts:
        return []
    found: list[tuple[int, Match]] = []
    wanted = _wanted(words, least)
    for number, name, short, abbreviations, question in session.execute(_indicators()):
        where = _where(wanted, (name, short, *abbreviations), (question,))
        if where is not None:
            found.append((where, Match(number, name, question)))
    return [one for _, one in sorted(found, key=lambda each: each[0])][:MOST]


def has_all(words: Sequence[str], name: str) -> bool:
    """Say whether every word, or its beginning, is in ``name``."""
    return _where(_wanted(words, 1), (name,), ()) is not None


@cache
def _people() -> Select[*tuple[Any, ...]]:
    today = bindparam("today", type_=Date())
    over = or_(Person.departed_at.is_not(None), func.coalesce(Membership.ends_on, today) < today)
    return (
        select(Person.id, Person.name, Person.title, Person.expertise, District.short_name, over)
        .join(Membership, Membership.person_id == Person.id)
        .join(District, District.id == Membership.district_id)
        .where(Membership.partnership_id == bindparam("place"))
        .order_by(over, func.lower(Person.name), Person.id)
        .limit(MOST_LOOKED_AT)
    )


@cache
def _indicators() -> Select[*tuple[Any, ...]]:
    columns = Indicator.id, Indicator.name, Indicator.short, Indicator.abbreviations, Indicator.question
    return select(*columns).order_by(Indicator.name)


def _wanted(words: Sequence[str], least: int) -> list[str]:
    """Return words as they must stand in ``_said``: their beginnings, or all of a word shorter than ``least``."""
    return [f" {word}" if len(word) >= least else f" {word} " for word in words]


def _where(wanted: Sequence[str], names: tuple[str, ...], others: tuple[str, ...]) -> int | None:
    """Return 0 if the names have every word or its beginning, 1 if the rest has what they lack, None otherwise."""
    said, more = _said(names, others)
    lacking = [word for word in wanted if word not in said]
    if not lacking:
        return 0
    return 1 if all(word in more for word in lacking) else None


@lru_cache(maxsize=20_000)
def _said(names: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, str]:
    return "".join(map(_parts, names)), "".join(map(_parts, others))


def _parts(said: str) -> str:
    """Return the words of a text, whole and in the parts that signs make of them, with a space around each."""
    whole = re.findall(r"[^\W_]+(?:[-'’/][^\W_]+)*", fold(said))
    parts = [part for word in whole for part in re.split(r"[-'’/]", word)]
    return f" {' '.join([*whole, *parts])} "
