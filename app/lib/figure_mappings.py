"""What the columns of a kind of file mean, declared in a few words.

A declaration is a mapping of plain words, as the YAML files under ``app/mappings`` have them; what each word means is
told in ``docs/run/figures.md``. Texts in it may hold ``[column]`` (``[one|other]`` for two spellings,
``[column:lower]`` for small letters), and ``{end}``, ``{start}``, ``{yy}``, ``{py}``, ``{g}`` for years and the
columns of a group.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.lib import figure_rows
from app.lib.figure_columns import Misfit
from app.lib.figure_gathering import Gather, Reader
from app.lib.figure_reading import Figures
from app.lib.tables import Cells

CENTURY, PIVOT = 100, 50  # two-digit years from 50 on are nineteen-something


class BadMapping(ValueError):
    """A declaration makes no sense; the message says what to change."""


@dataclass(frozen=True, slots=True)
class FigureMapping:
    """One declaration."""

    name: str
    words: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Refuse a declaration that says too little.

        Raises:
            BadMapping: saying what is missing.
        """
        for word in ("place", "year", "figures"):
            if not self.words.get(word):
                msg = f"“{self.name}” does not say “{word}”."
                raise BadMapping(msg)

    @property
    def title(self) -> str:
        """What people call this kind of file."""
        return str(self.words.get("title") or self.name)

    def fits(self, header: Cells, file_name: str = "") -> bool:
        """Whether a file with these columns is of this kind, without doubt."""
        needs, lacks = self.words.get("needs") or (), self.words.get("lacks") or ()
        named = self.words.get("file")
        return (
            bool(needs)
            and all(any(re.fullmatch(need, name) for name in header) for need in needs)
            and not any(re.fullmatch(lack, name) for lack in lacks for name in header)
            and (named is None or re.search(named, file_name) is not None)
        )

    def reader(self, header: Cells, file_name: str) -> "Reader":
        """Return what reads rows beneath ``header``.

        Raises:
            Misfit: if a column that the declaration needs is missing.
        """
        names = _renamed(header, self.words.get("misnamed") or {})
        gather = self.words.get("gather")
        gathered = Gather.of(gather, names) if gather else None
        names += gather["into"] if gather else []
        years = _years(self.words["year"], names, file_name)
        figures = [
            Figures.of(words | ({"group": group} if group else {}), self.words, names, years | {"g": prefix})
            for words in self.words["figures"]
            for prefix, group in (words.get("groups") or {"": ""}).items()
        ]
        present = [one for one in figures if one.has_value]
        if not present:
            msg = f"No column of “{self.title}” is in the file. It has: {', '.join(header)[:300]}."
            raise Misfit(msg)
        return Reader(present, gathered, self.words.get("adds_up"))


def _renamed(header: Cells, misnamed: Mapping[str, str]) -> list[str]:
    """Return the header with the names that a release got wrong put right: "NAME#2" is the second of that name."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        names.append(misnamed.get(f"{name}#{seen[name]}", name))
    return names


def _years(words: Mapping[str, Any], names: list[str], file_name: str) -> dict[str, str]:
    """Return the years that a whole file is about, where its columns or its name tell."""
    written = ""
    if "in_column" in words:
        found = [match[1] for name in names if (match := re.fullmatch(words["in_column"], name))]
        ends = [_full(year) for year in found]
        written = str(max(ends)) if ends else ""
    elif "in_file" in words:
        match = re.search(words["in_file"], file_name)
        written = str(_full(match[1])) if match else ""
    elif "is" in words:
        written = str(figure_rows.year(str(words["is"])) + 1)
    if "column" in words:
        return {}
    if not written:
        msg = f"The year stands neither in a column nor in the name “{file_name}”. Say it in the mapping."
        raise Misfit(msg)
    end = int(written) + (0 if words.get("counts") == "end" or "is" in words else 1)
    return {
        "end": str(end),
        "start": str(end - 1),
        "yy": f"{end % CENTURY:02}",
        "py": f"{(end - 1) % CENTURY:02}",
        "year": f"{end - 1}-{end % CENTURY:02}",
    }


def _full(year: str) -> int:
    number = int(year)
    if number >= CENTURY:
        return number
    return number + (1900 if number >= PIVOT else 2000)
