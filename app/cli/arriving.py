"""A request on its way: what has come, whether that is enough to answer it, and whether it takes too long."""

import re
import socket
import time
from io import BytesIO

from app import LARGEST

HEAD = 15  # seconds from the opened connection to the end of the head
WINDOW = 20  # seconds over which the rest is measured
FLOOR = 1000 * WINDOW  # bytes that must come meanwhile
KEPT = LARGEST + (64 << 10)  # bytes of a body: the most that most pages take, and what frames its parts
LONGEST = 1 << 20  # bytes of a head, or of what stands between chunks: more than gunicorn lets pass

LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
EXPECTS = re.compile(rb"^expect:[ \t]*100-continue[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
CHUNK = re.compile(rb"([0-9a-f]{1,15})[ \t]*[;\r]", re.IGNORECASE)


class Arriving:
    """What has come of one request.

    This finds where a request ends and nothing else: gunicorn reads and judges it, once it is here. What ends
    elsewhere for gunicorn is cut off there, and the connection closes after it.
    """

    def __init__(self, now: float) -> None:
        self.here = bytearray()
        self.is_larger = False  # than what is kept: whoever answers it reads the rest, if they want it
        self.wants_leave = False  # to send its body
        self._head = 0  # bytes, once they are here
        self._length: int | None = 0  # of the body; none with chunks
        self._chunk = 0  # where the next one begins
        self._sent = 0
        self._sent_before = 0
        self._due = now + HEAD

    def add(self, data: bytes, now: float) -> bool:
        """Keep ``data``; say whether that is enough to answer the request."""
        looked = max(len(self.here) - 3, 0)
        self.here += data
        self._sent += len(data)
        if not self._head:
            end = self.here.find(b"\r\n\r\n", looked)
            if end < 0:
                return len(self.here) > LONGEST
            self._begin_body(end + 4, now)
        body = len(self.here) - self._head
        if self._length is None:
            self.is_larger = body > KEPT
            return self.is_larger or self._ends_with_chunk()
        self.is_larger = self._length > KEPT
        return self.is_larger or body >= self._length

    def is_late(self, now: float) -> bool:
        """Say whether the head took too long, or too little came since this was last worth asking."""
        if now < self._due:
            return False
        is_slow = not self._head or self._sent - self._sent_before < FLOOR
        self._measure(now)
        return is_slow

    def _begin_body(self, at: int, now: float) -> None:
        self._head = self._chunk = at
        head = bytes(self.here[:at])
        length = LENGTH.search(head)
        self._length = None if CHUNKED.search(head) else int(length[1]) if length else 0
        self.wants_leave = EXPECTS.search(head) is not None
        self._measure(now)

    def _measure(self, now: float) -> None:
        self._sent_before, self._due = self._sent, now + WINDOW

    def _ends_with_chunk(self) -> bool:
        """Say whether the last chunk is here, or something that is none, which gunicorn refuses."""
        while (end := self.here.find(b"\r\n", self._chunk)) >= 0:
            size = CHUNK.match(self.here, self._chunk)
            if not size:
                return True
            if not int(size[1], 16):
                return self.here.find(b"\r\n\r\n", end) >= 0 or len(self.here) - end > LONGEST
            self._chunk = end + 2 + int(size[1], 16) + 2
        return len(self.here) - self._chunk > LONGEST


class Arrived:
    """What gunicorn reads in place of the connection."""

    def __init__(self, request: Arriving, connection: socket.socket) -> None:
        self._here = BytesIO(request.here)
        self._connection = connection if request.is_larger else None
        self._waited = 0.0
        self._came = 0

    def recv(self, most: int) -> bytes:
        """Return what is here already, then the rest of what is larger as it comes.

        Raises:
            TimeoutError: if that takes too long.
        """
        return self._here.read(most) or (self._wait(self._connection, most) if self._connection else b"")

    def _wait(self, connection: socket.socket, most: int) -> bytes:
        before, began = connection.gettimeout(), time.monotonic()
        connection.settimeout(WINDOW)
        try:
            data = connection.recv(most)
        finally:
            connection.settimeout(before)
        self._waited += time.monotonic() - began
        self._came += len(data)
        if self._waited >= WINDOW:
            if self._came < FLOOR:
                raise TimeoutError
            self._waited, self._came = 0, 0
        return data
