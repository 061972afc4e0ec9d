"""One figure as a file gives it: how its cells are read, and what cannot be right in it, in sentences.

Everything here looks at one row alone; what needs the database is in ``app/services/figures.py``.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from app.lib import cds
from app.lib.school_year import SchoolYear
from app.lib.tables import NotFigures

__all__ = ["BadRow", "NotFigures", "Row", "bounds_problem", "code", "number", "prior_in", "source_name", "year"]

PLACES = Decimal("0.0001")  # what the database keeps
LARGEST = Decimal(10) ** 12
HUNDRED = Decimal(100)

STATUSES = {
    "reported": "reported",
    "reliable": "reported",
    "method_break": "reported",
    "small_sample": "small_sample",
    "suppressed": "suppressed",
    "redacted": "suppressed",
    "not_available": "not_available",
    "not_tested": "not_tested",
}
WITH_VALUE = {"reported", "small_sample"}
MARKERS = {
    "*": "suppressed",
    "redacted": "suppressed",
    "--": "not_available",
    "na": "not_available",
    "n/a": "not_available",
    "nt": "not_tested",
}

# The state's data sets, as derived files call them and as people read them.
SOURCES = {
    "cde_academic_indicator_ela": "CDE Academic Indicator Data",
    "cde_academic_indicator_math": "CDE Academic Indicator Data",
    "cde_acgr": "CDE Adjusted Cohort Graduation Rate and Outcome Data",
    "cde_cci": "CDE College/Career Indicator Data",
    "cde_chronic_absenteeism": "CDE Chronic Absenteeism Data",
    "cde_college_going_12_month": "CDE College-Going Rate for High School Completers (12-Month)",
    "cde_suspension": "CDE Suspension Data",
}
_CODED = re.compile(r"([a-z0-9_]+?)_(20\d\d)_(\d\d)")
_ASIDE = re.compile(r" (?:via caschooldata \(tidied\)|\(repo [\w-]+\))$")
_PRIOR = re.compile(
    r"(?:prior-year base restated in same file|Base of the year before, in this file): (-?\d+(?:\.\d+)?)"
)
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


class BadRow(ValueError):
    """One row cannot be right; ``column`` is the header of the cell that says so."""

    def __init__(self, column: str, sentence: str) -> None:
        self.column = column
        super().__init__(sentence)


class Row(NamedTuple):
    """One figure as a file gives it, read and checked as far as one row allows."""

    indicator: str
    version: str  # empty for the indicator's usual definition
    cds: str
    group: str
    year: int
    status: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    prior: Decimal | None
    unit: str  # empty if the file does not say
    source: str
    release: str
    note: str
    name: str = ""  # of the school, or of the district, where the file says it
    district: str = ""  # the name of a school's district
    line: str = ""  # what the source is a release of
    place: int = 0  # of the release in its line, the later the higher
    restates: bool = False  # the year before, given anew: worth keeping only where it differs
    columns: Mapping[str, str] = {}  # what each meaning is called in the file

    def column(self, meaning: str) -> str:
        """Return what the file calls the column of a meaning."""
        return self.columns.get(meaning) or meaning.replace("_", " ")


code = lru_cache(32768)(cds.normalise)  # a file has few codes and years, each thousands of times


@lru_cache(1024)
def year(written: str) -> int:
    """Return the year that a school year starts in."""
    return SchoolYear.parse(written).start


@lru_cache(65536)
def number(written: str) -> Decimal:
    """Return the number that is written, with as many places as the database keeps.

    Raises:
        ValueError: with a sentence, if it is none that a figure can be.
    """
    plain = written.removesuffix("%").strip()
    plain = plain.replace(",", "") if "," in plain and _GROUPED.fullmatch(plain) else plain
    try:
        read = Decimal(plain)
    except InvalidOperation:
        msg = f"“{written}” is not a number."
        raise ValueError(msg) from None
    if not read.is_finite() or abs(read) > LARGEST:
        msg = f"“{written}” is not a number that a figure can be."
        raise ValueError(msg)
    return Decimal(int(read)) if read == int(read) else read.quantize(PLACES, ROUND_HALF_UP).normalize()


def prior_in(note: str) -> Decimal | None:
    """Return the value of the year before as the same release gives it, where a note tells of it."""
    found = _PRIOR.search(note)
    return Decimal(found[1]) if found else None


@lru_cache(1024)
def source_name(written: str) -> str:
    """Return the source as people read it; what is not in our list stays as written."""
    coded = _CODED.fullmatch(written)
    if coded and coded[1] in SOURCES:
        return f"{SOURCES[coded[1]]}, {coded[2]}-{coded[3]}"
    return _ASIDE.sub("", written)[:200]


def check(row: Row) -> None:
    """Refuse what one row alone shows to be wrong.

    Raises:
        BadRow: naming the column.
    """
    if row.status in WITH_VALUE:
        if row.value is None:
            raise BadRow(row.column("value"), "The figure is said to be reported, but there is no value.")
    elif row.value is not None:
        said = row.status.replace("_", " ")
        msg = f"The figure is said to be {said}, but there is a value. Leave one of the two out."
        raise BadRow(row.column("value"), msg)
    if row.denominator is not None:
        if row.denominator < 0:
            msg = f"{row.denominator} is below 0; nobody can count fewer than none."
            raise BadRow(row.column("denominator"), msg)
        if row.numerator is not None and row.numerator > row.denominator:
            msg = f"The part ({row.numerator}) is larger than the whole ({row.denominator})."
            raise BadRow(row.column("numerator"), msg)


def bounds_problem(unit: str, value: Decimal) -> str:
    """Return why ``value`` cannot be in ``unit``, or nothing."""
    if unit == "percent" and value > HUNDRED:
        return f"{value} percent is over 100."
    if unit in {"percent", "count"} and value < 0:
        return f"{value} is below 0, and {'a percentage' if unit == 'percent' else 'a count'} cannot be."
    return ""
