"""A file of single students is refused, whatever it is called and however it is packed, and nothing of it is kept."""

import gzip
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.lib.tables import NotFigures, Table
from app.models import Event, FigureUpload
from app.services import figure_files, figure_uploads, figures
from app.services.figure_previews import Preview
from config import Settings
from tests.people import Cast, sign_in
from tests.spreadsheets import write_xls, write_xlsx

ROWS = [["SSID", "Last Name", "Score"], *([f"{4_000_000_017 + 7919 * number}", "Ruiz", "812"] for number in range(9))]
TEXT = "\n".join(",".join(row) for row in ROWS).encode()
HEADLESS = "\n".join(",".join(row) for row in ROWS[1:]).encode()
NAMES = "student,score\n" + "\n".join(f"Ana {letter}uiz,{812 + place}" for place, letter in enumerate("RLSTMVB"))
GOOD = (
    b"indicator,cds,year,group,value,denominator,status,source\n"
    b"four_year_graduation_rate,10621660000000,2022-23,all,82.3,4860,reported,State file\n"
)


def sheet(folder: Path, write: Callable[[Path, list[list[str]]], Path]) -> bytes:
    return write(folder / "made", ROWS).read_bytes()


FILES: dict[str, Callable[[Path], bytes]] = {
    "figures.csv": lambda _: TEXT,
    "harmless.txt": lambda _: TEXT.replace(b",", b"\t"),
    "picture.png": lambda _: TEXT,
    "packed.gz": lambda _: gzip.compress(TEXT),
    "table.xlsx": lambda folder: sheet(folder, write_xlsx),
    "table.xls": lambda folder: sheet(folder, write_xls),
    "table.csv": lambda folder: sheet(folder, write_xlsx),
    "wide.csv": lambda _: TEXT.decode().encode("utf-16"),
    "no names of columns.csv": lambda _: HEADLESS,
    "only names.csv": lambda _: NAMES.encode(),
    "large.csv": lambda _: TEXT + b"\n" + b"\n".join(b"%d,Ruiz,812" % number for number in range(200_000)),
}


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for everything temporary."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def send(client: FlaskClient, content: bytes, name: str) -> tuple[int, str]:
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(content), name)})
    answer = client.post("/imports", data=body, content_type=f"multipart/form-data; boundary={boundary}")
    return answer.status_code, answer.text


def kept(settings: Settings, scratch: Path) -> list[Path]:
    return [path for folder in (settings.data / "imports", scratch) for path in folder.rglob("*")]


@pytest.mark.parametrize("name", FILES)
def test_in_the_browser_nothing_is_even_written(  # noqa: PLR0917
    client: FlaskClient, cast: Cast, session: Session, settings: Settings, scratch: Path, name: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def crash(*_: object) -> None:
        pytest.fail("a crash from here on would leave the file behind")

    content = FILES[name](tmp_path)
    monkeypatch.setattr(figure_uploads, "_keep", crash)
    sign_in(client, cast.flo, session)

    code, page = send(client, content, name)

    assert (code, "looks like one row per student" in page, "Nothing of this file was kept" in page) == (
        422,
        True,
        True,
    )
    assert kept(settings, scratch) == []
    session.expire_all()
    assert session.scalars(select(FigureUpload)).all() == []
    assert "figures.uploaded" not in session.scalars(select(Event.action)).all()


@pytest.mark.parametrize("name", FILES)
def test_at_the_command_line_nothing_is_written_either(cast: Cast, scratch: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name](tmp_path))

    with pytest.raises(NotFigures, match="looks like one row per student"):
        figures.load(cast.work(cast.flo), path)
    assert list(scratch.rglob("*")) == []


def test_a_sheet_of_students_beside_one_of_groups_is_found(cast: Cast) -> None:
    header, *rows = ROWS
    table = Table(["cds", "value"], iter([(2, ["10621660000000", "82.3"])]), lambda: 1.0, [[header, *rows]])

    with pytest.raises(NotFigures, match="“SSID” looks like one row per student"):
        figure_files.beginning(table)
    assert cast.session.scalars(select(FigureUpload)).all() == []


def test_a_workbook_too_large_for_a_request_is_forgotten_when_it_is_read(  # noqa: PLR0917
    client: FlaskClient, cast: Cast, session: Session, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(figure_uploads, "LARGE_WORKBOOK", 10)
    sign_in(client, cast.flo, session)

    code, page = send(client, FILES["table.xlsx"](tmp_path), "table.xlsx")  # small, so it is read at once

    assert (code, "looks like one row per student" in page) == (422, True)
    assert list((settings.data / "imports").iterdir()) == []


@pytest.mark.parametrize("content", [b"<html><table>", b'[{"ssid": 4000000017}]', b"{\\rtf1 names}", b"%PDF-1.7"])
def test_what_is_no_table_is_not_kept(
    client: FlaskClient, cast: Cast, settings: Settings, scratch: Path, content: bytes
) -> None:
    sign_in(client, cast.flo, cast.session)

    code, page = send(client, content, "figures.csv")

    assert (code, "is not a table" in page) == (422, True)
    assert kept(settings, scratch) == []


def test_what_a_crash_left_is_swept_up(client: FlaskClient, cast: Cast, settings: Settings) -> None:
    root = settings.data / "imports"
    sign_in(client, cast.flo, cast.session)
    send(client, GOOD, "figures.csv")
    (root / "left").mkdir()
    (root / "left" / "table").write_bytes(GOOD)
    later = cast.work(cast.flo)

    figure_uploads.clear(later, root)
    assert (root / "left").exists()  # it may be on its way in just now
    old = later.now.timestamp() - figure_uploads.LEFT.total_seconds() - 60
    for folder in root.iterdir():
        os.utime(folder, (old, old))
    figure_uploads.clear(later, root)

    upload = cast.session.scalars(select(FigureUpload)).one()
    assert [folder.name for folder in root.iterdir()] == [upload.folder]
    assert Preview(**{name: upload.preview[name] for name in ("new", "changed", "same")}).new == 1
