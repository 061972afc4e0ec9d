"""Processes are killed in the middle of things; afterwards everything that was said to be saved is there."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app.cli.preparation import migrate
from app.models import Post
from config import ROOT, load
from tests.conftest import NOW
from tests.people import Cast

POSTS = 700
BRAID = [sys.executable, "-m", "app.cli"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the cast in it, for commands in processes of their own."""
    for name in ("BRAID_DATABASE_URL", "BRAID_SECRET_KEY", "BRAID_SEARCH_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BRAID_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    settings = load()
    migrate(settings)
    engine = create_engine(settings.database_url)
    with Session(engine) as session:
        Cast.arrive(session, NOW)
    engine.dispose()
    return tmp_path


def start(*words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*BRAID, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def done(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*BRAID, *words], capture_output=True, text=True, check=False, timeout=300)


def count() -> int:
    engine = create_engine(load().database_url)
    with Session(engine) as session:
        number = session.scalar(select(func.count()).select_from(Post)) or 0
    engine.dispose()
    return number


def test_killed_while_importing_and_indexing(home: Path) -> None:
    file = home / "posts.jsonl"
    file.write_text(
        "\n".join(json.dumps({"key": str(n), "title": f"Talk {n}", "body": "Who *speaks*?"}) for n in range(POSTS))
    )
    load_it = ("import", "posts", str(file), "--as", "ana@fresno.example", "--share", "partnership")
    dice = random.Random(2008)  # noqa: S311 - moments, not secrets
    before = 0
    for _ in range(3):
        both = [start(*load_it), start("work")]
        until = time.monotonic() + 60
        while count() <= before and time.monotonic() < until and both[0].poll() is None:
            time.sleep(0.02)
        time.sleep(dice.uniform(0, 0.6))
        for process in both:
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert count() >= before  # what was committed is still there
        assert count() % 200 == 0 or count() == POSTS  # and nothing by halves
        before = count()

    again = done(*load_it)
    assert again.returncode == 0, again.stderr
    assert done("work", "--until-idle").returncode == 0
    checked = done("verify")
    assert checked.stdout == "Database, index and files agree.\n"
    assert checked.returncode == 0
    found = json.loads(done("search", "speaks", "--as", "ben@longbeach.example", "--json").stdout)
    assert found["total"] == count() == POSTS


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port: int = any_port.getsockname()[1]
        return port


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return bool(answer.status)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def wait_until(port: int, *, up: bool, patience: float = 60) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if answers(port) is up:
            return True
        time.sleep(0.1)
    return False


def children(process: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_serve_starts_again_what_dies_and_stops_all_of_it(home: Path) -> None:
    assert home.exists()
    port = free_port()
    serving = start("serve", "--port", str(port), "--workers", "1")
    try:
        assert wait_until(port, up=True)
        both = children(serving.pid)
        assert len(both) == 2
        os.kill(both[0], signal.SIGKILL)
        os.kill(serving.pid, signal.SIGHUP)
        assert wait_until(port, up=True)

        began = time.monotonic()
        serving.terminate()
        assert serving.wait(20) == 0
        assert time.monotonic() - began < 15
        assert not answers(port)
    finally:
        serving.kill()
        serving.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells children that their parent has died")
def test_when_serve_is_killed_nothing_is_left_behind(home: Path) -> None:
    assert home.exists()
    port = free_port()
    serving = start("serve", "--port", str(port), "--workers", "1")
    try:
        assert wait_until(port, up=True)
    finally:
        serving.kill()
        serving.wait()

    assert wait_until(port, up=False, patience=20)
    assert done("verify").returncode == 0
