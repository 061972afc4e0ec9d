"""One file that holds everything: a consistent copy of the database, and the secret. The index is made again."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, make_url

FORMAT = 1
ABOUT, SECRET = "about.json", "secret"
COPIES = {"sqlite": "braid.db", "postgresql": "database.dump"}
LARGEST_NOTE = 1_000_000  # bytes of the small parts


class BackupError(RuntimeError):
    """A backup cannot be made or put back; the message says why and what to do."""


def write(target: Path, database_url: str, secret: str, now: datetime) -> int:
    """Write a backup to ``target``, in one step at the end; return its size in bytes. People may go on working.

    Raises:
        BackupError: if it cannot be written.
    """
    url = make_url(database_url)
    name = COPIES[url.get_backend_name()]
    about = {"format": FORMAT, "database": url.get_backend_name(), "made": now.isoformat(timespec="seconds")}
    try:
        with tempfile.TemporaryDirectory(prefix=".braid-backup-", dir=target.parent) as folder:
            copy, whole = Path(folder) / name, Path(folder) / "whole"
            _copy_sqlite(url, copy) if name == COPIES["sqlite"] else _dump(url, copy)
            with tarfile.open(whole, "w:gz", compresslevel=3) as tar:
                _add(tar, ABOUT, json.dumps(about, indent=1).encode())
                _add(tar, SECRET, secret.encode())
                tar.add(copy, name)
            whole.chmod(0o600)
            with whole.open("rb") as file:
                os.fsync(file.fileno())
            whole.replace(target)
    except OSError as error:
        msg = f"The backup cannot be written to {target}: {error.strerror or error}."
        raise BackupError(msg) from None
    return target.stat().st_size


@contextmanager
def unpacked(source: Path, database_url: str) -> Iterator[tuple[Path, str]]:
    """Give the copy of the database in a backup, checked, and its secret.

    Raises:
        BackupError: if it is no backup, is damaged, or is of another kind of database.
    """
    backend = make_url(database_url).get_backend_name()
    with tempfile.TemporaryDirectory(prefix="braid-restore-") as folder:
        copy = Path(folder) / COPIES[backend]
        try:
            with tarfile.open(source, "r:*") as tar:
                about = json.loads(_small(tar, ABOUT))
                if about.get("database") != backend:
                    msg = f"This backup is of {about.get('database')}, and BRAID_DATABASE_URL names {backend}."
                    raise BackupError(msg)
                if about.get("format") != FORMAT:
                    msg = "This backup was made by a newer Braid. Update Braid first."
                    raise BackupError(msg)
                secret = _small(tar, SECRET).decode("ascii")
                _extract(tar, COPIES[backend], copy)
        except (tarfile.TarError, KeyError, ValueError, EOFError, OSError):
            msg = f"{source} is not a whole backup of Braid. Choose another file that “braid backup” wrote."
            raise BackupError(msg) from None
        if backend == "sqlite":
            _check(copy)
        yield copy, secret


def put_back(copy: Path, database_url: str) -> Path | None:
    """Let a copy be the database; return where the one before is kept, if there was one. Nobody may be using it.

    Raises:
        BackupError: if the database refuses.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":
        _call(
            url,
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            "-d",
            _name(url),
            str(copy),
        )
        return None
    place = Path(url.database or "")
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(place.name + ".restored")
    shutil.copyfile(copy, fresh)
    fresh.chmod(0o600)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    before = place.with_name(place.name + ".before-restore") if place.exists() else None
    if before is not None:
        with closing(sqlite3.connect(place)) as old:  # so that nothing is left in its log
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        place.replace(before)
    for rest in ("-wal", "-shm"):
        place.with_name(place.name + rest).unlink(missing_ok=True)
    fresh.replace(place)
    return before


def _copy_sqlite(url: URL, copy: Path) -> None:
    with closing(sqlite3.connect(url.database or "")) as live, closing(sqlite3.connect(copy)) as other:
        live.backup(other)
        other.execute("PRAGMA journal_mode=DELETE")


def _check(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(copy)) as database:
            said = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        msg = f"The database in this backup is damaged ({said}). Choose another file."
        raise BackupError(msg)


def _dump(url: URL, copy: Path) -> None:
    _call(url, "pg_dump", "--format=custom", "--no-owner", "-f", str(copy), "-d", _name(url))


def _name(url: URL) -> str:
    return url.database or "postgres"


def _call(url: URL, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL. The password goes through the environment, where nobody else can read it."""
    if shutil.which(program) is None:
        msg = f"{program} is needed for this. On Debian: sudo apt install postgresql-client"
        raise BackupError(msg)
    done = subprocess.run(  # noqa: S603 - a fixed program, and arguments from our own settings
        [program, *arguments], env={**os.environ, **_connection(url)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        msg = f"{program} failed: {done.stderr.strip()[-500:]}"
        raise BackupError(msg)


def _connection(url: URL) -> Mapping[str, str]:
    host = url.host or url.query.get("host", "")
    given = {
        "PGHOST": host if isinstance(host, str) else host[0],
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
    }
    return {name: value for name, value in given.items() if value}


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _small(tar: tarfile.TarFile, name: str) -> bytes:
    entry = tar.getmember(name)
    file = tar.extractfile(entry)
    if file is None or entry.size > LARGEST_NOTE:
        raise KeyError(name)
    return file.read()


def _extract(tar: tarfile.TarFile, name: str, to: Path) -> None:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    with to.open("wb") as out:
        shutil.copyfileobj(file, out)
