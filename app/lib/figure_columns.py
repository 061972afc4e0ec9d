"""Finding the columns that a declaration names, and taking texts out of their cells."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.lib.students import plain
from app.lib.tables import Cells, NotFigures

Text = Callable[[Cells], str]
Condition = tuple[int, frozenset[str]]  # a column, and the values in it that say so

_PART = re.compile(r"\[([^\]]+)\]")


class Misfit(NotFigures):
    """A file is not of the kind that it should be read as; another kind may fit."""


@dataclass(slots=True)
class Columns:
    """Finds columns by the names a declaration uses, and keeps which were found."""

    names: Cells
    values: Mapping[str, str]
    found: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def place(self, meaning: str, spelled: str | Sequence[str] | None) -> int:
        """Return where the first of some spellings stands, or -1."""
        if not spelled:
            return -1
        for name in [spelled] if isinstance(spelled, str) else spelled:
            wanted = filled(name, self.values)
            known = [plain(one) for one in self.names]
            at = self.names.index(wanted) if wanted in self.names else -1
            if at < 0 and plain(wanted) in known:
                at = known.index(plain(wanted))
            if at >= 0:
                self.found[meaning] = self.names[at]
                self.used.add(self.names[at])
                return at
        return -1

    def text(self, meaning: str, template: str) -> Text | str:
        """Return a text with columns in it as a function of a row, or as it is where it is always the same."""
        parts = _PART.split(filled(template, self.values))
        if len(parts) == 1:
            return parts[0]
        pieces: list[str | tuple[int, bool]] = []
        for place, part in enumerate(parts):
            if place % 2 == 0:
                pieces += [part] if part else []
                continue
            names, _, how = part.partition(":")
            pieces.append((self.place(meaning, names.split("|")), how == "lower"))
        if len(pieces) == 1 and isinstance(pieces[0], tuple):
            place, small = pieces[0]
            return partial(_small if small else cell, place)
        return partial(_together, pieces)


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a text with its ``{names}`` replaced; a name that nothing is known of stays."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def condition(columns: Columns, words: Mapping[str, Any] | None) -> Condition:
    """Find the column of a declared condition; without a declaration it never holds."""
    if not words:
        return -1, frozenset()
    return columns.place("", words["column"]), frozenset(str(value) for value in words["values"])


def holds(condition: Condition, cells: Cells) -> bool:
    """Say whether a row meets a condition."""
    place, values = condition
    return place >= 0 and cell(place, cells) in values


def first_of(spelled: str | Sequence[str]) -> str:
    """Return the first of the spellings of a column, the one to name to people."""
    return spelled if isinstance(spelled, str) else spelled[0]


def cell(place: int, cells: Cells) -> str:
    """Return a cell; rows may be shorter than the header."""
    return cells[place] if 0 <= place < len(cells) else ""


def said_by(text: Text | str, cells: Cells) -> str:
    """Return a text as a row fills it."""
    return text if isinstance(text, str) else text(cells)


def _small(place: int, cells: Cells) -> str:
    return cell(place, cells).lower()


def _together(pieces: Sequence[str | tuple[int, bool]], cells: Cells) -> str:
    return "".join(
        piece if isinstance(piece, str) else (_small if piece[1] else cell)(piece[0], cells) for piece in pieces
    )
