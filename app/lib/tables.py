"""Reading a table out of a file, whatever it was saved as, never more than one row in memory.

Text with commas, tabs, pipes or semicolons between its cells, in UTF-8 or Latin-1, packed with gzip or not; XLS and
XLSX. What a file is, its first bytes say, never its name. A spreadsheet is the exception to the one row: it is opened
as a whole, so it may not be as large.
"""

import csv
import gzip
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF = b"%PDF"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
NO_TABLES = (PDF, b"<", b"{", b"[")  # pages, letters and lists of programs
SEPARATORS = ",\t|;"
BEGINNING = 1 << 16  # bytes looked at to say what a file is
LARGEST_CELL = 1 << 20
LARGEST_SPREADSHEET = 80 << 20  # bytes, packed
LARGEST_UNPACKED = 256 << 20  # bytes, some 350,000 rows of twelve columns: the process takes half a gigabyte for them
LOOKED_AT = 200  # rows of each sheet beside the one that is read

Cells = Sequence[str]
Numbered = tuple[int, Cells]


class NotFigures(ValueError):
    """The file as a whole cannot be read as figures; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """An open table: the names of its columns, and its rows numbered as a spreadsheet does; empty rows are left out."""

    header: Cells
    rows: Iterator[Numbered]
    share: Callable[[], float]  # how much of the file was read, 0 to 1
    beside: Sequence[Sequence[Cells]] = ()  # the first rows of the workbook's other sheets


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """Open the table in a file.

    Raises:
        NotFigures: if there is none in it.
    """
    with path.open("rb") as raw, opened_in(raw, path.name) as table:
        yield table


@contextmanager
def opened_in(raw: BinaryIO, name: str) -> Iterator[Table]:
    """Open the table in a stream that can be read twice, such as a file that is being sent; it stays open.

    Raises:
        NotFigures: if there is none in it.
    """
    csv.field_size_limit(LARGEST_CELL)
    with ExitStack() as closing:
        raw.seek(0)
        beginning = raw.read(BEGINNING)
        raw.seek(0)
        try:
            yield _workbook(raw, name) if is_workbook(beginning) else _text(raw, name, beginning, closing)
        except csv.Error as error:
            msg = f"{name} cannot be read as CSV ({error}). Save it again as “CSV UTF-8”."
            raise NotFigures(msg) from None
        except (EOFError, gzip.BadGzipFile, OSError) as error:
            msg = f"{name} is damaged and cannot be unpacked. Fetch it again from where it came."
            if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
                raise
            raise NotFigures(msg) from None


def is_workbook(beginning: bytes) -> bool:
    """Whether a file that begins so is a spreadsheet, by what Excel and others write first."""
    return beginning.startswith((ZIP, OLE))


def digest(path: Path) -> str:
    """Return what tells the bytes of a file apart from every other's."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _text(raw: BinaryIO, name: str, beginning: bytes, closing: ExitStack) -> Table:
    size = max(_size(raw), 1)
    source: BinaryIO = raw
    if beginning.startswith(GZIP):
        source = closing.enter_context(gzip.GzipFile(fileobj=raw))  # type: ignore[assignment]
        beginning = source.read(BEGINNING)
        source.seek(0)
    if beginning.lstrip().startswith(NO_TABLES) or (b"\0" in beginning and not beginning.startswith(UTF16)):
        msg = f"{name} is not a table. Save the table as CSV or XLSX and try again."
        raise NotFigures(msg)
    encoding = _encoding(source, beginning)
    lines = io.TextIOWrapper(source, encoding=encoding, newline="")
    closing.callback(lines.detach)  # whoever opened the stream closes it
    rest, above = _after_comments(lines)
    separator = _separator(rest[0]) if rest else ","
    table = enumerate(csv.reader(_joined(rest, lines), delimiter=separator), above + 1)
    _, header = next(table, (0, []))
    rows = ((number, cells) for number, cells in table if any(map(str.strip, cells)))
    return Table([cell.strip() for cell in header], rows, lambda: min(raw.tell() / size, 1.0))


def _encoding(source: BinaryIO, beginning: bytes) -> str:
    """Return the encoding of a text: UTF-8 if all of it can be read so, else Latin-1 as Windows writes it."""
    if beginning.startswith(UTF16):
        return "utf-16"
    reader = io.TextIOWrapper(source, encoding="utf-8-sig")
    try:
        while reader.read(BEGINNING):
            pass
    except UnicodeDecodeError:
        return "cp1252" if _is_cp1252(beginning) else "latin-1"
    else:
        return "utf-8-sig"
    finally:
        reader.detach()
        source.seek(0)


def _is_cp1252(beginning: bytes) -> bool:
    try:
        beginning.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True


def _after_comments(lines: io.TextIOWrapper) -> tuple[list[str], int]:
    """Return the first line that is no comment, and how many stood above it."""
    above = 0
    for line in lines:
        if not line.startswith("#"):
            return [line], above
        above += 1
    return [], above


def _separator(line: str) -> str:
    return max(SEPARATORS, key=lambda separator: (line.count(separator), -SEPARATORS.index(separator)))


def _joined(first: Sequence[str], rest: Iterator[str]) -> Iterator[str]:
    yield from first
    for line in rest:  # noqa: UP028 - "yield from" would close the file with the generator
        yield line


def _size(raw: BinaryIO) -> int:
    size = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    return size


def _workbook(raw: BinaryIO, name: str) -> Table:
    _check_size(raw, name)
    try:
        book = CalamineWorkbook.from_filelike(raw)
        sheets = [book.get_sheet_by_index(place) for place in range(len(book.sheet_names))]
    except (CalamineError, BadZipFile, OSError, ValueError) as error:
        msg = f"{name} cannot be read as a spreadsheet ({error}). Save it again as XLSX or CSV."
        raise NotFigures(msg) from None
    filled = [sheet for sheet in sheets if sheet.total_height and sheet.total_width]
    if not filled:
        msg = f"{name} has no table in it. The first row must name the columns."
        raise NotFigures(msg)
    sheet = max(filled, key=lambda one: one.total_height * one.total_width)
    begins = (sheet.start or (0, 0))[0] + 1
    rows = ([_cell(cell) for cell in row] for row in sheet.iter_rows())
    filled_rows = ((number, cells) for number, cells in enumerate(rows, begins) if any(map(str.strip, cells)))
    table = _beneath_titles(filled_rows)
    _, header = next(table, (0, []))
    height, done = max(sheet.total_height, 1), [0]

    def counted() -> Iterator[Numbered]:
        for number, cells in table:
            done[0] = number
            yield number, cells

    beside = [_first_rows(other) for other in filled if other is not sheet]
    return Table([cell.strip() for cell in header], counted(), lambda: min(done[0] / height, 1.0), beside)


def _first_rows(sheet: CalamineSheet) -> list[Cells]:
    rows = ([_cell(cell) for cell in row] for row in sheet.iter_rows())
    numbered = enumerate(row for row in rows if any(map(str.strip, row)))
    return [cells for _, cells in islice(_beneath_titles(numbered), LOOKED_AT)]


def _beneath_titles(table: Iterator[Numbered]) -> Iterator[Numbered]:
    """Leave out the titles that people write above a table: rows with one cell before the first with more."""
    begun = False
    for number, cells in table:
        begun = begun or sum(1 for cell in cells if cell.strip()) > 1
        if begun:
            yield number, cells


def _check_size(raw: BinaryIO, name: str) -> None:
    """Refuse a spreadsheet that would not fit into memory.

    Raises:
        NotFigures: saying what to do instead.
    """
    size = _size(raw)
    try:
        with ZipFile(raw) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except BadZipFile:  # XLS is not packed
        unpacked = size
    raw.seek(0)
    if size > LARGEST_SPREADSHEET or unpacked > LARGEST_UNPACKED:
        msg = f"{name} is too large for a spreadsheet. Save it as “CSV UTF-8”; as CSV it may have millions of rows."
        raise NotFigures(msg)


def _cell(cell: float | str | bool | time | date | datetime | timedelta) -> str:  # noqa: FBT001
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return repr(cell) if isinstance(cell, float) else str(cell)
