"""A backup is one file, whole while people write, and brings everything back."""

import json
import shutil
import sqlite3
import stat
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text, update
from sqlalchemy.orm import Session

from app.cli import main
from app.cli.preparation import migrate
from app.models import Post
from app.services import backups
from app.services.backups import BackupError
from config import load
from tests.conftest import NOW
from tests.people import Cast
from tests.postgres import cluster, programs


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("BRAID_DATABASE_URL", "BRAID_SECRET_KEY", "BRAID_SEARCH_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BRAID_DATA", str(tmp_path / "here"))
    return tmp_path


def furnish(title: str) -> None:
    """Fill the data folder of the moment with the cast and one post that everybody may read."""
    settings = load()
    migrate(settings)
    engine = create_engine(settings.database_url)
    with Session(engine) as session:
        cast = Cast.arrive(session, NOW)
        cast.practice(by=cast.ana, title=title, shared="partnership")
    engine.dispose()


def titles() -> list[str]:
    engine: Engine = create_engine(load().database_url)
    with Session(engine) as session:
        found = list(session.scalars(select(Post.title)))
    engine.dispose()
    return found


def test_there_and_back(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    furnish("Number talks")
    file = home / "backup"
    secret = load().secret_key

    assert main(["backup", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        assert sorted(tar.getnames()) == ["about.json", "braid.db", "secret"]

    monkeypatch.setenv("BRAID_DATA", str(home / "elsewhere"))
    assert main(["restore", str(file)]) == 0
    assert titles() == ["Number talks"]
    assert load().secret_key == secret
    assert main(["work", "--until-idle"]) == 0
    assert main(["verify"]) == 0
    capsys.readouterr()
    assert main(["search", "talks", "--as", "ben@longbeach.example", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == 1


def test_a_backup_replaces_no_file_unless_that_is_meant(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    furnish("Number talks")
    file = home / "letter"
    file.write_text("Dear Ana")

    assert main(["backup", str(file)]) == 1
    assert "is there already, and was left as it is" in (said := capsys.readouterr().err)
    assert f"braid backup {file} --force" in said
    assert file.read_text() == "Dear Ana"
    assert main(["backup", str(file), "--force"]) == 0
    assert tarfile.is_tarfile(file)
    assert main(["backup", str(home)]) == 1
    assert f"such as {home}/braid-" in capsys.readouterr().err
    assert main(["backup", str(home / "none" / "file")]) == 1
    assert f"There is no folder {home}/none" in capsys.readouterr().err


def test_restoring_over_data_must_be_meant(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    furnish("Number talks")
    assert main(["backup", str(home / "backup")]) == 0

    assert main(["restore", str(home / "backup")]) == 1
    assert "--replace" in capsys.readouterr().err

    assert main(["restore", str(home / "backup"), "--replace"]) == 0
    assert (home / "here" / "braid.db.before-restore").exists()
    assert titles() == ["Number talks"]


def test_what_is_no_backup_changes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    furnish("Number talks")
    good = home / "backup"
    main(["backup", str(good)])
    (home / "torn").write_bytes(good.read_bytes()[:2000])
    (home / "text").write_text("hello")

    for name in ("torn", "text", "nothing"):
        assert main(["restore", str(home / name), "--replace"]) == 1
    assert "nothing is not there. Type the path of a file that “braid backup” wrote" in capsys.readouterr().err
    assert titles() == ["Number talks"]


def test_a_backup_is_consistent_while_others_write(tmp_path: Path) -> None:
    place = tmp_path / "live.db"
    with closing(sqlite3.connect(place)) as live:
        live.executescript("PRAGMA journal_mode=WAL; CREATE TABLE pair (a int, b int); INSERT INTO pair VALUES (0, 0);")
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        with closing(sqlite3.connect(place, timeout=10)) as live:
            while not stop.is_set():
                with live:
                    live.execute("UPDATE pair SET a = a + 1")
                    live.execute("UPDATE pair SET b = b + 1")
                written.append(1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(3):
            file = tmp_path / f"backup-{number}"
            backups.write(file, f"sqlite:///{place}", "x" * 32, NOW)
            with backups.unpacked(file, "sqlite:///x") as (copy, secret), closing(sqlite3.connect(copy)) as database:
                a, b = database.execute("SELECT a, b FROM pair").fetchone()
                assert a == b
                assert secret == "x" * 32
    finally:
        stop.set()
        thread.join()
    assert written


@contextmanager
def writing(engine: Engine) -> Iterator[list[int]]:
    """Let somebody change a post twice in each transaction, until the block ends."""
    stop, written = threading.Event(), list[int]()
    core = Post.metadata.tables["post"]

    def write() -> None:
        while not stop.is_set():
            with engine.begin() as connection:
                for _ in range(2):
                    connection.execute(update(core).values(version=core.c.version + 1))
            written.append(1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_there_and_back_while_people_work(
    kind: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if kind == "postgresql" and (programs() is None or shutil.which("pg_dump") is None):
        pytest.skip("there is no PostgreSQL server here")
    with cluster() if kind == "postgresql" else nullcontext("") as address:
        if address:
            monkeypatch.setenv("BRAID_DATABASE_URL", address)
        furnish("Number talks")
        engine = create_engine(load().database_url)
        with Session(engine) as session:
            began = session.scalars(select(Post.version)).one()
        with writing(engine) as written:
            while not written:
                time.sleep(0.01)
            assert main(["backup", str(home / "backup")]) == 0
        with engine.begin() as connection:
            connection.execute(text("UPDATE post SET title = 'Changed since', version = 1"))
        engine.dispose()

        assert main(["restore", str(home / "backup")]) == 1, "there is data here already"
        assert main(["restore", str(home / "backup"), "--replace"]) == 0
        assert titles() == ["Number talks"]
        with Session(engine) as session:
            grown = session.scalars(select(Post.version)).one()
        engine.dispose()
        assert grown > began
        assert (grown - began) % 2 == 0, "a backup holds the whole of a transaction or nothing of it"
        assert main(["work", "--until-idle"]) == 0
        capsys.readouterr()
        assert main(["verify"]) == 0, capsys.readouterr().out
        assert main(["search", "talks", "--as", "ben@longbeach.example", "--json"]) == 0
        assert '"total": 1' in capsys.readouterr().out


def test_a_backup_of_another_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "live.db")) as live:
        live.execute("CREATE TABLE one (a int)")
    backups.write(tmp_path / "backup", f"sqlite:///{tmp_path}/live.db", "x" * 32, NOW)

    with (
        pytest.raises(BackupError, match="postgresql"),
        backups.unpacked(tmp_path / "backup", "postgresql+psycopg://braid@localhost/braid"),
    ):
        pass


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="cannot be written"):
        backups.write(tmp_path / "no" / "backup", f"sqlite:///{tmp_path}/live.db", "x" * 32, NOW)
