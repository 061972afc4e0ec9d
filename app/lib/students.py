"""Telling a file of single students by its columns and by what stands in them, whatever its name says."""

import re
from collections.abc import Sequence

from app.lib.tables import Cells

LOOKED_AT = 200  # rows
FEW = 5  # rows; with less, nothing can be told from what stands in them
MOST = 0.9  # of the cells of a column

_PERSONAL = re.compile(
    r"(?:^|_)(?:ssid|sasid|dob|birth\w*|surname|lastname|firstname|(?:first|last|middle|full|student|pupil)_?names?"
    r"|(?:student|pupil|local_student|state_student|perm|local|state|learner)_?(?:id\w*|number|no)"
    r"|guardian\w*|parent_?(?:name|email|phone)|home_?(?:address|phone)|street_address)(?:_|$)"
)
_ONE = {"student", "pupil", "learner", "child"}  # a column of that name, with words in it that differ, names them
_SSID = re.compile(r"\d{10}")  # California's number of one student
_DAY = re.compile(r"(?:19[89]\d|20[0-2]\d)-\d\d?-\d\d?(?: .*)?|\d\d?/\d\d?/(?:19[89]\d|20[0-2]\d)")
_NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]+, [A-ZÀ-Þ][\w’'.-]+(?: [A-ZÀ-Þ][\w’'.-]*)?")

REFUSAL = (
    "The column “{column}” looks like one row per student. Braid holds figures of groups only, never of single "
    "students. Nothing of this file was kept. Add the rows up first."
)


def told(header: Cells, rows: Sequence[Cells]) -> str:
    """Return the sentence that refuses a file whose rows are single students, or nothing.

    Args:
        header: names of the columns.
        rows: the first of its rows.
    """
    for name in header:
        if _PERSONAL.search(plain(name)) or _SSID.fullmatch(name):
            return REFUSAL.format(column=name)
    if len(rows) < FEW:
        return ""
    for place, name in enumerate(header):
        cells = [cell for row in rows if place < len(row) and (cell := row[place].strip())]
        if _is_personal(cells) or (plain(name) in _ONE and _differ(cells)):
            return REFUSAL.format(column=name)
    return ""


def _is_personal(cells: Sequence[str]) -> bool:
    """Say whether a column holds the numbers, names or birthdays of single people."""
    if len(cells) < FEW:
        return False
    different = _different(cells)
    if different >= MOST and _share(_SSID, cells) >= MOST:
        return True
    if different >= MOST and _share(_NAME, cells) >= MOST:
        return True
    return different >= MOST / 3 and _share(_DAY, cells) >= MOST


def _differ(cells: Sequence[str]) -> bool:
    """Say whether a column holds words that are different in nearly every row."""
    return len(cells) >= FEW and _different(cells) >= MOST and not all(cell.isdigit() for cell in cells)


def _different(cells: Sequence[str]) -> float:
    return len(set(cells)) / len(cells)


def _share(pattern: re.Pattern[str], cells: Sequence[str]) -> float:
    return sum(1 for cell in cells if pattern.fullmatch(cell)) / len(cells)


def plain(name: str) -> str:
    """Return the name of a column in small letters with single lines between its words."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
