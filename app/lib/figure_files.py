"""Reading a file of figures row by row, never more than one in memory."""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from app.lib.figure_rows import BadRow, Header, NotFigures, Row

LARGEST_CELL = 1 << 20


def rows(path: Path) -> Iterator[tuple[int, Row | BadRow]]:
    """Return each row, read or refused, with its number as a spreadsheet counts; empty rows are passed over."""
    csv.field_size_limit(LARGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines, above = _after_comments(file)
            table = enumerate(csv.reader(lines), above + 1)
            header = Header.read(next(table, (0, []))[1])
            for number, cells in table:
                if any(cell.strip() for cell in cells):
                    yield number, _read(header, cells)
    except UnicodeDecodeError:
        msg = f"{path.name} is not in UTF-8. In Excel, save it as “CSV UTF-8” and try again."
        raise NotFigures(msg) from None
    except csv.Error as error:
        msg = f"{path.name} cannot be read as CSV ({error}). Save it again as “CSV UTF-8”."
        raise NotFigures(msg) from None


def _read(header: Header, cells: Sequence[str]) -> Row | BadRow:
    try:
        return header.row(cells)
    except BadRow as problem:
        return problem


def _after_comments(lines: Iterable[str]) -> tuple[Iterator[str], int]:
    """Return the lines from the header on, and how many stood above it."""
    rest, above = iter(lines), 0
    for line in rest:
        if not line.startswith("#"):
            return _joined(line, rest), above
        above += 1
    return iter(()), above


def _joined(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def digest(path: Path) -> str:
    """Return what tells the bytes of a file apart from every other's."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
