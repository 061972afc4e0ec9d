"""A real Braid for browsers: `braid serve` with its worker, on a data folder of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds until it answers, on a busy machine


@dataclass(frozen=True)
class Living:
    """Where it answers, and what it said when it started."""

    url: str
    data: Path
    said: str


def braid(data: Path, *arguments: str) -> str:
    """Run one command of the command line to its end; return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"braid {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


@contextmanager
def living(data: Path) -> Iterator[Living]:
    """Serve ``data``, which ``braid prepare`` made, and stop it as Ctrl-C does."""
    port = _free_port()
    log = data / "served.log"
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--workers", "1"]
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(data), stdout=out, stderr=out, text=True)
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(url, process, log)
            yield Living(url, data, log.read_text())
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def environment(data: Path) -> dict[str, str]:
    """Return an environment in which nothing of this shell’s own Braid is set."""
    rest = {name: value for name, value in os.environ.items() if not re.match("BRAID_", name)}
    return rest | {"BRAID_DATA": str(data)}


def _wait(url: str, process: subprocess.Popen[str], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, f"it stopped: {log.read_text()}"
        try:
            with urllib.request.urlopen(f"{url}/sign-in", timeout=5) as answer:  # noqa: S310
                assert answer.status == 200
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
