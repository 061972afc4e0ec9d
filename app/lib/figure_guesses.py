"""Proposing what the columns of an unknown file mean, from their names and from what stands in them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.lib import figure_rows
from app.lib.figure_mappings import FigureMapping
from app.lib.students import plain
from app.lib.tables import Cells

ENOUGH = 0.8  # of the cells of a column
ALL_NAMES = {"all", "all students", "total", "ta", "alle", "schoolwide", "districtwide"}

# What a data office may say a column is, the words it goes by, and what a column of that name must hold.
MEANINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("cds", "cds_code", "cdscode", "district_code", "lea_code", "code"),
    "year": ("school_year", "academic_year", "year", "schoolyear", "yr", "end_year"),
    "group": ("student_group", "studentgroup", "subgroup", "group", "reporting_category", "reportingcategory"),
    "indicator": ("indicator", "indicator_id", "metric", "measure"),
    "value": ("value", "rate", "percent", "pct", "percentage", "score", "index"),
    "numerator": ("numerator", "count_met", "n_met", "met", "numer"),
    "denominator": ("denominator", "denom", "enrollment", "cohort", "cohortstudents", "students", "tested", "n"),
    "status": ("status", "reliability"),
    "note": ("note", "notes", "comment"),
}


def guessed(header: Cells, rows: Sequence[Cells]) -> dict[str, str]:
    """Return which column each meaning probably has; meanings without one are left out.

    Args:
        header: names of the columns.
        rows: the first of the rows.
    """
    names = {plain(name): name for name in header if name}
    found: dict[str, str] = {}
    for meaning, words in MEANINGS.items():
        name = next((names[word] for word in words if word in names), None) or next(
            (spelled for known, spelled in names.items() if any(word in known.split("_") for word in words)), None
        )
        if name is not None and name not in found.values():
            found[meaning] = name
    for meaning, fits in (("code", _is_code), ("year", _is_year)):
        held = next((name for name in header if _mostly(fits, _cells(header, rows, name))), None)
        said = found.get(meaning)
        if held is not None and (said is None or not _mostly(fits, _cells(header, rows, said))):
            found[meaning] = held
            found = {other: name for other, name in found.items() if name != held or other == meaning}
    if "value" not in found:
        number = next(
            (n for n in header if n not in found.values() and _mostly(_is_number, _cells(header, rows, n))), None
        )
        found |= {"value": number} if number else {}
    return found


def groups_in(header: Cells, rows: Sequence[Cells], column: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return what a file calls its student groups, each with the code that fits, or nothing.

    Args:
        header: names of the columns.
        rows: the first of the rows.
        column: the one with the groups.
        known: codes by the names that people use.
    """
    by_name = {_words(name): code for name, code in known.items()}
    written = sorted(set(_cells(header, rows, column)))
    return {
        name: "all" if name.strip().lower() in ALL_NAMES else by_name.get(_words(name), "") for name in written if name
    }


def mapping_of(name: str, said: Mapping[str, Any]) -> FigureMapping:
    """Return the mapping that answers on a form make.

    Args:
        name: of the mapping.
        said: columns by meaning; ``year_counts`` "start" or "end"; ``groups`` codes by the file's names;
            ``indicator_is``, ``year_is``, ``group_is`` and ``source`` where no column says it.

    Raises:
        BadMapping: if they say too little.
    """
    columns = {meaning: said.get(meaning) or "" for meaning in MEANINGS}
    year: dict[str, str] = {}
    if columns["year"]:
        year = {"column": columns["year"], "counts": said.get("year_counts") or "start"}
    elif said.get("year_is"):
        year = {"is": said["year_is"]}
    used = [column for column in columns.values() if column]
    figure: dict[str, Any] = {
        "indicator": f"[{columns['indicator']}]" if columns["indicator"] else said.get("indicator_is") or "",
        "group": f"[{columns['group']}]" if columns["group"] else said.get("group_is") or "all",
        "note": f"[{columns['note']}]" if columns["note"] else "",
    }
    figure |= {meaning: columns[meaning] for meaning in ("value", "numerator", "denominator", "status")}
    words: dict[str, Any] = {
        "title": name,
        "needs": [re.escape(column) for column in used],
        "place": {"code": columns["code"]} if columns["code"] else {},
        "year": year,
        "source": said.get("source") or name,
        "codes": {"group": {file: code for file, code in (said.get("groups") or {}).items() if code}},
        "figures": [figure] if figure["value"] and figure["indicator"] else [],
    }
    return FigureMapping(name, words)


def _cells(header: Cells, rows: Sequence[Cells], name: str) -> list[str]:
    place = list(header).index(name)
    return [row[place].strip() for row in rows if place < len(row) and row[place].strip()]


def _mostly(fits: Any, cells: Sequence[str]) -> bool:
    return bool(cells) and sum(1 for cell in cells if fits(cell)) >= ENOUGH * len(cells)


def _is_code(cell: str) -> bool:
    try:
        return len(re.sub(r"\D", "", figure_rows.code(cell))) > 0 and len(cell) > 5  # noqa: PLR2004 - a district's, at least
    except ValueError:
        return False


def _is_year(cell: str) -> bool:
    try:
        return 1970 <= figure_rows.year(cell) <= 2100  # noqa: PLR2004 - what figures can be of
    except ValueError:
        return False


def _is_number(cell: str) -> bool:
    try:
        figure_rows.number(cell)
    except ValueError:
        return cell.lower() in figure_rows.MARKERS
    return True


def _words(name: str) -> str:
    return re.sub(r"[^a-z]+", " ", name.lower().replace(" students", "")).strip()
