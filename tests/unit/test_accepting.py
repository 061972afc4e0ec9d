"""A web process takes a request the later the more it is answering."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.config import Config

from app.cli.accepting import HEAD_START, MOST, Considerate


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        yield listener


class Waiting(Considerate):
    """One that only notes what it would answer."""

    def __init__(self, answering: int) -> None:
        self.cfg = Config()
        self.nr_conns = answering
        self.taken: list[Any] = []

    def enqueue_req(self, conn: Any) -> None:
        self.taken.append(conn)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr("app.cli.accepting.time.sleep", seconds.append)
    return seconds


@pytest.mark.parametrize(("answering", "counted"), [(0, 0), (1, 1), (3, 3), (40, MOST)])
def test_who_is_busy_lets_others_go_first(
    door: socket.socket, waits: list[float], answering: int, counted: int
) -> None:
    process = Waiting(answering)

    with socket.create_connection(door.getsockname()):
        process.accept(door)

    assert waits == [pytest.approx(counted * HEAD_START)]
    assert len(process.taken) == 1
    assert process.nr_conns == answering + 1
    process.taken[0].sock.close()


def test_what_somebody_else_took_meanwhile_is_gone(door: socket.socket, waits: list[float]) -> None:
    process = Waiting(2)

    process.accept(door)

    assert waits
    assert (process.taken, process.nr_conns) == ([], 2)
