"""School years: from 1 July to 30 June, written "2008-09"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Self

from app.lib.numbers import row_number

_JULY = 7
_EARLIEST, _LATEST = 1900, 2199
_PIVOT = 50  # in a four-digit code "0809", years from 50 on are nineteen-something

_FULL = re.compile(r"(\d{4})\s*[-–/]\s*(\d{2}|\d{4})")
_CODE = re.compile(r"(\d{2})(\d{2})")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?")


@dataclass(frozen=True, order=True)
class SchoolYear:
    """The school year that starts on 1 July of ``start``."""

    start: int

    def __post_init__(self) -> None:
        """Refuse a year that no school record can be from."""
        if not _EARLIEST <= self.start <= _LATEST:
            msg = f"{self.start} is not a school year. Write it like 2008-09."
            raise ValueError(msg)

    @classmethod
    def parse(cls, text: str | int) -> Self:
        """Read "2008-09", "2008-2009", "0809", "1415", or the year it starts in, 2008.

        Two years that follow each other are a code ("1920" is 2019-20), except "2021", which is the year 2021.

        Raises:
            ValueError: if ``text`` is none of these, or names years that do not follow each other.
        """
        written = str(text).strip()
        for read in _READERS:
            start = read(written)
            if start is not None:
                return cls(start)
        msg = f"“{written}” is not a school year. Write it like 2008-09."
        raise ValueError(msg)

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the school year that ``day`` is in."""
        return cls(day.year if day.month >= _JULY else day.year - 1)

    @property
    def end(self) -> int:
        """The calendar year it ends in."""
        return self.start + 1

    @property
    def first_day(self) -> date:
        """1 July."""
        return date(self.start, _JULY, 1)

    @property
    def last_day(self) -> date:
        """30 June."""
        return date(self.end, 6, 30)

    @property
    def next(self) -> "SchoolYear":
        """The year after."""
        return SchoolYear(self.start + 1)

    @property
    def previous(self) -> "SchoolYear":
        """The year before."""
        return SchoolYear(self.start - 1)

    def __str__(self) -> str:
        """Return it as people write it: "2008-09"."""
        return f"{self.start}-{self.end % 100:02}"


def start_of(text: str | None) -> int | None:
    """Return the year in which the school year starts that an address names ("2012"), or None for what is no year."""
    number = row_number(text)
    return number if number is not None and _EARLIEST <= number <= _LATEST else None


def _from_range(written: str) -> int | None:
    """Read "2008-09" and "2008-2009"."""
    found = _FULL.fullmatch(written)
    if not found:
        return None
    start, end = int(found[1]), found[2]
    if str(start + 1)[-len(end) :] != end:
        msg = f"“{written}” is not one school year. Write two years that follow each other, like 2008-09."
        raise ValueError(msg)
    return start


def _from_code(written: str) -> int | None:
    """Read "0809", unless it can only be a year, like "2021"."""
    found = _CODE.fullmatch(written)
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    if (first + 1) % 100 != second or written == "2021":
        return None
    return (1900 if first >= _PIVOT else 2000) + first


def _from_start(written: str) -> int | None:
    """Read "2008"."""
    found = _YEAR.fullmatch(written)
    return int(found[1]) if found else None


_READERS: tuple[Callable[[str], int | None], ...] = (_from_range, _from_code, _from_start)
