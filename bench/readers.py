"""Readers: browsers reduced to what matters, a connection that stays open and a cookie."""

import gzip
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, RemoteDisconnected
from math import ceil
from urllib.parse import urlencode

from bench.people import PASSWORD

TIMEOUT = 60
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Failed(SystemExit):
    """A page did not answer as it should; measuring on would mean nothing."""


@dataclass
class Answer:
    """What came back."""

    status: int
    body: bytes
    cookies: list[str]


class Reader:
    """One person in one browser."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self._ask("GET", path)

    def sign_in(self, email: str) -> None:
        """Sign in as people do, through the form."""
        page = self.get("/sign-in").body.decode()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        typed = {"csrf_token": token[1] if token else "", "email": email, "password": PASSWORD}
        answer = self._ask("POST", "/sign-in", urlencode(typed))
        if answer.status != 303:
            msg = f"{email} could not sign in: {answer.status}"
            raise Failed(msg)

    def header(self) -> str:
        """Return the cookies as a browser sends them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Accept": "text/html", "Cookie": self.header(), **(FORM if body else {})}
        try:
            came = self._request(method, path, body, headers)
        except (RemoteDisconnected, BrokenPipeError):  # the server closes what was idle; browsers come again, too
            self._connection.close()
            came = self._request(method, path, body, headers)
        answer = Answer(came.status, came.read(), came.headers.get_all("Set-Cookie") or [])
        for cookie in answer.cookies:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer

    def _request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> HTTPResponse:
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()


@dataclass
class Timing:
    """How long a page took, in milliseconds, each request once."""

    page: str
    each: list[float] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0  # milliseconds that the server worked for one request
    body: bytes = b""

    def at(self, share: float) -> float:
        """Return the time within which that share of the requests was answered."""
        return sorted(self.each)[ceil(share * len(self.each)) - 1]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.each) / self.seconds

    @property
    def size(self) -> int:
        """Bytes of the page, compressed as a proxy sends it."""
        return len(gzip.compress(self.body, 6))


def measured(page: str, readers: Sequence[Reader], paths: Sequence[str], requests: int) -> Timing:
    """Let all readers read at once, ``requests`` in all, taking the paths in turn; the first round is not counted."""
    timing = Timing(page)
    lock = threading.Lock()
    failures: list[str] = []
    start = threading.Barrier(len(readers) + 1)
    each = ceil(requests / len(readers))

    def read(number: int, reader: Reader) -> None:
        mine: list[float] = []
        body = b""
        start.wait()
        for turn in range(each):
            path = paths[(number + turn * len(readers)) % len(paths)]
            began = time.perf_counter()
            try:
                answer = reader.get(path)
            except (OSError, HTTPException, ValueError) as problem:
                failures.append(f"{path}: {problem}")
                break
            mine.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                failures.append(f"{path} answered {answer.status}")
                break
            body = answer.body
        with lock:
            timing.each += mine
            timing.body = body

    threads = [threading.Thread(target=read, args=pair, daemon=True) for pair in enumerate(readers)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    timing.seconds = time.perf_counter() - began
    if failures:
        raise Failed(failures[0])
    return timing
