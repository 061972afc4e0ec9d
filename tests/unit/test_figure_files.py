"""Tables out of files: what a file is, its first bytes say."""

import gzip
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.lib import students, tables
from app.lib.tables import NotFigures
from tests.spreadsheets import write_xls, write_xlsx

ROWS = [
    ["CDS", "District", "Rate"],
    ["10621660000000", "Fresno", "82.3"],
    ["19647250000000", "Long Beach – Peña", "83"],
]


def read(path: Path) -> list[list[str]]:
    with tables.opened(path) as table:
        return [list(table.header), *(list(cells) for _, cells in table.rows)]


@pytest.mark.parametrize("separator", [",", "\t", "|", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_with_any_separator_in_any_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    path = tmp_path / "figures.dat"
    path.write_bytes("\r\n".join(separator.join(row) for row in ROWS).encode(encoding))

    assert read(path) == ROWS


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_bytes(gzip.compress("\n".join(",".join(row) for row in ROWS).encode()))

    assert read(path) == ROWS


def test_spreadsheets_whatever_they_are_called(tmp_path: Path) -> None:
    cells: list[list[str | float]] = [
        [*ROWS[0]],
        ["10621660000000", "Fresno", 82.3],
        ["19647250000000", "Long Beach – Peña", 83.0],
    ]

    assert read(write_xlsx(tmp_path / "one.csv", cells)) == ROWS
    assert read(write_xls(tmp_path / "two.txt", cells)) == ROWS


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("# said by the state\na,b\n1,2\n\n,\n3,4\n", encoding="utf-8")
    sheet = write_xlsx(tmp_path / "figures.xlsx", [["A title"], ["a", "b"], ["1", "2"], ["", ""], ["3", "4"]])

    with tables.opened(path) as table:
        assert [(number, list(cells)) for number, cells in table.rows] == [(3, ["1", "2"]), (6, ["3", "4"])]
    with tables.opened(sheet) as table:
        assert (list(table.header), [number for number, _ in table.rows]) == (["a", "b"], [3, 5])


def test_a_spreadsheet_that_would_not_fit_into_memory_is_not_opened(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "figures.xlsx", ROWS)
    with ZipFile(path, "a", compression=ZIP_DEFLATED) as packed, packed.open("xl/worksheets/sheet2.xml", "w") as sheet:
        for _ in range(tables.LARGEST_UNPACKED >> 20):
            sheet.write(bytes(1 << 20))

    assert path.stat().st_size < 1 << 20
    with pytest.raises(NotFigures, match="too large for a spreadsheet"):
        read(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7 and so on", "is not a table"),
        (b"GIF89a\0\0\0", "is not a table"),
        (b"PK\x03\x04 and so on", "cannot be read as a spreadsheet"),
        (gzip.compress(b"a,b\n" * 9000, mtime=0)[:60], "is damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "figures.csv"
    path.write_bytes(content)

    with pytest.raises(NotFigures, match=says):
        read(path)


@pytest.mark.parametrize(
    "column",
    ["SSID", "First Name", "student_id", "StudentID", "Date of Birth", "Birthdate", "Student Name", "Pupil Number"],
)
def test_columns_of_single_students_are_told_by_their_names(column: str) -> None:
    assert f"“{column}” looks like one row per student" in students.told(["CDS", column], [])


@pytest.mark.parametrize(
    "cells",
    [
        [f"{4_000_000_017 + 7919 * number}" for number in range(40)],
        [f"Mar{chr(97 + number % 26)}a{number // 26 * 'x'}, Ana" for number in range(40)],
        [f"{1 + number % 12}/{1 + number % 28}/2012" for number in range(40)],
    ],
    ids=["state numbers", "names", "birthdays"],
)
def test_and_by_what_stands_in_them(cells: list[str]) -> None:
    assert "“C7” looks like one row per student" in students.told(["C7"], [[cell] for cell in cells])


def test_figures_of_groups_are_not_taken_for_students() -> None:
    header = ["CDS", "SNAME", "ENROLL", "RELEASED", "VALUE"]
    rows = [
        [f"106216610{number:05}", f"School {number}", f"{900 + number}", "11/20/2025", "82.3"] for number in range(60)
    ]

    assert students.told(header, rows) == ""
