"""Joining what two people made of the same content.

Three versions go in: what both started from (base), what one now wants to save (mine), and what is saved by now
(theirs). What touches different places is joined; what touches the same place is a conflict, and a person decides.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from merge3 import Merge3

Row = Mapping[str, Any]

_MOST_PIECES = 3000  # lines or words in the part that differs; more would keep the page waiting
_WORD = re.compile(r"\s*(?:[\w’'-]+|[^\w\s])|\s+")


@dataclass(frozen=True)
class Outcome:
    """A joined value, or mine where it is a conflict."""

    value: Any
    is_conflict: bool = False


@dataclass(frozen=True)
class Merged:
    """Joined content; a field in ``conflicts`` holds what was typed last (mine)."""

    content: dict[str, Any]
    conflicts: tuple[str, ...] = ()


def merge_content(base: Row, mine: Row, theirs: Row) -> Merged:
    """Join content field by field: scalars, texts, lists of rows. A field that one side lacks, it left alone."""
    outcomes = _fields(base, mine, theirs)
    return Merged(
        {name: outcome.value for name, outcome in outcomes.items()},
        tuple(name for name, outcome in outcomes.items() if outcome.is_conflict),
    )


def merge_value(base: Any, mine: Any, theirs: Any) -> Outcome:
    """Join one value, by what it is: rows with an id, a list without order, a text, or anything else as a whole."""
    settled = _settled(base, mine, theirs)
    if settled:
        return settled
    versions = (base, mine, theirs)
    if all(isinstance(version, list) for version in versions):
        has_rows = any(isinstance(item, Mapping) for version in versions for item in version)
        return merge_rows(base, mine, theirs) if has_rows else Outcome(_merge_members(base, mine, theirs))
    if all(isinstance(version, str) for version in versions):
        text = merge_text(base, mine, theirs) if re.search(r"\s", base) else None
        return Outcome(mine, is_conflict=True) if text is None else Outcome(text)
    return Outcome(mine, is_conflict=True)


def merge_rows(base: Sequence[Row], mine: Sequence[Row], theirs: Sequence[Row]) -> Outcome:
    """Join lists of rows that are told apart by their "id"; rows without one are new.

    New rows of both are kept, once if they say the same. A row that one removed and the other left alone is gone.
    """
    settled = _settled(base, mine, theirs)
    if settled:
        return settled
    began, ours, others = _keyed(base, "base"), _keyed(mine, "mine"), _keyed(theirs, "theirs")
    ours = {key: row for key, row in ours.items() if not _is_said(key, row, others, began)}
    rows: dict[Any, dict[str, Any]] = {}
    for key in {**began, **others, **ours}:
        outcome = _merge_row(began.get(key), ours.get(key), others.get(key))
        if outcome.is_conflict:
            return Outcome(list(mine), is_conflict=True)
        if outcome.value is not None:
            rows[key] = dict(outcome.value)
    is_reordered = [key for key in ours if key in began] != [key for key in began if key in ours]
    order = _in_order(list(ours), list(others)) if is_reordered else _in_order(list(others), list(ours))
    return Outcome([rows[key] for key in order if key in rows])


def merge_text(base: str, mine: str, theirs: str) -> str | None:
    """Join texts by lines, and within lines by words; nothing if both changed the same words.

    What both added at the same place, between two lines, is kept one after the other.
    """
    settled = _settled(base, mine, theirs)
    if settled:
        return None if settled.is_conflict else str(settled.value)
    if not base.strip():
        return None
    lines = _merge(base.split("\n"), mine.split("\n"), theirs.split("\n"))
    parts = None if lines is None else [_join_lines(*group) for group in lines]
    if parts is None or None in parts:
        return None
    return "\n".join(line for part in parts if part is not None for line in part)


def _settled(base: Any, mine: Any, theirs: Any) -> Outcome | None:
    """Return the answer where at most one side changed anything."""
    if mine in (theirs, base):
        return Outcome(theirs)
    return Outcome(mine) if theirs == base else None


def _fields(base: Row, mine: Row, theirs: Row) -> dict[str, Outcome]:
    names = dict.fromkeys([*base, *theirs, *mine])
    return {name: _field(name, base, mine, theirs) for name in names}


def _field(name: str, base: Row, mine: Row, theirs: Row) -> Outcome:
    if name not in mine:
        return Outcome(theirs.get(name, base.get(name)))
    if name not in theirs:
        return Outcome(mine[name])
    return merge_value(base.get(name), mine[name], theirs[name])


def _keyed(rows: Sequence[Row], side: str) -> dict[Any, Row]:
    """Return rows by their id; a row without one can only be the same as itself."""
    return {(side, place) if row.get("id") is None else row["id"]: row for place, row in enumerate(rows)}


def _is_said(key: Any, row: Row, others: Mapping[Any, Row], began: Mapping[Any, Row]) -> bool:
    """Whether they added the row that I add: it is my own, when an answer got lost and I save again."""
    if key in began:
        return False
    words = _without_id(row)
    return any(_without_id(other) == words for at, other in others.items() if at not in began and at != key)


def _without_id(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}


def _merge_row(base: Row | None, mine: Row | None, theirs: Row | None) -> Outcome:
    """Join one row; a row that is not there is nothing."""
    if mine is None or theirs is None:
        settled = _settled(base, mine, theirs)
        if settled:
            return settled
        left_alone = base is not None and _is_unchanged(base, mine or theirs or {})
        return Outcome(None) if left_alone else Outcome(mine, is_conflict=True)
    fields = _fields(base or {}, mine, theirs)
    if any(outcome.is_conflict for outcome in fields.values()):
        return Outcome(mine, is_conflict=True)
    return Outcome({name: outcome.value for name, outcome in fields.items()})


def _is_unchanged(base: Row, row: Row) -> bool:
    """Whether ``row`` says what ``base`` says, as far as it says anything."""
    return all(name in base and base[name] == value for name, value in row.items())


def _in_order(first: Sequence[Any], second: Sequence[Any]) -> list[Any]:
    """Return what is in either: as ``first`` has it, and what only ``second`` has after its neighbour there."""
    order, known, others, at = list(first), set(first), set(second), 0
    for key in second:
        if key in known:
            at = order.index(key) + 1
        else:
            while at < len(order) and order[at] not in others:
                at += 1  # what only ``first`` added there stays before it
            order.insert(at, key)
            at += 1
    return order


def _merge_members(base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    """Join lists of names or numbers: what either added is in, what either removed is out."""
    removed = [item for item in base if item not in mine or item not in theirs]
    return [item for item in _members(mine, theirs) if item not in removed]


def _members(mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    return [*mine, *(item for item in theirs if item not in mine)]


_Group = tuple[str, Sequence[str], Sequence[str], Sequence[str]]


def _merge(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[_Group] | None:
    """Return stretches as (settled or conflict, base, mine, theirs), or nothing if too much differs to compare."""
    begin = _common(base, mine, theirs)
    end = _common(base[begin:][::-1], mine[begin:][::-1], theirs[begin:][::-1])
    middle = [pieces[begin : len(pieces) - end] for pieces in (base, mine, theirs)]
    if max(map(len, middle)) > _MOST_PIECES:
        return None
    return _groups(base[:begin], middle, base[len(base) - end :])


def _groups(before: Sequence[str], middle: Sequence[Sequence[str]], after: Sequence[str]) -> Iterator[_Group]:
    yield "unchanged", before, before, before
    for kind, *pieces in Merge3(middle[0], middle[1], middle[2]).merge_groups():
        if kind == "conflict":
            yield "conflict", pieces[0], pieces[1], pieces[2]
        else:
            yield ("unchanged" if kind == "unchanged" else "settled"), pieces[0], pieces[0], pieces[0]
    yield "unchanged", after, after, after


def _common(*versions: Sequence[str]) -> int:
    """Return how many pieces all versions begin with."""
    return sum(1 for _ in takewhile(lambda pieces: len(set(pieces)) == 1, zip(*versions, strict=False)))


def _join_lines(kind: str, base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Sequence[str] | None:
    """Return the lines of one stretch, or nothing if both changed the same words of it."""
    if kind != "conflict":
        return mine
    if not base:
        return [*theirs, *mine]
    words = _merge_words("\n".join(base), "\n".join(mine), "\n".join(theirs))
    return None if words is None else words.split("\n")


def _merge_words(base: str, mine: str, theirs: str) -> str | None:
    """Join what both changed in one paragraph, as long as half of it is what it was before."""
    before = _WORD.findall(base)
    groups = list(_merge(before, _WORD.findall(mine), _WORD.findall(theirs)) or ())
    kept = sum(len(pieces) for kind, pieces, _, _ in groups if kind == "unchanged")
    if any(kind == "conflict" for kind, *_ in groups) or not groups or 2 * kept < len(before):
        return None
    return "".join(piece for _, _, pieces, _ in groups for piece in pieces)
