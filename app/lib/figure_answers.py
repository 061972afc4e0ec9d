"""What a data office says about the columns of a kind of file, and the mapping that its answers make."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.lib import figure_rows
from app.lib.figure_mappings import BadMapping, FigureMapping

# What a column may be, in the words of the form. "value:CODE" is the value of one indicator.
MEANINGS: Mapping[str, str] = {
    "code": "CDS code of the district or school",
    "name": "Name of the district or school",
    "district": "Name of the school’s district",
    "year": "School year",
    "group": "Student group",
    "indicator": "Indicator",
    "value": "Value",
    "numerator": "Numerator",
    "denominator": "Denominator (students)",
    "prior": "Value of the year before, as this file gives it",
    "status": "Status",
    "source": "Who published it",
    "note": "Note",
}
OF_ONE = "value:"  # begins the meaning of a column that holds one indicator
LEFT_OUT = "-"  # in the place of a code: rows of that name are not read
MARKED = {"suppressed": "hidden to protect students", "not_available": "not available", "not_tested": "not tested"}

_YEARS = (  # the year in a name, as people write it: the pattern that finds it, and what stands for it
    (r"(?<!\d)(?:19|20)\d\d[-_](?:20)?\d\d(?!\d)", r"((?:19|20)\d\d)[-_](?:20)?\d\d", ""),
    (r"(?<!\d)(?:19|20)\d\d(?!\d)", r"((?:19|20)\d\d)", "{end}"),
    (r"(?<!\d)\d\d(?!\d)", r"(\d\d)", "{yy}"),
)
_OF_THE_START = {"{end}": "{start}", "{yy}": "{py}"}


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that is said.

    Attributes:
        columns: what each column that is read means: one of ``MEANINGS``, or "value:" and an indicator.
        year: where the year stands: "column", "names" (of the columns), "file" (in its name) or "always".
        counts: whether one year stands for the school year that "start"s or "end"s in it.
        names: the file's own names of "group" and "indicator", each with our code, or with ``LEFT_OUT``.
        markers: what stands in place of a value, each with one of ``MARKED``.
    """

    columns: Mapping[str, str]
    source: str
    year: str = "column"
    counts: str = "start"
    year_is: str = ""
    file_name: str = ""
    indicator: str = ""  # if no column says it
    group: str = "all"
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    markers: Mapping[str, str] = field(default_factory=dict)
    new_places: bool = False
    totals: bool = True

    def column(self, meaning: str) -> str:
        """Return the column of a meaning, or nothing."""
        return next((column for column, said in self.columns.items() if said == meaning), "")

    def mapping(self, name: str) -> FigureMapping:
        """Return the mapping that they make.

        Raises:
            BadMapping: if they say too little, or two things at once.
        """
        self._check()
        spelled = self._spelled()
        words: dict[str, Any] = {
            "title": name,
            "said": asdict(self),
            "needs": [self._needed(column) for column in self.columns],
            "place": self._place(),
            "year": self._year(),
            "source": f"[{spelled['source']}]" if "source" in spelled else self.source,
            "codes": {
                what: {theirs: ours for theirs, ours in names.items() if ours and ours != LEFT_OUT}
                for what, names in self.names.items()
            },
            "markers": dict(self.markers),
            "leave_out": self._left_out(),
            "figures": self._figures(spelled),
        }
        return FigureMapping(name, words | ({} if self.totals else {"totals": "free"}))

    def _check(self) -> None:
        twice = [meaning for meaning, count in Counter(self.columns.values()).items() if count > 1]
        for meaning in twice:
            both = [column for column, said in self.columns.items() if said == meaning]
            words = MEANINGS.get(meaning, "the value of one indicator")
            msg = f"“{both[0]}” and “{both[1]}” cannot both be “{words}”. Leave one of them unread."
            raise BadMapping(msg)
        if not self.column("code"):
            msg = "Say which column has the CDS codes of districts and schools."
            raise BadMapping(msg)
        if not self._values():
            msg = "Say which column has the values."
            raise BadMapping(msg)
        if self.column("value") and not (self.column("indicator") or self.indicator):
            msg = "Say which indicator the values are of: choose it, or the column that names it."
            raise BadMapping(msg)
        if self.year == "column" and not self.column("year"):
            msg = "Say which column has the school years, or where else the year stands."
            raise BadMapping(msg)
        if self.year == "always":
            try:
                figure_rows.year(self.year_is)
            except ValueError:
                msg = "Write the school year of this file, like 2024-25."
                raise BadMapping(msg) from None

    def _values(self) -> Sequence[str]:
        return [column for column, said in self.columns.items() if said == "value" or said.startswith(OF_ONE)]

    def _place(self) -> dict[str, Any]:
        told = {what: f"[{self.column(what)}]" for what in ("name", "district") if self.column(what)}
        return {"code": self.column("code"), **told} | ({"new": True} if self.new_places else {})

    def _year(self) -> dict[str, str]:
        match self.year:
            case "column":
                return {"column": self.column("year"), "counts": self.counts}
            case "always":
                return {"is": self.year_is}
            case "file":
                _, pattern, mark = _year_in(self.file_name, "the name of the file")
                return {"in_file": pattern, "counts": self.counts if mark else "start"}
        written, pattern, mark = _year_in(self._values()[0], "the name of the column of the values")
        before, _, after = self._values()[0].partition(written)
        within = re.escape(before) + pattern + re.escape(after)
        return {"in_column": within, "counts": self.counts if mark else "start"}

    def _spelled(self) -> dict[str, str]:
        """Return the columns by meaning, with what stands for the year where their names have it."""
        spelled = {said: column for column, said in self.columns.items()}
        if self.year != "names":
            return spelled
        written, _, mark = _year_in(self._values()[0], "the name of the column of the values")
        if self.counts == "start":
            mark = _OF_THE_START.get(mark, mark)
        return {said: column.replace(written, mark or _joined(written)) for said, column in spelled.items()}

    def _needed(self, column: str) -> str:
        if self.year != "names":
            return re.escape(column)
        written, pattern, _ = _year_in(self._values()[0], "the name of the column of the values")
        before, found, after = column.partition(written)
        return re.escape(before) + (pattern if found else "") + re.escape(after)

    def _left_out(self) -> list[dict[str, Any]]:
        left = {what: [theirs for theirs, ours in names.items() if ours == LEFT_OUT] for what, names in
                self.names.items()}  # fmt: skip
        return [{"column": self.column(what), "values": values} for what, values in left.items() if values]

    def _figures(self, spelled: Mapping[str, str]) -> list[dict[str, Any]]:
        shared = {
            "group": f"[{spelled['group']}]" if "group" in spelled else self.group,
            "note": f"[{spelled['note']}]" if "note" in spelled else "",
            "status": spelled.get("status", ""),
        }
        figures = []
        if "value" in spelled:
            parts = {what: spelled.get(what, "") for what in ("value", "numerator", "denominator", "prior")}
            indicator = f"[{spelled['indicator']}]" if "indicator" in spelled else self.indicator
            figures.append(shared | parts | {"indicator": indicator})
        wide = {said.removeprefix(OF_ONE): column for said, column in spelled.items() if said.startswith(OF_ONE)}
        return figures + [
            shared | {"indicator": code, "value": column, "denominator": spelled.get("denominator", ""),
                      "skip_blank": True}
            for code, column in wide.items()
        ]  # fmt: skip


def answers_of(words: Mapping[str, Any]) -> Answers | None:
    """Return the answers that a mapping was made from, or None if it was not made by answers."""
    said = words.get("said")
    return Answers(**said) if said else None


def _year_in(name: str, where: str) -> tuple[str, str, str]:
    """Return the year that stands in a name, the pattern that finds another, and what stands for it."""
    for looked_for, pattern, mark in _YEARS:
        found = re.search(looked_for, name)
        if found:
            return found[0], pattern, mark
    msg = f"No year stands in {where}, “{name}”. Say where else it stands."
    raise BadMapping(msg)


def _joined(written: str) -> str:
    """Return what stands for two years that are written together, with the same line between them."""
    line = re.sub(r"\d", "", written)
    return "{start}" + line + ("{end}" if len(written) > len("2024-25") else "{yy}")
