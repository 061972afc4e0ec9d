"""Where a request ends, and when it takes too long."""

import itertools
import socket

import pytest

from app.cli.arriving import FLOOR, HEAD, KEPT, LONGEST, WINDOW, Arrived, Arriving

GET = b"GET / HTTP/1.1\r\nHost: braid\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: braid\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


def ends_at(request: bytes) -> int | None:
    """Return how many bytes, sent one by one, are enough to answer a request."""
    arriving = Arriving(0)
    return next((at for at in range(1, len(request) + 1) if arriving.add(request[at - 1 : at], 0)), None)


@pytest.mark.parametrize(
    "request_",
    [
        GET,
        POST + b"content-length:5\r\n\r\nwords",
        CHUNKED + b"0\r\n\r\n",
        CHUNKED + b"5\r\nwords\r\nA;name=value\r\n0123\r\n\r\n89\r\n0\r\nTrailer: one\r\n\r\n",
    ],
)
def test_a_request_ends_with_its_body(request_: bytes) -> None:
    assert ends_at(request_) == len(request_)
    assert ends_at(request_[:-1]) is None
    assert Arriving(0).add(request_, 0)


@pytest.mark.parametrize(
    ("request_", "needed"),
    [
        (GET, len(GET)),
        (CHUNKED + b"-5\r\nwords", len(CHUNKED) + 4),  # gunicorn says what is wrong with it
        (CHUNKED + b"\r\n", len(CHUNKED) + 2),
    ],
)
def test_what_makes_no_sense_is_for_gunicorn(request_: bytes, needed: int) -> None:
    assert ends_at(request_ + b"more") == needed


@pytest.mark.parametrize("begun", [b"GET /", CHUNKED, CHUNKED + b"0\r\n", CHUNKED + b"f;"])
def test_what_never_ends_is_for_gunicorn(begun: bytes) -> None:
    arriving = Arriving(0)

    assert not arriving.add(begun, 0)
    assert arriving.add(b"x" * (LONGEST + 1), 0)


def test_a_large_body_is_left_to_who_answers() -> None:
    for head, body in (
        (POST + b"Content-Length: %d\r\n\r\n" % (KEPT + 1), b""),
        (CHUNKED + b"fffffff\r\n", b"x" * KEPT),
    ):
        arriving = Arriving(0)

        assert arriving.add(head + body, 0)
        assert arriving.is_larger


def test_a_body_is_sent_after_leave_to_send_it() -> None:
    arriving = Arriving(0)
    arriving.add(POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n", 0)
    assert arriving.wants_leave


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nX: "])
def test_a_head_has_a_while(begun: bytes) -> None:
    arriving = Arriving(0)
    arriving.add(begun, HEAD - 1)

    assert not arriving.is_late(HEAD - 0.1)
    assert arriving.is_late(HEAD)


def test_a_slow_body_may_take_long_and_a_trickle_may_not() -> None:
    arriving = Arriving(0)
    arriving.add(POST + b"Content-Length: 10000000\r\n\r\n", HEAD - 1)
    now = HEAD - 1 + WINDOW

    for _ in range(20):
        arriving.add(b"x" * FLOOR, now - 1)
        assert not arriving.is_late(now)
        now += WINDOW

    arriving.add(b"x" * (FLOOR - 1), now - 1)
    assert not arriving.is_late(now - 0.1)
    assert arriving.is_late(now)


def test_who_answers_reads_what_is_here_and_of_a_large_body_the_rest() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"rest")
        small, large = Arriving(0), Arriving(0)
        small.add(GET, 0)
        head = POST + b"Content-Length: %d\r\n\r\n" % (KEPT + 1)
        large.add(head, 0)

        arrived = Arrived(small, ours)
        assert (arrived.recv(3), arrived.recv(9999), arrived.recv(9999)) == (b"GET", GET[3:], b"")
        arrived = Arrived(large, ours)
        assert (arrived.recv(9999), arrived.recv(9999)) == (head, b"rest")


def test_who_answers_does_not_wait_for_a_trickle(monkeypatch: pytest.MonkeyPatch) -> None:
    times = itertools.count(0, WINDOW / 2)
    monkeypatch.setattr("app.cli.arriving.time.monotonic", lambda: next(times))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        large = Arriving(0)
        large.add(POST + b"Content-Length: %d\r\n\r\n" % (KEPT + 1), 0)
        arrived = Arrived(large, ours)
        arrived.recv(9999)

        for size in (FLOOR - 1, 1, FLOOR - 1):  # half a window each
            theirs.sendall(b"x" * size)
            assert arrived.recv(FLOOR) == b"x" * size
        theirs.close()
        with pytest.raises(TimeoutError):
            arrived.recv(1)
