"""The real server, as ``./run`` starts it: web processes and a worker, on a folder of ours."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection

from config import ROOT

STARTS = 60.0  # seconds that it may take on a busy machine


@contextmanager
def serving(environment: Mapping[str, str], *, workers: int) -> Iterator[int]:
    """Serve until the block ends; give the port."""
    port = free_port()
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--workers", str(workers)]
    with subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=subprocess.DEVNULL) as server:
        try:
            _wait(server, port)
            yield port
        finally:
            server.terminate()
            server.wait(30)


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
