"""Proposing what the columns of an unknown file mean, from their names and from what stands in them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.lib import figure_rows
from app.lib.students import plain
from app.lib.tables import Cells

ENOUGH = 0.8  # of the cells of a column
ALL = "all"
LONGEST_MARKER = 20
MOST_MARKERS = 12
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


def names_in(header: Cells, rows: Iterable[Cells], column: str, most: int = 200) -> list[str]:
    """Return what stands in a column, sorted; not more than ``most`` different texts."""
    place = list(header).index(column)
    found: set[str] = set()
    for row in rows:
        written = row[place].strip() if place < len(row) else ""
        if written:
            found.add(written)
        if len(found) >= most:
            break
    return sorted(found, key=str.lower)


def coded(names: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return names that a file uses, each with the code that fits, or nothing.

    Args:
        names: of student groups or indicators.
        known: codes by the names that people use; codes themselves are known, too.
    """
    by_name = {_words(name): code for name, code in known.items()} | {_words(code): code for code in known.values()}
    return {name: ALL if name.strip().lower() in ALL_NAMES else by_name.get(_words(name), "") for name in names}


def markers_in(header: Cells, rows: Iterable[Cells], columns: Sequence[str]) -> dict[str, str]:
    """Return what stands in place of values and is not known as such, each as what it probably means: hidden."""
    places = [list(header).index(column) for column in columns]
    found: dict[str, str] = {}
    for row in rows:
        for place in places:
            written = row[place].strip() if place < len(row) else ""
            if written and len(written) < LONGEST_MARKER and not _is_number(written):
                found[written] = "suppressed"
        if len(found) >= MOST_MARKERS:
            break
    return found


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
