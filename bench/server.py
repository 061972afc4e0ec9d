"""The real server, as ``./run`` starts it: web processes and a worker, on a folder of ours."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from config import ROOT

STARTS = 60.0  # seconds that it may take on a busy machine
SETTLES = 90.0  # seconds at most
QUIET = 3  # seconds
LITTLE = 0.1  # seconds of processor in each of them, of all processes together


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    process: int

    def seconds(self) -> float:
        """Return the processor seconds its processes have used so far, the worker's too; 0 where nobody says."""
        return _used(self.process)

    def settle(self) -> None:
        """Wait until the processes have little to do of their own, a minute and a half at most."""
        until = time.monotonic() + SETTLES
        used, quiet = self.seconds(), 0
        while quiet < QUIET and time.monotonic() < until:
            time.sleep(1)
            now = self.seconds()
            quiet, used = quiet + 1 if now - used < LITTLE else 0, now


@contextmanager
def serving(environment: Mapping[str, str], *, workers: int) -> Iterator[Server]:
    """Serve until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--workers", str(workers)]
    with subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=subprocess.DEVNULL) as server:
        try:
            _wait(server, port)
            yield Server(port, server.pid)
        finally:
            server.terminate()
            server.wait(30)


def _used(process: int) -> float:
    """Return the processor seconds of a process and all that it started and that still run."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split()
    except OSError:
        return 0.0
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK") + sum(_used(int(child)) for child in children)


def free_port() -> int:
    """Return a port that nobody uses."""
    with closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + STARTS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            asked = HTTPConnection("127.0.0.1", port, timeout=5)
            asked.request("GET", "/sign-in")
            if asked.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.2)
    msg = "the server did not start; what it said is above"
    raise SystemExit(msg)
