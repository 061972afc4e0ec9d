"""A web process takes a request the later the more it is answering, and closes what takes too long or too much."""

import logging
import selectors
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.config import Config

from app.cli import accepting
from app.cli.accepting import GO_ON, GOODBYE, HEAD_START, LAST_GOODBYE, MOST, TOO_SLOW, Considerate
from app.cli.arriving import HEAD

HALF = b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\n"


class Clock:
    """What time it is, and how long somebody slept."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        yield listener


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(accepting, "time", clock)
    return clock


@pytest.fixture
def process(door: socket.socket, clock: Clock) -> Iterator[Considerate]:
    """One at its door, without threads: it listens and never answers."""
    process = Considerate(1, 1, [door], None, 30, Config(), logging.getLogger())
    assert clock.now == 0
    with selectors.DefaultSelector() as process.poller:
        yield process
        for conn in [*process.arriving, *process.leaving]:
            process.drop(conn)
    process.tmp.close()
    assert process.nr_conns == 0


def come(process: Considerate, words: bytes = b"") -> socket.socket:
    """Open a connection, and say ``words``."""
    (door,) = process.sockets
    somebody = socket.create_connection(door.getsockname(), timeout=10)
    process.accept(door)
    if words:
        somebody.sendall(words)
        process.wait_for_and_dispatch_events(10)
    return somebody


def clients(process: Considerate) -> list[Any]:
    return [conn.client for conn in process.arriving]


@pytest.mark.parametrize(("answering", "counted"), [(0, 0), (1, 1), (3, 3), (40, MOST)])
def test_who_is_busy_lets_others_go_first(process: Considerate, clock: Clock, answering: int, counted: int) -> None:
    process.answering = dict.fromkeys(range(answering), 0)

    with come(process) as one, come(process) as other:
        assert clients(process) == [one.getsockname(), other.getsockname()]

    assert clock.slept == [pytest.approx(counted * HEAD_START)] * 2  # who says nothing is nothing to do


def test_what_somebody_else_took_meanwhile_is_gone(process: Considerate, door: socket.socket, clock: Clock) -> None:
    process.answering = {1: 0}

    process.accept(door)

    assert clock.slept
    assert (process.arriving, process.nr_conns) == ({}, 0)


@pytest.mark.parametrize(("words", "answer"), [(b"", b""), (b"GET / HT", TOO_SLOW)])
def test_who_takes_too_long_is_told_and_left(process: Considerate, clock: Clock, words: bytes, answer: bytes) -> None:
    with come(process, words) as somebody:
        process.murder_pending()
        assert process.arriving
        clock.now = HEAD
        process.murder_pending()

        assert not process.arriving
        assert somebody.recv(1000) == answer
    if answer:
        process.wait_for_and_dispatch_events(10)
    assert (process.leaving, process.nr_conns) == ({}, 0)


def test_who_was_answered_and_does_not_go_is_left(process: Considerate, clock: Clock) -> None:
    with come(process, b"GET / HT") as quiet, come(process, b"GET / HT") as talking:
        for conn in list(process.arriving):
            process.refuse(conn)
        assert quiet.recv(1000) == talking.recv(1000) == TOO_SLOW
        while process.leaving:
            clock.now += GOODBYE - 0.5
            talking.sendall(b"and")
            process.wait_for_and_dispatch_events(10)
            clock.now += 1
            process.murder_pending()
            assert len(process.leaving) <= 1

    assert LAST_GOODBYE < clock.now < LAST_GOODBYE + GOODBYE + 1


def test_who_goes_before_the_end_is_gone(process: Considerate) -> None:
    come(process, HALF).close()
    process.wait_for_and_dispatch_events(10)

    assert (process.arriving, process.nr_conns) == ({}, 0)


def test_the_oldest_of_too_many_makes_room(process: Considerate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "MOST_WAITING", 1)

    with come(process) as old, come(process) as new:
        process.murder_pending()

        assert old.recv(1) == b""
        assert clients(process) == [new.getsockname()]


def test_the_largest_of_too_much_makes_room(process: Considerate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "MOST_KEPT", 3 * len(HALF))
    process.answering = {1: len(HALF)}

    with come(process, HALF) as small, come(process, HALF + b"x") as large:
        process.murder_pending()

        assert clients(process) == [small.getsockname()]
        assert large.recv(1) == b""


def test_who_said_nothing_does_not_delay_the_end(process: Considerate) -> None:
    with come(process), come(process, HALF) as sending:
        process.alive = False
        process.murder_pending()

        assert clients(process) == [sending.getsockname()]


def test_leave_to_send_is_given_once(process: Considerate) -> None:
    with come(process, b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n") as sending:
        sending.sendall(b"x")
        process.wait_for_and_dispatch_events(10)

        assert sending.recv(1000) == GO_ON
