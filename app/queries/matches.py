"""People and indicators that a question names."""

import re
from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of somebody or something, each with a space around it."""

    names: str
    all: str

    def where(self, wanted: Sequence[str]) -> int | None:
        """Return 0 if the names have every word or its beginning, 1 if the rest has what they lack, None otherwise."""
        for word in wanted:
            if word not in self.all:
                return None
        return 0 if all(word in self.names for word in wanted) else 1


def of(session: Session, actor: Actor, asked: Asked, today: date, known: Iterable[Indicator]) -> Named:
    """Return people and indicators whose name, title, expertise, question or abbreviation has every word.

    Args:
        session: to read people from.
        actor: who asks.
        asked: the question as it was typed; narrowed ones name nobody, and so do later pages.
        today: the day it is for them: of people, those who have left come last.
        known: the indicators there are.
    """
    if asked.chosen or asked.page > 1 or not actor.parts:
        return Named()
    words = telling(asked.words)
    if not words or len(words) > MOST_WORDS:
        return Named()
    return Named(people(session, actor, words, today), indicators(actor, words, known))


def telling(words: str) -> list[str]:
    """Return the words that say something, folded; none for a question with signs of its own."""
    if any(part.startswith("-") or ":" in part for part in words.split()):
        return []
    found = re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", fold(words))
    return [word for word in found if word not in STOP_WORDS or "-" in word]


def people(session: Session, actor: Actor, words: Sequence[str], today: date, least: int = LEAST) -> Sequence[Match]:
    """Return people of the partnership that ``actor`` is looking at; by name first, those who have left last."""
    rows = session.execute(_people(), {"place": actor.partnership_id, "today": today})
    return _best(_directory(tuple(map(tuple, rows))), words, least)


def indicators(actor: Actor, words: Sequence[str], known: Iterable[Indicator], least: int = LEAST) -> Sequence[Match]:
    """Return which of the ``known`` indicators are meant; by name or abbreviation first.

    Whoever is in no partnership sees no indicators.
    """
    if not actor.parts:
        return []
    described = ((one.id, one.name, one.short, tuple(one.abbreviations), one.question) for one in known)
    return _best(_catalogue(tuple(described)), words, least)


def has_all(words: Sequence[str], name: str) -> bool:
    """Say whether every word, or its beginning, is in ``name``."""
    return _said((name,)).where(_wanted(words, 1)) is not None


def _best(known: Sequence[tuple[_Said, Match]], words: Sequence[str], least: int) -> Sequence[Match]:
    wanted = _wanted(words, least)
    found = [(one.has_left, where, one) for said, one in known if (where := said.where(wanted)) is not None]
    return [one for *_, one in sorted(found, key=lambda each: each[:2])][:MOST]


# Of a partnership as it is today: to read the words takes longer than to fetch them. Plain tuples, which are compared
# ten times as quickly as rows are.
@lru_cache(maxsize=16)
def _directory(rows: tuple[tuple[Any, ...], ...]) -> Sequence[tuple[_Said, Match]]:
    """Return people by name, those who have left last, from the columns of ``_people``."""
    ordered = sorted(rows, key=lambda row: (bool(row[-1]), row[1].lower(), row[0]))
    return [
        (
            _said((name,), (title, expertise)),
            Match(number, name, ", ".join(filter(None, (title, short_name))), has_left=bool(gone)),
        )
        for number, name, title, expertise, short_name, gone in ordered
    ]


@lru_cache(maxsize=4)
def _catalogue(rows: tuple[tuple[Any, ...], ...]) -> Sequence[tuple[_Said, Match]]:
    """Return indicators by name, from their number, name, short name, abbreviations and question."""
    return [
        (_said((name, short, *abbreviations), (question,)), Match(number, name, question))
        for number, name, short, abbreviations, question in sorted(rows, key=lambda row: row[1])
    ]


@cache
def _people() -> Select[*tuple[Any, ...]]:
    today = bindparam("today", type_=Date())
    over = or_(Person.departed_at.is_not(None), func.coalesce(Membership.ends_on, today) < today)
    return (
        select(Person.id, Person.name, Person.title, Person.expertise, District.short_name, over.label("gone"))
        .join(Membership, Membership.person_id == Person.id)
        .join(District, District.id == Membership.district_id)
        .where(Membership.partnership_id == bindparam("place"))
        .order_by(Membership.id)
        .limit(MOST_LOOKED_AT)
    )


def _wanted(words: Sequence[str], least: int) -> list[str]:
    """Return words as they must stand in ``_said``: their beginnings, or all of a word shorter than ``least``."""
    return [f" {word}" if len(word) >= least else f" {word} " for word in words]


@lru_cache(maxsize=4_096)
def _said(names: tuple[str, ...], others: tuple[str, ...] = ()) -> _Said:
    called = "".join(map(_parts, names))
    return _Said(called, called + "".join(map(_parts, others)))


def _parts(said: str) -> str:
    """Return the words of a text, whole and in the parts that signs make of them, with a space around each."""
    whole = re.findall(r"[^\W_]+(?:[-'’/][^\W_]+)*", fold(said))
    parts = [part for word in whole for part in re.split(r"[-'’/]", word)]
    return f" {' '.join([*whole, *parts])} "
