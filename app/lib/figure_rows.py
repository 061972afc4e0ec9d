"""Reading one row of a file of figures: what each column means, and what cannot be right, in sentences.

Everything here looks at one row alone; what needs the database is in ``app/services/figures.py``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeVar

from app.lib import cds
from app.lib.school_year import SchoolYear

Read = TypeVar("Read")

PLACES = Decimal("0.0001")  # what the database keeps
LARGEST = Decimal(10) ** 12
HUNDRED = Decimal(100)

# The names a column goes by; the first that the header has is read.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "indicator": ("indicator_id", "indicator"),
    "version": ("definition_version", "version"),
    "cds": ("cds", "cds_code"),
    "year": ("school_year", "year"),
    "group": ("student_group", "group"),
    "value": ("value",),
    "numerator": ("numerator",),
    "denominator": ("denominator",),
    "unit": ("unit",),
    "status": ("status",),
    "source": ("source",),
    "release": ("vintage", "release"),
    "note": ("note",),
}
NEEDED = ("indicator", "cds", "year", "group", "value")

STATUSES = {
    "reported": "reported",
    "reliable": "reported",
    "small_sample": "small_sample",
    "small-sample": "small_sample",
    "suppressed": "suppressed",
    "redacted": "suppressed",
    "not_available": "not_available",
    "not-available": "not_available",
    "not_tested": "not_tested",
    "not-tested": "not_tested",
}
WITH_VALUE = {"reported", "small_sample"}
MARKERS = {
    "*": "suppressed",
    "redacted": "suppressed",
    "--": "not_available",
    "na": "not_available",
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
_STUDENT = re.compile(
    r"(?:^|_)(?:ssid|sasid|dob|birth\w*|surname|lastname|firstname|(?:first|last|middle|full|student)_?name"
    r"|(?:student|pupil|local_student|state_student|perm|local|state)_?(?:id|number|no))(?:_|$)"
)


class NotFigures(ValueError):
    """The file as a whole cannot be read as figures; the message says why and what to do."""


class BadRow(ValueError):
    """One row cannot be right; ``column`` is the header of the cell that says so."""

    def __init__(self, column: str, sentence: str) -> None:
        self.column = column
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Row:
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


@dataclass(frozen=True, slots=True)
class Header:
    """Which column holds what. ``names`` are as the file spells them."""

    order: Sequence[int]  # the place of each of COLUMNS, or -1
    names: Mapping[str, str]

    @classmethod
    def read(cls, cells: Sequence[str]) -> "Header":
        """Recognise the columns.

        Raises:
            NotFigures: if a column is missing, or the rows look like single students.
        """
        spelled = [cell.strip() for cell in cells]
        known = [re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for name in spelled]
        personal = [spelled[i] for i, name in enumerate(known) if _STUDENT.search(name)]
        if personal:
            msg = (
                f"The column “{personal[0]}” looks like one row per student. Braid holds figures of groups only, "
                "never of single students. Nothing of this file was kept. Add the rows up first."
            )
            raise NotFigures(msg)
        places: dict[str, int] = {}
        for meaning, names in COLUMNS.items():
            found = next((known.index(name) for name in names if name in known), None)
            if found is not None:
                places[meaning] = found
        for meaning in NEEDED:
            if meaning not in places:
                msg = f"There is no column “{COLUMNS[meaning][0]}”. The first row must name the columns: {_listed()}."
                raise NotFigures(msg)
        return cls(
            [places.get(meaning, -1) for meaning in COLUMNS],
            {meaning: spelled[place] for meaning, place in places.items()},
        )

    def row(self, cells: Sequence[str]) -> Row:
        """Read one row.

        Raises:
            BadRow: at the first thing in it that cannot be right.
        """
        width = len(cells)
        (indicator, version, code, year, group, written, numerator, denominator, unit, said, source, release, note) = [
            cells[place].strip() if 0 <= place < width else "" for place in self.order
        ]
        row = Row(
            indicator,
            version,
            self._read("cds", _code, code),
            group,
            self._read("year", _year, year),
            self._status(said, written),
            None if written.lower() in MARKERS else self._number("value", written),
            self._number("numerator", numerator),
            self._number("denominator", denominator),
            prior_in(note) if note else None,
            "index" if unit.startswith("index") else unit,
            source_name(source),
            release,
            note,
        )
        self._check(row)
        return row

    def _status(self, written: str, value: str) -> str:
        if written:
            if written.lower() not in STATUSES:
                msg = (
                    f"“{written}” is not a status. Use reported, small_sample, suppressed, not_available or not_tested."
                )
                raise BadRow(self.names["status"], msg)
            return STATUSES[written.lower()]
        return MARKERS.get(value.lower(), "not_available" if not value else "reported")

    def _read(self, meaning: str, read: Callable[[str], Read], written: str) -> Read:
        try:
            return read(written)
        except ValueError as error:
            raise BadRow(self.names[meaning], str(error)) from None

    def _number(self, meaning: str, written: str) -> Decimal | None:
        if not written:
            return None
        plain = written.replace(",", "") if "," in written and _GROUPED.fullmatch(written) else written
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise BadRow(self.names[meaning], f"“{written}” is not a number.") from None
        if not number.is_finite() or abs(number) > LARGEST:
            raise BadRow(self.names[meaning], f"“{written}” is not a number that a figure can be.")
        return Decimal(int(number)) if number == int(number) else number.quantize(PLACES, ROUND_HALF_UP).normalize()

    def _check(self, row: Row) -> None:
        column = self.names["value"]
        if row.status in WITH_VALUE and row.value is None:
            raise BadRow(column, "The figure is said to be reported, but there is no value.")
        if row.status not in WITH_VALUE and row.value is not None:
            said = row.status.replace("_", " ")
            raise BadRow(column, f"The figure is said to be {said}, but there is a value. Leave one of the two out.")
        if row.denominator is not None and row.denominator < 0:
            raise BadRow(self.names["denominator"], f"{row.denominator} is below 0; nobody can count fewer than none.")
        if row.numerator is not None and row.denominator is not None and row.numerator > row.denominator:
            msg = f"The part ({row.numerator}) is larger than the whole ({row.denominator})."
            raise BadRow(self.names["numerator"], msg)


_code = lru_cache(8192)(cds.normalise)  # a file has few codes and years, each thousands of times


@lru_cache(1024)
def _year(written: str) -> int:
    return SchoolYear.parse(written).start


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


def bounds_problem(unit: str, value: Decimal) -> str:
    """Return why ``value`` cannot be in ``unit``, or nothing."""
    if unit == "percent" and value > HUNDRED:
        return f"{value} percent is over 100."
    if unit in {"percent", "count"} and value < 0:
        return f"{value} is below 0, and {'a percentage' if unit == 'percent' else 'a count'} cannot be."
    return ""


def _listed() -> str:
    return ", ".join(names[0] for names in COLUMNS.values())
