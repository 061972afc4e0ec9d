"""A web process that leaves new requests to processes with less to do, and waits for slow ones without a thread."""

import selectors
import socket
import time
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import ThreadWorker

from app.cli.arriving import Arrived, Arriving

HEAD_START = 0.002  # seconds, for each request that is being answered here
MOST = 5  # requests that count
MOST_WAITING = 300  # connections that wait here for the other side; beyond that the oldest makes room
MOST_KEPT = 128 << 20  # bytes of requests; beyond that the largest that is still arriving makes room
AT_ONCE = 256 << 10  # bytes
HEARS = 60  # seconds until somebody must have taken a piece of an answer
GOODBYE = 2  # seconds without a word until somebody answered is left
LAST_GOODBYE = 30  # seconds for those who go on sending
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
SLOW = "It took too long until everything was here. Try again.\n"
TOO_SLOW = (
    "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
    f"Content-Length: {len(SLOW)}\r\n\r\n{SLOW}"
).encode()


class Considerate(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads, which takes a request the later the more it is answering.

    All web processes wait at one door. Without this whoever wakes first takes the next request, even one that answers
    three while the other one has none: of four readers of long posts on two processors the slowest twentieth waited
    115 to 159 ms, and 91 to 106 ms with it (docs/decisions/0007).

    A request takes a thread once all of it is here, and a thread is free again once it is answered. Otherwise eight who
    send half a request, or forty connections that a browser opens in advance, would keep everybody waiting. What is
    larger than most pages take is read in the thread: the few who may send it are known. A connection serves one
    request; gunicorn is told so by ``--keep-alive 0``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[Any, Arriving] = {}  # oldest first
        self.answering: dict[Any, int] = {}  # with the bytes that each keeps
        self.leaving: dict[Any, tuple[float, float]] = {}  # when they went, and when they last said something

    def accept(self, listener: Any) -> None:
        """Take what waits at the door, unless somebody else took it meanwhile."""
        time.sleep(HEAD_START * min(len(self.answering), MOST))
        super().accept(listener)

    def enqueue_req(self, conn: Any) -> None:
        """Let the request of a new connection arrive."""
        conn.sock.settimeout(0)
        self.arriving[conn] = Arriving(time.monotonic())
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.listen, conn))
        self.listen(conn)  # which is often all, and counts before the next one is accepted

    def listen(self, conn: Any, _: Any = None) -> None:
        """Read what has come, and answer it in a thread if that is enough."""
        data = _read(conn.sock)
        if data is None:
            return
        request = self.arriving[conn]
        if not data:
            self.drop(conn)
        elif request.add(data, time.monotonic()):
            self.hand_over(conn)
        elif request.wants_leave:
            request.wants_leave = False
            _say(conn.sock, GO_ON)

    def hand_over(self, conn: Any) -> None:
        """Answer a request in a thread."""
        self.poller.unregister(conn.sock)
        request = self.arriving.pop(conn)
        self.answering[conn] = len(request.here)
        conn.parser = http.get_parser(self.cfg, Arrived(request, conn.sock), conn.client)
        conn.data_ready = True
        super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer a request, unless the other side stops to listen."""
        conn.sock.settimeout(HEARS)
        with suppress(TimeoutError):
            super().handle_request(req, conn)
        return False

    def finish_request(self, conn: Any, _: Any) -> None:
        """Let somebody who was answered close first; gunicorn would wait for it here, and everybody else with it."""
        del self.answering[conn]
        self.say_goodbye(conn)

    def say_goodbye(self, conn: Any) -> None:
        """Say that nothing more comes, and listen until the other side closes: otherwise it may lose the answer."""
        self.leaving[conn] = (time.monotonic(), time.monotonic())
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.hear_out, conn))
        except (OSError, ValueError):
            self.drop(conn)

    def hear_out(self, conn: Any, _: Any) -> None:
        """Pass over what somebody still says who was answered."""
        data = _read(conn.sock)
        if data:
            self.leaving[conn] = (self.leaving[conn][0], time.monotonic())
        elif data is not None:
            self.drop(conn)

    def murder_pending(self) -> None:
        """Close what takes too long, or is too much; gunicorn asks for it about once a second."""
        now = time.monotonic()
        for conn, request in list(self.arriving.items()):
            if request.is_late(now):
                self.refuse(conn)
            elif not self.alive and not request.here:
                self.drop(conn)
        for conn, (went, said) in list(self.leaving.items()):
            if now > min(went + LAST_GOODBYE, said + GOODBYE):
                self.drop(conn)
        self.make_room()

    def make_room(self) -> None:
        """Close what is too much for one process."""
        for waiting in (self.arriving, self.leaving):
            for conn in list(waiting)[: max(len(waiting) - MOST_WAITING, 0)]:
                self.drop(conn)
        while self.arriving and self._kept() > MOST_KEPT:
            self.drop(max(self.arriving, key=lambda conn: len(self.arriving[conn].here)))

    def refuse(self, conn: Any) -> None:
        """Close a connection that takes too long, with a word if it has said one."""
        if not self.arriving[conn].here:
            return self.drop(conn)
        self.poller.unregister(conn.sock)
        del self.arriving[conn]
        _say(conn.sock, TOO_SLOW)
        return self.say_goodbye(conn)

    def drop(self, conn: Any) -> None:
        """Close a connection that waits."""
        with suppress(KeyError, ValueError):  # it never came so far, or is closed
            self.poller.unregister(conn.sock)
        self.arriving.pop(conn, None)
        self.leaving.pop(conn, None)
        self.nr_conns -= 1
        conn.close()

    def _kept(self) -> int:
        return sum(self.answering.values()) + sum(len(request.here) for request in self.arriving.values())


def _read(connection: socket.socket) -> bytes | None:
    """Return what has come: nothing if the other side closed, none if there was nothing to read after all."""
    try:
        return connection.recv(AT_ONCE)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _say(connection: socket.socket, words: bytes) -> None:
    with suppress(OSError):  # somebody who hears nothing loses nothing
        connection.send(words)
