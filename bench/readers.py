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

from bench import machine
from bench.people import PASSWORD

TIMEOUT = 60
ROUND = 60  # requests
TAKEN = 0.05
PATIENCE = 45.0  # seconds for a page
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
class Round:
    """Some requests in a row, and the share of the processors that other guests of the machine took meanwhile."""

    each: list[float]  # milliseconds
    seconds: float
    stolen: float


@dataclass
class Timing:
    """How long a page took, in milliseconds, each request that counts once."""

    page: str
    counted: list[Round] = field(default_factory=list)
    left_out: list[Round] = field(default_factory=list)
    processor: float = 0.0  # milliseconds that the server worked for one request, of all
    body: bytes = b""

    @property
    def each(self) -> list[float]:
        """How long each request took that counts."""
        return [one for each in self.counted for one in each.each]

    @property
    def all(self) -> list[float]:
        """How long each request took, also those that do not count."""
        return self.each + [one for each in self.left_out for one in each.each]

    @property
    def stolen(self) -> float:
        """The share of the processors that others took while what counts was measured."""
        return sum(each.stolen * each.seconds for each in self.counted) / self.seconds

    @property
    def seconds(self) -> float:
        """How long what counts took."""
        return sum(each.seconds for each in self.counted)

    def at(self, share: float) -> float:
        """Return the time within which that share of the requests that count was answered."""
        return _within(self.each, share)

    def at_of_all(self, share: float) -> float:
        """Return the same of all requests."""
        return _within(self.all, share)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.each) / self.seconds

    @property
    def size(self) -> int:
        """Bytes of the page, compressed as a proxy sends it."""
        return len(gzip.compress(self.body, 6))


def measured(page: str, readers: Sequence[Reader], paths: Sequence[str], requests: int) -> Timing:
    """Let all readers read at once, taking the paths in turn, until ``requests`` of them count.

    They are asked in rounds. A round does not count in which other guests of a shared machine took more than
    ``TAKEN`` of its processors: then it had fewer than it shows. If there are too few others within ``PATIENCE``, those
    count in which least was taken, and the timing says how much.
    """
    timing = Timing(page)
    rounds: list[Round] = []
    until = time.monotonic() + PATIENCE
    asked = 0
    while sum(len(one.each) for one in rounds if one.stolen <= TAKEN) < requests:
        if time.monotonic() > until and asked >= requests:
            break
        one, timing.body = _round(readers, [paths[(asked + number) % len(paths)] for number in range(ROUND)])
        rounds.append(one)
        asked += ROUND
    rounds.sort(key=lambda one: max(one.stolen, TAKEN))  # those that are good enough stay in their order
    enough = ceil(requests / ROUND)
    timing.counted, timing.left_out = rounds[:enough], rounds[enough:]
    return timing


def _round(readers: Sequence[Reader], paths: Sequence[str]) -> tuple[Round, bytes]:
    """Let the readers ask for ``paths`` once, each for its share of them."""
    bodies: list[bytes] = []
    each: list[float] = []
    failures: list[str] = []
    start = threading.Barrier(len(readers) + 1)

    def read(number: int, reader: Reader) -> None:
        body = b""
        start.wait()
        for path in paths[number :: len(readers)]:
            began = time.perf_counter()
            try:
                answer = reader.get(path)
            except (OSError, HTTPException, ValueError) as problem:
                failures.append(f"{path}: {problem}")
                break
            each.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                failures.append(f"{path} answered {answer.status}")
                break
            body = answer.body
        bodies.append(body)

    threads = [threading.Thread(target=read, args=pair, daemon=True) for pair in enumerate(readers)]
    for thread in threads:
        thread.start()
    start.wait()
    began, taken = time.perf_counter(), machine.Taken()
    for thread in threads:
        thread.join()
    if failures:
        raise Failed(failures[0])
    return Round(each, time.perf_counter() - began, taken.share()), bodies[0]


def _within(each: Sequence[float], share: float) -> float:
    return sorted(each)[ceil(share * len(each)) - 1]
