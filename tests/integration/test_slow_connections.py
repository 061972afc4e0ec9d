"""Who sends slowly, or nothing, keeps nobody else waiting: the web server as `braid serve` starts it, real sockets."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from app.cli.arriving import KEPT
from app.cli.serving import THREADS, web_server
from config import ROOT

PATIENCE = 60  # seconds, on a busy machine
MOMENT = 4  # seconds, there too; gunicorn waits five for somebody silent, and for half a request for ever
GET = b"GET / HTTP/1.1\r\nHost: braid\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: braid\r\n"
HALVES = {
    "head": b"GET / HTTP/1.1\r\nHost: bra",
    "body": POST + b"Content-Length: 5000\r\n\r\nwo",
    "chunks": POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nwords\r\n5\r\nwo",
}
APP = '''
"""Says how much was sent, without looking at /unread."""

def app(environ, start_response):
    sent = 0
    while environ["PATH_INFO"] != "/unread" and (data := environ["wsgi.input"].read(65536)):
        sent += len(data)
    answer = str(sent).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
    return [answer]
'''


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("served")
    (folder / "counting.py").write_text(APP)
    port = _free_port()
    command = [word.replace("wsgi:app", "counting:app") for word in web_server("127.0.0.1", port, 1)]
    command[command.index("--chdir") + 1] = str(folder)
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=log, stderr=log, text=True
        )
        try:
            _wait(port, server)
            yield port
            with say(port), say(port, HALVES["body"]):  # which does not delay the end
                server.terminate()
                assert server.wait(timeout=PATIENCE) == 0
        finally:
            server.kill()
            server.wait()
    assert (folder / "log").read_text() == ""


def say(port: int, words: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    connection.sendall(words)
    return connection


def answer(connection: socket.socket) -> bytes:
    """Return what is answered until the connection closes: nothing but the last line."""
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b"")).rpartition(b"\r\n")[2]


def seconds(port: int) -> float:
    """Return how long a page takes."""
    before = time.monotonic()
    assert answer(say(port, GET)) == b"0"
    return time.monotonic() - before


def test_silent_and_half_sent_requests_keep_nobody_waiting(port: int) -> None:
    with ExitStack() as open_:
        for words in [b""] * 20 + [half for half in HALVES.values() for _ in range(2 * THREADS)]:
            open_.enter_context(say(port, words))

        assert max(seconds(port) for _ in range(4)) < MOMENT


def test_who_does_not_close_keeps_nobody_waiting(port: int) -> None:
    with ExitStack() as open_:
        before = time.monotonic()
        for _ in range(2 * THREADS):  # gunicorn waits two seconds for each
            connection = open_.enter_context(say(port, GET))
            assert connection.recv(12) == b"HTTP/1.1 200"

        assert time.monotonic() - before < 2 * MOMENT


def test_a_slow_body_arrives_whole(port: int) -> None:
    with say(port, POST + b"Content-Length: 40000\r\n\r\n") as slow, say(port, HALVES["chunks"]) as slower:
        for _ in range(20):
            slow.sendall(b"x" * 2000)
            time.sleep(0.05)
        for piece in (b"rd", b"s\r", b"\n0", b"\r\n\r", b"\n"):
            slower.sendall(piece)
            time.sleep(0.05)

        assert answer(slow) == b"40000"
        assert answer(slower) == b"10"


def test_a_large_body_arrives_whole(port: int) -> None:
    size = KEPT + 1_000_000
    with say(port, POST + b"Content-Length: %d\r\n\r\n" % size) as sending:
        sending.sendall(b"x" * size)
        assert answer(sending) == b"%d" % size


def test_who_sends_too_much_can_read_why(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("POST", "/unread", body=b"x" * (KEPT + 1_000_000))

    assert connection.getresponse().read() == b"0"
    connection.close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait(port: int, server: subprocess.Popen[str]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        assert server.poll() is None, "it stopped"
        try:
            seconds(port)
        except OSError:
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.05)
        else:
            return
