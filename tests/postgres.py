"""A throw-away PostgreSQL for tests: works as root (it drops to the user postgres) and as a normal user."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAST = "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\nmax_connections=60\nlisten_addresses=''\n"


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server found here, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def cluster() -> Iterator[str]:
    """Start one on a socket of its own; give its address; remove every trace of it."""
    bin_folder = programs()
    assert bin_folder, "no PostgreSQL server here"
    as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="braid-pg-"))
    if as_user:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"

    def call(*command: str | Path) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user)  # type: ignore[call-overload]

    call(bin_folder / "initdb", "-D", data, "-U", "braid", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    with (data / "postgresql.auto.conf").open("a") as file:
        file.write(f"{FAST}unix_socket_directories='{folder}'\n")
    call(bin_folder / "pg_ctl", "-D", data, "-w", "-s", "-l", folder / "log", "start")
    try:
        yield f"postgresql+psycopg://braid@/postgres?host={folder}"
    finally:
        call(bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-s", "stop")
        shutil.rmtree(folder, ignore_errors=True)
