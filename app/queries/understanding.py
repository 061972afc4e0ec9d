"""Reading the fields of a question: names that people type become the numbers and codes that the engine knows."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from app.kinds import KINDS, PRACTICE_STATES
from app.lib import text
from app.lib.school_year import SchoolYear
from app.policy import Actor
from app.queries import facet_names
from app.queries.asked import VERDICTS
from app.search.analysis import fold
from app.search.asking import ask

CALLED = {
    "strand": "strand",
    "district": "district",
    "author": "person",
    "indicator": "indicator",
    "kind": "kind of post",
    "state": "state of a practice",
    "verdict": "verdict",
    "year": "school year",
}
CODES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "kind": {code: [code, kind.label, kind.plural] for code, kind in KINDS.items()},
    "state": {str(state): [str(state), words] for state, words in PRACTICE_STATES.items()},
    "verdict": {
        str(verdict): [str(verdict), words, "stopped"][: 3 if verdict == "abandon" else 2]
        for verdict, words in VERDICTS.items()
    },
}
MOST_VALUES = 20  # that one field of a question may mean
_YEAR = re.compile(r"(\d{4})(?:\s*[-–/]\s*\d{2,4})?")


@dataclass(frozen=True, slots=True)
class Understood:
    """A question for the engine, and what to tell the reader."""

    words: str
    notes: tuple[str, ...] = ()


class Names:
    """What may be named in a field, of what an actor may know of; each sort is read once."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session = session
        self._actor = actor
        self._read: dict[str, Mapping[str, Sequence[str]]] = {}

    def all_of(self, name: str) -> Mapping[str, Sequence[str]]:
        """Return everything of one sort: number to all that it is called."""
        if name not in self._read:
            self._read[name] = facet_names.all_of(self._session, self._actor, name)
        return self._read[name]

    def has(self, name: str, number: str) -> bool:
        """Say whether there is something with this number, as the address says it."""
        return bool(facet_names.of(self._session, self._actor, {name: [number]})[name])


def read(names: Names, words: str) -> Understood:
    """Return ``words`` with every name in a field replaced by what it stands for, of what ``names`` has."""
    if ":" not in words:
        return Understood(words)
    asked = ask(words)
    if not (asked.fields or asked.without_fields):
        return Understood(words)
    said, notes = [asked.rest], list(asked.notes)
    for sign, fields in (("", asked.fields), ("-", asked.without_fields)):
        for name, values in fields.items():
            for value in sorted(values):
                meant = _meant(names, name, value)
                said += [f'{sign}{name}:"{one}"' for one in meant]
                if not meant:
                    notes.append(_unknown(name, value))
    return Understood(" ".join(filter(None, said)), tuple(notes))


def _meant(names: Names, name: str, value: str) -> list[str]:
    """Return the values of the engine that ``value`` stands for; none if nothing is called that."""
    match name:
        case "tag":
            return [value]
        case "year":
            written = _YEAR.fullmatch(value.strip())
            return [written[1]] if written else []
        case "kind" | "state" | "verdict":
            return list(called(CODES[name], value))[:MOST_VALUES]
        case _:
            if value.isascii() and value.isdigit() and len(value) <= 9:  # noqa: PLR2004
                return [str(int(value))] if names.has(name, value) else []
            return list(called(names.all_of(name), value))[:MOST_VALUES]


def called(names: Mapping[str, Sequence[str]], value: str) -> Iterator[str]:
    """Yield the keys of what is called exactly ``value``; else of those whose names have words that begin so."""
    wanted = _plain(value)
    if not wanted:
        return
    exact = [key for key, said in names.items() if any(_plain(one) == wanted for one in said)]
    yield from exact or [key for key, said in names.items() if any(_begins(one, wanted) for one in said)]


def _begins(name: str, wanted: Sequence[str]) -> bool:
    words = _plain(name)
    return all(any(word.startswith(part) for word in words) for part in wanted)


@lru_cache(maxsize=20_000)
def _plain(words: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", fold(words)))


def _unknown(name: str, value: str) -> str:
    shown = text.shorten(value, 60)
    match name:
        case "year":
            now = SchoolYear(2012)
            return f"“{shown}” is not a school year, so it was left out. Write it like year:{now} or year:2012."
        case "kind" | "state" | "verdict":
            choices = text.join_words([_typed(names) for names in CODES[name].values()], last="or")
            return f"No {CALLED[name]} is called “{shown}”, so it was left out. Try {name}: with {choices}."
        case _:
            return f"No {CALLED[name]} that you can see is called “{shown}”, so it was left out."


def _typed(names: Iterable[str]) -> str:
    return next(iter(names))
